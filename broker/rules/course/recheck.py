"""The stored steps of a ticket's course, computed once more: ``verify`` trusts none that the rules would not take (I5)."""

from collections.abc import Iterator
from typing import get_args

from broker.rules import facts as f
from broker.rules.course.at_desk import rated_until
from broker.rules.course.classes import claims_with, without
from broker.rules.course.reactivate import claims_again
from broker.rules.hall import LIVE, Desk, Hall, Ticket, TicketState
from contracts.values import CallId, CounterId, HallTime, SessionId, VisitorClass

CHECKED: tuple[type[f.CourseFact], ...] = get_args(f.CourseFact)
"""Every kind of step."""


def wrong_step(hall: Hall, fact: f.CourseFact, at: HallTime) -> str | None:
    """What is wrong with a step, seen from the hall just before it; ``None`` if it is right."""
    ticket = hall.tickets.get(fact.ticket)
    if ticket is None:
        return f"{type(fact).__name__}: the hall knows no {fact.ticket}"
    what = next(_wrong(hall, ticket, fact, at), None)
    return None if what is None else f"{type(fact).__name__} of {ticket.id}: {what}"


def _wrong(hall: Hall, ticket: Ticket, fact: f.CourseFact, at: HallTime) -> Iterator[str]:
    match fact:
        case f.TicketHeld(counter=counter, call=call, session=session):
            yield from _not_on_desk(hall, ticket, counter, call)
            yield from _differs("session", session, _desk(hall, counter).session)
        case f.HeldResumed() if ticket.state is not TicketState.HELD:
            yield f"it is {ticket.state.value}, not held"
        case f.HeldReleased(counter=counter):
            aside = hall.course.held.get(ticket.id) or hall.course.resumed.get(ticket.id)
            yield from _differs("counter", counter, None if aside is None else aside.counter)
        case f.TicketTransferred(counter=counter, call=call):
            yield from _not_on_desk(hall, ticket, counter, call)
            yield from _wrong_end(hall, counter, fact.session, fact.rate_until, at)
        case f.LeadBegan(counter=counter):
            yield from _not_on_desk(hall, ticket, counter, None)
        case f.LeadEnded(counter=counter):
            lead = hall.course.leads.get(ticket.id)
            yield from _differs("counter", counter, None if lead is None else lead.by)
        case f.LeadAccepted():
            yield from _wrong_acceptance(hall, ticket, fact, at)
        case f.TicketReactivated() | f.ClassChanged() | f.CareChecked():
            yield from _wrong_claims(hall, ticket, fact, at)
        case _:
            return


def _desk(hall: Hall, counter: CounterId) -> Desk:
    return hall.desks.get(counter, Desk(counter))


def _differs(name: str, stored: object, computed: object) -> Iterator[str]:
    if stored != computed:
        yield f"{name} is {stored}, computed {computed}"


def _not_on_desk(hall: Hall, ticket: Ticket, counter: CounterId, call: CallId | None) -> Iterator[str]:
    desk = _desk(hall, counter)
    if desk.ticket != ticket.id or (call is not None and (desk.call is None or desk.call.id != call)):
        yield f"it is not at {counter}"


def _wrong_end(
    hall: Hall, counter: CounterId, session: SessionId, rate_until: HallTime | None, at: HallTime
) -> Iterator[str]:
    """The session that was handed on, and its rating window (EVAL-6.1)."""
    desk = _desk(hall, counter)
    yield from _differs("session", session, desk.session)
    yield from _differs("rate_until", rate_until, rated_until(hall, desk, at))


def _wrong_acceptance(hall: Hall, ticket: Ticket, fact: f.LeadAccepted, at: HallTime) -> Iterator[str]:
    lead = hall.course.leads.get(ticket.id)
    yield from _differs("lead", (fact.by, fact.counter), None if lead is None else (lead.by, lead.to))
    yield from _differs("call", fact.call, f"{ticket.id}/c{ticket.calls + 1}")
    yield from _differs("session", fact.session, f"{ticket.id}/s{ticket.sessions + 1}")
    if fact.staff not in _desk(hall, fact.counter).sitting:
        yield f"{fact.staff} does not sit at {fact.counter}"
    yield from _wrong_end(hall, fact.by, fact.last_session, fact.rate_until, at)


def _wrong_claims(
    hall: Hall, ticket: Ticket, fact: f.TicketReactivated | f.ClassChanged | f.CareChecked, at: HallTime
) -> Iterator[str]:
    match fact:
        case f.TicketReactivated():
            if ticket.state is not TicketState.NO_SHOW:
                yield f"it is {ticket.state.value}, not missed"
            if ticket.reactivations >= hall.in_force.config.params.queue.reactivations:
                yield "it has been back as often as it may"
            yield from _differs("claims", fact.claims, claims_again(hall, ticket, at))
        case f.ClassChanged(visitor_class=kind, withdrawn=withdrawn):
            if ticket.state not in LIVE:
                yield f"it is {ticket.state.value}"
            yield from _differs("claims", fact.claims, without(ticket, kind) if withdrawn else claims_with(ticket, kind))
        case f.CareChecked(counter=counter, call=call, outcome=outcome):
            yield from _not_on_desk(hall, ticket, counter, call)
            is_back = outcome is f.CareOutcome.RETURNED
            yield from _differs("claims", fact.claims, without(ticket, VisitorClass.CARE) if is_back else ticket.claims)
