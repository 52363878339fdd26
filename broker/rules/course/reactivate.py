"""恢复排队: a missed ticket comes back into line, once, behind the third that waits (D9, 1.0.4)."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.decide_tickets import rests
from broker.rules.evolve_visit import rank_of
from broker.rules.hall import Hall, Ticket, TicketState
from broker.rules.hours import clock_of
from broker.rules.pick import TIERS, Waiting, judge, weights
from broker.rules.roles import ASSIST, LEAD, STAFF_NODES, lacks_role
from broker.schema import Reserve
from contracts import messages as m
from contracts.values import HallPhase, HallTime, Refusal, VisitorClass


def reactivated(hall: Hall, asker: Asker, request: m.ReactivateRequested, now: HallTime) -> Decision:
    """Asked by the holder at a machine, by number or by the card read there, or by staff for them."""
    no = _may_not_ask(hall, asker, request) or _is_shut_for(hall, request)
    ticket = _found(hall, request)
    if no is None:
        no = No(Refusal.UNKNOWN_TICKET, str(request.no)) if ticket is None else _may_not_return(hall, ticket)
    if ticket is None or no is not None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_TICKET))
    fact = f.TicketReactivated(ticket=ticket.id, claims=claims_again(hall, ticket, now), actor=request.actor)
    reopens = hall.phase is HallPhase.CLOSED
    facts: tuple[f.Fact, ...] = (f.HallPhaseChanged(phase=HallPhase.AFTER_CLOSING), fact) if reopens else (fact,)
    values = {"no": ticket.no, "n": str(_ahead(hall, ticket, fact.claims, now))}
    return done(asker, request, *facts, ticket=ticket.id, values=values)


def _may_not_ask(hall: Hall, asker: Asker, request: m.ReactivateRequested) -> No | None:
    if (request.no is None) == (request.holder is None):
        return No(Refusal.BAD_VALUE, "either the number or the holder is given")
    if asker.device.kind not in STAFF_NODES:
        return None if request.actor is None else No(Refusal.NOT_PERMITTED, "staff ask at their own node")
    if request.actor is None:
        return No(Refusal.BAD_VALUE, "who asks is missing")
    return lacks_role(hall, request.actor, ASSIST)


def _is_shut_for(hall: Hall, request: m.ReactivateRequested) -> No | None:
    """Whoever holds a ticket is served as long as anybody is; once all have gone home a leader may still say so."""
    if hall.emergency_since is not None:
        return No(Refusal.EMERGENCY)
    if hall.phase is HallPhase.REST:
        return rests(hall)
    is_led = request.actor is not None and lacks_role(hall, request.actor, LEAD) is None
    if hall.phase is HallPhase.CLOSED and not is_led:
        return No(Refusal.CLOSED_TODAY, values={"time": clock_of(hall.today.close)})
    return None


def _found(hall: Hall, request: m.ReactivateRequested) -> Ticket | None:
    """The ticket meant: of several of one holder the one missed last."""
    if request.holder is not None:
        found = [hall.tickets[one] for one in hall.holders.get(request.holder, ())]
    else:
        found = [one for one in hall.tickets.values() if one.no == request.no]
    mine = [one for one in found if request.group is None or one.group == request.group]
    return max(mine, key=lambda one: (one.state is TicketState.NO_SHOW, one.sequence), default=None)


def _may_not_return(hall: Hall, ticket: Ticket) -> No | None:
    if ticket.state is not TicketState.NO_SHOW:
        return No(Refusal.WRONG_TICKET_STATE, f"{ticket.id} is {ticket.state.value}")
    if ticket.reactivations >= hall.in_force.config.params.queue.reactivations:
        return No(
            Refusal.ALREADY_REACTIVATED, f"{ticket.id} was brought back {ticket.reactivations} times", {"no": ticket.no}
        )
    if ticket.group not in hall.in_force.groups:
        return No(Refusal.UNKNOWN_GROUP, f"{ticket.group} is no group any more")
    return None


def claims_again(hall: Hall, ticket: Ticket, now: HallTime) -> tuple[f.Claim, ...]:
    """Its claims, each 1 ms behind that of the third waiting ticket of the class and group (1.0.4)."""
    return tuple(_again(hall, ticket, claim, hall.queue_clock(now)) for claim in ticket.claims)


def _again(hall: Hall, ticket: Ticket, claim: f.Claim, q: HallTime) -> f.Claim:
    """Behind the last if fewer wait, from now if none does; an appointment never counts before its agreed time."""
    kind = claim.visitor_class
    waiting = sorted(
        one.since
        for other in hall.tickets.values()
        if other.state is TicketState.WAITING and other.group == ticket.group and other.id not in hall.course.resumed
        for one in other.claims
        if one.visitor_class is kind
    )
    after = waiting[: hall.in_force.config.params.queue.reactivate_after]
    since = after[-1] + 1 if after else q
    if kind is VisitorClass.APPOINTMENT_DUE and claim.since > q:
        since = max(since, claim.since)
    return f.Claim(visitor_class=kind, since=HallTime(since))


def _ahead(hall: Hall, ticket: Ticket, claims: tuple[f.Claim, ...], now: HallTime) -> int:
    """How many of its group would be called before it if a counter without reserve began to call now."""
    by, q = weights(hall.in_force.config.params.queue.classes, Reserve()), hall.queue_clock(now)
    since = next(one.since for one in claims if one.visitor_class is VisitorClass.NORMAL)
    rank = rank_of(hall, claims, now)

    def place(one: Waiting) -> tuple[int, int, int, int]:
        seen = judge(one, by, q, carried_first=now >= hall.today.afternoon)
        return TIERS[seen.tier], -seen.score, one.since, one.sequence

    mine = place(Waiting(ticket.id, ticket.pair, claims, since, ticket.sequence, rank))
    return sum(place(one) < mine for one in hall.queue if one.pair.group == ticket.group)
