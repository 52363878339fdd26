"""What the hall knows to be open at a post, and what was done there for its main person (AB-4.2a, AB-4.4).

Cases (办件) are not known to the hall yet; they come into this list with their own area of the rules.
"""

from collections.abc import Iterator

from broker.rules.appointments.state import OPEN
from broker.rules.facts import AppointmentState
from broker.rules.facts.handover import HandoverEntry, Listed
from broker.rules.hall import Hall, TicketState
from broker.rules.hours import day_of
from broker.schema import Post
from contracts.values import ListedKind, StaffNo, TicketId


def listed(hall: Hall, post: Post, of: StaffNo) -> tuple[Listed, ...]:
    """Every open thing of this post, tickets first; ``of`` is the person whose tasks belong to it."""
    return (*_tickets(hall, post), *_appointments(hall, post), *_tasks(hall, of))


def done(hall: Hall, entry: HandoverEntry) -> tuple[TicketId, ...]:
    """The tickets the taker has finished today for the giver, in order."""
    today = hall.today.date
    sessions = [one for one in hall.sessions.values() if day_of(one.finished_at) == today and one.finished_at >= entry.at]
    theirs = [one.ticket for one in sessions if (one.staff, one.post_owner) == (entry.taker, entry.giver)]
    return tuple(dict.fromkeys(theirs))


def _tickets(hall: Hall, post: Post) -> Iterator[Listed]:
    desk = hall.desks[post.counter]
    if desk.ticket is not None and desk.ticket not in hall.course.leads:
        yield Listed(what=ListedKind.AT_DESK, ref=desk.ticket)
    for ticket in hall.course.held_at(post.counter):
        yield Listed(what=ListedKind.HELD, ref=ticket)
    for ticket, lead in hall.course.leads.items():
        if post.counter in (lead.by, lead.to):
            yield Listed(what=ListedKind.LED, ref=ticket)


def _appointments(hall: Hall, post: Post) -> Iterator[Listed]:
    """Those of today for a group of the counter that are still to be kept."""
    groups = hall.in_force.counters[post.counter].groups
    today = sorted(hall.appointments.today.values(), key=lambda one: (one.agreed_q, one.id))
    for one in today:
        waits = one.ticket is not None and hall.tickets[one.ticket].state is TicketState.WAITING
        if one.group in groups and (one.state in OPEN or (one.state is AppointmentState.CHECKED_IN and waits)):
            yield Listed(what=ListedKind.APPOINTMENT, ref=one.id)


def _tasks(hall: Hall, staff: StaffNo) -> Iterator[Listed]:
    """Those put to this very person, among them the agents' (AGENT-4.1)."""
    for task in hall.tasks.open.values():
        if any(staff in rung.staff for rung in task.ladder[: task.level + 1]):
            yield Listed(what=ListedKind.TASK, ref=task.id)
