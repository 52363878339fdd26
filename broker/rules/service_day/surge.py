"""Surges (EXT-3.4, EXT-3.5) and guides with too many to see to (HALL-8.1), looked for at every full minute of opening hours.

Only a change is a fact: a minute in which nothing changes costs a comparison, and is not even woken for, because between
two facts the numbers can only fall.
"""

import math

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE
from broker.rules.service_day import ladders
from broker.rules.service_day.pressure import (
    QUARTER,
    arrivals_limit,
    arrived_lately,
    at_work_for,
    is_able,
    is_at_work,
    plain_minutes,
)
from broker.rules.service_day.serves import groups_at
from broker.rules.service_day.state import Surge
from broker.rules.tasks.open import About, closed, opened
from contracts.values import CounterId, GroupId, HallPhase, HallTime, TaskKind

_OVER = frozenset({HallPhase.AFTER_CLOSING, HallPhase.CLOSED, HallPhase.REST})
_NEVER_TOO_MANY = 0
"""As ``arrivals_limit`` of a surge that had no weeks to compare with."""


def due(hall: Hall) -> HallTime | None:
    """The next minute at which some group's surge begins, eases, returns or ends; ``None`` while none does."""
    if hall.phase in _OVER and hall.service_day.surging:
        return HallTime(0)
    if hall.phase is not HallPhase.OPEN or hall.emergency_since is not None:
        return None
    minute = HallTime(-(-hall.last_at // MINUTE) * MINUTE)
    times = [at for group in hall.in_force.groups if (at := _changes_at(hall, group, minute)) is not None]
    if _guides_change(hall):
        times.append(minute)
    return min(times, default=None)


def time_reached(hall: Hall, now: HallTime) -> list[f.Fact]:
    """What has changed by now, one group after another, with the tasks that follow."""
    at = due(hall)
    if at is None or at > now:
        return []
    if hall.phase in _OVER:
        return _cleared(hall, next(iter(hall.service_day.surging)))
    for group in hall.in_force.groups:
        when = _changes_at(hall, group, at)
        if when is not None and when <= now:
            return _change(hall, group, when)
    return _guides(hall)


# --- One group -----------------------------------------------------------------------------------------------------------


def _changes_at(hall: Hall, group: GroupId, minute: HallTime) -> HallTime | None:
    surge = hall.service_day.surging.get(group)
    if surge is None:
        return minute if is_surge(hall, group, minute) else None
    if not _is_low(hall, group):
        return minute if surge.calm_q is not None else None
    if surge.calm_q is None:
        return max(minute, _few_arrivals_at(hall, group, surge))
    over = hall.hall_time(HallTime(surge.calm_q + hall.in_force.config.params.queue.surge_clear_min * MINUTE))
    if _few_arrivals_at(hall, group, surge) > minute:
        return minute
    return over


def _change(hall: Hall, group: GroupId, at: HallTime) -> list[f.Fact]:
    surge = hall.service_day.surging.get(group)
    if surge is None:
        return _raised(hall, group, at)
    is_calm = _is_low(hall, group) and _few_arrivals_at(hall, group, surge) <= at
    if surge.calm_q is None:
        return [f.SurgeEased(group=group)]
    if not is_calm:
        return [f.SurgeReturned(group=group)]
    return _cleared(hall, group)


def _cleared(hall: Hall, group: GroupId) -> list[f.Fact]:
    tasks = hall.tasks.of(TaskKind.SURGE, group=group)
    return [f.SurgeCleared(group=group), *(closed(task, "settled") for task in tasks)]


def is_surge(hall: Hall, group: GroupId, at: HallTime) -> bool:
    """Any of the three tests (EXT-3.4)."""
    params, waiting = hall.in_force.config.params.queue, hall.waiting.get(group, 0)
    if waiting >= params.surge_waiting:
        return True
    if plain_minutes(hall, group, 1) > params.surge_est_wait_min:
        counters = len(at_work_for(hall, group))
        if plain_minutes(hall, group, counters) > params.surge_est_wait_min:
            return True
    times = hall.service_day.arrivals.get(group, [])
    if len(times) < params.surge_min_arrivals or times[-params.surge_min_arrivals] <= at - QUARTER:
        return False
    limit = arrivals_limit(hall, group, at)
    return limit is not None and arrived_lately(hall, group, at) >= limit


def _is_low(hall: Hall, group: GroupId) -> bool:
    """Below half of the thresholds that only people coming and going change."""
    params = hall.in_force.config.params.queue
    if 2 * hall.waiting.get(group, 0) >= params.surge_waiting:
        return False
    if 2 * plain_minutes(hall, group, 1) < params.surge_est_wait_min:
        return True
    return 2 * plain_minutes(hall, group, len(at_work_for(hall, group))) < params.surge_est_wait_min


def _few_arrivals_at(hall: Hall, group: GroupId, surge: Surge) -> HallTime:
    """From which minute on, if nobody comes, the arrivals of a quarter of an hour are below half of the threshold."""
    half, times = math.ceil(surge.arrivals_limit / 2), hall.service_day.arrivals.get(group, [])
    if half == _NEVER_TOO_MANY or len(times) < half:
        return HallTime(0)
    return HallTime(-(-(times[-half] + QUARTER) // MINUTE) * MINUTE)


def _raised(hall: Hall, group: GroupId, at: HallTime) -> list[f.Fact]:
    waiting, counters = hall.waiting.get(group, 0), len(at_work_for(hall, group))
    other = proposal(hall, group)
    values = {
        "group": hall.in_force.groups[group].zh,
        "n": str(waiting),
        "w": ladders.NOBODY if other is None else str(int(other[1:])),
    }
    return [
        f.SurgeRaised(
            group=group,
            waiting=waiting,
            counters=counters,
            minutes=math.ceil(plain_minutes(hall, group, counters)),
            arrivals=arrived_lately(hall, group, at),
            arrivals_limit=arrivals_limit(hall, group, at) or _NEVER_TOO_MANY,
            proposed=other,
        ),
        opened(hall, TaskKind.SURGE, ladders.surge(hall, group), About(counter=other, group=group, values=values)),
    ]


def proposal(hall: Hall, group: GroupId) -> CounterId | None:
    """Which counter could help: a standby one that may, manned rather than empty; else an empty one of the group."""
    counters = hall.in_force.counters.values()
    standby = [one.id for one in counters if group in one.surge_groups and group not in groups_at(hall, one.id)]
    able = [one for one in standby if hall.desks[one].staff is None or is_able(hall, hall.desks[one], group)]
    able.sort(key=lambda one: hall.desks[one].staff is None)
    empty = [one.id for one in counters if group in groups_at(hall, one.id) and not is_at_work(hall.desks[one.id])]
    return next(iter([*able, *empty]), None)


# --- Guides --------------------------------------------------------------------------------------------------------------


def _guides_change(hall: Hall) -> bool:
    """Above the limit they are too few; enough again at half of it."""
    limit = _guides_of(hall) * hall.in_force.config.params.queue.waiting_per_guide
    waiting = sum(hall.waiting.values())
    if hall.service_day.crowded:
        return 2 * waiting <= limit
    return 0 < limit < waiting


def _guides_of(hall: Hall) -> int:
    return sum(one.role == "guide" for one in hall.in_force.config.staff)


def _guides(hall: Hall) -> list[f.Fact]:
    if hall.service_day.crowded:
        asked = [task for task in hall.tasks.of(TaskKind.HELP) if task.values.get("why") == _CROWDED]
        return [f.GuidesEnough(), *(closed(task, "settled") for task in asked)]
    waiting = sum(hall.waiting.values())
    values = {"place": "大厅", "what": f"更多引导人员,等候{waiting}人", "why": _CROWDED}
    return [
        f.GuidesWanted(waiting=waiting, guides=_guides_of(hall)),
        opened(hall, TaskKind.HELP, ladders.leaders(hall)[:1], About(values=values)),
    ]


_CROWDED = "crowded"
