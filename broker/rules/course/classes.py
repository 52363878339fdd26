"""A class opened for a ticket or taken away (CARE-3.1, GUID-3.2, GREEN-2), and the clerk's look at a priority (CARE-2.1).

The since of a class given later is the ticket's own: its issue, or the place it got by coming back after a no-show.
"""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.course.at_desk import visit_at
from broker.rules.entry import may_enter
from broker.rules.green import visit_task
from broker.rules.hall import LIVE, Hall, Ticket
from broker.rules.roles import ASSIST, lacks_role
from contracts import messages as m
from contracts.values import HallTime, Refusal, VisitorClass

_GIVEN = (VisitorClass.CARE, VisitorClass.GREEN, VisitorClass.URGENT)
"""What staff may open; ordinary is every ticket, and an appointment is made, not given."""
LONGEST_REASON = 200


def changed(hall: Hall, asker: Asker, request: m.ClassChangeRequested, now: HallTime) -> Decision:
    """Counts from the next call on. Asking twice is the same as once."""
    ticket = hall.tickets.get(request.ticket)
    no = _may_not_change(hall, ticket, request, now)
    if ticket is None or no is not None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_TICKET, request.ticket))
    kind = request.visitor_class
    holds = any(one.visitor_class is kind for one in ticket.claims)
    is_news = holds is request.withdraw or (kind is VisitorClass.CARE and _says_more(ticket, withdraw=request.withdraw))
    if not is_news:
        return done(asker, request, ticket=ticket.id, values={"no": ticket.no})
    fact = f.ClassChanged(
        ticket=ticket.id,
        visitor_class=kind,
        withdrawn=request.withdraw,
        claims=without(ticket, kind) if request.withdraw else claims_with(ticket, kind),
        actor=request.actor,
        reason="" if kind is VisitorClass.CARE else request.reason.strip(),
        project=request.project,
        approved_by=request.approved_by,
    )
    told: tuple[f.Fact, ...] = ()
    if request.project is not None and not request.withdraw:
        told = (visit_task(hall, request.project, ticket.no, ticket=ticket.id, group=ticket.group, now=now),)
    return done(asker, request, fact, *told, ticket=ticket.id, values={"no": ticket.no})


def _says_more(ticket: Ticket, *, withdraw: bool) -> bool:
    """Declining what was never given is on record (CARE-3.1), and so is that somebody vouches for a claim by key."""
    return not ticket.care_declined if withdraw else ticket.care_open


def without(ticket: Ticket, kind: VisitorClass) -> tuple[f.Claim, ...]:
    """Its claims but for this class."""
    return tuple(one for one in ticket.claims if one.visitor_class is not kind)


def claims_with(ticket: Ticket, kind: VisitorClass) -> tuple[f.Claim, ...]:
    """Its claims and this class, since it was issued; one it holds already stays as it is."""
    if any(one.visitor_class is kind for one in ticket.claims):
        return ticket.claims
    return (*ticket.claims, f.Claim(visitor_class=kind, since=ticket.since))


def _may_not_change(hall: Hall, ticket: Ticket | None, request: m.ClassChangeRequested, now: HallTime) -> No | None:
    if request.visitor_class not in _GIVEN:
        return No(Refusal.BAD_VALUE, f"staff give or take {', '.join(_GIVEN)}")
    if len(request.reason) > LONGEST_REASON or not (request.withdraw or request.reason.strip() or request.basis):
        return No(Refusal.BAD_VALUE, f"a reason of 1 to {LONGEST_REASON} characters or a basis is needed (GUID-3.2)")
    no = _lacks_right(hall, ticket, request, now)
    if no is not None:
        return no
    if ticket is None:
        return No(Refusal.UNKNOWN_TICKET, request.ticket)
    if ticket.state not in LIVE:
        return No(Refusal.WRONG_TICKET_STATE, f"{ticket.id} is {ticket.state.value}")
    return None


def _lacks_right(hall: Hall, ticket: Ticket | None, request: m.ClassChangeRequested, now: HallTime) -> No | None:
    """Care is opened by any staff who notice (CARE-3.1), the rest as a ticket of that class is entered (GREEN-2)."""
    if request.visitor_class is VisitorClass.CARE:
        no = None if request.project is None else No(Refusal.BAD_VALUE, "a project belongs to a green or urgent ticket")
        return lacks_role(hall, request.actor, (*ASSIST, "clerk")) or no
    if request.withdraw or ticket is None:
        return lacks_role(hall, request.actor, ASSIST)
    entry = m.TicketEntryRequested(
        request_id=request.request_id,
        actor=request.actor,
        group=ticket.group,
        visitor_class=request.visitor_class,
        project=request.project,
        approved_by=request.approved_by,
    )
    return may_enter(hall, entry, now)


def checked(hall: Hall, asker: Asker, request: m.CareCheckRequested, _now: HallTime) -> Decision:
    """The clerk has looked: verified, served all the same, or back in line as an ordinary ticket."""
    visit = visit_at(hall, asker, request.call)
    no = None if visit is not None else No(Refusal.NOTHING_CALLED, f"{request.call} is not at this counter")
    if no is None and request.verified and request.to_queue:
        no = No(Refusal.BAD_VALUE, "a verified priority does not go back in line")
    if no is None and visit is not None and not visit.ticket.cares:
        no = No(Refusal.WRONG_TICKET_STATE, f"{visit.ticket.id} claims no care")
    if no is None and visit is not None and not visit.ticket.care_open and not request.to_queue:
        return done(asker, request, ticket=visit.ticket.id, values={"no": visit.ticket.no})
    if visit is None or visit.desk.staff is None or no is not None:
        return refused(asker, request, no or No(Refusal.NOT_LOGGED_IN))
    ticket = visit.ticket
    fact = f.CareChecked(
        ticket=ticket.id,
        call=visit.call.id,
        counter=visit.desk.counter,
        staff=visit.desk.staff,
        outcome=_outcome(request),
        claims=without(ticket, VisitorClass.CARE) if request.to_queue else ticket.claims,
    )
    return done(asker, request, fact, ticket=ticket.id, values={"no": ticket.no})


def _outcome(request: m.CareCheckRequested) -> f.CareOutcome:
    if request.to_queue:
        return f.CareOutcome.RETURNED
    return f.CareOutcome.VERIFIED if request.verified else f.CareOutcome.UNVERIFIED
