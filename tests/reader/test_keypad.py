"""The serial keypad: one byte, one press; noise is nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.drivers.buttons import Pressed
from firmware.drivers.keypad import KEYS, Keypad, KeypadBack, KeypadLost
from firmware.wire.base import BytesArrived, WireLost, WireOpened
from kiosk.talk import KEYPAD_KEYS
from sim.devices.keypad import BYTES
from sim.devices.keypad import Keypad as SimulatedKeypad
from sim.solo import Solo


def reports(*happenings: object) -> list[object]:
    """What the driver reports of these."""
    run = Solo(Keypad())
    run.at(0, *happenings)
    return [what for _, what in run.reports()]


@pytest.mark.parametrize("key", KEYPAD_KEYS)
def test_every_key_of_the_machine_has_its_byte_at_both_ends(key: str) -> None:
    """The simulated pad, written by itself, says what the driver understands."""
    said: list[bytes] = []
    device = SimulatedKeypad()
    device.connect(said.append)
    device.press(key)
    assert reports(BytesArrived(said[0])) == [Pressed(key)]


def test_the_bytes_of_decision_24() -> None:
    """Digits as they are, 0D and 08, A to D."""
    assert reports(BytesArrived(b"7\r\x08ABCD")) == [
        Pressed(key) for key in ("7", "ok", "back", "appointment", "reactivate", "project", "help")
    ]
    assert len(KEYS) == len(BYTES) == len(KEYPAD_KEYS)


@given(st.binary(max_size=40))
def test_noise_presses_nothing(data: bytes) -> None:
    """Only its sixteen bytes are keys."""
    assert len(reports(BytesArrived(data))) == sum(byte in KEYS for byte in data)


def test_lost_and_back() -> None:
    """Its line is told of."""
    assert reports(WireOpened(), WireLost("gone")) == [KeypadBack(), KeypadLost("gone")]
