"""How many wait for a group, who works for it, and what the plain formula makes of it (EXT-3.1, EXT-3.4).

The plain formula is waiting x average minutes / active counters; it needs no history and a leader can check it in the head.
What is printed for visitors comes from the replay of the queue (``broker.rules.estimate``), not from here.
"""

import math
from bisect import bisect_right
from collections import Counter
from datetime import date, timedelta

from broker.rules.facts import ArrivalDay
from broker.rules.hall import Desk, Hall
from broker.rules.hours import MINUTE, midnight
from broker.rules.service_day.serves import groups_at
from contracts.values import CounterId, CounterPhase, GroupId, HallTime

QUARTER = 15 * MINUTE


def is_at_work(desk: Desk) -> bool:
    """Somebody sits here and calls."""
    return desk.staff is not None and desk.phase is not CounterPhase.PAUSED


def is_able(hall: Hall, desk: Desk, group: GroupId) -> bool:
    """Whether a person here can do a service of the group."""
    return any(group in hall.in_force.able.get(one, frozenset()) for one in desk.sitting)


def at_work_for(hall: Hall, group: GroupId) -> list[CounterId]:
    """The counters that call this group now, in the order of the file."""
    return [
        counter
        for counter in hall.in_force.counters
        if is_at_work(desk := hall.desks[counter]) and is_able(hall, desk, group) and group in groups_at(hall, counter)
    ]


def plain_minutes(hall: Hall, group: GroupId, counters: int) -> float:
    """The plain estimate; with nobody at work it is that of one counter."""
    return hall.waiting.get(group, 0) * hall.in_force.average_min.get(group, 0.0) / max(1, counters)


def desk_minutes(hall: Hall, desk: Desk) -> tuple[int, int]:
    """How many wait for the groups of this counter, and the plain estimate in whole minutes (EXT-3.1)."""
    groups = [group for group in groups_at(hall, desk.counter) if is_able(hall, desk, group)]
    minutes = sum(plain_minutes(hall, group, len(at_work_for(hall, group))) for group in groups)
    return sum(hall.waiting.get(group, 0) for group in groups), math.ceil(minutes)


# --- Arrivals ------------------------------------------------------------------------------------------------------------


def arrived_lately(hall: Hall, group: GroupId, at: HallTime) -> int:
    """How many tickets of the group were taken in the quarter of an hour up to ``at``."""
    times = hall.service_day.arrivals.get(group, [])
    return bisect_right(times, at) - bisect_right(times, at - QUARTER)


def arrivals_limit(hall: Hall, group: GroupId, at: HallTime) -> int | None:
    """How many arrivals in a quarter of an hour are too many; ``None`` before there are enough weeks to compare with.

    The past is counted by quarters of the clock; the one counts in which the middle of the last 15 minutes lies.
    """
    day, params, today = hall.service_day, hall.in_force.config.params.queue, hall.today.date
    if not day.counted_from or date.fromisoformat(day.counted_from) > today - timedelta(weeks=params.surge_weeks):
        return None
    weeks = {(today - timedelta(weeks=n)).isoformat() for n in range(1, params.surge_weeks + 1)}
    past = [one for one in day.history if one.date in weeks]
    if not past:
        return None
    quarter = (at - QUARTER // 2 - midnight(today)) // QUARTER
    usual = sum(_count(one, group, quarter) for one in past) / len(past)
    return max(params.surge_min_arrivals, math.ceil(params.surge_ratio * usual))


def _count(one: ArrivalDay, group: GroupId, quarter: int) -> int:
    counts = one.counts.get(group, ())
    return counts[quarter - one.first] if 0 <= quarter - one.first < len(counts) else 0


def history(hall: Hall, today: date) -> tuple[ArrivalDay, ...]:
    """What the day that begins must know of the weeks before it: the days kept so far, and the one that ends."""
    weeks = hall.in_force.config.params.queue.surge_weeks
    oldest = (today - timedelta(weeks=weeks)).isoformat()
    kept = [one for one in hall.service_day.history if one.date >= oldest]
    if hall.day is not None and any(hall.service_day.arrivals.values()) and hall.day.date.isoformat() >= oldest:
        kept.append(_counted(hall, hall.day.date))
    return tuple(kept)


def _counted(hall: Hall, day: date) -> ArrivalDay:
    start = midnight(day)
    quarters = {
        group: Counter((at - start) // QUARTER for at in times) for group, times in hall.service_day.arrivals.items()
    }
    first = min(min(one) for one in quarters.values())
    last = max(max(one) for one in quarters.values())
    return ArrivalDay(
        date=day.isoformat(),
        first=first,
        counts={group: tuple(one[n] for n in range(first, last + 1)) for group, one in sorted(quarters.items())},
    )
