"""延时服务 (EXT-1, EXT-2, D8): whoever is served when hours end is served on, and that is a fact of its own."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.decide_tickets import rests
from broker.rules.hall import Desk, Hall, Ticket
from broker.rules.roles import LEAD, lacks_role
from broker.rules.workdays import Day
from contracts import messages as m
from contracts.values import CounterId, HallPhase, HallTime, Refusal, SessionId, StaffNo, TicketId, VisitorClass

AFTER_HOURS = frozenset({HallPhase.NOON, HallPhase.AFTER_CLOSING})
_GREEN = frozenset({VisitorClass.GREEN, VisitorClass.URGENT})


def began_at_bounds(hall: Hall, day: Day, now: HallTime) -> list[f.Fact]:
    """The sessions that run over a bound of the day that has passed now, each since that very second."""
    return [
        began
        for desk in hall.desks.values()
        for bound in (day.noon, day.close)
        if day.works and (began := _ran_over(hall, desk, bound, now)) is not None
    ]


def _ran_over(hall: Hall, desk: Desk, bound: HallTime, now: HallTime) -> f.ExtensionBegan | None:
    if now < bound or desk.session is None or desk.staff is None or desk.ticket is None or desk.call is None:
        return None
    known = hall.service_day.extended.get(desk.session)
    if desk.call.made_at >= bound or (known is not None and known.since >= bound):
        return None
    ticket = hall.tickets[desk.ticket]
    reason = f.ExtensionReason.GREEN if _is_green(ticket) else f.ExtensionReason.CURRENT
    return _began(desk.session, ticket.id, desk.counter, desk.staff, bound, reason)


def began_with(hall: Hall, fact: f.ServiceStarted | f.LeadAccepted, now: HallTime) -> list[f.Fact]:
    """A session that begins after hours is extended from its start."""
    if hall.phase not in AFTER_HOURS:
        return []
    ticket, bound = hall.tickets[fact.ticket], hall.today.close if hall.phase is HallPhase.AFTER_CLOSING else hall.today.noon
    before = hall.service_day.extended.get(fact.last_session) if isinstance(fact, f.LeadAccepted) else None
    if before is not None:
        return [_began(fact.session, ticket.id, fact.counter, fact.staff, now, before.reason)]
    call = hall.desks[fact.counter].call
    reason = _reason(hall, ticket, fact.counter, was_called=call is not None and call.made_at < bound)
    return [_began(fact.session, ticket.id, fact.counter, fact.staff, now, reason)]


def _reason(hall: Hall, ticket: Ticket, counter: CounterId, *, was_called: bool) -> f.ExtensionReason:
    if _is_green(ticket):
        return f.ExtensionReason.GREEN
    if was_called:
        return f.ExtensionReason.CURRENT
    if (counter, ticket.group) in hall.service_day.added:
        return f.ExtensionReason.SURGE
    return f.ExtensionReason.WAITING


def _is_green(ticket: Ticket) -> bool:
    return any(one.visitor_class in _GREEN for one in ticket.claims)


def _began(  # noqa: PLR0913, PLR0917 -- the columns of the ledger
    session: SessionId, ticket: TicketId, counter: CounterId, staff: StaffNo, since: HallTime, reason: f.ExtensionReason
) -> f.ExtensionBegan:
    return f.ExtensionBegan(session=session, ticket=ticket, counter=counter, staff=staff, since=since, reason=reason)


def noon_service(hall: Hall, asker: Asker, request: m.NoonServiceRequested, now: HallTime) -> Decision:
    """午间延时: a leader lets tickets be called through today's noon break; also ahead of it (D8)."""
    day = hall.today
    no = lacks_role(hall, request.actor, LEAD)
    if no is None and not day.works:
        no = rests(hall)
    if no is None and now >= day.afternoon:
        no = No(Refusal.OUTSIDE_HOURS, "today's noon break is over")
    if no is not None:
        return refused(asker, request, no)
    if hall.service_day.noon_service:
        return done(asker, request)
    return done(asker, request, f.NoonServiceOpened(actor=request.actor))
