"""Another time, or none at all: free for the person, hard for the hall (APPT-6)."""

from broker.rules import facts as f
from broker.rules.appointments import asks
from broker.rules.appointments.slots import at_text, cannot_promise, next_free
from broker.rules.appointments.state import OPEN, Appointment
from broker.rules.appointments.who import found, is_late, may_not_act
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.closing import closes_with
from broker.rules.hall import Hall, TicketState
from broker.rules.hours import day_of
from contracts import messages as m
from contracts.values import HallTime, Initiator, Refusal


def changed(hall: Hall, asker: Asker, request: m.AppointmentChangeRequested, now: HallTime) -> Decision:
    """Another time for somebody who has not come yet; a promise of its own, so it needs room in its half hour."""
    one = found(hall, request.appointment)
    if isinstance(one, No):
        return refused(asker, request, one)
    no = (
        may_not_act(hall, one, request, now) or _is_over(one) or cannot_promise(hall, one.group, request.at, now, moving=one)
    )
    if no is not None:
        return refused(asker, request, no)
    fact = f.AppointmentChanged(
        appointment=one.id,
        at=request.at,
        contact=one.contact,
        by=request.by,
        actor=request.actor,
        reason=request.reason.strip(),
        approved_by=request.approved_by,
        notified_at=request.notified_at,
        late=request.by is Initiator.HALL and is_late(one, request.notified_at),
        holder=request.holder,
    )
    values = {"time": at_text(request.at, now), "card": _card_after(one, fact)}
    return done(asker, request, fact, *asks.ended(hall, one, "settled"), values=values)


def _card_after(one: Appointment, fact: f.AppointmentChanged) -> str:
    """What the ID card is good for at the new time: ``known``, ``lost`` (shown for the old day alone), ``never`` shown."""
    if fact.holder is not None or (one.holder is not None and day_of(fact.at) == day_of(one.at)):
        return "known"
    return "never" if one.holder is None else "lost"


def _is_over(one: Appointment) -> No | None:
    return None if one.state in OPEN else No(Refusal.APPOINTMENT_STATE, f"{one.id} is {one.state.value}")


def cancelled(hall: Hall, asker: Asker, request: m.AppointmentCancelRequested, now: HallTime) -> Decision:
    """None any more. The answer offers the next free time; a person who has checked in gives up the ticket with it."""
    one = found(hall, request.appointment)
    if isinstance(one, No):
        return refused(asker, request, one)
    given_up = _ticket_given_up(hall, one, request)
    no = may_not_act(hall, one, request, now) or (None if given_up else _is_over(one))
    if no is not None:
        return refused(asker, request, no)
    fact = f.AppointmentCancelled(
        appointment=one.id,
        by=request.by,
        actor=request.actor,
        reason=request.reason.strip(),
        approved_by=request.approved_by,
        notified_at=request.notified_at,
        late=request.by is Initiator.HALL and is_late(one, request.notified_at),
    )
    free = next_free(hall, one.group, max(one.at, now), now)
    values = {"time": "" if free is None else at_text(free, now)}
    return done(asker, request, fact, *asks.ended(hall, one, "settled"), *given_up, values=values)


def _ticket_given_up(hall: Hall, one: Appointment, request: m.AppointmentCancelRequested) -> tuple[f.Fact, ...]:
    """Somebody who waits with a ticket leaves: the hall can never send a person away who is here."""
    ticket = None if one.ticket is None else hall.tickets.get(one.ticket)
    if request.by is not Initiator.PERSON or ticket is None or ticket.state is not TicketState.WAITING:
        return ()
    fact = f.TicketCancelled(ticket=ticket.id, reason="appointment cancelled by its person", actor=request.actor)
    return (fact, *closes_with(hall, fact))
