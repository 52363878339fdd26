"""Everything that happened in a simulated hall, in order, and one hash over it.

Two runs of one seed have the same hash whatever the hash seed of their processes; the first differing line tells where a
simulation is not deterministic.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contracts.values import Ms


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: when, at whom, what."""

    at: Ms
    who: str
    what: str


class EventLog:
    """Collects lines and hashes them; ``is_kept`` false keeps the hash only, for long runs.

    ``home`` is the folder of the nodes' files. It has another name in every process, so lines say ``~`` for it.
    """

    def __init__(self, now: Callable[[], Ms], *, home: str | None = None, is_kept: bool = True) -> None:
        self.lines: list[Line] = []
        self._now = now
        self._home = home
        self._is_kept = is_kept
        self.taps: list[Callable[[str, str, dict[str, Any]], None]] = []
        """Told of every line of a node's log: who, what event, its fields."""
        self._hash = hashlib.sha256()

    def keep_nothing(self) -> None:
        """From now on only the hash is kept."""
        self._is_kept = False

    def note(self, who: str, what: str) -> None:
        """Write down what happened just now."""
        at = self._now()
        if self._home is not None:
            what = what.replace(self._home, "~")
        self._hash.update(f"{at} {who} {what}\n".encode())
        if self._is_kept:
            self.lines.append(Line(at, who, what))

    def log_of(self, who: str) -> "NodeLog":
        """A ``firmware.runtime.node.Log`` that writes here."""
        return NodeLog(self, who)

    @property
    def digest(self) -> str:
        """The hash over all lines so far, in hex."""
        return self._hash.hexdigest()

    def of(self, who: str) -> list[str]:
        """What happened at one of them, in order."""
        return [line.what for line in self.lines if line.who == who]


class NodeLog:
    """The log lines of one node."""

    def __init__(self, events: EventLog, who: str) -> None:
        self._events = events
        self._who = who
        self.errors: list[str] = []
        """Lines of level ``error``: what no run should have unless it was provoked."""

    def __call__(self, event: str, /, **fields: Any) -> None:
        """Write one line."""
        for tap in self._events.taps:
            tap(self._who, event, fields)
        said = " ".join([event, *(f"{name}={fields[name]}" for name in sorted(fields))])
        if fields.get("level") == "error":
            self.errors.append(said)
        self._events.note(self._who, said)
