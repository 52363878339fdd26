"""The far end of a wire: what a real device would answer to the bytes it gets, with the ways it can misbehave.

A device hears bytes cut anywhere, keeps what it did in ``history`` and answers through ``send``. It holds no clock: whoever
owns the wire tells it the time and wakes it. Pacing (10 bits a byte) and loss of the line itself are the wire's business,
see ``sim.wires``. Nothing here imports a driver: a shared misreading of a datasheet would cancel out.
"""

from collections.abc import Callable
from typing import Protocol

from contracts.values import Ms

Send = Callable[[bytes], None]


class Device(Protocol):
    """A simulated device on a wire of bytes."""

    wake_at: Ms | None
    """When it wants ``wake``: an answer that takes time, a quirk that strikes later."""

    def connect(self, send: Send) -> None:
        """The wire is plugged in; ``send`` carries bytes to the firmware."""

    def hear(self, data: bytes, now: Ms) -> None:
        """Bytes from the firmware."""

    def wake(self, now: Ms) -> None:
        """The wished time has come."""


class PinDevice(Protocol):
    """A simulated device on pins: a key panel, lamps, a beeper."""

    def connect(self, drive: Callable[[int, bool], None]) -> None:
        """``drive(pin, active)`` moves an input pin of the node."""

    def saw(self, pin: int, now: Ms, *, active: bool) -> None:
        """The firmware switched an output pin."""
