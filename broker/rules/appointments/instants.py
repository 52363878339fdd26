"""When something about an appointment is due next, on the queue clock; noted at every change, so that looking is cheap."""

from collections.abc import Iterator

from broker.rules.appointments.state import OPEN, Appointment
from broker.rules.facts import AppointmentState
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE, SECOND
from contracts.values import HallTime


def note(hall: Hall, one: Appointment) -> None:
    """Note when it is due next, by the configuration in force; what is due of who is here counts only while they wait."""
    one.next_q = min(_instants(hall, one), default=None)


def next_of_today(hall: Hall) -> HallTime | None:
    """The first of these of everybody who is not here yet."""
    known = hall.appointments
    others = (one.next_q for one in known.today.values() if one.id not in known.here)
    return min((q for q in others if q is not None), default=None)


def _instants(hall: Hall, one: Appointment) -> Iterator[HallTime]:
    params = hall.in_force.config.params.appointment
    if one.state is not AppointmentState.OVERDUE and one.state in OPEN | {AppointmentState.CHECKED_IN}:
        yield from (HallTime(one.agreed_q - m * MINUTE) for m in params.staff_remind_min if m not in one.reminded)
    match one.state:
        case AppointmentState.REQUESTED:
            yield one.agreed_q
        case AppointmentState.CONFIRMED:  # more than 30 minutes late: the first second behind them (APPT-7.1)
            yield HallTime(one.agreed_q + params.grace_min * MINUTE + SECOND)
        case AppointmentState.HELD if one.hold_q is not None:
            yield one.hold_q
        case AppointmentState.CHECKED_IN if one.since_q is not None and not one.waited_long:
            yield HallTime(one.since_q + params.wait_alert_min * MINUTE + SECOND)
        case _:
            pass
