"""What ends by itself: what lies aside where nobody can go on with it, leads to nobody, tasks about visitors who came."""

from collections.abc import Iterator

from broker.rules import facts as f
from broker.rules.course.at_desk import able_at, goes_on_with
from broker.rules.course.state import Aside
from broker.rules.hall import LIVE, Hall, TicketState
from broker.rules.hours import MINUTE
from broker.rules.tasks.open import closed
from broker.rules.tasks.state import Task
from contracts.values import HallTime, TaskKind, TicketId

_AT_ONCE = HallTime(0)


def due(hall: Hall) -> HallTime | None:
    """When the next of these is to be ended; never during an emergency."""
    if hall.emergency_since is not None:
        return None
    if next(_ended(hall), None) is not None:
        return _AT_ONCE
    at = min((_released_at(hall, aside) for _, aside in _left_alone(hall)), default=None)
    return None if at is None else hall.hall_time(at)


def time_reached(hall: Hall, now: HallTime) -> list[f.Fact]:
    """All that is to be ended by now."""
    if hall.emergency_since is not None:
        return []
    q = hall.queue_clock(now)
    released = [
        f.HeldReleased(ticket=ticket, counter=aside.counter)
        for ticket, aside in _left_alone(hall)
        if _released_at(hall, aside) <= q
    ]
    return [*_ended(hall), *released]


def _left_alone(hall: Hall) -> Iterator[tuple[TicketId, Aside]]:
    """Tickets held or resumed at a counter where nobody could go on with them."""
    for ticket, aside in (*hall.course.held.items(), *hall.course.resumed.items()):
        desk = hall.desks.get(aside.counter)
        if desk is None or hall.tickets[ticket].pair not in goes_on_with(hall, desk):
            yield ticket, aside


def _released_at(hall: Hall, aside: Aside) -> HallTime:
    """On the queue clock: a while after the last person came or left there, who may be back from a break or relieved."""
    if aside.counter not in hall.in_force.counters:
        return _AT_ONCE
    since = max(aside.since, hall.course.persons_since.get(aside.counter, _AT_ONCE))
    return HallTime(since + hall.in_force.config.params.queue.held_release_min * MINUTE)


def _ended(hall: Hall) -> Iterator[f.Fact]:
    """Leads to a counter that has closed meanwhile, and tasks whose cause has ended."""
    for ticket, lead in hall.course.leads.items():
        desk = hall.desks.get(lead.to)
        if desk is None or not able_at(hall, desk):
            yield f.LeadEnded(ticket=ticket, counter=lead.by, why="closed")
    yield from (closed(task, "settled") for task in hall.tasks.open.values() if _is_settled(hall, task))


def _is_settled(hall: Hall, task: Task) -> bool:
    ticket = None if task.ticket is None else hall.tickets.get(task.ticket)
    match task.kind:
        case TaskKind.CARE_CALLED:
            return ticket is None or ticket.state is not TicketState.CALLED
        case TaskKind.TRANSFER_CHAIN:
            return ticket is None or ticket.state not in LIVE
        case _:
            return False
