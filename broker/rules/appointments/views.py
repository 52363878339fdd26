"""What counters are told of the appointments that come to them (APPT-5). Never who comes: a time and a number."""

from broker.rules.appointments import asks
from broker.rules.appointments.state import OPEN, Appointment
from broker.rules.facts import AppointmentState
from broker.rules.hall import Desk, Hall, TicketState
from broker.rules.hours import MINUTE, clock_of
from broker.rules.pick import Pair
from broker.rules.service_day.serves import pairs_at
from contracts.messages import DeskNote
from contracts.values import HallTime, TicketId


def desk_notes(hall: Hall, desk: Desk) -> tuple[DeskNote, ...]:
    """Those this counter was reminded of and can serve, in the order of their times, each until its person is called."""
    if desk.staff is None or desk.counter not in hall.in_force.counters:
        return ()
    near = [one for one in hall.appointments.today.values() if one.reminded and _is_awaited(hall, one)]
    if not near:
        return ()
    pairs = frozenset(pairs_at(hall, desk))
    mine = [one for one in near if Pair(one.group, one.service) in pairs]
    return tuple(note for one in sorted(mine, key=lambda one: (one.agreed_q, one.id)) for note in _notes(hall, desk, one))


def _is_awaited(hall: Hall, one: Appointment) -> bool:
    if one.state is AppointmentState.CHECKED_IN:
        return one.ticket is not None and hall.tickets[one.ticket].state is TicketState.WAITING
    return one.state in OPEN and one.state is not AppointmentState.OVERDUE


def _notes(hall: Hall, desk: Desk, one: Appointment) -> tuple[DeskNote, ...]:
    """The reminder; from the last reminder on also that the session here may run into the agreed time."""
    no = one.no if one.ticket is None else hall.tickets[one.ticket].no
    values = {"time": clock_of(asks.hall_time(hall, one)), "no": no}
    told = DeskNote(key="con.appt", values=values)
    return (told, DeskNote(key="con.appt.overrun", values=values)) if _may_overrun(hall, desk, one) else (told,)


def _may_overrun(hall: Hall, desk: Desk, one: Appointment) -> bool:
    """At the last reminder a session runs that will not end before the agreed time, as far as its average tells.

    One that was already longer than its average then may take any time.
    """
    last = min(hall.in_force.config.params.appointment.staff_remind_min)
    if desk.session is None or desk.ticket is None or last not in one.reminded:
        return False
    ticket, services = hall.tickets[desk.ticket], hall.in_force.services
    known = (ticket.service,) if ticket.service is not None else hall.in_force.services_of[ticket.group]
    average = max((services[each].avg_min for each in known), default=0) * MINUTE
    return not one.agreed_q - last * MINUTE < desk.session_q + average <= one.agreed_q


def agreed_time(hall: Hall, ticket: TicketId) -> HallTime | None:
    """The agreed time that stands on this ticket's paper, if it was issued at a check-in (``slip.appt``)."""
    found = hall.appointments.of_ticket.get(ticket)
    return None if found is None else asks.hall_time(hall, hall.appointments.all[found])
