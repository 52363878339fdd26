"""Pictures and QR codes for a thermal printer. python-escpos encodes them; it and Pillow are loaded when first needed.

A printer watches its input for realtime commands (``DLE EOT``, ``DLE ENQ``, ``DLE DC4``) even inside a picture, so a picture
is moved by a dot until it holds none (hardware 2.2).
"""

import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from firmware.drivers.columns import width
from firmware.drivers.document import Qr

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

MISSING = "〓"
"""Printed where no font has the character: the printers' sign for a missing type, in every GB2312 font."""

REALTIME = re.compile(rb"\x10[\x04\x05\x14]")
QUIET_ZONE = 4
MAX_QR_BYTES = 213
"""Version 10 with correction M: 57 modules, 342 dots at size 6, the largest that 58 mm paper takes."""
_SYSTEM_FACES = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/opentype/unifont/unifont.otf", 0),
)
"""Fonts with simplified forms and the index of the face in the file (face 0 of Noto CJK is Japanese)."""


def warm_up() -> None:
    """Load the libraries now, so that no visitor waits for them."""
    qr(Qr("warm up"), native=True)


def qr(code: Qr, *, native: bool) -> bytes:
    """A QR code: ``GS ( k`` for a printer that draws it itself, else a picture. Raises ``ValueError`` if it cannot fit."""
    if not 0 < len(code.data.encode()) <= MAX_QR_BYTES:
        raise ValueError(f"a QR code of 1 to {MAX_QR_BYTES} bytes was expected, not {len(code.data.encode())}")
    if not native:
        return _quiet(lambda shift: _raster(_qr_picture(code, shift)))
    from escpos.printer import Dummy  # noqa: PLC0415 - 0.25 s and 20 MiB that only a kiosk needs

    dummy = Dummy(profile="TM-T88V")  # any profile that knows native codes; it adds nothing else
    dummy.qr(code.data, native=True, size=code.dots, ec="LMQH".index(code.correction), model=2)
    data: bytes = dummy.output
    return data


def drawn_row(text: str, size: int, dots_per_column: int, row_dots: int) -> bytes:
    """A row of text as a picture, on the same grid as the printer's font; for characters that font lacks."""
    return _quiet(lambda shift: _raster(_row_picture(text, size, dots_per_column, row_dots, shift)))


def _quiet(draw: Callable[[int], bytes]) -> bytes:
    data = draw(0)
    for shift in range(1, 16):
        if not REALTIME.search(data):
            break
        data = draw(shift)
    return data


def _raster(picture: "Image") -> bytes:
    """``GS v 0`` mode 0: the whole picture in one block, its width in bytes and its height in dots, low byte first.

    Only the library's pixels are used: its ``image`` refuses pictures wider than its profile and prints advice on stdout.
    """
    from escpos.image import EscposImage  # noqa: PLC0415 - see above

    image = EscposImage(picture)
    size = image.width_bytes.to_bytes(2, "little") + image.height.to_bytes(2, "little")
    data: bytes = b"\x1dv0\x00" + size + image.to_raster_format()
    return data


def _qr_picture(code: Qr, shift: int) -> "Image":
    import qrcode  # noqa: PLC0415 - comes with python-escpos, needed only for printers without QR codes
    from PIL import Image  # noqa: PLC0415 - see above

    levels = {"L": qrcode.constants.ERROR_CORRECT_L, "M": qrcode.constants.ERROR_CORRECT_M}
    symbol = qrcode.QRCode(error_correction=levels[code.correction], border=QUIET_ZONE)
    symbol.add_data(code.data)
    rows = symbol.get_matrix()
    dots = len(rows) * code.dots
    small = Image.new("1", (len(rows), len(rows)), 1)
    small.putdata([0 if dark else 1 for row in rows for dark in row])
    canvas = Image.new("1", (dots + shift, dots), 1)
    canvas.paste(small.resize((dots, dots), Image.Resampling.NEAREST), (shift, 0))
    return canvas


def _row_picture(text: str, size: int, dots_per_column: int, row_dots: int, shift: int) -> "Image":
    from PIL import Image, ImageDraw  # noqa: PLC0415 - see above

    column, font_dots = dots_per_column * size, 2 * dots_per_column * size
    picture = Image.new("1", (width(text) * column + shift, row_dots * size), 1)
    pen, x, baseline = ImageDraw.Draw(picture), shift, font_dots * 7 // 8
    for character in text:
        font = _font_for(character, font_dots)
        shown = character if font else MISSING
        face = font or _font_for(MISSING, font_dots)
        if face is not None:
            pen.text((x + width(character) * column // 2, baseline), shown, font=face, fill=0, anchor="ms")
        x += width(character) * column
    return picture


@cache
def _fonts(dots: int) -> "tuple[FreeTypeFont, ...]":
    from PIL import ImageFont  # noqa: PLC0415 - see above

    found = []
    for path, face in (*_installed_faces(), *_SYSTEM_FACES):
        with suppress(OSError):  # not on this machine; the next one may be
            found.append(ImageFont.truetype(path, dots * 11 // 12, index=face))
    return tuple(found)


def _installed_faces() -> list[tuple[str, int]]:
    with suppress(ModuleNotFoundError):
        return [(str(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"), 0)]
    return []


@cache
def _font_for(character: str, dots: int) -> "FreeTypeFont | None":
    return next((font for font in _fonts(dots) if _glyph(font, character) != _glyph(font, "\U0003fff0")), None)


def _glyph(font: "FreeTypeFont", character: str) -> tuple[tuple[int, int], bytes]:
    """What a font draws; a code point of no script (in the unassigned end of plane 3) shows how it draws the unknown."""
    mask = font.getmask(character)
    return mask.size, bytes(mask)
