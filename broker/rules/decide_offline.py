"""Numbers a ticket machine gave by itself while the service was away, merged into the queue (design 5, offline kiosk).

The paper is in somebody's hand or about to be, so nothing is refused for hours or an emergency. The ticket waits since its
press, as if there had been no outage; nobody already called is recalled. If the same press had got an online number, that
one is burnt: the printed label wins, and a press is never callable twice (I8).
"""

import re
from datetime import date

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.closing import closes_with
from broker.rules.decide_tickets import LONGEST_REASON
from broker.rules.hall import Hall, Ticket, TicketState
from broker.rules.hours import day_of
from broker.rules.moments import happened
from contracts import messages as m
from contracts.values import HallPhase, HallTime, Refusal, RequestId, TicketId, VisitorClass

_NUMBER = re.compile(r"([A-Z])[1-9]-[0-9]{2,}")


def taken(hall: Hall, asker: Asker, request: m.OfflineTicketTaken, now: HallTime) -> Decision:
    """The machine's own number becomes a ticket of the day it was taken on."""
    at = _pressed_at(hall, asker, request, now)
    day = min(_day(request.day, at), hall.today.date.isoformat())
    ticket = TicketId(f"{day}/{request.no}")
    no = _cannot_be(hall, request, ticket)
    if no is not None:
        return refused(asker, request, no)
    online = _online(hall, request)
    issued = _issued(hall, asker, request, ticket, online.issued_at if online is not None else at)
    if day != hall.today.date.isoformat():
        # Its day ended before it was heard of: it is on record, and ended with its day.
        return done(asker, request, issued, f.TicketCancelled(ticket=ticket, reason="day_over"), ticket=ticket)
    facts = (*_reopens(hall), issued, *_burnt(online, ticket))
    return done(asker, request, *facts, ticket=ticket)


def _pressed_at(hall: Hall, asker: Asker, request: m.OfflineTicketTaken, now: HallTime) -> HallTime:
    """When the press had its turn: service time less the age the machine measured."""
    return HallTime(happened(hall, asker.node, request.stamp, now).at - max(0, request.waited_ms))


def _day(by_machine: str | None, at: HallTime) -> str:
    """The day of the ticket: as the machine's hall clock had it, else that of the press."""
    try:
        return date.fromisoformat(by_machine or "").isoformat()
    except ValueError:
        return day_of(at).isoformat()


def _cannot_be(hall: Hall, request: m.OfflineTicketTaken, ticket: TicketId) -> No | None:
    if request.group not in hall.in_force.groups:
        return No(Refusal.UNKNOWN_GROUP, f"{request.group} is none of {', '.join(hall.in_force.groups)}")
    found = _NUMBER.fullmatch(request.no)
    if found is None or found[1] != request.group:
        return No(Refusal.BAD_VALUE, f"{request.no} is no offline number of group {request.group}")
    if ticket in hall.tickets:
        return No(Refusal.WRONG_TICKET_STATE, f"{ticket} exists already: this machine has counted anew")
    return None


def _online(hall: Hall, request: m.OfflineTicketTaken) -> Ticket | None:
    """The ticket the service made of the same press, if it did."""
    if request.attempt_of is None:
        return None
    return next((one for one in hall.tickets.values() if one.press == request.attempt_of), None)


def _issued(
    hall: Hall, asker: Asker, request: m.OfflineTicketTaken, ticket: TicketId, pressed_at: HallTime
) -> f.TicketIssued:
    since = hall.queue_clock_at(pressed_at)
    kinds = (VisitorClass.NORMAL, VisitorClass.CARE) if request.care else (VisitorClass.NORMAL,)
    return f.TicketIssued(
        ticket=ticket,
        no=request.no,
        group=request.group,
        service=None,
        claims=tuple(f.Claim(visitor_class=kind, since=since) for kind in kinds),
        token=request.token,
        request_id=request.request_id,
        kiosk=asker.node,
        taken_at=pressed_at,
        attempt_of=request.attempt_of,
    )


def _reopens(hall: Hall) -> tuple[f.Fact, ...]:
    """Whoever holds a ticket of today is served, also if the hall believed that everybody had gone (EXT-3.3)."""
    return (f.HallPhaseChanged(phase=HallPhase.AFTER_CLOSING),) if hall.phase is HallPhase.CLOSED else ()


def _burnt(online: Ticket | None, by: TicketId) -> tuple[f.Fact, ...]:
    """The online number of the same press, which is on no paper. One that was called meanwhile takes its own end."""
    if online is None or online.printed or online.state is not TicketState.WAITING:
        return ()
    return (f.TicketCancelled(ticket=online.id, reason=f"merged: {by.rpartition('/')[2]}"),)


def printed(hall: Hall, asker: Asker, request: m.OfflineTicketPrinted, _now: HallTime) -> Decision:
    """Its paper is out: the number can be called. The machine numbers its own copies."""
    ticket = _of(hall, request.taken)
    if ticket is None or request.copy < 0:
        return refused(asker, request, No(Refusal.UNKNOWN_TICKET, f"nothing is known of {request.taken} today"))
    if ticket.papers[0] != asker.node:
        return refused(asker, request, No(Refusal.WRONG_NODE, f"{ticket.id} is of {ticket.papers[0]}"))
    if request.copy in ticket.printed:
        return done(asker, request, ticket=ticket.id)
    fact = f.TicketPrinted(ticket=ticket.id, copy=request.copy, proof=request.proof)
    return done(asker, request, fact, ticket=ticket.id)


def unprinted(hall: Hall, asker: Asker, request: m.OfflineTicketUnprinted, _now: HallTime) -> Decision:
    """It is on no paper and will not be: burnt, with the reason."""
    ticket = _of(hall, request.taken)
    if ticket is None:
        return refused(asker, request, No(Refusal.UNKNOWN_TICKET, f"nothing is known of {request.taken} today"))
    if ticket.papers[0] != asker.node:
        return refused(asker, request, No(Refusal.WRONG_NODE, f"{ticket.id} is of {ticket.papers[0]}"))
    if ticket.state is not TicketState.WAITING or ticket.printed:
        what = "a paper of it is out" if ticket.printed else f"it is {ticket.state.value}"
        return refused(asker, request, No(Refusal.WRONG_TICKET_STATE, f"{ticket.id}: {what}"))
    fact = f.TicketCancelled(ticket=ticket.id, reason=f"not_printed: {request.reason[:LONGEST_REASON]}")
    return done(asker, request, fact, *closes_with(hall, fact), ticket=ticket.id)


def _of(hall: Hall, taken_by: RequestId) -> Ticket | None:
    ticket = hall.offline.get(taken_by)
    return None if ticket is None else hall.tickets[ticket]
