"""When somebody is to be back from an outing, and by how much it was later (ATT-6.2). All at whole minutes (D1)."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import NamedTuple

from broker.rules.hours import MINUTE, day_of, floor_minute, on_day
from broker.rules.workdays import day_plan
from broker.schema import HallConfig
from contracts.values import HallTime

_LONGEST_BREAK = 40
"""Days within which some hall works again; behind that the calendar is broken and a week day is taken."""


class _Half(NamedTuple):
    """A half of a working day. From ``opens`` on a punch belongs to it rather than to the half before."""

    opens: HallTime
    begins: HallTime
    ends: HallTime


class Back(NamedTuple):
    """When the person is to be back: at ``due``, in a half that lasts until ``half_ends``.

    From ``told_by_any`` on an ordinary punch tells that they are: it belongs to a half in which they had to be back.
    """

    due: HallTime
    half_ends: HallTime
    told_by_any: HallTime


def back_by(config: HallConfig, ends: HallTime) -> Back:
    """For an outing up to ``ends``: at that time, or when the next half begins if nobody works then.

    Whoever is out until the end of a half has no half to return to, and is awaited in the next one (ATT-6.3).
    """
    halves = _halves(config, day_of(ends))
    half = next(one for one in halves if one.ends > ends)
    if ends > half.begins:
        return Back(ends, half.ends, next(halves).opens)
    return Back(half.begins, half.ends, half.opens)


def _halves(config: HallConfig, first: date) -> Iterator[_Half]:
    cutoff = config.params.attendance.day_cutoff
    for n in count():
        day = day_plan(config, first + timedelta(days=n))
        if day.works or n > _LONGEST_BREAK:
            yield _Half(on_day(day.date, cutoff), day.morning, day.noon)
            yield _Half(HallTime((day.noon + day.afternoon) // 2), day.afternoon, day.close)


def minutes_over(config: HallConfig, ends: HallTime, returned: HallTime) -> int:
    """How many minutes after the time they were to be back somebody came; never less than none."""
    return max(0, (floor_minute(returned) - back_by(config, ends).due) // MINUTE)
