"""Appointments are made and confirmed (APPT-1 to APPT-4)."""

from broker.rules import facts as f
from broker.rules.appointments import asks
from broker.rules.appointments.slots import as_made, at_text, cannot_promise
from broker.rules.appointments.state import Appointment
from broker.rules.appointments.who import SERVE, found
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.decide_tickets import is_unknown
from broker.rules.green import is_no_project, visit_task
from broker.rules.hall import Hall
from broker.rules.hours import day_of
from broker.rules.roles import lacks_role
from contracts import messages as m
from contracts.values import AppointmentId, HallTime, Refusal

SEALED = "~"
"""What a reference into the vault begins with; anything else was never taken out of its request (broker.sealing)."""
LONGEST_ID = 60


def made(hall: Hall, asker: Asker, request: m.AppointmentRequested, now: HallTime) -> Decision:
    """A point in time for somebody. ``contact`` is by now a reference; the shell puts code and contact where they belong.

    The same ``source_id`` of a channel again is the same appointment: an import may be repeated.
    """
    known = _of_source(hall, request)
    if known is not None:
        return Decision((), ((asker.node, _answer(request, known.id, known.contact, known.at)),))
    no = (
        lacks_role(hall, request.actor, SERVE)
        or is_unknown(hall, request.group, request.service)
        or _no_contact(request)
        or cannot_promise(hall, request.group, request.at, now)
        or (None if request.project is None else is_no_project(hall, request.project, day_of(request.at)))
        or _bad_source(request)
    )
    if no is not None:
        return refused(asker, request, no)
    fact = _made(hall, request)
    one = as_made(hall, fact)
    told = f.AppointmentConfirmAsked(appointment=fact.appointment)
    tasks: list[f.Fact] = [asks.confirm(hall, one, at_text(fact.at, now))]
    if request.project is not None:
        tasks.append(visit_task(hall, request.project, one.no, appointment=one.id, group=one.group, now=now, nth=1))
    answer = _answer(request, fact.appointment, fact.contact, fact.at)
    return Decision((fact, told, *tasks), ((asker.node, answer),))


def _answer(request: m.AppointmentRequested, appointment: AppointmentId, contact: str, at: HallTime) -> m.AppointmentMade:
    """``code`` is the reference of the code until the shell says it."""
    return m.AppointmentMade(request_id=request.request_id, appointment=appointment, code=contact, at=at)


def _of_source(hall: Hall, request: m.AppointmentRequested) -> Appointment | None:
    if not request.source_id:
        return None
    each = hall.appointments.all.values()
    return next((one for one in each if (one.channel, one.source_id) == (request.channel, request.source_id)), None)


def _no_contact(request: m.AppointmentRequested) -> No | None:
    if request.contact.startswith(SEALED):
        return None
    return No(Refusal.CONTACT_MISSING, "a telephone number or an e-mail address is needed (APPT-4.1)")


def _bad_source(request: m.AppointmentRequested) -> No | None:
    if len(request.source_id) <= LONGEST_ID:
        return None
    return No(Refusal.BAD_VALUE, f"source_id has at most {LONGEST_ID} characters")


def _made(hall: Hall, request: m.AppointmentRequested) -> f.AppointmentMade:
    day = day_of(request.at).isoformat()
    return f.AppointmentMade(
        appointment=AppointmentId(f"{day}/P{hall.appointments.numbers.get(day, 0) + 1:03d}"),
        group=request.group,
        service=request.service,
        at=request.at,
        channel=request.channel,
        contact=request.contact,
        actor=request.actor,
        holder=request.holder,
        project=request.project,
        source_id=request.source_id,
    )


def confirmed(hall: Hall, asker: Asker, request: m.AppointmentConfirmRequested, _now: HallTime) -> Decision:
    """Staff confirm time and matter with the number of the one-off notice they gave (APPT-4.2)."""
    one = found(hall, request.appointment)
    no = lacks_role(hall, request.actor, SERVE) or (one if isinstance(one, No) else None)
    if no is None and not 0 < len(request.notice_id.strip()) <= LONGEST_ID:
        no = No(Refusal.NOTICE_MISSING, "confirming takes the number of the one-off notice (APPT-4.2)")
    if no is None and isinstance(one, Appointment) and one.state is not f.AppointmentState.REQUESTED:
        no = No(Refusal.APPOINTMENT_STATE, f"{one.id} is {one.state.value}")
    if no is not None or isinstance(one, No):
        return refused(asker, request, no or No(Refusal.UNKNOWN_APPOINTMENT))
    fact = f.AppointmentConfirmed(appointment=one.id, notice_id=request.notice_id.strip(), actor=request.actor)
    return done(asker, request, fact, *asks.ended(hall, one, "settled", request.actor))
