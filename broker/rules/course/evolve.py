"""What the facts of a ticket's course change; ``apply`` at the end is their table."""

from typing import assert_never

from broker.rules import facts as f
from broker.rules.course.state import Aside, Lead
from broker.rules.evolve_visit import be_served_by, become, begin_session, clear_desk, let_in, let_rate
from broker.rules.hall import Call, Hall, Ticket, TicketState
from broker.rules.posts.evolve import served_by
from contracts.values import GroupId, HallTime, ServiceId, VisitorClass


def _held(hall: Hall, fact: f.TicketHeld, at: HallTime) -> None:
    """The desk is free for the next, the ticket belongs to the counter."""
    clear_desk(hall, fact.ticket)
    become(hall, hall.tickets[fact.ticket], TicketState.HELD)
    hall.course.held[fact.ticket] = Aside(fact.counter, hall.queue_clock(at))


def _resumed(hall: Hall, fact: f.HeldResumed, at: HallTime) -> None:
    """It waits at its counter, behind those resumed there before."""
    course, ticket = hall.course, hall.tickets[fact.ticket]
    become(hall, ticket, TicketState.WAITING)
    course.resumptions += 1
    course.resumed[fact.ticket] = Aside(fact.counter, hall.queue_clock(at), course.resumptions)
    let_in(hall, ticket)


def _waits(hall: Hall, ticket: Ticket) -> None:
    clear_desk(hall, ticket.id)
    become(hall, ticket, TicketState.WAITING)
    let_in(hall, ticket)


def _handed_on(ticket: Ticket, group: GroupId, service: ServiceId | None) -> None:
    if group != ticket.group:
        ticket.transferred_from = ticket.group
    ticket.group, ticket.service = group, service
    ticket.moves += 1


def _transferred(hall: Hall, fact: f.TicketTransferred, at: HallTime) -> None:
    """It keeps claims, ``since`` and first handler; only its place is another."""
    ticket = hall.tickets[fact.ticket]
    if fact.rate_until is not None:
        let_rate(hall, hall.desks[fact.counter], at, fact.rate_until)
    _handed_on(ticket, fact.group, fact.service)
    _waits(hall, ticket)


def _lead_accepted(hall: Hall, fact: f.LeadAccepted, at: HallTime) -> None:
    """From one desk to the other in one step: it is never on both and never on none (I3)."""
    ticket, desk = hall.tickets[fact.ticket], hall.desks[fact.counter]
    if fact.rate_until is not None:
        let_rate(hall, hall.desks[fact.by], at, fact.rate_until)
    clear_desk(hall, ticket.id)
    _handed_on(ticket, fact.group, fact.service)
    become(hall, ticket, TicketState.SERVING)
    ticket.calls += 1
    desk.ticket, desk.call = ticket.id, Call(fact.call, 0, at, hall.queue_clock(at))
    begin_session(hall, desk, ticket, fact.session, at)
    be_served_by(ticket, fact.counter, fact.staff)
    served_by(hall, fact.counter, fact.staff, fact.post_owner)


def _reactivated(hall: Hall, fact: f.TicketReactivated, at: HallTime) -> None:
    """It stands in line anew, from now on, by the claims it was given."""
    ticket = hall.tickets[fact.ticket]
    ticket.claims = fact.claims
    ticket.since = next(one.since for one in fact.claims if one.visitor_class is VisitorClass.NORMAL)
    ticket.in_line_from = at
    ticket.reactivations += 1
    _waits(hall, ticket)


def _class_changed(hall: Hall, fact: f.ClassChanged) -> None:
    """If it waits, it stands in the lines of its new claims from now on."""
    ticket = hall.tickets[fact.ticket]
    ticket.claims = fact.claims
    if fact.visitor_class is VisitorClass.CARE:
        ticket.care_open, ticket.care_declined = False, fact.withdrawn
    if ticket.id in hall.queue:
        hall.queue.leave(ticket.id)
        let_in(hall, ticket)


def _care_checked(hall: Hall, fact: f.CareChecked) -> None:
    ticket = hall.tickets[fact.ticket]
    ticket.care_open = False
    ticket.claims = fact.claims
    if fact.outcome is f.CareOutcome.RETURNED:
        _waits(hall, ticket)


def apply(hall: Hall, fact: f.CourseFact, at: HallTime) -> None:  # noqa: C901 -- a table, one line a fact
    """One fact of a ticket's course."""
    match fact:
        case f.TicketHeld():
            _held(hall, fact, at)
        case f.HeldResumed():
            _resumed(hall, fact, at)
        case f.HeldReleased(ticket=ticket):
            _waits(hall, hall.tickets[ticket])
        case f.TicketTransferred():
            _transferred(hall, fact, at)
        case f.LeadBegan(ticket=ticket, counter=counter, to=to):
            hall.course.leads[ticket] = Lead(counter, to)
        case f.LeadEnded(ticket=ticket):
            del hall.course.leads[ticket]
        case f.LeadAccepted():
            _lead_accepted(hall, fact, at)
        case f.TicketReactivated():
            _reactivated(hall, fact, at)
        case f.ClassChanged():
            _class_changed(hall, fact)
        case f.CareChecked():
            _care_checked(hall, fact)
        case _:
            assert_never(fact)
