"""Lamps and beepers: patterns in time, no pin touched without need."""

import pytest

from firmware.drivers.base import SetPin
from firmware.drivers.lamps import Lamps, Light, Pattern
from firmware.wire.base import WireLost, WireOpened
from sim.solo import Solo

RED, BEEPER = 17, 27


def solo() -> Solo:
    """A red lamp and a beeper on an open wire."""
    run = Solo(Lamps({"red": RED, "beeper": BEEPER}))
    run.at(0, WireOpened())
    run.history.clear()
    return run


def edges(run: Solo, pin: int) -> list[tuple[int, bool]]:
    """When this pin was switched, and how."""
    return [(at, effect.active) for at, effect in run.history if isinstance(effect, SetPin) and effect.pin == pin]


def test_everything_is_dark_as_soon_as_the_wire_opens() -> None:
    """At the start every output is switched off, whatever the last process left."""
    run = Solo(Lamps({"red": RED, "beeper": BEEPER}))
    assert run.history == []
    assert run.at(5, WireOpened()) == [SetPin(RED, active=False), SetPin(BEEPER, active=False)]


def test_on_and_off_touch_the_pin_once() -> None:
    """A lamp that already does what is wanted is not switched again."""
    run = solo()
    run.at(10, Light("red", Pattern.ON), Light("red", Pattern.ON), Light("red", Pattern.OFF), Light("red", Pattern.OFF))
    assert edges(run, RED) == [(10, True), (10, False)]
    assert run.wake_at is None


def test_blinking_is_half_a_second_each_and_asking_again_keeps_its_beat() -> None:
    """Blinking goes on for ever, and a second wish for it does not disturb it."""
    run = solo()
    run.at(10, Light("red", Pattern.BLINK))
    run.at(700, Light("red", Pattern.BLINK))
    run.until(2_100)
    assert edges(run, RED) == [(10, True), (510, False), (1010, True), (1510, False), (2010, True)]


def test_a_flash_ends_by_itself_and_starts_anew_when_asked_again() -> None:
    """One flash is 2 s of light; another wish in between makes it 2 s from there."""
    run = solo()
    run.at(10, Light("red", Pattern.FLASH))
    run.at(1_010, Light("red", Pattern.FLASH))
    run.until(9_000)
    assert edges(run, RED) == [(10, True), (3_010, False)]
    assert run.wake_at is None


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (Pattern.BEEP, [(10, True), (130, False)]),
        (Pattern.BEEP_TWICE, [(10, True), (130, False), (250, True), (370, False)]),
        (Pattern.BEEP_LONG, [(10, True), (810, False)]),
    ],
)
def test_beeps(pattern: Pattern, expected: list[tuple[int, bool]]) -> None:
    """Each beep has its own length and number and then silence."""
    run = solo()
    run.at(10, Light("beeper", pattern))
    run.until(5_000)
    assert edges(run, BEEPER) == expected


def test_lamps_do_not_disturb_each_other() -> None:
    """A beep in the middle of blinking leaves the blinking alone."""
    run = solo()
    run.at(0, Light("red", Pattern.BLINK))
    run.at(400, Light("beeper", Pattern.BEEP))
    run.until(1_200)
    assert edges(run, RED) == [(0, True), (500, False), (1000, True)]
    assert edges(run, BEEPER) == [(400, True), (520, False)]


def test_a_wish_before_the_wire_and_after_its_loss_is_kept() -> None:
    """A lamp asked for while the pins are away lights when they come back, at its right phase."""
    run = Solo(Lamps({"red": RED}))
    run.at(0, Light("red", Pattern.ON))
    assert run.at(10, WireOpened()) == [SetPin(RED, active=True)]
    run.at(20, WireLost("gone"), Light("red", Pattern.OFF))
    assert run.at(30, WireOpened()) == [SetPin(RED, active=False)]


def test_a_lamp_that_does_not_exist_is_a_mistake() -> None:
    """A wrong name is refused at once, not ignored."""
    with pytest.raises(KeyError, match="green"):
        solo().at(1, Light("green", Pattern.ON))
