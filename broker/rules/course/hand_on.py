"""转移, 领办导办: a visitor goes on to another group's line, or is led to another counter (1.0.5, FIRST-4.2, FIRST-6)."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.course.at_desk import Visit, able_at, desk_of, is_open_for, rated_until, visit_at
from broker.rules.course.chain import chain_task
from broker.rules.decide_tickets import is_unknown
from broker.rules.hall import Desk, Hall, Ticket
from broker.rules.pick import Pair
from broker.rules.posts.serving import owner, server
from contracts import messages as m
from contracts.values import CallId, CounterId, CounterPhase, HallTime, Refusal, SessionId, TicketId


def _served(hall: Hall, asker: Asker, call: CallId) -> Visit | No:
    """The visitor served here by this call, or why there is none to hand on."""
    visit = visit_at(hall, asker, call)
    if visit is None:
        return No(Refusal.NOTHING_CALLED, f"{call} is not at this counter")
    if visit.desk.phase is not CounterPhase.SERVING:
        return No(Refusal.NOT_SERVING, f"{visit.ticket.id} is called; it is handed on once it is served")
    return visit


def transferred(hall: Hall, asker: Asker, request: m.TransferRequested, now: HallTime) -> Decision:
    """The visitor waits in another group, if anybody who can serve it is here."""
    visit = _served(hall, asker, request.call)
    no = visit if isinstance(visit, No) else _may_not_move(hall, visit.ticket, request)
    if isinstance(visit, No) or no is not None:
        return refused(asker, request, no or No(Refusal.NOT_SERVING))
    desk, call, ticket = visit
    assert desk.session is not None
    fact = f.TicketTransferred(
        ticket=ticket.id,
        call=call.id,
        counter=desk.counter,
        session=desk.session,
        group=request.group,
        service=request.service,
        rate_until=rated_until(hall, desk, now),
    )
    return done(asker, request, fact, *chain_task(hall, ticket), ticket=ticket.id, values={"no": ticket.no})


def _may_not_move(hall: Hall, ticket: Ticket, request: m.TransferRequested) -> No | None:
    no = is_unknown(hall, request.group, request.service)
    if no is not None:
        return no
    pair = Pair(request.group, request.service)
    if pair == ticket.pair:
        return No(Refusal.BAD_VALUE, f"{ticket.id} is in this group already")
    if not is_open_for(hall, pair):
        what = request.group if request.service is None else f"{request.group}/{request.service}"
        return No(Refusal.NO_OPEN_COUNTER, f"nobody who can serve {what} is logged in")
    return None


def led(hall: Hall, asker: Asker, request: m.LeadRequested, _now: HallTime) -> Decision:
    """The visitor is announced to another counter and stays with this one until that one accepts."""
    visit = _served(hall, asker, request.call)
    no = visit if isinstance(visit, No) else _may_not_lead(hall, visit.desk, request.to)
    if isinstance(visit, No) or no is not None:
        return refused(asker, request, no or No(Refusal.NOT_SERVING))
    ticket = visit.ticket
    before = hall.course.leads.get(ticket.id)
    facts: list[f.Fact] = []
    if before is not None and before.to == request.to:
        return done(asker, request, ticket=ticket.id, values={"no": ticket.no})
    if before is not None:
        facts.append(f.LeadEnded(ticket=ticket.id, counter=before.by, why="taken_back"))
    facts.append(f.LeadBegan(ticket=ticket.id, counter=visit.desk.counter, to=request.to))
    return done(asker, request, *facts, ticket=ticket.id, values={"no": ticket.no})


def _may_not_lead(hall: Hall, desk: Desk, to: CounterId) -> No | None:
    if to not in hall.in_force.counters:
        return No(Refusal.UNKNOWN_COUNTER, f"{to} is none of {', '.join(hall.in_force.counters)}")
    if to == desk.counter:
        return No(Refusal.BAD_VALUE, f"{to} is this counter")
    if not able_at(hall, hall.desks[to]):
        return No(Refusal.NO_OPEN_COUNTER, f"nobody is logged in at {to}")
    return None


def taken_back(hall: Hall, asker: Asker, request: m.LeadEndRequested, _now: HallTime) -> Decision:
    """The counter that leads serves on."""
    visit = _served(hall, asker, request.call)
    if isinstance(visit, No):
        return refused(asker, request, visit)
    ticket = visit.ticket
    if ticket.id not in hall.course.leads:
        return refused(asker, request, No(Refusal.NOT_LED, f"{ticket.id} is not being led anywhere"))
    fact = f.LeadEnded(ticket=ticket.id, counter=visit.desk.counter, why="taken_back")
    return done(asker, request, fact, ticket=ticket.id, values={"no": ticket.no})


def accepted(hall: Hall, asker: Asker, request: m.LeadAcceptRequested, now: HallTime) -> Decision:
    """The receiving counter takes over: only now the visitor leaves the first one (FIRST-4.2)."""
    desk = desk_of(hall, asker)
    wanted = _wanted(hall, desk, request.ticket)
    no = _may_not_accept(hall, desk, wanted)
    if wanted is None or desk.staff is None or no is not None:
        return refused(asker, request, no or No(Refusal.NOT_LED))
    ticket = hall.tickets[wanted]
    by = hall.desks[hall.course.leads[wanted].by]
    assert by.session is not None
    pair = _served_as(hall, desk, ticket)
    staff = server(hall, desk, pair) or desk.staff
    fact = f.LeadAccepted(
        ticket=ticket.id,
        by=by.counter,
        last_session=by.session,
        counter=desk.counter,
        staff=staff,
        post_owner=owner(hall, desk, staff, pair),
        call=CallId(f"{ticket.id}/c{ticket.calls + 1}"),
        session=SessionId(f"{ticket.id}/s{ticket.sessions + 1}"),
        group=pair.group,
        service=pair.service,
        rate_until=rated_until(hall, by, now),
    )
    return done(asker, request, fact, *chain_task(hall, ticket), ticket=ticket.id, values={"no": ticket.no})


def _wanted(hall: Hall, desk: Desk, named: TicketId | None) -> TicketId | None:
    here = hall.course.led_to(desk.counter)
    if named is None:
        return next(iter(here), None)
    return named if named in here else None


def _may_not_accept(hall: Hall, desk: Desk, wanted: TicketId | None) -> No | None:
    if desk.staff is None:
        return No(Refusal.NOT_LOGGED_IN)
    if hall.emergency_since is not None:
        return No(Refusal.EMERGENCY)
    if wanted is None:
        return No(Refusal.NOT_LED, f"nobody is led to {desk.counter}")
    if desk.ticket is not None:
        return No(Refusal.COUNTER_BUSY, f"{desk.ticket} is on the desk")
    return No(Refusal.COUNTER_PAUSED) if desk.paused else None


def _served_as(hall: Hall, desk: Desk, ticket: Ticket) -> Pair:
    """The group the visitor has come to: their own, if this counter serves it, else the first it serves."""
    able = able_at(hall, desk)
    if not able or ticket.pair in able:
        return ticket.pair
    group = next(one for one in hall.in_force.groups if Pair(one, None) in able)
    return Pair(group, None)
