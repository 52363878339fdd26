"""Staff number and PIN, for whoever has no card today (D15, COND-4).

The number and the PIN are typed as digits, each ended with 确认. After some wrong ones the pad rests for a while, for
everybody alike; cards go on. Nobody is ever locked out by what another typed, and nobody is told whether a number exists.
"""

from collections.abc import Callable
from dataclasses import replace

from contracts.messages import PinEntry
from contracts.pins import PIN_DIGITS
from contracts.values import Ms
from firmware.drivers.lamps import Pattern
from firmware.runtime.steps import Note
from punch_clock import views
from punch_clock.punching import tell, with_pin
from punch_clock.situations import BACK, CANCEL, CONFIRM, DIGITS, OK, Clock, Person, Result, Typing, Waiting

TYPING_STAYS: Ms = 8_000
"""After the last key; whoever walks away leaves nothing behind."""
NUMBER_DIGITS = 5
FREE_TRIES = 5
WRONG_COUNTS: Ms = 10 * 60_000
"""How long a wrong try is remembered."""
REST: Ms = 60_000
"""How long the pad rests after the fifth wrong try; each further one in this time adds as much."""

CheckPin = Callable[[PinEntry, str], bool]
"""Whether the typed PIN is this person's; comes from the node, which holds the key."""


def pressed(state: Clock, key: str, check: CheckPin, now: Ms) -> Result:
    """A digit begins; while somebody types, the same pad goes on, takes back, or leaves."""
    typing = state.situation if isinstance(state.situation, Typing) else Typing(now, state.mode)
    rest = rests_until(state, now)
    if rest is not None:
        return tell(state, views.pin_rests(rest - now), now, beep=Pattern.BEEP_TWICE, is_good=False)
    if key in (OK, CONFIRM) and typing.pin:
        return _ended(state, typing, check, now)
    if key == CANCEL or (key == BACK and not typing.number):
        return replace(state, situation=Waiting()), ()
    return replace(state, situation=replace(_after(typing, key), until=now + TYPING_STAYS)), ()


def rests_until(state: Clock, now: Ms) -> Ms | None:
    """Until when no PIN is taken after too many wrong ones."""
    wrong = _counted(state, now)
    if len(wrong) < FREE_TRIES:
        return None
    until = wrong[-1] + REST * (len(wrong) - FREE_TRIES + 1)
    return until if now < until else None


def _after(typing: Typing, key: str) -> Typing:
    if key in DIGITS:
        return _typed(typing, key)
    if key == BACK:
        return _taken_back(typing)
    return replace(typing, pin="") if typing.number and typing.pin is None else typing


def _typed(typing: Typing, digit: str) -> Typing:
    """Digits beyond the longest number or PIN are not taken."""
    if typing.pin is None:
        return replace(typing, number=(typing.number + digit)[:NUMBER_DIGITS])
    return replace(typing, pin=(typing.pin + digit)[:PIN_DIGITS])


def _taken_back(typing: Typing) -> Typing:
    """The last digit; from an empty PIN back to the number."""
    if typing.pin:
        return replace(typing, pin=typing.pin[:-1])
    return replace(typing, pin=None) if typing.pin is not None else replace(typing, number=typing.number[:-1])


def _ended(state: Clock, typing: Typing, check: CheckPin, now: Ms) -> Result:
    """Right: a punch of this person. Wrong, in whatever way: the same sentence, and the clock counts."""
    entry = state.pin_of(typing.number)
    if entry is not None and check(entry, typing.pin or ""):
        return with_pin(state, Person(entry.staff, entry.name), now)
    wrong = (*_counted(state, now), now)
    state, told = tell(replace(state, wrong=wrong), views.pin_wrong(), now, beep=Pattern.BEEP_TWICE, is_good=False)
    return state, (*told, Note("pin_wrong", {"tries": len(wrong)}))


def _counted(state: Clock, now: Ms) -> tuple[Ms, ...]:
    return tuple(at for at in state.wrong if now - at < WRONG_COUNTS)
