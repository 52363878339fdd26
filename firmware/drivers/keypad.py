"""A metal keypad on a serial line (9600 8N1): one byte for each press, nothing else, and it hears nothing.

Digits are themselves, 0D is 确认, 08 is 返回, A to D are the four function keys beside them. The pad debounces by
itself. There is no standard for such pads: these bytes are our choice (decision 24), and one
with other bytes is to be set to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.values import Ms
from firmware.drivers.base import Output, Report
from firmware.drivers.key_events import Pressed
from firmware.wire.base import BytesArrived, WireLost, WireOpened

KEYS = {
    **{digit: chr(digit) for digit in b"0123456789"},
    0x0D: "ok",
    0x08: "back",
    0x41: "appointment",
    0x42: "reactivate",
    0x43: "project",
    0x44: "help",
}


@dataclass(frozen=True, slots=True)
class KeypadLost:
    """The pad is unplugged or its line is gone."""

    reason: str


@dataclass(frozen=True, slots=True)
class KeypadBack:
    """The pad's line is open, at the start and after every loss."""


class Keypad:
    """A driver for one pad; it has nothing to remember."""

    def begin(self, now: Ms) -> tuple[None, Sequence[Output]]:
        """Nothing is sent to it, ever."""
        del now
        return None, ()

    def step(self, state: None, happening: object, now: Ms) -> tuple[None, Sequence[Output]]:
        """Bytes in, presses out; a byte that is no key is noise."""
        del now
        match happening:
            case BytesArrived(data):
                return state, [Report(Pressed(KEYS[byte])) for byte in data if byte in KEYS]
            case WireOpened():
                return state, [Report(KeypadBack())]
            case WireLost(reason):
                return state, [Report(KeypadLost(reason))]
            case _:
                return state, ()
