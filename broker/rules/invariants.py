"""What must be true of a hall after every decision. For tests and the simulator."""

from collections import Counter
from collections.abc import Iterator

from broker.rules.evolve_visit import standing
from broker.rules.hall import LIVE, Desk, Hall, Ticket, TicketState
from broker.rules.leave.state import STANDS, absence_of
from broker.rules.posts.serving import is_attended
from contracts.values import CounterPhase, HallPhase

_WAITING = TicketState.WAITING


def check(hall: Hall) -> list[str]:
    """Every broken promise in words that shows at the counters; its time does not grow with the tickets of the day.

    An empty list means all is well. The ids are those of the target sheet.
    """
    if hall.plan is None or hall.day is None:
        return []
    return [*_desks(hall), *_people(hall), *_day(hall)]


def check_fully(hall: Hall) -> list[str]:
    """Like :func:`check`, and every ticket of the day is looked at."""
    if hall.plan is None or hall.day is None:
        return []
    return [*check(hall), *_tickets(hall), *_course(hall), *_counts(hall), *_leaves(hall)]


def _leaves(hall: Hall) -> Iterator[str]:
    """Leave that stands is an absence, once, as long as it lasts; any other leave is none (ATT-5.1)."""
    for leave in hall.leave.all.values():
        mine = [one for one in hall.posts.absences if one.ref == leave.no]
        excuses = leave.state in STANDS and leave.ends > hall.last_at
        if excuses and mine != [absence_of(leave)]:
            yield f"{leave.no} stands but is not entered once as it is"
        if mine and leave.state not in STANDS:
            yield f"{leave.no} is {leave.state.value} but excuses"


def _desks(hall: Hall) -> Iterator[str]:
    """I3: a ticket is in at most one counter's hands, and the desk agrees with the ticket about what happens there."""
    held = Counter(desk.ticket for desk in hall.desks.values() if desk.ticket is not None)
    yield from (f"I3: {ticket} lies on {n} desks" for ticket, n in held.items() if n > 1)
    for desk in hall.desks.values():
        yield from (f"I3: {desk.counter} {what}" for what in _desk(hall, desk))


def _desk(hall: Hall, desk: Desk) -> Iterator[str]:
    if (desk.ticket is None) != (desk.call is None):
        yield "has a ticket without a call or a call without a ticket"
    if desk.session is not None and desk.ticket is None:
        yield "has a session without a ticket"
    if desk.ticket is None:
        return
    if desk.staff is None:
        yield f"holds {desk.ticket} without a person"
    expected = TicketState.SERVING if desk.phase is CounterPhase.SERVING else TicketState.CALLED
    if hall.tickets[desk.ticket].state is not expected:
        yield f"is {desk.phase.value} but {desk.ticket} is {hall.tickets[desk.ticket].state.value}"
    if desk.call is not None and not desk.call.id.startswith(f"{desk.ticket}/c"):
        yield f"makes the call {desk.call.id} for {desk.ticket}"


def _tickets(hall: Hall) -> Iterator[str]:
    """I1: numbers are given once. I8, I9: exactly the waiting tickets that somebody may hold can be called, each once."""
    today = hall.today.date.isoformat()
    numbers = Counter(one.no for one in hall.tickets.values() if one.id.startswith(today))
    yield from (f"I1: number {no} was given {n} times" for no, n in numbers.items() if n > 1)
    queued = Counter(one.ticket for one in hall.queue)
    held = {desk.ticket for desk in hall.desks.values()}
    for ticket in hall.tickets.values():
        should = int(ticket.state is TicketState.WAITING and ticket.is_callable)
        if queued[ticket.id] != should:
            yield f"I9: {ticket.id} is {ticket.state.value} and stands {queued[ticket.id]} times in line, not {should}"
        if (ticket.state in (TicketState.CALLED, TicketState.SERVING)) != (ticket.id in held):
            yield f"I3: {ticket.id} is {ticket.state.value}, and on {'a' if ticket.id in held else 'no'} desk"
        if _awaits_first_paper(ticket) != (ticket.id in hall.unprinted):
            yield f"I9: {ticket.id} is wrongly (not) waited for at the printer"


def _course(hall: Hall) -> Iterator[str]:
    """Side paths and states agree: who is held, resumed or led is so at one counter, and a line has nobody's old place."""
    course = hall.course
    states = {one.id: one.state for one in hall.tickets.values()}
    held = {ticket for ticket, state in states.items() if state is TicketState.HELD}
    if held != set(course.held):
        yield f"I3: {sorted(held)} are held by their state, {sorted(course.held)} by the list"
    yield from (f"I9: {one} was resumed and is {states[one].value}" for one in course.resumed if states[one] is not _WAITING)
    for ticket, lead in course.leads.items():
        desk = hall.desks.get(lead.by)
        if desk is None or desk.ticket != ticket or states[ticket] is not TicketState.SERVING or lead.by == lead.to:
            yield f"I3: {ticket} is led from {lead.by} to {lead.to} and is not served there"
    for waiting in hall.queue:
        if waiting != standing(hall, hall.tickets[waiting.ticket]):
            yield f"I4: {waiting.ticket} stands in line by what it was before"


def _awaits_first_paper(ticket: Ticket) -> bool:
    return ticket.state is TicketState.WAITING and not ticket.is_callable


def _counts(hall: Hall) -> Iterator[str]:
    """The counts kept beside the tickets equal what counting them gives."""
    waiting = Counter(one.group for one in hall.tickets.values() if one.state is TicketState.WAITING)
    kept = {group: n for group, n in hall.waiting.items() if n}
    if kept != dict(waiting):
        yield f"counts: {kept} wait by the count, {dict(waiting)} by the tickets"
    live = sum(one.state in LIVE for one in hall.tickets.values())
    if live != hall.live:
        yield f"counts: {hall.live} live by the count, {live} by the tickets"


def _people(hall: Hall) -> Iterator[str]:
    """A person sits at one counter, two at most sit at each, and nobody covers a counter that another covers (AB-4.6)."""
    sitting = {staff: desk.counter for desk in hall.desks.values() for staff in desk.sitting}
    if sitting != hall.sits_at or len(sitting) != sum(len(desk.sitting) for desk in hall.desks.values()):
        yield f"people: {hall.sits_at} by the list, {sitting} by the desks"
    yield from (f"people: {desk.counter} has a second and no first" for desk in hall.desks.values() if _lone_second(desk))
    parts = Counter(one for cover in hall.posts.covers.values() for one in (cover.counter, cover.covered))
    yield from (f"people: {counter} has a part in {n} covers" for counter, n in parts.items() if n > 1)
    for counter in hall.posts.empty_since.keys() & hall.in_force.counters.keys():
        if is_attended(hall, counter):
            yield f"people: {counter} is worked at and counts as empty"


def _lone_second(desk: Desk) -> bool:
    return desk.staff is None and desk.second is not None


def _day(hall: Hall) -> Iterator[str]:
    """I2: when the hall has closed, nobody waits or is served; after hours it closes with the last."""
    if hall.phase is HallPhase.CLOSED and hall.live:
        yield f"I2: the hall is closed with {hall.live} tickets open"
    if hall.phase is HallPhase.AFTER_CLOSING and not hall.live:
        yield "I2: the last visitor has gone and the hall is still open"
