"""The simulated printer: what it makes of ticket bytes, however they are cut."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.devices.bench import Bench
from sim.devices.paper import Cut, Paper
from sim.devices.printer_kinds import PAPER_80_MM, Model
from sim.devices.thermal_printer import ThermalPrinter

URL = b"https://hall.example.invalid/r/0123456789abcdefABCDEF"
CUT = b"\x1dV\x42\x00"


def qr(payload: bytes, *, module: int = 6) -> bytes:
    """The five commands of a QR code, as in hardware.md 2.3."""
    stored = (len(payload) + 3).to_bytes(2, "little")
    return (
        b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C"
        + bytes((module,))
        + b"\x1d(k\x03\x001E0\x1d(k"
        + stored
        + b"1P0"
        + payload
        + b"\x1d(k\x03\x001Q0"
    )


PYTHON_ESCPOS_TICKET = (
    bytes.fromhex("1B40 1C26 1B2100 1B2100 1B2130 1B4501 1B6101 D5FECEF1B7FECEF1B4F3CCFC 0A 1D2133 41303132 0A 1D2100")
    + qr(b"https://example.invalid/t/A012")
    + bytes.fromhex("1B6406 1D5600")
)
OWN_TICKET = (
    b"\x1b@\x1c&\x1ba\x01\x1bE\x01"
    + "永安县政务服务中心\n".encode("gb18030")
    + b"\x1bE\x00\x1d!\x33A007\n\x1d!\x00\x1ba\x00"
    + "办理业务：食品经营许可新办\n前面等候 5 人\n".encode("gb18030")
    + b"\x1ba\x01"
    + qr(URL)
    + CUT
    + b"\x1dr\x01"
)


def printed(data: bytes, *, model: Model | None = None, piece: int | None = None) -> tuple[ThermalPrinter, Bench]:
    """A printer that has printed these bytes."""
    printer = ThermalPrinter(model)
    bench = Bench(printer)
    bench.tell(data, piece=piece)
    bench.rest()
    return printer, bench


def only_paper(data: bytes, *, model: Model | None = None) -> Paper:
    """The one piece of paper that these bytes make, nothing unknown or refused."""
    printer, _ = printed(data, model=model)
    assert (printer.unknown, printer.refused) == ([], [])
    (paper,) = printer.papers
    return paper


def scanned(paper: Paper, folder: Path) -> str:
    """What zbarimg reads from the picture of a paper."""
    file = folder / "paper.png"
    paper.image.save(file)
    return subprocess.run(["zbarimg", "-q", "--raw", file], capture_output=True, text=True, check=True).stdout.strip()


def test_the_ticket_of_the_hardware_notes_prints_whole(tmp_path: Path) -> None:
    """The bytes that python-escpos sends for a ticket print without an unknown command, and a scanner reads the code."""
    paper = only_paper(PYTHON_ESCPOS_TICKET)
    assert paper.lines == ["政务服务大厅", "A012"]
    assert (paper.cut, paper.complete) == (Cut.FULL, True)
    assert paper.qr_payloads == [b"https://example.invalid/t/A012"]
    assert scanned(paper, tmp_path) == "https://example.invalid/t/A012"


@pytest.mark.parametrize("width", [384, PAPER_80_MM])
def test_a_scanner_reads_the_code_on_both_widths_of_paper(width: int, tmp_path: Path) -> None:
    """On 58 mm and on 80 mm paper the QR code of a ticket is readable."""
    paper = only_paper(OWN_TICKET, model=Model(width=width))
    assert paper.image.size == (width, paper.length)
    assert scanned(paper, tmp_path) == URL.decode()


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 64])
def test_cutting_the_bytes_changes_nothing(piece: int) -> None:
    """The same paper and the same answers come whatever the pieces are in which the bytes arrive."""
    whole, whole_bench = printed(OWN_TICKET)
    cut, cut_bench = printed(OWN_TICKET, piece=piece)
    assert cut.papers == whole.papers
    assert cut_bench.heard == whole_bench.heard


@given(at=st.integers(1, len(OWN_TICKET) - 1))
def test_cutting_the_bytes_anywhere_changes_nothing(at: int) -> None:
    """One cut at any byte, in a hanzi, a length or a payload, gives the same paper."""
    printer = ThermalPrinter()
    bench = Bench(printer)
    bench.tell(OWN_TICKET[:at])
    bench.tell(OWN_TICKET[at:])
    bench.rest()
    assert printer.papers == printed(OWN_TICKET)[0].papers


def test_the_barrier_is_answered_after_the_cut_and_status_at_once() -> None:
    """DLE EOT is answered while the ticket still waits; GS r only when all before it is printed and cut."""
    printer = ThermalPrinter()
    bench = Bench(printer)
    bench.tell(OWN_TICKET + b"\x10\x04\x01")
    assert bench.replies == [b"\x12"]
    bench.rest()
    assert bench.replies == [b"\x12", b"\x00"]
    assert bench.heard[-1].at == printer.papers[0].at > 500


def test_a_longer_ticket_takes_longer() -> None:
    """Time is paper moved: 8 dots a millisecond at the default 800 dots a second, and 300 ms for the cut."""
    _, short = printed(b"\x1bJ\x50" + b"\x1dr\x01")
    _, cut = printed(b"x\n\x1bJ\x50" + b"\x1dVA\x00" + b"\x1dr\x01")
    assert short.heard[-1].at == 100
    assert cut.heard[-1].at == 100 + 38 + 140 + 300


def test_status_bytes_inside_a_picture_are_picture() -> None:
    """DLE EOT inside raster and QR payloads is not taken for a question."""
    raster = b"\x1dv0\x00\x03\x00\x02\x00" + b"\x10\x04\x01" * 2
    printer, bench = printed(raster + qr(b"\x10\x04\x01") + CUT)
    assert bench.replies == []
    (paper,) = printer.papers
    assert paper.pictures[0].data == b"\x10\x04\x01" * 2
    assert paper.qr_payloads == [b"\x10\x04\x01"]


def test_a_picture_broken_off_swallows_what_follows() -> None:
    """A kiosk that dies in a picture leaves a printer that takes the next bytes for dots, as a real one does."""
    printer, bench = printed(b"\x1dv0\x00\x30\x00\x02\x00" + bytes(91) + b"\x1b@\x10\x04\x01" + b"A\n" + CUT)
    assert bench.replies == []
    assert printer.papers[0].lines == ["A"]


def test_raster_dots_come_out_where_they_were_sent() -> None:
    """GS v 0 prints its dots one to one, GS ( L does too, and both obey the alignment."""
    dots = b"\x80\x01" * 8
    raster = only_paper(b"\x1dv0\x00\x02\x00\x08\x00" + dots + CUT).image
    assert [x for x in range(16) if raster.getpixel((x, 112)) == 0] == [0, 15]
    stored = b"\x1d(L\x1a\x00\x30\x70\x30\x01\x01\x31\x10\x00\x08\x00" + dots
    graphics = only_paper(b"\x1ba\x02" + stored + b"\x1d(L\x02\x00\x30\x32" + CUT).image
    assert [x for x in range(384) if graphics.getpixel((x, 119)) == 0] == [368, 383]


def test_column_graphics_stand_in_the_line() -> None:
    """ESC * 33 puts 24-dot columns into the line: a full column is a vertical stroke."""
    image = only_paper(b"\x1b*\x21\x08\x00" + b"\xff\xff\xff" + bytes(21) + b"\n" + CUT).image
    assert [y for y in range(image.height) if image.getpixel((0, y)) == 0] == list(range(112, 136))
    assert image.getpixel((1, 112)) == 255


def test_sizes_multiply_the_cell() -> None:
    """GS ! enlarges Latin and hanzi; ESC ! only Latin; FS ! and FS W only hanzi."""

    def sizes(command: bytes) -> list[tuple[int, int]]:
        paper = only_paper(command + "A请\n".encode("gb18030") + CUT)
        return [(mark.ink.width, mark.ink.height) for mark in paper.marks]

    assert sizes(b"") == [(12, 24), (24, 24)]
    assert sizes(b"\x1d!\x12") == [(24, 72), (48, 72)]
    assert sizes(b"\x1b!\x30") == [(24, 48), (24, 24)]
    assert sizes(b"\x1b!\x01") == [(9, 17), (24, 24)]
    assert sizes(b"\x1c!\x0c") == [(12, 24), (48, 48)]
    assert sizes(b"\x1cW\x01") == [(12, 24), (48, 48)]
    assert sizes(b"\x1cS\x02\x04") == [(12, 24), (30, 24)]


def test_bold_underlined_and_reversed_differ_in_ink() -> None:
    """Bold has more ink than plain, underline adds a stroke at the foot, reverse turns the cell round."""

    def ink(command: bytes) -> int:
        return only_paper(command + "请\n".encode("gb18030") + CUT).image.histogram()[0]

    plain = ink(b"")
    assert plain < ink(b"\x1bE\x01") < 24 * 24
    assert plain < ink(b"\x1c-\x02") <= plain + 48
    assert ink(b"\x1dB\x01") == 24 * 24 - plain


def test_alignment_and_margins_place_a_line() -> None:
    """Left, centre and right of the print area, which GS L and GS W narrow."""

    def left(command: bytes) -> int:
        return only_paper(command + "请\n".encode("gb18030") + CUT).marks[0].x

    assert (left(b""), left(b"\x1ba\x01"), left(b"\x1ba\x02")) == (0, 180, 360)
    assert left(b"\x1dL\x14\x00\x1dW\x64\x00\x1ba\x02") == 20 + 100 - 24


def test_four_byte_characters_and_full_width_marks_print() -> None:
    """In Chinese mode GB18030's four-byte forms are one full-width character each."""
    paper = only_paper("㐂：￥①\n".encode("gb18030") + CUT)
    assert paper.lines == ["㐂：￥①"]
    assert {mark.ink.width for mark in paper.marks} == {24}


def test_outside_chinese_mode_hanzi_bytes_are_letters() -> None:
    """After FS . every byte is a letter of code page 437: what a citizen would see as rubbish is rubbish here."""
    assert only_paper(b"\x1c." + "请\n".encode("gb18030") + CUT).lines == ["请".encode("gb18030").decode("cp437")]


def test_half_a_hanzi_is_reported() -> None:
    """A lead byte without its second half is no character."""
    printer, _ = printed(b"\xc7\n" + CUT)
    assert printer.unknown == ["bytes that are no character"]


def test_a_line_that_is_too_long_goes_on_below() -> None:
    """17 hanzi on paper for 16: the last one stands in the next line."""
    assert only_paper(("号" * 17 + "\n").encode("gb18030") + CUT).lines == ["号" * 16, "号"]


def test_tabs_stop_every_eight_letters() -> None:
    """HT moves to the next stop, ESC D sets others."""
    assert [mark.x for mark in only_paper(b"a\tb\n" + CUT).marks] == [0, 96]
    assert [mark.x for mark in only_paper(b"\x1bD\x03\x00a\tb\n" + CUT).marks] == [0, 36]


def test_upside_down_turns_the_line() -> None:
    """ESC { prints the line turned by half a circle."""
    plain = only_paper(b"AB\n" + CUT).image.crop((0, 112, 24, 136))
    turned = only_paper(b"\x1b{\x01AB\n" + CUT).image.crop((0, 112, 24, 136))
    assert turned.rotate(180).tobytes() == plain.tobytes()


@pytest.mark.parametrize(
    ("command", "cut"),
    [(b"\x00", Cut.FULL), (b"0", Cut.FULL), (b"\x01", Cut.PARTIAL), (b"1", Cut.PARTIAL)]
    + [(bytes((how, 9)), Cut.FULL) for how in (65, 97, 103)]
    + [(bytes((how, 9)), Cut.PARTIAL) for how in (66, 98, 104)],
)
def test_every_form_of_the_cut(command: bytes, cut: Cut) -> None:
    """All forms of GS V cut, with or without their own feed; 97 and 98 once the place reaches the cutter."""
    paper = (
        only_paper(b"A\n\x1bd\x01\x1dV" + command + b"\x1bd\x06\x1dV\x00")
        if command[0] in (97, 98)
        else only_paper(b"A\n" + b"\x1bd\x04" * (len(command) == 1) + b"\x1dV" + command)
    )
    assert (paper.cut, paper.complete, paper.lines) == (cut, True, ["A"])


def test_a_cut_without_feed_goes_through_the_ticket() -> None:
    """The cutter is 14 mm beyond the head: cut too early and the end hangs on the next ticket; neither is complete."""
    printer, _ = printed(b"A\nB\nC\nD\nE\nF\n" + b"\x1dV\x00" + b"G\n" + CUT)
    first, second = printer.papers
    assert (first.complete, second.complete) == (False, False)
    assert first.lines[:2] == ["A", "B"]
    assert second.lines[-2:] == ["F", "G"]


def test_what_a_printer_ignores_is_ignored_and_recorded() -> None:
    """A cut, a picture or an alignment in the middle of a line, a code nobody stored, a picture too wide."""
    printer, _ = printed(b"A\x1dV\x00\x1ba\x01\x1dv0\x00\x01\x00\x01\x00\xff\n\x1d(k\x03\x001Q0" + qr(b"x" * 200, module=16))
    assert printer.papers == []
    assert printer.refused == [
        "GS V in the middle of a line",
        "ESC a in the middle of a line",
        "GS v 0 in the middle of a line",
        "a QR code printed before one was stored",
        "QR code of 848 dots does not fit 384",
    ]


def test_unknown_commands_are_recorded_and_do_not_spoil_the_rest() -> None:
    """An unknown escape costs two bytes, a known-length one its whole length; the text after it prints."""
    printer, _ = printed(b"\x1bz\x1d(A\x02\x00\x00\x02" + b"\x1dkI\x03abc" + b"A\n" + CUT)
    assert printer.unknown == ["1b 7a", "GS ( A", "GS k"]
    assert printer.papers[0].lines == ["A"]


@given(noise=st.binary(max_size=300))
def test_no_bytes_whatever_break_it(noise: bytes) -> None:
    """Any bytes are taken; after more bytes than any payload can swallow, power brings it back to a good ticket."""
    printer = ThermalPrinter()
    bench = Bench(printer)
    bench.tell(noise)
    bench.rest()
    printer.power_off(bench.now)
    printer.power_on(bench.now)
    before = len(printer.papers)
    bench.tell(b"\x1b@" + b"\x1bd\x09" + CUT + OWN_TICKET)
    bench.rest()
    assert printer.papers[-1].lines[:2] == ["永安县政务服务中心", "A007"]
    assert printer.papers[-1].complete
    assert len(printer.papers) > before
