"""Documents to ESC/POS bytes: GB18030 text by ourselves, pictures and QR codes by ``escpos_graphics``. Pure.

Sizes are set twice, ``FS !`` before ``GS !``: on Epson and HPRT models ``GS !`` rules all characters and the last command
counts; older clones obey ``FS !`` for hanzi and ``GS !`` for ASCII. In this order both print the same (HPRT TP80K manual
p. 26, Toshiba B-EP manual 8.10.41). ``FS &`` is sent although GB18030 models start in Chinese mode (hardware 2.2).
"""

from dataclasses import dataclass
from enum import StrEnum

from firmware.drivers import escpos_graphics
from firmware.drivers.columns import wrap
from firmware.drivers.document import Align, Document, Feed, Line, Qr, Rule, Text

RESET = b"\x1b@"
CHINESE_MODE = b"\x1c&"
START = RESET + CHINESE_MODE
LINE_END = b"\n"
QUIET_ROW = LINE_END
"""A code that the printer draws begins right under the text; the standard wants four modules of white, 24 dots here."""
FEED_TO_CUTTER = b"\x1bd\x06"
CUT = b"\x1dV\x00"
BARRIER = b"\x1dr\x01"
"""``GS r 1``: answered with one byte when everything before it has been processed."""
CUT_OFF = RESET + FEED_TO_CUTTER + CUT
"""Parts the paper from whatever was printed before and never cut; if that is nothing, a blank strip falls."""

DOTS_PER_COLUMN = 12
CHINESE_DOUBLE = 0x0C
ROW_DOTS = 30
"""One row of standard line spacing; a row drawn as a picture is as high."""


class Confirm(StrEnum):
    """How a printer model lets us know that a paper is out."""

    BARRIER = "barrier"
    """It answers ``GS r 1`` in order."""
    DRAIN = "drain"
    """It does not; after the time its buffer needs, a clean status must do."""


@dataclass(frozen=True, slots=True)
class Model:
    """What differs between printers. ``width_dots`` 384 is 58 mm paper (32 columns), 576 is 80 mm (48 columns).

    ``print_ms`` is how long after its last byte a paper may take until it is cut: after that it counts as not confirmed, or,
    with :attr:`Confirm.DRAIN`, as printed if the status is clean.
    """

    width_dots: int = 384
    baud: int = 9600
    confirm: Confirm = Confirm.BARRIER
    native_qr: bool = True
    print_ms: int = 3_000

    @property
    def columns(self) -> int:
        """Half-width characters on a row."""
        return self.width_dots // DOTS_PER_COLUMN

    def line_ms(self, data: bytes) -> int:
        """How long these bytes are on the line: ten bits each."""
        return -(-len(data) * 10_000 // self.baud)


@dataclass(frozen=True, slots=True)
class Style:
    """What the printer has been told; a row says only what changes."""

    align: Align = Align.LEFT
    bold: bool = False
    size: int = 1

    def changed_to(self, wanted: "Style") -> bytes:
        """The bytes that lead from this style to the wanted one."""
        out = b""
        if wanted.align is not self.align:
            out += b"\x1ba" + bytes([wanted.align.value])
        if wanted.bold is not self.bold:
            out += b"\x1bE" + bytes([wanted.bold])
        if wanted.size != self.size:
            enlarged = wanted.size > 1
            out += b"\x1c!" + bytes([CHINESE_DOUBLE * enlarged]) + b"\x1d!" + bytes([0x11 * (wanted.size - 1)])
        return out


def encode(document: Document, model: Model) -> bytes:
    """The bytes of a whole paper, from reset to cut. Raises ``ValueError`` for what no printer could print."""
    out, style = bytearray(START), Style()
    for line in document:
        data, style = _line(line, style, model)
        out += data
    return bytes(out) + FEED_TO_CUTTER + CUT


def _line(line: Line, style: Style, model: Model) -> tuple[bytes, Style]:
    match line:
        case Text():
            return _text(line, style, model)
        case Rule():
            return _text(Text("-" * model.columns), style, model)
        case Qr():
            wanted = Style(Align.CENTRE)
            code = escpos_graphics.qr(line, native=model.native_qr)
            return style.changed_to(wanted) + (QUIET_ROW + code if model.native_qr else code) + LINE_END, wanted
        case Feed(rows):
            return style.changed_to(Style()) + LINE_END * rows, Style()


def _text(line: Text, style: Style, model: Model) -> tuple[bytes, Style]:
    if not 1 <= line.size <= 8:  # noqa: PLR2004 - the range of GS !
        raise ValueError(f"a printer enlarges 1 to 8 times, not {line.size}")
    wanted = Style(line.align, line.bold, line.size)
    out = style.changed_to(wanted)
    for row in wrap(line.plain, model.columns // line.size):
        if is_printable(row):
            out += row.encode("gb18030") + LINE_END
        else:
            out += escpos_graphics.drawn_row(row, line.size, DOTS_PER_COLUMN, ROW_DOTS)
    return out, wanted


def is_printable(text: str) -> bool:
    """Whether a printer's own font holds this text: every character has one or two bytes, the same in GBK and GB18030."""
    try:
        return text.encode("gbk") == text.encode("gb18030")
    except UnicodeEncodeError:
        return False
