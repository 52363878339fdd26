"""Carries out ESC/POS commands on a sheet of paper: the line being filled, pictures, QR codes and cuts.

Strict where printers are: what they would ignore (a cut or a picture in the middle of a line, a code that does not fit) is
ignored and recorded in ``refused``; what they would not understand is recorded in ``unknown``.
"""

import codecs
from collections.abc import Callable

from sim.devices.escpos_modes import AT_LINE_START_ONLY, HANZI, Modes, changed
from sim.devices.escpos_parser import Command
from sim.devices.fonts import is_wide
from sim.devices.ink import Bitmap, Glyph, Ink
from sim.devices.paper import Cut, Mark, Sheet
from sim.devices.qr_store import QrError, QrStore

_FULL_CUTS = (0, 48, 65, 97, 103)
_PRESET_CUTS = (97, 98)
_STORE_RASTER = (48, 112)
_PRINT_GRAPHICS = ((48, 2), (48, 50))
_WITHOUT_MARK = frozenset(
    {
        "CR",
        "FF",
        "CAN",
        "00",
        "ESC t",
        "ESC R",
        "ESC r",
        "ESC =",
        "ESC c",
        "ESC p",
        "ESC B",
        "GS b",
        "GS P",
        "GS a",
        "GS r",
        "FS C",
    }
)
"""Known, and leaving nothing on paper: answers are the printer's business, code pages end with Chinese mode."""


def _decoder(*, chinese: bool) -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder("gb18030" if chinese else "cp437")("replace")


