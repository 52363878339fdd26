"""Which punches count, and to which half each of them belongs (1.0.3, steps 3 and 4)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from broker.attendance.record import Punch
from broker.rules.hours import floor_minute
from broker.rules.workdays import Day
from contracts.values import HalfOfDay, HallTime, Ms, PunchIntent


@dataclass(frozen=True, slots=True)
class Kept:
    """A punch with its duplicates: ``at`` counts for coming, ``last`` for leaving."""

    at: HallTime
    last: HallTime
    intent: PunchIntent


Shared = dict[HalfOfDay, tuple[Kept, ...]]


def kept(punches: Iterable[Punch], begins: HallTime, ends: HallTime, debounce: Ms) -> tuple[Kept, ...]:
    """The valid punches from ``begins`` up to ``ends`` in order of time, each with its duplicates."""
    found: list[Kept] = []
    latest: dict[PunchIntent, int] = {}
    valid = [one for one in punches if not one.voided and begins <= one.at < ends]
    for punch in sorted(valid, key=lambda one: (one.at, one.intent)):
        place = latest.get(punch.intent)
        if place is not None and punch.at - found[place].at <= debounce:
            found[place] = replace(found[place], last=punch.at)
        else:
            latest[punch.intent] = len(found)
            found.append(Kept(punch.at, punch.at, punch.intent))
    return tuple(found)


def share(presented: Iterable[Kept], day: Day, needed: frozenset[HalfOfDay]) -> Shared:
    """Every punch in its half; those in the break by what they say, or by their order. ``needed``: the required halves."""
    shared: dict[HalfOfDay, list[Kept]] = {HalfOfDay.AM: [], HalfOfDay.PM: []}
    in_break: list[Kept] = []
    for one in presented:
        if day.noon <= one.at < day.afternoon:
            in_break.append(one)
        else:
            shared[HalfOfDay.AM if one.at < day.noon else HalfOfDay.PM].append(one)
    for half, one in (
        _both_needed(in_break, day) if len(needed) > 1 else [(only, one) for only in needed for one in in_break]
    ):
        shared[half].append(one)
    return {half: tuple(sorted(mine, key=lambda one: (one.at, one.intent))) for half, mine in shared.items()}


def _both_needed(in_break: list[Kept], day: Day) -> list[tuple[HalfOfDay, Kept]]:
    unmarked = [one for one in in_break if one.intent is PunchIntent.NONE]
    said = [(_half_said(one, day), one) for one in in_break if one.intent is not PunchIntent.NONE]
    match unmarked:
        case []:
            return said
        case [one]:
            return [*said, _leaving(one) if _before_the_middle(one, day) else _coming(one)]
        case [first, *_, last]:
            return [*said, _leaving(first), _coming(last)]
    raise AssertionError(unmarked)


def _half_said(one: Kept, day: Day) -> HalfOfDay:
    """Who leaves belongs to the morning, who comes to the afternoon; a training sign-in goes by its time."""
    if one.intent is PunchIntent.TRAIN:
        return HalfOfDay.AM if _before_the_middle(one, day) else HalfOfDay.PM
    return HalfOfDay.AM if one.intent in {PunchIntent.OUT, PunchIntent.OUTING} else HalfOfDay.PM


def _before_the_middle(one: Kept, day: Day) -> bool:
    return 2 * floor_minute(one.at) < day.noon + day.afternoon


def _leaving(one: Kept) -> tuple[HalfOfDay, Kept]:
    return HalfOfDay.AM, replace(one, intent=PunchIntent.OUT)


def _coming(one: Kept) -> tuple[HalfOfDay, Kept]:
    return HalfOfDay.PM, replace(one, intent=PunchIntent.IN)
