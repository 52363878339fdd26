"""Whom the tasks of appointments are put to, and when the next person is asked."""

from broker.rules import facts as f
from broker.rules.appointments.state import Appointment
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE
from broker.rules.pick import Pair
from broker.rules.service_day.serves import pairs_at
from broker.rules.tasks.open import About, closed, opened
from contracts.values import CounterId, HallTime, Ms, StaffNo, TaskKind


def confirm(hall: Hall, one: Appointment, time: str, nth: int = 0) -> f.TaskOpened:
    """Confirm time and matter, with the one-off notice (APPT-4.2)."""
    wait = hall.in_force.config.params.appointment.confirm_escalate_min * MINUTE
    ladder = (f.Rung(after=0, roles=("guide",)), f.Rung(after=wait, roles=("duty_leader",)))
    return opened(hall, TaskKind.APPOINTMENT_CONFIRM, ladder, _about(one, {"time": time}), nth)


def contact(hall: Hall, one: Appointment, time: str, nth: int = 0) -> f.TaskOpened:
    """Call the person (APPT-7.1): the guide, and whoever sits where the matter is handled."""
    wait = hall.in_force.config.params.appointment.contact_escalate_min * MINUTE
    ladder = (
        f.Rung(after=0, roles=("guide",), staff=serving(hall, one)),
        f.Rung(after=wait, roles=("duty_leader",)),
    )
    return opened(hall, TaskKind.APPOINTMENT_CONTACT, ladder, _about(one, {"time": time}), nth)


def waiting(hall: Hall, one: Appointment, no: str, beyond: Ms, nth: int = 0) -> f.TaskOpened:
    """A person who came in time waits long (APPT-7.3)."""
    wait = hall.in_force.config.params.appointment.wait_escalate_min * MINUTE
    ladder = (f.Rung(after=0, roles=("duty_leader",)), f.Rung(after=wait, roles=("manager",)))
    about = About(group=one.group, ticket=one.ticket, appointment=one.id, values={"no": no, "m": str(beyond // MINUTE)})
    return opened(hall, TaskKind.APPOINTMENT_WAITING, ladder, about, nth)


def ended(hall: Hall, one: Appointment, why: str, actor: StaffNo | None = None) -> list[f.Fact]:
    """The tasks about this appointment end with their cause."""
    kinds = (TaskKind.APPOINTMENT_CONFIRM, TaskKind.APPOINTMENT_CONTACT, TaskKind.APPOINTMENT_WAITING)
    return [closed(task, why, actor) for kind in kinds for task in hall.tasks.of(kind, appointment=one.id)]


def counters(hall: Hall, one: Appointment) -> tuple[CounterId, ...]:
    """Where it can be served now: a person sits there who can do it."""
    return tuple(
        desk.counter
        for desk in hall.desks.values()
        if desk.staff is not None
        and desk.counter in hall.in_force.counters
        and Pair(one.group, one.service) in pairs_at(hall, desk)
    )


def serving(hall: Hall, one: Appointment) -> tuple[StaffNo, ...]:
    """Who sits there."""
    sitting = (hall.desks[counter].staff for counter in counters(hall, one))
    return tuple(staff for staff in sitting if staff is not None)


def hall_time(hall: Hall, one: Appointment) -> HallTime:
    """The agreed time as clocks show it, later by every emergency since it was promised."""
    return hall.hall_time(one.agreed_q)


def _about(one: Appointment, values: dict[str, str]) -> About:
    return About(group=one.group, appointment=one.id, values=values)
