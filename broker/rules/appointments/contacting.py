"""Whoever has not come is called before anything is given up; who sees their number is on record (APPT-7.1)."""

from broker.rules import facts as f
from broker.rules.appointments import asks
from broker.rules.appointments.state import Appointment
from broker.rules.appointments.who import CONTACT, SERVE, found, lacks_reason
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE, day_of
from broker.rules.roles import lacks_role
from contracts import messages as m
from contracts.values import ContactOutcome, HallTime, Refusal


def contacted(hall: Hall, asker: Asker, request: m.AppointmentContactRecorded, now: HallTime) -> Decision:
    """What came of a call: coming later today, cannot come, nobody answered (a wrong number is the same)."""
    one = found(hall, request.appointment)
    no = lacks_role(hall, request.actor, SERVE)
    if isinstance(one, No) or no is not None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_APPOINTMENT, request.appointment))
    no = _not_overdue(one) or _no_later_time(hall, request, now)
    if no is not None:
        return refused(asker, request, no)
    counts = _counts(hall, one, request.outcome, now)
    fact = f.AppointmentContacted(
        appointment=one.id,
        outcome=request.outcome,
        actor=request.actor,
        hold_until=request.hold_until,
        counts=counts,
    )
    return done(asker, request, fact, *_follows(hall, one, fact))


def _not_overdue(one: Appointment) -> No | None:
    if one.state is f.AppointmentState.OVERDUE:
        return None
    return No(Refusal.APPOINTMENT_STATE, f"{one.id} is {one.state.value}; only who is overdue is called")


def _no_later_time(hall: Hall, request: m.AppointmentContactRecorded, now: HallTime) -> No | None:
    """``hold_until`` belongs to "coming" and to nothing else, and lies later on this day."""
    until = request.hold_until
    if (request.outcome is ContactOutcome.COMING) != (until is not None):
        return No(Refusal.BAD_VALUE, "hold_until is the time named by a person who is coming, and only theirs")
    if until is not None and not now < until < hall.today.over:
        return No(Refusal.BAD_VALUE, f"hold_until must be later today, not {day_of(until)} or the past")
    return None


def _counts(hall: Hall, one: Appointment, outcome: ContactOutcome, now: HallTime) -> bool:
    """A second call without answer counts only some minutes behind the first."""
    if outcome in (ContactOutcome.COMING, ContactOutcome.CANNOT_COME) or one.attempted_q is None:
        return True
    gap = hall.in_force.config.params.appointment.contact_gap_min * MINUTE
    return hall.queue_clock(now) - one.attempted_q >= gap


def _follows(hall: Hall, one: Appointment, fact: f.AppointmentContacted) -> list[f.Fact]:
    """Held to the time they named; given up; or called again."""
    enough = hall.in_force.config.params.appointment.contact_attempts
    match fact.outcome:
        case ContactOutcome.COMING:
            return asks.ended(hall, one, "settled", fact.actor)
        case ContactOutcome.NO_ANSWER | ContactOutcome.WRONG_NUMBER if one.attempts + fact.counts < enough:
            return []
        case _:
            gone = f.AppointmentForfeited(appointment=one.id, why=fact.outcome)
            return [gone, *asks.ended(hall, one, "settled", fact.actor)]


def contact_opened(hall: Hall, asker: Asker, request: m.ContactOpenRequested, _now: HallTime) -> Decision:
    """The contact, to the node that asked alone. The shell puts it in; here it is a reference, and so it is stored."""
    one = found(hall, request.appointment)
    no = lacks_role(hall, request.actor, CONTACT) or lacks_reason(request.reason)
    if isinstance(one, No) or no is not None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_APPOINTMENT, request.appointment))
    fact = f.AppointmentContactOpened(appointment=one.id, actor=request.actor, reason=request.reason.strip())
    answer = m.ContactOpened(request_id=request.request_id, appointment=one.id, contact=one.contact)
    return Decision((fact,), ((asker.node, answer),))
