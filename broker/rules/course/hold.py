"""挂起 and 恢复办理: a ticket put aside at a counter, and taken up there again (1.0.5)."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.course.at_desk import desk_of, goes_on_with, visit_at
from broker.rules.course.views import held_at
from broker.rules.hall import Desk, Hall
from contracts import messages as m
from contracts.values import HallTime, Refusal, TicketId


def held(hall: Hall, asker: Asker, request: m.HoldRequested, _now: HallTime) -> Decision:
    """The visitor called or served here is put aside; the counter is free for the next."""
    visit = visit_at(hall, asker, request.call)
    if visit is None:
        return refused(asker, request, No(Refusal.NOTHING_CALLED, f"{request.call} is not at this counter"))
    desk, call, ticket = visit
    fact = f.TicketHeld(ticket=ticket.id, call=call.id, counter=desk.counter, session=desk.session)
    return done(asker, request, fact, ticket=ticket.id, values={"no": ticket.no})


def resumed(hall: Hall, asker: Asker, request: m.HeldResumeRequested, _now: HallTime) -> Decision:
    """It waits again, before all others of this counter."""
    desk = desk_of(hall, asker)
    if desk.staff is None:
        return refused(asker, request, No(Refusal.NOT_LOGGED_IN))
    ticket = _wanted(hall, desk, request.ticket)
    if ticket is None:
        return refused(asker, request, No(Refusal.NOTHING_HELD, f"{request.ticket or 'nothing'} is held at {desk.counter}"))
    if hall.tickets[ticket].pair not in goes_on_with(hall, desk):
        return refused(asker, request, No(Refusal.NOT_QUALIFIED, f"{desk.staff} has no skill of {ticket}"))
    fact = f.HeldResumed(ticket=ticket, counter=desk.counter)
    return done(asker, request, fact, ticket=ticket, values={"no": hall.tickets[ticket].no})


def _wanted(hall: Hall, desk: Desk, named: TicketId | None) -> TicketId | None:
    here = held_at(hall, desk)
    if named is None:
        return next(iter(here), None)
    return named if named in here else None
