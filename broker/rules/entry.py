"""Tickets that staff enter: who may, with what papers, and which claims they make (GUID-3.2, CARE, GREEN-2, APPT-4.3)."""

from broker.rules.asking import No
from broker.rules.facts import Claim
from broker.rules.green import is_no_project
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE, clock_of, day_of
from broker.rules.roles import ASSIST, LEAD, lacks_role
from contracts.messages import TicketEntryRequested
from contracts.values import HallTime, NodeName, Refusal, VisitorClass

_OF_PROJECTS = (VisitorClass.GREEN, VisitorClass.URGENT)


def may_enter(hall: Hall, request: TicketEntryRequested, now: HallTime) -> No | None:
    """Why this ticket may not be entered, if so."""
    return (
        lacks_role(hall, request.actor, ASSIST)
        or _project(hall, request, now)
        or _approval(hall, request)
        or _appointment(hall, request, now)
        or (None if request.print_at is None else is_no_printer(hall, request.print_at))
    )


def _project(hall: Hall, request: TicketEntryRequested, now: HallTime) -> No | None:
    """Green and urgent tickets belong to a registered, valid project; there is no self-declaration."""
    if request.visitor_class not in _OF_PROJECTS:
        return None if request.project is None else No(Refusal.BAD_VALUE, "a project belongs to a green or urgent ticket")
    if request.project is None:
        return No(Refusal.UNKNOWN_PROJECT, f"a {request.visitor_class.value} ticket needs a project code (GREEN-2)")
    no = is_no_project(hall, request.project, day_of(now))
    if no is None and request.visitor_class is VisitorClass.URGENT and not hall.in_force.projects[request.project].urgent:
        return No(Refusal.NOT_PERMITTED, f"{request.project} is not registered as urgent (GREEN-2)")
    return no


def _approval(hall: Hall, request: TicketEntryRequested) -> No | None:
    """An urgent ticket takes a leader's approval of this visit."""
    if request.visitor_class is not VisitorClass.URGENT:
        return None
    if request.approved_by is None:
        return No(Refusal.NOT_PERMITTED, "an urgent ticket needs the approval of a duty leader or manager (GREEN-2)")
    return lacks_role(hall, request.approved_by, LEAD)


def _appointment(hall: Hall, request: TicketEntryRequested, now: HallTime) -> No | None:
    """Checking in is possible from half an hour before the agreed time, on its day (APPT-4.3)."""
    agreed = request.appointment_at
    if agreed is None:
        if request.visitor_class is VisitorClass.APPOINTMENT_DUE:
            return No(Refusal.BAD_VALUE, "an appointment needs its agreed time")
        return None
    if day_of(agreed) != day_of(now):
        return No(Refusal.BAD_VALUE, f"the appointment is on {day_of(agreed)}, not today")
    opens = HallTime(agreed - hall.in_force.config.params.appointment.checkin_before_min * MINUTE)
    if now < opens:
        return No(Refusal.CHECKIN_NOT_OPEN, "check-in opens half an hour before (APPT-4.3)", {"time": clock_of(opens)})
    return None


def is_no_printer(hall: Hall, node: NodeName) -> No | None:
    """Why this node cannot print a ticket now."""
    device = hall.in_force.devices.get(node)
    if device is None or device.kind != "ticket_machine":
        return No(Refusal.BAD_VALUE, f"{node} is no ticket machine of this hall")
    life = hall.nodes.get(node)
    if life is None or not life.online:
        return No(Refusal.BAD_VALUE, f"{node} is offline, nothing can be printed there")
    return None


def claims_of(hall: Hall, request: TicketEntryRequested, now: HallTime) -> tuple[Claim, ...]:
    """The claims of the ticket, in queue-clock time; an appointment's begins at its agreed time, if that lies ahead.

    The agreed time is read on the queue clock, so that it shifts with every emergency of the day (1.0.4, HALL-8.2).
    """
    q = hall.queue_clock(now)
    claims = [Claim(visitor_class=VisitorClass.NORMAL, since=q)]
    if request.visitor_class not in (VisitorClass.NORMAL, VisitorClass.APPOINTMENT_DUE):
        claims.append(Claim(visitor_class=request.visitor_class, since=q))
    if request.appointment_at is not None:
        claims.append(Claim(visitor_class=VisitorClass.APPOINTMENT_DUE, since=max(q, request.appointment_at)))
    return tuple(claims)
