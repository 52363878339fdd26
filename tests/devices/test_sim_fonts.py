"""The fonts of simulated devices: what is drawn with what, and what is said when nothing is installed."""

from pathlib import Path

import pytest

from sim.devices.fonts import FontMissingError, dots_cell, face_file, outline_cell

NOWHERE = Path("no-such-font")


def test_without_debians_face_the_one_of_pip_is_taken() -> None:
    """The pip package is the second choice."""
    pytest.importorskip("pylopdf_fonts_zh_cn")
    assert face_file(NOWHERE).name == "NotoSansSC-Regular.otf"


def test_without_any_face_the_error_says_what_to_install() -> None:
    """A person can act on it."""
    with pytest.raises(FontMissingError, match=r"fonts-wqy-microhei .*hallworks\[fonts\]"):
        face_file(NOWHERE, "no_such_package")


@pytest.mark.parametrize("bitmaps", [Path("/usr/share/unifont/unifont.hex"), NOWHERE])
def test_dots_are_sixteen_high_and_tell_characters_apart(bitmaps: Path) -> None:
    """With unifont or without: hanzi 16x16, ASCII 8x16, no two alike, none empty but the blank."""
    cells = {char: dots_cell(char, bitmaps) for char in "请到号窗口办理A012"}
    assert {cell.size for char, cell in cells.items() if char.isascii()} == {(8, 16)}
    assert {cell.size for char, cell in cells.items() if not char.isascii()} == {(16, 16)}
    assert len({cell.tobytes() for cell in cells.values()}) == len(cells)
    assert all(cell.getbbox() for cell in cells.values())
    assert dots_cell(" ", bitmaps).getbbox() is None


def test_hanzi_fill_their_cell_on_paper() -> None:
    """A hanzi of 24 dots reaches within three dots of every side of its cell, and no further than the cell."""
    box = outline_cell("国", 24, 24).getbbox()
    assert box is not None
    assert box[0] <= 3
    assert box[1] <= 3
    assert box[2] >= 21
    assert box[3] >= 21
