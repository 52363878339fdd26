"""What time brings to appointments: reminders, the agreed time, the end of the grace, a time somebody named, a long wait.

All of it by the queue clock, so that an emergency stops it (HALL-8.2).
"""

from broker.rules import facts as f
from broker.rules.appointments import asks
from broker.rules.appointments.slots import at_text
from broker.rules.appointments.state import OPEN, Appointment
from broker.rules.facts import AppointmentState
from broker.rules.hall import Hall, TicketState
from broker.rules.hours import MINUTE, clock_of
from broker.rules.tasks.open import closed
from contracts.values import HallTime, TaskKind, TicketId

_AT_ONCE = HallTime(0)


def due(hall: Hall) -> HallTime | None:
    """The next of these, in hall time. A task about somebody who waits no longer ends at once, also in an emergency."""
    if _over(hall):
        return _AT_ONCE
    if hall.emergency_since is not None:
        return None
    morning = [hall.today.tickets_from] if hall.appointments.unasked and hall.today.works else []
    known = hall.appointments
    here = [one.next_q for one in known.here.values() if one.next_q is not None and _waits(hall, one.ticket)]
    later = [hall.hall_time(q) for q in (known.next_q, *here) if q is not None]
    return min((*morning, *later), default=None)


def time_reached(hall: Hall, now: HallTime) -> list[f.Fact]:
    """What is due by now of the first appointment that has anything, so that each sees what came before."""
    over = _over(hall)
    if over or hall.emergency_since is not None:
        return over
    q = hall.queue_clock(now)
    if hall.today.works and now >= hall.today.tickets_from:
        for one in hall.appointments.unasked.values():
            time = at_text(asks.hall_time(hall, one), now)
            return [f.AppointmentConfirmAsked(appointment=one.id), asks.confirm(hall, one, time)]
    for one in hall.appointments.today.values():
        if facts := _happens(hall, one, q):
            return facts
    return []


def _over(hall: Hall) -> list[f.Fact]:
    """Tasks about people who wait no longer: called, gone, or put aside."""
    if not any(one.waited_long for one in hall.appointments.here.values()):
        return []
    tasks = hall.tasks.of(TaskKind.APPOINTMENT_WAITING)
    return [closed(task, "settled") for task in tasks if not _waits(hall, task.ticket)]


def _waits(hall: Hall, ticket: TicketId | None) -> bool:
    found = None if ticket is None else hall.tickets.get(ticket)
    return found is not None and found.state is TicketState.WAITING


def _is_due(hall: Hall, one: Appointment, q: HallTime) -> bool:
    return one.next_q is not None and one.next_q <= q and _counts(hall, one)


def _counts(hall: Hall, one: Appointment) -> bool:
    """Whoever is here is waited for only until they are called."""
    return one.state is not AppointmentState.CHECKED_IN or _waits(hall, one.ticket)


def _happens(hall: Hall, one: Appointment, q: HallTime) -> list[f.Fact]:
    """The first thing due of this appointment."""
    if not _is_due(hall, one, q):
        return []
    params = hall.in_force.config.params.appointment
    may_be_reminded = one.state is not AppointmentState.OVERDUE
    for minutes in params.staff_remind_min if may_be_reminded else ():
        if minutes not in one.reminded and one.agreed_q - minutes * MINUTE <= q:
            return [f.AppointmentReminded(appointment=one.id, minutes=minutes)]
    match one.state:
        case AppointmentState.REQUESTED:
            return [f.AppointmentPresumedConfirmed(appointment=one.id), *asks.ended(hall, one, "settled")]
        case AppointmentState.CHECKED_IN:
            return _alerted(hall, one, q)
        case _:
            time = clock_of(asks.hall_time(hall, one) if one.hold_q is None else hall.hall_time(one.hold_q))
            return [f.AppointmentOverdue(appointment=one.id, nth=one.overdue + 1), asks.contact(hall, one, time)]


def _alerted(hall: Hall, one: Appointment, q: HallTime) -> list[f.Fact]:
    assert one.ticket is not None
    assert one.since_q is not None
    beyond = q - one.since_q
    fact = f.AppointmentWaitedLong(appointment=one.id, ticket=one.ticket, beyond=beyond)
    return [fact, asks.waiting(hall, one, hall.tickets[one.ticket].no, beyond)]


def end_of_day(hall: Hall) -> list[f.Fact]:
    """Whoever has not come by the end of the day and was not given up after contact: on record as such."""
    mine = [one for one in hall.appointments.today.values() if one.state in OPEN]
    return [f.AppointmentNotKept(appointment=one.id, state=one.state) for one in mine]
