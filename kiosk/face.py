"""The machine's face: what has changed on text line and lamps, and when it will change by itself. Pure."""

from dataclasses import replace

from contracts.identities import key_ends_at
from contracts.values import Ms
from firmware.drivers.lamps import Light, Pattern
from firmware.drivers.text_line import Show
from firmware.runtime.steps import Effect, Tell, WakeAt
from kiosk import views
from kiosk.machine import LAMPS, TEXT, AwaitingNumber, Idle, Machine, Result
from kiosk.talk import COUNTS_DOWN

SECOND: Ms = 1_000


def face(machine: Machine, now: Ms) -> Result:
    """Tell text line and lamps what has changed, and wish to be woken for the next change."""
    effects: list[Effect] = []
    lines, lamps = views.lines(machine, now), views.lamps(machine)
    if lines != machine.shown:
        effects.append(Tell(TEXT, Show(lines)))
    for lamp, pattern in lamps.items():
        if lamp in machine.flash and pattern is Pattern.OFF:
            effects.append(Tell(LAMPS, Light(lamp, Pattern.FLASH)))
        elif machine.lit.get(lamp, Pattern.OFF) is not pattern:
            effects.append(Tell(LAMPS, Light(lamp, pattern)))
    machine = replace(machine, shown=lines, lit=dict(lamps), flash=())
    return machine, (*effects, WakeAt(_wake_at(machine, now)))


def _wake_at(machine: Machine, now: Ms) -> Ms | None:
    wishes = [machine.care_until, _hours_change(machine, now), _key_ends(machine, now), _next_second(machine, now)]
    if machine.clock.is_live(now):
        wishes.append(machine.clock.lost_at())
    if isinstance(machine.situation, Idle) and machine.wishes:
        wishes.append(now)
    if machine.sentence is not None:
        wishes.append(machine.sentence.until)
    if isinstance(machine.situation, AwaitingNumber):
        wishes.append(machine.situation.give_up_at)
    wishes += [one.give_up_at for one in machine.asked]
    return min((wish for wish in wishes if wish is not None), default=None)


def _next_second(machine: Machine, now: Ms) -> Ms | None:
    """The conversation ends, or the seconds to its end are counted."""
    if machine.talk_until is None:
        return None
    left = machine.talk_until - now
    if left > COUNTS_DOWN:
        return machine.talk_until - COUNTS_DOWN
    return machine.talk_until - (max(left, 1) - 1) // SECOND * SECOND


def _key_ends(machine: Machine, now: Ms) -> Ms | None:
    """When the identity key is to be forgotten."""
    ends = key_ends_at(machine.settings)
    at = None if ends is None or machine.hall_now(now) is None else machine.clock.monotonic(ends)
    return at if at is None else max(at, now)


def _hours_change(machine: Machine, now: Ms) -> Ms | None:
    """When the hours of tickets begin or end, which changes the standing text."""
    at = machine.hall_now(now)
    if at is None or machine.settings is None:
        return None
    bounds = (bound for hours in machine.settings.hours for bound in (hours.opens, hours.closes) if bound > at)
    following = min(bounds, default=None)
    return None if following is None else machine.clock.monotonic(following)
