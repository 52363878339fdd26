"""The main board's drawing end: takes one JSON object per line and shows the newest.

``{"live": true, "for_s": 15, "lines": ["叫号信息", ...]}`` in UTF-8. Strict: anything else goes into ``refused``. After
``for_s`` seconds without a line it greys what stands there by itself.
"""

import json
from dataclasses import dataclass

from PIL import Image

from contracts.values import Ms
from sim.devices.base import Send
from sim.devices.fonts import DOTS, dots_cell, is_wide
from sim.devices.led_panel import light_up

_LONGEST = 65_536
COLUMNS = 32
"""Half-width cells in a row of the boards that are sold: 16 hanzi."""
_RED, _YELLOW = 1, 3


@dataclass(frozen=True, slots=True)
class BoardShown:
    """What the board has shown since ``at``; drawn greyed unless ``is_live``."""

    at: Ms
    lines: tuple[str, ...]
    is_live: bool


class MainBoard:
    """A simulated main board. ``shown`` is what stands there now, ``None`` while it is dark."""

    def __init__(self) -> None:
        self.wake_at: Ms | None = None
        self.shown: BoardShown | None = None
        self.history: list[BoardShown] = []
        """Every change of what stands there; a line that changes nothing is none."""
        self.refused: list[str] = []
        self._waiting = b""

    @property
    def overflows(self) -> list[str]:
        """Every line that was ever told and finds no room in a row of 16 hanzi."""
        told = dict.fromkeys(line for shown in self.history for line in shown.lines)
        return [line for line in told if _cells(line) > COLUMNS]

    def image(self) -> Image.Image:
        """A picture of it, as many rows as it was told; red, or yellow while it is greyed."""
        lines = self.shown.lines if self.shown is not None else ()
        dots = Image.new("L", (COLUMNS * DOTS // 2, max(1, len(lines)) * DOTS), 0)
        for y, line in enumerate(lines):
            x = 0
            for char in line:
                if char != " ":
                    dots.paste(
                        _RED if self.shown is not None and self.shown.is_live else _YELLOW, (x, y * DOTS), dots_cell(char)
                    )
                x += DOTS if is_wide(char) else DOTS // 2
        return light_up(dots)

    def connect(self, send: Send) -> None:
        """The wire is plugged in; a board only listens."""

    def wake(self, now: Ms) -> None:
        """Nobody has said anything for too long."""
        if self.shown is not None and self.wake_at is not None and now >= self.wake_at:
            self.wake_at = None
            self._show(BoardShown(now, self.shown.lines, is_live=False))

    def hear(self, data: bytes, now: Ms) -> None:
        """Show what comes, cut anywhere."""
        *lines, self._waiting = (self._waiting + data).split(b"\n")
        for line in lines:
            self._take(line, now)
        if len(self._waiting) > _LONGEST:
            self.refused.append(f"{len(self._waiting)} bytes without an end")
            self._waiting = b""

    def _take(self, line: bytes, now: Ms) -> None:
        try:
            told = json.loads(line)
            is_live, seconds, lines = told["live"], told["for_s"], told["lines"]
        except (ValueError, TypeError, KeyError):
            self.refused.append(f"not understood: {line[:80]!r}")
            return
        if not (isinstance(is_live, bool) and type(seconds) is int and isinstance(lines, list)) or not all(
            isinstance(one, str) for one in lines
        ):
            self.refused.append(f"not understood: {line[:80]!r}")
            return
        self._show(BoardShown(now, tuple(lines), is_live))
        self.wake_at = now + seconds * 1000

    def _show(self, new: BoardShown) -> None:
        if self.shown is None or (self.shown.lines, self.shown.is_live) != (new.lines, new.is_live):
            self.shown = new
            self.history.append(new)


def _cells(line: str) -> int:
    return sum(2 if is_wide(char) else 1 for char in line)
