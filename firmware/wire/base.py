"""What a wire is. A wire carries bytes out at once and posts what comes in as a happening; it never waits and never parses.

Every wire is made with a ``post`` function that puts a happening into its node's one inbox, and belongs to that node's
loop: ``write``, ``set`` and ``close`` are called from the loop's thread only, ``post`` may be called from any thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class WireOpened:
    """The wire is usable: at the start, and after every loss when it has come back."""


@dataclass(frozen=True, slots=True)
class WireLost:
    """Unplugged, refused or closed by the other end. Bytes written until ``WireOpened`` are dropped."""

    reason: str


@dataclass(frozen=True, slots=True)
class BytesArrived:
    """Some bytes, cut anywhere."""

    data: bytes


@dataclass(frozen=True, slots=True)
class EdgeSeen:
    """An input pin changed its level. ``active`` is true when the contact closed, whatever the electrical sense."""

    pin: int
    active: bool


FromWire = WireOpened | WireLost | BytesArrived | EdgeSeen
Post = Callable[[FromWire], None]


class Wire(Protocol):
    """One end of one wire: a serial line, a TCP connection, the pins of a node, a loudspeaker."""

    def write(self, data: bytes) -> None:
        """Send bytes on their way without waiting; on a lost wire they are dropped."""

    def set(self, pin: int, *, active: bool) -> None:
        """Switch an output pin. Only on a wire of pins."""

    def close(self) -> None:
        """Give the wire back. Nothing is posted afterwards."""


class WireError(OSError):
    """This wire cannot be made at all: an unknown kind of URL, a missing library, a pin used twice. Says what to change."""