class Typesetter:
    """Prints on ``sheet``. ``unknown`` and ``refused`` tell what a printer would not do."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.modes = Modes()
        self.unknown: list[str] = []
        self.refused: list[str] = []
        self._acts: dict[str, Callable[[bytes], None]] = {
            "LF": lambda _: self._print_line(self.modes.spacing),
            "HT": self._tab,
            "ESC d": self._feed_lines,
            "ESC J": lambda args: self._print_line(args[0]),
            "ESC $": lambda args: self._move_pen(args[0] | args[1] << 8),
            "ESC \\": lambda args: self._move_pen(self._pen + int.from_bytes(args, "little", signed=True)),
            "ESC *": self._columns,
            "GS v 0": self._raster,
            "GS ( L": self._graphics,
            "GS ( k": self._code,
            "GS V": self._cut,
        }
        self.reset()

    def reset(self) -> None:
        """``ESC @``, or power: modes as they were at the start, stored pictures gone, the line being filled lost."""
        self.modes = Modes()
        self._qr = QrStore()
        self._graphic: Bitmap | None = None
        self._decode = _decoder(chinese=True)
        self._clear_line()

    def do(self, command: Command) -> None:
        """Carry out one command."""
        name, args = command.name, command.args
        if name == "text":
            return self._write(self._decode.decode(args))
        self._write(self._decode.decode(b"", final=True))
        if not command.known:
            return self.unknown.append(name)
        if name in AT_LINE_START_ONLY and self._line:
            return self.refused.append(f"{name} in the middle of a line")
        return self._act(name, args)

    def _act(self, name: str, args: bytes) -> None:
        if name == "ESC @":
            self.reset()
        elif name in self._acts:
            self._acts[name](args)
        elif (modes := changed(self.modes, name, args)) is not None:
            if modes.chinese != self.modes.chinese:
                self._decode = _decoder(chinese=modes.chinese)
            self.modes = modes
        elif name not in _WITHOUT_MARK:
            self.unknown.append(name)

    # --- The line being filled -------------------------------------------------------------------------------------------

    @property
    def _area(self) -> int:
        most = self.sheet.width - self.modes.left_margin
        return most if self.modes.area is None else min(most, self.modes.area)

    def _clear_line(self) -> None:
        self._line: list[tuple[int, Ink]] = []
        self._pen = 0
        self._text = ""

    def _write(self, text: str) -> None:
        for char in text:
            if char == "\N{REPLACEMENT CHARACTER}":
                self.unknown.append("bytes that are no character")
            self._put(self._glyph(char), char)

    def _glyph(self, char: str) -> Glyph:
        modes = self.modes
        if modes.chinese and is_wide(char):
            return Glyph(char, HANZI, modes.hanzi, *modes.hanzi_sides)
        return Glyph(char, modes.font, modes.latin, 0, modes.latin_right)

    def _put(self, ink: Ink, char: str = "") -> None:
        if self._line and self._pen + ink.width > self._area:
            self._print_line(self.modes.spacing)
        self._line.append((self._pen, ink))
        self._pen += ink.width
        self._text += char

    def _move_pen(self, to: int) -> None:
        if 0 <= to <= self._area:
            self._text += " " * (to > self._pen and bool(self._text))
            self._pen = to
        else:
            self.refused.append(f"a print position at dot {to} of {self._area}")

    def _tab(self, _args: bytes) -> None:
        stops = (column * self.modes.font[0] * self.modes.latin.wide for column in self.modes.tabs)
        stop = next((stop for stop in stops if stop > self._pen), None)
        if stop is not None:
            self._move_pen(stop)

    def _start(self, width: int) -> int:
        free = max(0, self._area - width)
        return self.modes.left_margin + (0, free // 2, free)[self.modes.align]

    def _print_line(self, spacing: int) -> None:
        height = max((ink.height for _, ink in self._line), default=0)
        start, turned = self._start(self._pen), self.modes.upside_down
        marks = []
        for x, ink in self._line:
            across = self._pen - x - ink.width if turned else x
            down = 0 if turned else height - ink.height
            marks.append(Mark(start + across, self.sheet.y + down, ink, turned))
        self.sheet.print_marks(marks, self._text)
        self._clear_line()
        self.sheet.feed(max(spacing, height))

    def _feed_lines(self, args: bytes) -> None:
        lines, spacing = args[0], self.modes.spacing
        self._print_line(spacing if lines else 0)
        self.sheet.feed(max(0, lines - 1) * spacing)

    # --- Pictures, codes and cuts ----------------------------------------------------------------------------------------

    def _print_block(self, what: str, ink: Ink) -> None:
        if self._line:
            return self.refused.append(f"{what} in the middle of a line")
        if ink.width > self._area:
            return self.refused.append(f"{what} of {ink.width} dots does not fit {self._area}")
        self.sheet.print_marks([Mark(self._start(ink.width), self.sheet.y, ink)])
        return self.sheet.feed(ink.height)

    def _raster(self, args: bytes) -> None:
        scale = (1 + (args[0] & 1), 1 + (args[0] >> 1 & 1))
        columns, rows = args[1] | args[2] << 8, args[3] | args[4] << 8
        if columns and rows:
            self._print_block("GS v 0", Bitmap(columns, rows, args[5:], scale))

    def _columns(self, args: bytes) -> None:
        tall, fine = args[0] & 32 != 0, args[0] & 1 != 0
        deep = 24 if tall else 8
        bits = "".join(f"{byte:08b}" for byte in args[3:])
        across = -(-len(bits) // deep // 8) * 8
        rows = [bits[row::deep].ljust(across, "0") for row in range(deep)]
        if across:
            data = b"".join(int(row, 2).to_bytes(across // 8, "big") for row in rows)
            self._put(Bitmap(across // 8, deep, data, (1 if fine else 2, 1 if tall else 3)))

    def _graphics(self, args: bytes) -> None:
        function = tuple(args[:2])
        if function == _STORE_RASTER and len(args) > 10:  # noqa: PLR2004 - ten bytes of head
            across, rows = int.from_bytes(args[6:8], "little"), int.from_bytes(args[8:10], "little")
            picture = Bitmap(-(-across // 8), rows, args[10:], (args[3], args[4]))
            if len(picture.data) == picture.width_bytes * rows:
                self._graphic = picture
                return None
        if function in _PRINT_GRAPHICS and self._graphic is not None:
            picture, self._graphic = self._graphic, None
            return self._print_block("GS ( L", picture)
        return self.refused.append(f"GS ( L {args[:2].hex(' ')}")

    def _code(self, args: bytes) -> None:
        try:
            code = self._qr.do(args)
        except QrError as error:
            return self.refused.append(str(error))
        return None if code is None else self._print_block("QR code", code)

    def _cut(self, args: bytes) -> None:
        how = args[0]
        if self._line:
            return self.refused.append("GS V in the middle of a line")
        if how not in _FULL_CUTS and how - 1 not in _FULL_CUTS:
            return self.refused.append(f"GS V {how}")
        cut = Cut.FULL if how in _FULL_CUTS else Cut.PARTIAL
        if how in _PRESET_CUTS:
            return self.sheet.preset_cut(args[1], cut)
        if len(args) > 1:
            self.sheet.feed(self.sheet.gap + args[1])
        return self.sheet.cut(cut)
