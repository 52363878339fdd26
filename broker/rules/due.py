"""When time itself is the next thing to happen."""

from broker.rules.hall import Hall
from contracts.values import HallTime


def next_due(hall: Hall) -> HallTime | None:
    """When ``TimeReached`` must be submitted next, ``None`` before a configuration was adopted.

    Deciding it then always stores a fact that moves this on, so it never stalls. Tickets wait for their paper and pads for
    their rating in the order they began to, so the first of each is the earliest.
    """
    if hall.plan is None:
        return None
    if hall.day is None:
        return HallTime(0)
    paper = next(iter(hall.unprinted.values()), hall.day.over)
    window = next(iter(hall.windows.values()), hall.day.over)
    return min(hall.day.over, hall.next_change, paper, window)
