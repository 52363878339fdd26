"""The bytes of a paper, derived by hand from hardware.md 2 and the code tables."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.drivers.columns import NOT_AT_START, width, wrap
from firmware.drivers.document import Align, Feed, Qr, Rule, Text
from firmware.drivers.escpos_encoder import Model, encode, is_printable
from firmware.drivers.escpos_graphics import REALTIME, _quiet, drawn_row

NARROW = Model(width_dots=384)
WIDE = Model(width_dots=576)
START = bytes.fromhex("1B40 1C26")
END = bytes.fromhex("1B6406 1D5600")


def body(*lines: Text | Rule | Qr | Feed, model: Model = NARROW) -> bytes:
    """What stands between the reset and the cut."""
    data = encode(lines, model)
    assert data.startswith(START)
    assert data.endswith(END)
    return data[len(START) : -len(END)]


def test_title_is_the_captured_gb18030() -> None:
    """政务服务大厅, centred and bold, gives the text bytes captured in hardware.md 2.3."""
    expected = "1B6101 1B4501 D5FE CEF1 B7FE CEF1 B4F3 CCFC 0A"
    assert body(Text("政务服务大厅", align=Align.CENTRE, bold=True)) == bytes.fromhex(expected)


def test_number_is_enlarged_both_ways_and_back() -> None:
    """A012 fourfold: FS ! and GS ! before it, both taken back for the line after it."""
    expected = "1C210C 1D2133 41303132 0A 1C2100 1D2100 C7EB 0A"
    assert body(Text("A012", size=4), Text("请")) == bytes.fromhex(expected)


def test_qr_is_the_captured_sequence() -> None:
    """The GS ( k sequence of hardware.md 2.3: model 2, size 6, correction L, store with the length, print.

    An empty row keeps the white around it.
    """
    url = b"https://example.invalid/t/A012"
    expected = (
        bytes.fromhex("1B6101 0A 1D286B0400 31413200 1D286B0300 314306 1D286B0300 314530")
        + bytes.fromhex("1D286B2100 315030")
        + url
        + bytes.fromhex("1D286B0300 315130 0A")
    )
    assert body(Qr(url.decode(), correction="L")) == expected


@pytest.mark.parametrize(("model", "columns"), [(NARROW, 32), (WIDE, 48)])
def test_rule_fills_the_width(model: Model, columns: int) -> None:
    """A rule is as many dashes as the paper has columns."""
    assert body(Rule(), model=model) == b"-" * columns + b"\n"


def test_style_is_only_said_when_it_changes() -> None:
    """Two centred lines set the alignment once; an empty row is plain again."""
    expected = "1B6101 41 0A 42 0A 1B6100 0A0A"
    assert body(Text("A", align=Align.CENTRE), Text("B", align=Align.CENTRE), Feed(2)) == bytes.fromhex(expected)


def test_punctuation_and_symbols_without_hanzi_stay_text() -> None:
    """Full-width punctuation alone is GB18030 text (python-escpos would print question marks)."""
    assert body(Text("A012：￥①")) == bytes.fromhex("41303132 A3BA A3A4 A2D9 0A")


@pytest.mark.parametrize("name", ["王𬭎", "䶮", "鿃", "ß", "😀"])
def test_what_the_printers_font_lacks_is_drawn(name: str) -> None:
    """A name with a four-byte character becomes one picture of 30 rows, as wide as its columns, and loses no text."""
    columns = width(name)
    picture = re.search(rb"\x1dv0\x00(..)(..)", body(Text(name)), re.DOTALL)
    assert picture is not None
    assert int.from_bytes(picture[1], "little") == -(-columns * 12 // 8)
    assert int.from_bytes(picture[2], "little") == 30
    assert not is_printable(name)


def test_only_the_row_that_needs_it_is_drawn() -> None:
    """A long line with a rare name in its second row sends the first as text."""
    data = body(Text("一" * 16 + "䶮"))
    assert data.startswith("一".encode("gb18030") * 16 + b"\n\x1dv0")


def test_a_character_without_any_font_leaves_a_mark() -> None:
    """Something no font has is drawn as the sign for a missing type, not left out."""
    assert drawn_row("\U0003fff1", 1, 12, 30) == drawn_row("〓", 1, 12, 30)


def test_control_characters_cannot_command_the_printer() -> None:
    """An escape sequence in a configured text is blanked."""
    assert body(Text("A\x1bi\x10\x04\x01B")) == b"A i   B\n"


@given(st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x34FF), min_size=1, max_size=6), st.integers(1, 2))
def test_no_picture_holds_a_realtime_command(text: str, size: int) -> None:
    """DLE EOT, DLE ENQ and DLE DC4 never occur inside a picture, whatever it shows."""
    assert not REALTIME.search(drawn_row(text, size, 12, 30))


@pytest.mark.parametrize("command", [b"\x10\x04\x01", b"\x10\x05", b"\x10\x14"])
def test_a_picture_with_a_realtime_command_is_moved_until_it_has_none(command: bytes) -> None:
    """Drawn anew a dot further to the right, twice if need be."""
    pictures = [b"a" + command, command + b"b", b"quiet"]
    assert _quiet(pictures.__getitem__) == b"quiet"


def test_a_printer_without_qr_codes_gets_a_picture() -> None:
    """native_qr false: a raster of (modules + quiet zone) x size dots and no GS ( k."""
    data = body(Qr("https://example.invalid/r/" + "x" * 22), model=Model(native_qr=False))
    picture = re.search(rb"\x1dv0\x00(..)(..)", data, re.DOTALL)
    assert picture is not None
    assert b"\x1d(k" not in data
    assert int.from_bytes(picture[2], "little") == (33 + 8) * 6


@pytest.mark.parametrize("line", [Text("A", size=9), Text("A", size=0), Qr("x" * 214), Qr("")])
def test_what_no_printer_prints_is_refused(line: Text | Qr) -> None:
    """Sizes beyond GS ! and QR data that no paper takes raise ValueError."""
    with pytest.raises(ValueError, match=r"enlarges|QR"):
        encode((line,), NARROW)


@given(st.text(alphabet="一二A1 ,。)、号窗口-09", max_size=80), st.sampled_from([2, 5, 16, 20, 32, 48]))
def test_wrapping_loses_nothing_and_fits(text: str, columns: int) -> None:
    """Every row fits, and joined without blanks the rows are the text."""
    rows = wrap(text, columns)
    assert all(width(row) <= columns for row in rows)
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")


def test_wrapping_keeps_numbers_whole_and_signs_at_the_end() -> None:
    """The hotline moves to the next row in one piece; a comma never begins a row."""
    assert wrap("咨询投诉电话 0000-12345678", 20) == ("咨询投诉电话", "0000-12345678")
    assert wrap("一二三四五,六", 10) == ("一二三四", "五,六")
    assert wrap("4号、5号、11号", 11) == ("4号、5号、", "11号")
    assert wrap("1号、2号、3号窗口 综合受理区", 24) == ("1号、2号、3号窗口", "综合受理区")
    assert all(row[:1] not in NOT_AT_START for row in wrap("请留意叫号,多次呼叫未到视为过号", 10))
