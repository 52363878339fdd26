"""Finds the characters that simulated devices draw with: an outline face for paper, 16-dot bitmaps for signs and displays.

Paper is drawn with Debian's WenQuanYi Micro Hei where it is installed, else with the Noto Sans SC that pip brings. A kiosk
that prints rare names as raster should use the other of the two: drawn with one face, a wrong glyph on both sides would look
right. Signs use the bitmaps of Debian's unifont, else the paper's face at 16 pixels, made black and white.
"""

import importlib.util
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

DEBIAN_FACE = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
_DEBIAN_MONOSPACED = 1
"""Number of the face inside Debian's collection in which every Latin letter is half a hanzi wide."""
PIP_PACKAGE = "pylopdf_fonts_zh_cn"
_PIP_FACE = "NotoSansSC-Regular.otf"
UNIFONT = Path("/usr/share/unifont/unifont.hex")
DOTS = 16
"""Height of a character on a sign."""
_INK = 112
"""Grey above which a dot counts as set when an outline is made black and white."""
_BASELINE = 0.86
"""Height of the baseline in a cell, measured from the top, at which a hanzi fills its cell."""
_LATIN = 0.84
"""Size of Latin letters beside hanzi of the same cell height."""


class FontMissingError(RuntimeError):
    """No font with simplified Chinese is installed; the message says what to install."""


def is_wide(char: str) -> bool:
    """Whether a character takes two half-width cells: everything beyond ASCII does in GB2312 and GB18030 devices."""
    return ord(char) > 0x7F  # noqa: PLR2004 - the end of ASCII


def face_file(debian: Path = DEBIAN_FACE, pip_package: str = PIP_PACKAGE) -> Path:
    """The file of the simplified-Chinese face. Raises ``FontMissingError``."""
    if debian.exists():
        return debian
    package = importlib.util.find_spec(pip_package)
    if package is not None and package.origin is not None:
        return Path(package.origin).with_name(_PIP_FACE)
    raise FontMissingError(
        "no simplified-Chinese font: install Debian's fonts-wqy-microhei or pip's pylopdf-fonts-zh-cn ('hallworks[fonts]')"
    )


@lru_cache
def _face(size: int, *, latin: bool) -> ImageFont.FreeTypeFont:
    file = face_file()
    return ImageFont.truetype(str(file), size, index=_DEBIAN_MONOSPACED if latin and file == DEBIAN_FACE else 0)


@lru_cache(maxsize=4096)
def outline_cell(char: str, width: int, height: int) -> Image.Image:
    """One character in a cell of ``width`` x ``height`` dots, mode ``1``, set dots white; too wide a letter is narrowed."""
    latin = not is_wide(char)
    face = _face(round(height * _LATIN) if latin else height, latin=latin)
    drawn_width = max(width, round(face.getlength(char)))
    cell = Image.new("L", (drawn_width, height), 0)
    ImageDraw.Draw(cell).text((drawn_width / 2, round(height * _BASELINE)), char, fill=255, font=face, anchor="ms")
    if drawn_width > width:
        cell = cell.resize((width, height))
    return cell.point(lambda grey: 255 if grey > _INK else 0).convert("1")


@lru_cache
def _bitmaps(file: Path) -> dict[str, str]:
    rows = (line.partition(":") for line in file.read_text(encoding="ascii").splitlines())
    return {code: dots for code, _, dots in rows}


@lru_cache(maxsize=4096)
def dots_cell(char: str, bitmaps: Path = UNIFONT) -> Image.Image:
    """One character of a sign: 16x16 dots, ASCII 8x16, mode ``1``; an unknown character is empty."""
    width = DOTS if is_wide(char) else DOTS // 2
    if not bitmaps.exists():
        return outline_cell(char, width, DOTS)
    rows = bytes.fromhex(_bitmaps(bitmaps).get(f"{ord(char):04X}", ""))
    cell = Image.new("1", (width, DOTS), 0)
    if rows:
        stored = Image.frombytes("1", (len(rows) * 8 // DOTS, DOTS), rows)
        cell.paste(stored.crop((0, 0, width, DOTS)))
    return cell
