"""What a terminal sees of the tickets on a side path at its counter."""

from broker.rules.hall import Desk, Hall, Ticket
from broker.rules.posts.serving import counters_at
from contracts.values import CounterId, TicketId, TicketNo


def held_here(hall: Hall, desk: Desk) -> tuple[TicketNo, ...]:
    """The tickets put aside here, the one held longest first; then those of a counter that is covered from here (AB-4.1)."""
    return tuple(hall.tickets[one].no for one in held_at(hall, desk))


def held_at(hall: Hall, desk: Desk) -> list[TicketId]:
    """What the clerk here may go on with: who acts for another counter has what was put aside there (AB-4.1)."""
    return [ticket for one in counters_at(hall, desk.counter) for ticket in hall.course.held_at(one)]


def led_here(hall: Hall, desk: Desk) -> tuple[TicketNo, ...]:
    """The tickets another counter brings, the one announced longest first."""
    return tuple(hall.tickets[one].no for one in hall.course.led_to(desk.counter))


def leads_to(hall: Hall, desk: Desk) -> CounterId | None:
    """Where this counter brings its visitor."""
    lead = None if desk.ticket is None else hall.course.leads.get(desk.ticket)
    return None if lead is None else lead.to


def leads_to_name(hall: Hall, desk: Desk) -> str | None:
    """Who will handle it there: staff names are public (FIRST-4.2, COND-8)."""
    to = leads_to(hall, desk)
    staff = None if to is None else hall.desks[to].staff
    person = None if staff is None else hall.in_force.staff.get(staff)
    return None if person is None else person.zh


def is_care_open(ticket: Ticket | None) -> bool:
    """Whether the clerk is asked to look at the priority of the ticket on the desk (CARE-2.1)."""
    return ticket is not None and ticket.cares and ticket.care_open


def is_continued(desk: Desk, ticket: Ticket) -> bool:
    """Whether the visitor has been served at another counter before (voice.transfer)."""
    return any(one != desk.counter for one in ticket.visited)
