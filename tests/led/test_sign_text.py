"""What a sign can show: the characters of GB 2312, on one line of 16 cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.drivers.sign_text import CELLS, Colour, SignTextError, cells, encode, fits, line


def test_the_longest_line_fits_and_one_more_does_not() -> None:
    """Eight hanzi are 128 px; the note's example of 136 px is refused with its width."""
    assert fits("请到十二号窗口办")
    assert cells("A012号到3号窗口") == 15
    with pytest.raises(SignTextError, match="136 px wide, the sign has 128"):
        line("请A012号到3号窗口", Colour.RED)


@pytest.mark.parametrize("character", ["镕", "龘", "𠮷", "€", "ø", "ⅰ", "한", "\\", "\n", "\x7f", "︰"])
def test_a_character_outside_the_font_is_named(character: str) -> None:
    """The sign would show a gap or another character: refused, with the character in the sentence."""
    with pytest.raises(SignTextError) as refused:
        encode(f"窗口{character}")
    assert repr(character) in str(refused.value)
    assert not fits(f"窗口{character}")


def test_signs_and_pinyin_letters_of_the_font_are_shown() -> None:
    """GB 2312 is more than hanzi: numbers in brackets, full-width forms, the letters of pinyin."""
    assert encode("㈠：é") == bytes.fromhex("A2E5 A3BA A8A6")


def test_middle_dot_and_dash_are_those_of_the_font() -> None:
    """Python's own gb2312 codec lacks both as they are typed; the font has them."""
    assert encode("爱心·绿色—") == bytes.fromhex("B0AE D0C4 A1A4 C2CC C9AB A1AA")


@given(st.text("ABCXYZ0123456789 -请到号窗口办理中去处单", max_size=20))
def test_a_line_never_exceeds_the_sign(text: str) -> None:
    """Either it is refused, or colour and at most 16 cells are sent."""
    if fits(text):
        assert len(line(text, Colour.GREEN)) == len(b"\\C2") + cells(text) <= 3 + CELLS
    else:
        with pytest.raises(SignTextError):
            line(text, Colour.GREEN)


@given(st.characters())
def test_every_character_is_shown_or_refused(character: str) -> None:
    """No character of Unicode does anything but encode to one or two font cells, or be refused."""
    try:
        raw = encode(character)
    except SignTextError:
        return
    assert len(raw) == 1 if character.isascii() else (len(raw) == 2 and all(0xA1 <= byte <= 0xFE for byte in raw))
