"""Learning from facts as they pass: seen before they change the hall, so that the desk is still as it was."""

from broker.rules import facts as f
from broker.rules.course.at_desk import own
from broker.rules.estimate.state import Sums
from broker.rules.hall import Desk, Hall
from broker.rules.pick import Pair
from broker.rules.service_day.serves import pairs_at
from contracts.values import CounterId, HallTime, TicketId, VisitorClass

_CLASSES = {one: place for place, one in enumerate(VisitorClass)}


def learn(hall: Hall, fact: f.Fact, at: HallTime) -> None:
    """What this fact teaches. It reads the hall and writes only ``hall.learning``."""
    match fact:
        case f.TicketIssued():
            _came(hall, fact, at)
        case f.TicketCalled(counter=counter) | f.LeadAccepted(counter=counter):
            if isinstance(fact, f.LeadAccepted):
                _freed(hall, fact.by, at)
            _called(hall, counter, at)
        case f.ServiceFinished(ticket=ticket) | f.TicketMissed(ticket=ticket) | f.TicketTransferred(ticket=ticket):
            _desk_freed(hall, ticket, at)
        case f.TicketHeld(counter=counter):
            _freed(hall, counter, at)
        case f.StaffLoggedOut(counter=counter) | f.CounterPaused(counter=counter):
            hall.learning.freed_q.pop(counter, None)
        case f.HallPhaseChanged():
            hall.learning.freed_q.clear()
        case _:
            pass  # most facts say nothing about how long things take


def _came(hall: Hall, fact: f.TicketIssued, at: HallTime) -> None:
    """By its most particular class; an offline ticket by the time it was taken."""
    best = max((claim.visitor_class for claim in fact.claims), key=_CLASSES.__getitem__)
    hall.learning.came.setdefault((fact.group, best), []).append(at if fact.taken_at is None else fact.taken_at)


def _called(hall: Hall, counter: CounterId, at: HallTime) -> None:
    q, learning = hall.queue_clock(at), hall.learning
    learning.called_q[counter] = q
    freed = learning.freed_q.pop(counter, None)
    if freed is not None:
        learning.pauses.learn(q - freed, hall.in_force.config.params.estimate.memory_tickets)


def _desk_freed(hall: Hall, ticket: TicketId, at: HallTime) -> None:
    counter = next((desk.counter for desk in hall.desks.values() if desk.ticket == ticket), None)
    if counter is not None:
        _freed(hall, counter, at)


def _freed(hall: Hall, counter: CounterId, at: HallTime) -> None:
    """The ticket has left the desk: whatever became of it, so long it kept the counter."""
    learning, desk, q = hall.learning, hall.desks[counter], hall.queue_clock(at)
    called = learning.called_q.pop(counter, None)
    if called is None or desk.ticket is None:
        return
    memory, pair = hall.in_force.config.params.estimate.memory_tickets, hall.tickets[desk.ticket].pair
    for key in {pair, Pair(pair.group, None)}:
        learning.turns.setdefault(key, Sums()).learn(q - called, memory)
    if desk.counter in hall.in_force.counters and _somebody_waits(hall, desk):
        learning.freed_q[counter] = q


def _somebody_waits(hall: Hall, desk: Desk) -> bool:
    return hall.queue.count(pairs_at(hall, desk), own(hall, desk)) > 0
