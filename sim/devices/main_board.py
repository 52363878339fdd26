"""The main board's drawing end: takes one JSON object per line and shows the newest.

``{"live": true, "lines": ["叫号信息", ...]}`` in UTF-8. Strict: anything else goes into ``refused``.
"""

import json
from dataclasses import dataclass

from contracts.values import Ms
from sim.devices.base import Send

_LONGEST = 65_536


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
        self.refused: list[str] = []
        self._waiting = b""

    def connect(self, send: Send) -> None:
        """The wire is plugged in; a board only listens."""

    def wake(self, now: Ms) -> None:
        """Nothing here takes time."""

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
            is_live, lines = told["live"], told["lines"]
        except (ValueError, TypeError, KeyError):
            self.refused.append(f"not understood: {line[:80]!r}")
            return
        if not isinstance(is_live, bool) or not isinstance(lines, list) or not all(isinstance(one, str) for one in lines):
            self.refused.append(f"not understood: {line[:80]!r}")
            return
        self.shown = BoardShown(now, tuple(lines), is_live)
        self.history.append(self.shown)
