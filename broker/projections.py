"""What people and reports read: tickets, calls, ratings and punches, each row the fold of its facts.

``statements`` says what one fact changes, so the service's running tables and the tables ``verify`` makes anew come from the
same function, and the tables in the file can be thrown away and made again.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlite_utils import Database

from broker.rules import facts as f
from contracts.values import HallTime

TABLES = ("tickets", "calls", "ratings", "punches")

Statement = tuple[str, tuple[Any, ...]]

_ISSUE = (
    "INSERT INTO tickets (ticket, no, queue_group, service, classes, issued_at, kiosk, token, state)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# A proof replaces a presumption; a later paper of the same number changes nothing here.
_PRINT = (
    "UPDATE tickets SET printed = CASE WHEN coalesce(printed, 'presumed') = 'presumed' THEN ? ELSE printed END,"
    " state = CASE state WHEN 'to_print' THEN 'waiting' ELSE state END WHERE ticket = ?"
)
_END = "UPDATE tickets SET state = ?, reason = ?, ended_at = ? WHERE ticket = ?"
_MOVE = "UPDATE tickets SET state = ? WHERE ticket = ?"
_CALL = (
    "INSERT INTO calls (call, ticket, counter, staff, tier, fact, called_at, announcements) VALUES (?, ?, ?, ?, ?, ?, ?, 1)"
)
# A session belongs to the ticket's latest call.
_START = (
    "UPDATE calls SET session = ?, started_at = ?"
    " WHERE call = (SELECT call FROM calls WHERE ticket = ? ORDER BY fact DESC LIMIT 1)"
)
_RATE = "INSERT INTO ratings (request_id, session, level, refused, counter, staff, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
_PUNCH = "INSERT INTO punches (request_id, clock, card, staff, intent, at, unverified) VALUES (?, ?, ?, ?, ?, ?, ?)"


def project(database: Database, recorded: f.Recorded) -> None:
    """Bring the tables up to date with this fact; the caller owns the transaction."""
    for sql, values in statements(recorded):
        database.conn.execute(sql, values)


def statements(recorded: f.Recorded) -> Iterable[Statement]:
    """What a fact changes in the tables; most kinds change nothing here."""
    match recorded.fact:
        case f.TicketIssued() | f.TicketPrinted() | f.TicketPresumedPrinted() | f.TicketCancelled() as fact:
            return [_ticket(fact, recorded.at)]
        case f.TicketCalled() | f.CallRepeated() | f.TicketMissed() | f.ServiceStarted() | f.ServiceFinished() as fact:
            return _call(fact, recorded)
        case f.RatingRecorded() | f.RatingRefused() | f.PunchStored() as fact:
            return [_press(fact, recorded.at)]
        case _:
            return ()


def _ticket(fact: f.TicketIssued | f.TicketPrinted | f.TicketPresumedPrinted | f.TicketCancelled, at: HallTime) -> Statement:
    match fact:
        case f.TicketIssued():
            return _ISSUE, _issued(fact, at)
        case f.TicketPrinted(ticket=ticket, proof=proof):
            return _PRINT, (proof.value, ticket)
        case f.TicketPresumedPrinted(ticket=ticket):
            return _PRINT, ("presumed", ticket)
        case f.TicketCancelled(ticket=ticket, reason=reason):
            return _END, ("cancelled", reason, at, ticket)


def _issued(fact: f.TicketIssued, at: HallTime) -> tuple[Any, ...]:
    """A ticket for a kiosk waits for its paper first; one without a kiosk was shown to its holder and waits at once."""
    classes = ",".join(claim.visitor_class.value for claim in fact.claims)
    state = "waiting" if fact.kiosk is None else "to_print"
    taken_at = at if fact.taken_at is None else fact.taken_at
    return fact.ticket, fact.no, fact.group, fact.service, classes, taken_at, fact.kiosk, fact.token, state


def _call(
    fact: f.TicketCalled | f.CallRepeated | f.TicketMissed | f.ServiceStarted | f.ServiceFinished, recorded: f.Recorded
) -> Iterator[Statement]:
    at = recorded.at
    match fact:
        case f.TicketCalled(ticket=ticket, counter=counter, staff=staff):
            yield _CALL, (fact.call, ticket, counter, staff, fact.tier.value, recorded.number, at)
            yield _MOVE, ("called", ticket)
        case f.CallRepeated(call=call, announcement=announcement):
            yield "UPDATE calls SET announcements = ? WHERE call = ?", (announcement, call)
        case f.TicketMissed(ticket=ticket, call=call):
            yield "UPDATE calls SET missed_at = ? WHERE call = ?", (at, call)
            yield _END, ("no_show", None, at, ticket)
        case f.ServiceStarted(session=session, ticket=ticket):
            yield _START, (session, at, ticket)
            yield _MOVE, ("serving", ticket)
        case f.ServiceFinished(session=session, ticket=ticket):
            yield "UPDATE calls SET finished_at = ? WHERE session = ?", (at, session)
            yield _END, ("done", None, at, ticket)


def _press(fact: f.RatingRecorded | f.RatingRefused | f.PunchStored, at: HallTime) -> Statement:
    match fact:
        case f.RatingRecorded(request_id=request_id, session=session, level=level):
            return _RATE, (request_id, session, level, None, fact.counter, fact.staff, at)
        case f.RatingRefused(request_id=request_id, session=session, level=level, reason=reason):
            return _RATE, (request_id, session, level, reason.value, None, None, at)
        case f.PunchStored(request_id=request_id, clock=clock, card=card, staff=staff, intent=intent):
            return _PUNCH, (request_id, clock, card, staff, intent.value, fact.at, int(fact.unverified))
