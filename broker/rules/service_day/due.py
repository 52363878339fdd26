"""When time itself changes something about the hall's day, and what."""

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.service_day import calendar, closing_plan, leaving, refusing, surge
from contracts.values import HallTime

_AT_ONCE = HallTime(0)


def due(hall: Hall) -> HallTime | None:
    """The next announcement of closing or change of a surge; at once what only waits to be said."""
    if calendar.missing_years(hall) or closing_plan.is_to_propose(hall) or _settled(hall):
        return _AT_ONCE
    times = (closing_plan.next_told_at(hall), surge.due(hall))
    return min((at for at in times if at is not None), default=None)


def time_reached(hall: Hall, now: HallTime) -> list[f.Fact]:
    """One thing at a time: each may change what is due next."""
    if calendar.missing_years(hall):
        return calendar.asked(hall)
    if closing_plan.is_to_propose(hall):
        return closing_plan.proposed(hall)
    return _settled(hall) or closing_plan.near_close(hall, now) or surge.time_reached(hall, now)


def _settled(hall: Hall) -> list[f.Fact]:
    return refusing.settled(hall) + leaving.settled(hall)
