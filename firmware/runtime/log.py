"""Log lines as JSON, one object a line on stderr, where systemd's journal picks them up.

A line says ``at`` (UTC), ``node``, ``level``, ``event`` and whatever else belongs to the event. Never a card, a name or an
ID number of a visitor.
"""

import contextlib
import sys
import threading
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

import msgspec

from firmware.runtime.clock import Clock

Level = Literal["debug", "info", "warning", "error"]
_ORDER: dict[str, int] = {"debug": 0, "info": 1, "warning": 2, "error": 3}


class JsonLog:
    """Writes log lines; may be called from any thread.

    ``level`` is the least important level still written. A field ``level`` sets the level of a line, otherwise ``info``.
    """

    def __init__(self, node: str, clock: Clock, *, level: Level = "info", stream: TextIO | None = None) -> None:
        self._node = node
        self._clock = clock
        self._threshold = _ORDER[level]
        self._stream = sys.stderr if stream is None else stream
        self._lock = threading.Lock()

    def __call__(self, event: str, /, **fields: Any) -> None:
        """Write one line, if its level is wanted. A log that cannot be written never stops the node."""
        level = fields.pop("level", "info")
        if _ORDER[level] < self._threshold:
            return
        at = datetime.fromtimestamp(self._clock.wall_ms() / 1000, UTC).isoformat(timespec="milliseconds")
        line = msgspec.json.encode({"at": at, "node": self._node, "level": level, "event": event, **fields}, enc_hook=str)
        with self._lock, contextlib.suppress(OSError, ValueError):
            self._stream.write(line.decode() + "\n")
            self._stream.flush()
