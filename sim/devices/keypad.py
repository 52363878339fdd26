"""A metal keypad on a serial line: says one byte for each press and hears nothing."""

from contracts.values import Ms
from sim.devices.base import Send

BYTES = {
    **{str(digit): b"%d" % digit for digit in range(10)},
    "ok": b"\r",
    "back": b"\b",
    "appointment": b"A",
    "reactivate": b"B",
    "project": b"C",
    "help": b"D",
}


class Keypad:
    """A simulated pad."""

    def __init__(self) -> None:
        self.heard = b""
        """Bytes sent to it, which it cannot hear: always a mistake."""
        self.wake_at: Ms | None = None
        self._send: Send = lambda _: None

    def connect(self, send: Send) -> None:
        """The wire is plugged in."""
        self._send = send

    def hear(self, data: bytes, now: Ms) -> None:  # noqa: ARG002 - the shape of a device
        """Remember the mistake."""
        self.heard += data

    def wake(self, now: Ms) -> None:
        """Nothing here takes time."""

    def press(self, key: str) -> None:
        """Press a key by its name. Raises ``KeyError`` for one it does not have."""
        self._send(BYTES[key])
