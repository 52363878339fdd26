"""What a thermal printer can put on paper: characters, bitmaps and QR codes; each knows its size and can show its dots."""

from dataclasses import dataclass
from typing import Protocol

import qrcode
from PIL import Image, ImageChops, ImageDraw
from qrcode.util import MODE_8BIT_BYTE, QRData

from sim.devices.fonts import outline_cell


class Ink(Protocol):
    """Something that can be printed: its size in dots, and its dots."""

    @property
    def width(self) -> int:
        """Dots to the right."""

    @property
    def height(self) -> int:
        """Dots down."""

    def dots(self) -> Image.Image:
        """Its picture, mode ``1``, printed dots set."""


@dataclass(frozen=True, slots=True)
class Style:
    """How characters look. ``wide`` and ``high`` multiply the cell, 1 to 8."""

    wide: int = 1
    high: int = 1
    bold: bool = False
    underline: int = 0
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character in its cell, with the blank dots its spacing puts on either side."""

    char: str
    cell: tuple[int, int]
    style: Style
    left: int = 0
    right: int = 0

    @property
    def width(self) -> int:
        """Cell and spacing, enlarged."""
        return (self.left + self.cell[0] + self.right) * self.style.wide

    @property
    def height(self) -> int:
        """The cell, enlarged."""
        return self.cell[1] * self.style.high

    def dots(self) -> Image.Image:
        """The enlarged character, as the head prints it: every dot becomes a block."""
        style = self.style
        drawn = outline_cell(self.char, *self.cell)
        drawn = drawn.resize((self.cell[0] * style.wide, self.height), Image.Resampling.NEAREST)
        picture = Image.new("1", (self.width, self.height), 0)
        picture.paste(drawn, (self.left * style.wide, 0))
        if style.bold:
            picture = ImageChops.logical_or(picture, ImageChops.offset(picture, 1, 0))
        if style.underline:
            ImageDraw.Draw(picture).rectangle((0, self.height - style.underline, self.width, self.height), fill=1)
        return ImageChops.invert(picture) if style.reverse else picture


@dataclass(frozen=True, slots=True)
class Bitmap:
    """Rows of dots, eight to a byte, the left one highest; ``scale`` repeats each dot right and down."""

    width_bytes: int
    rows: int
    data: bytes
    scale: tuple[int, int] = (1, 1)

    @property
    def width(self) -> int:
        """Dots to the right."""
        return self.width_bytes * 8 * self.scale[0]

    @property
    def height(self) -> int:
        """Dots down."""
        return self.rows * self.scale[1]

    def dots(self) -> Image.Image:
        """The picture, enlarged."""
        picture = Image.frombytes("1", (self.width_bytes * 8, self.rows), self.data)
        return picture.resize((self.width, self.height), Image.Resampling.NEAREST)


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code of model 2 around ``payload``. ``version`` and ``correction`` as the library ``qrcode`` counts them."""

    payload: bytes
    version: int
    correction: int
    module_dots: int

    @property
    def width(self) -> int:
        """Dots to the right; the printer adds no quiet zone of its own."""
        return (17 + 4 * self.version) * self.module_dots

    @property
    def height(self) -> int:
        """Dots down."""
        return self.width

    def dots(self) -> Image.Image:
        """The code, without a quiet zone."""
        drawing = blank_code(self.payload, self.correction, self.version)
        drawing.make(fit=False)
        rows = drawing.get_matrix()
        picture = Image.new("1", (len(rows), len(rows)), 0)
        picture.putdata([255 * dark for row in rows for dark in row])
        return picture.resize((self.width, self.height), Image.Resampling.NEAREST)


def blank_code(payload: bytes, correction: int, version: int | None = None) -> qrcode.QRCode:
    """A code of the library, filled but not drawn: not ours, so that a scanner's success proves something."""
    drawing = qrcode.QRCode(version, error_correction=correction, border=0)
    drawing.add_data(QRData(payload, mode=MODE_8BIT_BYTE), optimize=0)
    return drawing
