"""What time brings to outings: an approver asked in the morning, a reminder, a half that ends without a return (ATT-6)."""

from broker.rules import facts as f
from broker.rules.facts.outing import Outing, OutingState
from broker.rules.hall import Hall
from broker.rules.outing.tasks import decision_wanted, open_about, reminder
from contracts.values import HallTime, OutingNo, TaskKind


def due(hall: Hall) -> HallTime | None:
    """The next of these; never during an emergency, in which nobody is to come back."""
    if hall.emergency_since is not None:
        return None
    return min((at for no, at in hall.outings.next_at.items() if _wanted(hall, no)), default=None)


def time_reached(hall: Hall, now: HallTime) -> list[f.Fact]:
    """Everything that is due by now, each entry one step."""
    if hall.emergency_since is not None:
        return []
    facts: list[f.Fact] = []
    for no, at in hall.outings.next_at.items():
        if at <= now and _wanted(hall, no):
            facts += _step(hall, hall.outings.entries[no], now, sum(isinstance(one, f.TaskOpened) for one in facts))
    return facts


def _wanted(hall: Hall, no: OutingNo) -> bool:
    """Nobody is asked twice to decide."""
    entry = hall.outings.entries[no]
    return entry.state is not OutingState.SUBMITTED or not open_about(hall, no, TaskKind.OUTING_DECIDE)


def _step(hall: Hall, entry: Outing, now: HallTime, opened: int) -> list[f.Fact]:
    match entry.state:
        case OutingState.SUBMITTED:
            return [decision_wanted(hall, entry, now, opened)]
        case OutingState.OVERDUE:
            return [f.OutingUnclosed(outing=entry.no, staff=entry.staff)]
        case _:
            return [f.OutingOverdue(outing=entry.no), reminder(hall, entry, opened)]
