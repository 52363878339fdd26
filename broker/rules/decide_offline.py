"""Numbers a ticket machine gave by itself while the service was away, merged into the queue (design 5, offline kiosk).

The paper is in somebody's hand or about to be, so nothing is refused for hours, an emergency or a number given twice: it is
called or, where it cannot be any more, on record as ended. The ticket waits since its press, as if there had been no outage;
nobody already called is recalled. If the same press had got an online number, that one is burnt: the printed label wins, and
a press is never callable twice (I8).
"""

import re
from datetime import date
from typing import NamedTuple

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.closing import closes_with
from broker.rules.decide_tickets import LONGEST_REASON
from broker.rules.hall import Hall, Ticket, TicketState
from broker.rules.hours import day_of
from broker.rules.moments import by_heard_clock, happened
from contracts import messages as m
from contracts.values import HallPhase, HallTime, Refusal, RequestId, TicketId, VisitorClass

_NUMBER = re.compile(r"([A-Z])[1-9]-[0-9]{2,6}")
MOST_COPIES = 20


def taken(hall: Hall, asker: Asker, request: m.OfflineTicketTaken, now: HallTime) -> Decision:
    """The machine's own number becomes a ticket of the day it was taken on."""
    found = _NUMBER.fullmatch(request.no)
    if found is None or found[1] != request.group:
        no = No(Refusal.BAD_VALUE, f"{request.no} is no offline number of group {request.group}")
        return refused(asker, request, no)
    press = _press(hall, asker, request, now)
    online = _online(hall, request)
    press = press if online is None else press._replace(at=online.issued_at)
    issued = _issued(hall, asker, request, press, online)
    over = _cannot_be_called(hall, request, press)
    if over is not None:
        return done(asker, request, issued, f.TicketCancelled(ticket=issued.ticket, reason=over), ticket=issued.ticket)
    return done(asker, request, *_reopens(hall), issued, *_burnt(online, issued.ticket), ticket=issued.ticket)


class _Press(NamedTuple):
    """When the press had its turn, on which day, and whether that had to be guessed."""

    at: HallTime
    day: date
    unverified: bool = False


def _press(hall: Hall, asker: Asker, request: m.OfflineTicketTaken, now: HallTime) -> _Press:
    """Service time less the age the machine measured.

    Where no clock is certain it was today: the wall clock of a rebooted machine may say yesterday, and to end a ticket for
    that would leave its holder uncalled, while to call a number nobody holds costs one no-show. It counts from the time by
    that clock if tickets were given then, else from when they began to be.
    """
    stamp, today, waited = request.stamp, hall.today, max(0, request.waited_ms)
    at = HallTime(happened(hall, asker.node, stamp, now).at - waited)
    if stamp is None or stamp.age_ms is not None or by_heard_clock(stamp) is not None:
        return _Press(at, min(_date(request.day) or day_of(at), today.date))
    first, day = min(today.tickets_from, now), min(_date(request.day) or today.date, today.date)
    return _Press(HallTime(max(first, min(now, stamp.wall_at - waited))), day, unverified=True)


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _cannot_be_called(hall: Hall, request: m.OfflineTicketTaken, press: _Press) -> str | None:
    """Why it is only put on record: its day ended before it was heard of, or the hall has no such queue any more."""
    if press.day < hall.today.date:
        return "day_over"
    return None if request.group in hall.in_force.groups else "unknown_group"


def _ticket_id(hall: Hall, day: date, no: str) -> TicketId:
    """The number and its day. Only a machine whose storage was swapped gives one twice; then both holders are called."""
    ticket, times = TicketId(f"{day.isoformat()}/{no}"), 1
    while ticket in hall.tickets:
        times += 1
        ticket = TicketId(f"{day.isoformat()}/{no}~{times}")
    return ticket


def _online(hall: Hall, request: m.OfflineTicketTaken) -> Ticket | None:
    """The ticket the service made of the same press, if it did."""
    if request.attempt_of is None:
        return None
    return next((one for one in hall.tickets.values() if one.press == request.attempt_of), None)


def _issued(hall: Hall, asker: Asker, request: m.OfflineTicketTaken, press: _Press, online: Ticket | None) -> f.TicketIssued:
    """Whose it is, is known from the machine or from the online ticket of the same press; it is never refused for that."""
    since = hall.queue_clock_at(press.at)
    kinds = (VisitorClass.NORMAL, VisitorClass.CARE) if request.care else (VisitorClass.NORMAL,)
    return f.TicketIssued(
        ticket=_ticket_id(hall, press.day, request.no),
        no=request.no,
        group=request.group,
        service=None,
        claims=tuple(f.Claim(visitor_class=kind, since=since) for kind in kinds),
        token=request.token,
        request_id=request.request_id,
        kiosk=asker.node,
        taken_at=press.at,
        unverified=press.unverified,
        attempt_of=request.attempt_of,
        holder=request.holder or (None if online is None else online.holder),
        by_age=request.by_age and request.care,
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
    """Its paper is out: the number can be called. Copies the machine made by itself count as ordered."""
    ticket = _of(hall, request.taken)
    if ticket is None:
        return refused(asker, request, No(Refusal.UNKNOWN_TICKET, f"nothing is known of {request.taken} today"))
    if not 0 <= request.copy <= MOST_COPIES:
        return refused(asker, request, No(Refusal.BAD_VALUE, f"copy {request.copy}: at most {MOST_COPIES}"))
    if ticket.papers[0] != asker.node:
        return refused(asker, request, No(Refusal.WRONG_NODE, f"{ticket.id} is of {ticket.papers[0]}"))
    if request.copy in ticket.printed:
        return done(asker, request, ticket=ticket.id)
    made = range(len(ticket.papers), request.copy + 1)
    orders = [f.ReprintOrdered(ticket=ticket.id, kiosk=asker.node, copy=copy) for copy in made]
    fact = f.TicketPrinted(ticket=ticket.id, copy=request.copy, proof=request.proof)
    return done(asker, request, *orders, fact, ticket=ticket.id)


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
