"""A serial customer display with GB18030 characters, Epson DM-D commands: a few lines of cells before the clerk.

A hanzi takes two cells. A text that runs over the end of its line goes on in the next one, as in the device, and stands in
``overflows``; a cursor off the screen is ignored and stands in ``refused``; unknown bytes stand in ``unknown``. Source: the
command list of Epson's DM-D series.
"""

import codecs
from dataclasses import dataclass

from PIL import Image

from contracts.values import Ms
from sim.devices.base import Send
from sim.devices.fonts import DOTS, dots_cell, is_wide
from sim.devices.led_panel import light_up

_GREEN = 2
_PARAMETERS = {b"\x1f$": 2, b"\x1fC": 1, b"\x1fX": 1, b"\x1fE": 1, b"\x1f\x01": 0, b"\x1b@": 0, b"\x1bt": 1, b"\x1bR": 1}
"""How many bytes follow a command."""
_WITHOUT_EFFECT = (b"\x1bt", b"\x1bR", b"\x1fX", b"\x1fE", b"\x1f\x01")
"""Code page and country (characters are GB18030), brightness, blinking, overwrite mode (the only one here)."""
_CONTINUED = "\0"
"""Stands in the second cell of a hanzi."""


_State = tuple[bytes, tuple[tuple[str, ...], ...], int, int, bool, bool]
_AFTER: dict[tuple[_State, bytes], _State] = {}
"""What bytes have made of a screen before: the same few texts come all day, and each byte is looked at once."""
_MOST_KNOWN = 20_000


@dataclass(frozen=True, slots=True)
class ShownLines:
    """What stood there after some bytes had come."""

    at: Ms
    lines: tuple[str, ...]


