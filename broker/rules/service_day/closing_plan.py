"""Near closing and at closing: what clerks are told, and which counters stay until everyone is served (EXT-3.1, EXT-3.3).

Nothing is capped: whoever holds a ticket is served. A plan only says who need not stay for it.
"""

import math

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE, SECOND, clock_of
from broker.rules.roles import LEAD, lacks_role
from broker.rules.service_day import ladders
from broker.rules.service_day.pressure import at_work_for
from broker.rules.tasks.open import About, closed, opened
from contracts import messages as m
from contracts.values import CounterId, GroupId, HallPhase, HallTime, Refusal, TaskKind

# --- Near closing --------------------------------------------------------------------------------------------------------


def near_close_at(hall: Hall) -> HallTime | None:
    """From when on closing is announced today."""
    first = hall.in_force.config.params.queue.near_close_min[0]
    return HallTime(hall.today.close - first * MINUTE) if hall.today.works else None


def next_told_at(hall: Hall) -> HallTime | None:
    """When clerks are told again how many minutes are left."""
    if hall.phase is not HallPhase.OPEN:
        return None
    told = hall.service_day.near_close_left
    left = [one for one in hall.in_force.config.params.queue.near_close_min if told is None or one < told]
    return HallTime(hall.today.close - left[0] * MINUTE) if left else None


def near_close(hall: Hall, now: HallTime) -> list[f.Fact]:
    """Of the announcements that are due only the last one is still true."""
    told = hall.service_day.near_close_left
    due = [
        one
        for one in hall.in_force.config.params.queue.near_close_min
        if (told is None or one < told) and now >= hall.today.close - one * MINUTE
    ]
    return [f.ClosingNear(minutes=due[-1])] if due and hall.phase is HallPhase.OPEN else []


# --- At closing ----------------------------------------------------------------------------------------------------------


def is_to_propose(hall: Hall) -> bool:
    """Whether people wait after closing and nobody has been asked yet who stays."""
    is_closing = hall.phase is HallPhase.AFTER_CLOSING and hall.emergency_since is None
    return is_closing and hall.service_day.proposed is None and any(hall.waiting.values())


def proposed(hall: Hall) -> list[f.Fact]:
    """The proposal, and the duty leader is asked to confirm it."""
    counters = fewest(hall)
    names = "、".join(str(int(one[1:])) for one in counters) or ladders.NOBODY
    about = About(values={"w": names})
    return [
        f.ClosingProposed(counters=counters),
        opened(hall, TaskKind.CLOSING_PLAN, ladders.leaders(hall), about),
    ]


def fewest(hall: Hall) -> tuple[CounterId, ...]:
    """For each group the fewest counters at work whose plain estimate is within the hall's limit; one may do for several.

    Groups with the least choice choose first; counters kept for care and green stay only if the others are not enough.
    """
    limit = hall.in_force.config.params.queue.closing_wait_min
    working = {group: at_work_for(hall, group) for group, waiting in hall.waiting.items() if waiting}
    chosen: list[CounterId] = []
    for group in sorted(working, key=lambda one: (len(working[one]), one)):
        minutes = hall.waiting[group] * hall.in_force.average_min.get(group, 0.0)
        need = max(1, math.ceil(minutes / limit))
        have = [one for one in working[group] if one in chosen]
        others = [one for one in working[group] if one not in chosen]
        others.sort(key=lambda one: hall.in_force.counters[one].kind == "special")
        chosen += others[: max(0, need - len(have))]
    return tuple(one for one in hall.in_force.counters if one in chosen)


def confirmed(hall: Hall, asker: Asker, request: m.ClosingPlanRequested, now: HallTime) -> Decision:
    """A leader says who stays; said again it replaces what was said before."""
    no = lacks_role(hall, request.actor, LEAD) or _not_near_close(hall, now) or _leaves_somebody(hall, request.counters)
    if no is not None:
        return refused(asker, request, no)
    counters = tuple(one for one in hall.in_force.counters if one in request.counters)
    asked = [closed(task, "done", request.actor) for task in hall.tasks.of(TaskKind.CLOSING_PLAN)]
    first = [] if hall.service_day.proposed is not None else [f.ClosingProposed(counters=fewest(hall))]
    return done(asker, request, *first, f.ClosingPlanned(counters=counters, actor=request.actor), *asked)


def _not_near_close(hall: Hall, now: HallTime) -> No | None:
    if hall.phase is HallPhase.AFTER_CLOSING:
        return None
    at = near_close_at(hall)
    if at is None or hall.phase is HallPhase.CLOSED:
        return No(Refusal.OUTSIDE_HOURS, "nobody waits any more today")
    if now < at:
        seconds = -(-(at - now) // SECOND)
        return No(Refusal.TOO_SOON, f"from {clock_of(at)} on", {"time": clock_of(at), "s": str(seconds)})
    return None


def _leaves_somebody(hall: Hall, counters: tuple[CounterId, ...]) -> No | None:
    unknown = [one for one in counters if one not in hall.in_force.counters]
    if unknown:
        return No(Refusal.UNKNOWN_COUNTER, f"{unknown[0]} is no counter of this hall")
    if not counters:
        return No(Refusal.BAD_VALUE, "name the counters that stay")
    left = [group for group, waiting in hall.waiting.items() if waiting and _is_left(hall, group, counters)]
    return No(Refusal.NO_OPEN_COUNTER, f"nobody of these serves {', '.join(left)}, where people wait") if left else None


def _is_left(hall: Hall, group: GroupId, counters: tuple[CounterId, ...]) -> bool:
    working = at_work_for(hall, group)
    return bool(working) and not any(one in counters for one in working)