class TextLine:
    """A simulated customer display of ``columns`` x ``rows`` half-width cells."""

    def __init__(self, columns: int = 20, rows: int = 2, *, dead: bool = False) -> None:
        self.columns, self.rows = columns, rows
        self.dead = dead
        self.wake_at: Ms | None = None
        self.history: list[ShownLines] = []
        self.unknown: list[str] = []
        self.refused: list[str] = []
        self.overflows: list[str] = []
        self.power_on()

    def connect(self, send: Send) -> None:
        """The wire is plugged in; the display only listens."""

    def wake(self, now: Ms) -> None:
        """Nothing here takes time."""

    def power_on(self) -> None:
        """Start with an empty screen; what was shown before is lost."""
        self._waiting = b""
        self._initialise()

    def hear(self, data: bytes, now: Ms) -> None:
        """Show what comes, cut anywhere."""
        if self.dead:
            return
        before = self._state()
        after = _AFTER.get((before, data))
        if after is None:
            troubles = len(self.unknown), len(self.refused), len(self.overflows)
            self._take(data)
            after = self._state()
            if not after[0] and not before[0] and troubles == (len(self.unknown), len(self.refused), len(self.overflows)):
                if len(_AFTER) >= _MOST_KNOWN:
                    _AFTER.clear()
                _AFTER[before, data] = after
        else:
            self._become(after)
        if not self.history or self.history[-1].lines != self.lines():
            self.history.append(ShownLines(now, self.lines()))

    def _take(self, data: bytes) -> None:
        self._waiting += data
        while self._waiting and (size := self._take_one()):
            self._waiting = self._waiting[size:]

    def _state(self) -> "_State":
        decoder = self._decoder.getstate()[0]
        cells = tuple(tuple(row) for row in self._cells)
        return self._waiting + decoder, cells, self._column, self._row, self._line_is_full, self.cursor_shown

    def _become(self, state: "_State") -> None:
        _, cells, self._column, self._row, self._line_is_full, self.cursor_shown = state
        self._cells = [list(row) for row in cells]

    def lines(self) -> tuple[str, ...]:
        """What stands there, without the blanks at the end of each line."""
        return tuple("".join(row).replace(_CONTINUED, "").rstrip() for row in self._cells)

    def image(self) -> Image.Image:
        """A picture of it."""
        dots = Image.new("L", (self.columns * DOTS // 2, self.rows * DOTS), 0)
        for y, row in enumerate(self._cells):
            for x, char in enumerate(row):
                if char not in (" ", _CONTINUED):
                    dots.paste(_GREEN, (x * DOTS // 2, y * DOTS), dots_cell(char))
        return light_up(dots)

    # --- Bytes -----------------------------------------------------------------------------------------------------------

    def _initialise(self) -> None:
        self._cells = [[" "] * self.columns for _ in range(self.rows)]
        self._column = self._row = 0
        self._line_is_full = False
        self.cursor_shown = True
        self._decoder = codecs.getincrementaldecoder("gb18030")("replace")

    def _take_one(self) -> int:
        lead = self._waiting[0]
        if lead in (0x1B, 0x1F):
            return self._take_command()
        if lead < 0x20:  # noqa: PLR2004 - control characters
            self._line_is_full = False
            self._take_control(lead)
        else:
            self._write(self._decoder.decode(self._waiting[:1]))
        return 1

    def _take_command(self) -> int:
        name = self._waiting[:2]
        if len(name) < 2:  # noqa: PLR2004 - a command has two bytes
            return 0
        if name not in _PARAMETERS:
            self.unknown.append(name.hex(" "))
            return 2
        size = 2 + _PARAMETERS[name]
        if len(self._waiting) < size:
            return 0
        self._do(name, self._waiting[2:size])
        return size

    def _do(self, name: bytes, args: bytes) -> None:
        if name == b"\x1b@":
            self._initialise()
        elif name == b"\x1f$":
            self._move(args[0] - 1, args[1] - 1)
        elif name == b"\x1fC":
            self.cursor_shown = bool(args[0] & 1)
        elif name not in _WITHOUT_EFFECT:
            self.unknown.append(name.hex(" "))

    def _take_control(self, code: int) -> None:
        match code:
            case 0x0C:
                self._cells = [[" "] * self.columns for _ in range(self.rows)]
                self._column = self._row = 0
            case 0x18:
                self._cells[self._row] = [" "] * self.columns
                self._column = 0
            case 0x0B:
                self._column = self._row = 0
            case 0x0D:
                self._column = 0
            case 0x0A:
                self._row = (self._row + 1) % self.rows
            case 0x08 | 0x09:
                self._step(-1 if code == 0x08 else 1)  # noqa: PLR2004 - backspace
            case _:
                self.unknown.append(f"{code:02x}")

    def _move(self, column: int, row: int) -> None:
        if 0 <= column < self.columns and 0 <= row < self.rows:
            self._column, self._row = column, row
            self._line_is_full = False
        else:
            self.refused.append(f"cursor to column {column + 1}, row {row + 1}")

    def _step(self, cells: int) -> None:
        at = (self._row * self.columns + self._column + cells) % (self.rows * self.columns)
        self._row, self._column = divmod(at, self.columns)

    def _write(self, text: str) -> None:
        for char in text:
            if char == "\N{REPLACEMENT CHARACTER}":
                self.unknown.append("bytes that are no character")
            self._put(char, 2 if is_wide(char) else 1)

    def _put(self, char: str, cells: int) -> None:
        if self._column + cells > self.columns:
            self._step(1)
            self._line_is_full = True
        if self._line_is_full:
            self.overflows.append(f"{char} runs over into line {self._row + 1}")
        row = self._cells[self._row]
        self._blank_halves(row, self._column, self._column + cells)
        row[self._column : self._column + cells] = [char, _CONTINUED][:cells]
        self._step(cells)
        self._line_is_full = self._column == 0

    @staticmethod
    def _blank_halves(row: list[str], start: int, end: int) -> None:
        if row[start] == _CONTINUED:
            row[start - 1] = " "
        if end < len(row) and row[end] == _CONTINUED:
            row[end] = " "
