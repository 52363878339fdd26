"""What people and reports read: tickets, calls, ratings and punches, each row the fold of its facts.

``statements`` says what one fact changes, so the service's running tables and the tables ``verify`` makes anew come from the
same function, and the tables in the file can be thrown away and made again.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlite_utils import Database

from broker.rules import facts as f
from contracts.values import HallTime, VisitorClass

TABLES = ("tickets", "calls", "ratings", "punches")

Statement = tuple[str, tuple[Any, ...]]

_ISSUE = (
    "INSERT INTO tickets (ticket, no, queue_group, service, classes, issued_at, kiosk, token, state, first_asker, chain)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# A proof replaces a presumption; a later paper of the same number changes nothing here.
_PRINT = (
    "UPDATE tickets SET printed = CASE WHEN coalesce(printed, 'presumed') = 'presumed' THEN ? ELSE printed END,"
    " state = CASE state WHEN 'to_print' THEN 'waiting' ELSE state END WHERE ticket = ?"
)
_END = "UPDATE tickets SET state = ?, reason = ?, ended_at = ? WHERE ticket = ?"
_MOVE = "UPDATE tickets SET state = ? WHERE ticket = ?"
_CALL = (
    "INSERT INTO calls (call, ticket, counter, staff, post_owner, tier, fact, called_at, announcements)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# A session belongs to the ticket's latest call.
_START = (
    "UPDATE calls SET session = ?, started_at = ?, post_owner = ?"
    " WHERE call = (SELECT call FROM calls WHERE ticket = ? ORDER BY fact DESC LIMIT 1)"
)
# First asker and handler are written once; the chain names who had the visitor after whom (FIRST-3, FIRST-4.2).
_SERVE = (
    "UPDATE tickets SET state = 'serving',"
    " first_asker = coalesce(first_asker, ?), first_handler = coalesce(first_handler, ?), chain = CASE"
    " WHEN chain IS NULL THEN ? WHEN ',' || chain LIKE '%,' || ? THEN chain ELSE chain || ',' || ? END"
    " WHERE ticket = ?"
)
_LEFT = "UPDATE calls SET left_as = ?, left_at = ? WHERE call = ?"
_HANDED_ON = "UPDATE calls SET left_as = ?, left_at = ?, finished_at = ? WHERE session = ?"
_REGROUP = (
    "UPDATE tickets SET transferred_from = CASE WHEN queue_group = ? THEN transferred_from ELSE queue_group END,"
    " queue_group = ?, service = ? WHERE ticket = ?"
)
_RETURN = (
    "UPDATE tickets SET state = 'waiting', reason = NULL, ended_at = NULL, reactivations = reactivations + 1"
    " WHERE ticket = ?"
)
_CLASSES = "UPDATE tickets SET classes = ? WHERE ticket = ?"
_CARE = "UPDATE tickets SET care = ?, care_by = ? WHERE ticket = ?"
_RATE = (
    "INSERT INTO ratings (request_id, session, level, refused, counter, staff, post_owner, at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
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
        case f.TicketHeld() | f.HeldResumed() | f.HeldReleased() | f.TicketTransferred() | f.LeadAccepted() as fact:
            return _moved(fact, recorded)
        case f.TicketReactivated() | f.ClassChanged() | f.CareChecked() as fact:
            return _judged(fact, recorded.at)
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
    state = "waiting" if fact.kiosk is None else "to_print"
    taken_at = at if fact.taken_at is None else fact.taken_at
    return (
        fact.ticket,
        fact.no,
        fact.group,
        fact.service,
        _classes(fact.claims),
        taken_at,
        fact.kiosk,
        fact.token,
        state,
        fact.actor,
        fact.actor,
    )


def _classes(claims: tuple[f.Claim, ...]) -> str:
    return ",".join(claim.visitor_class.value for claim in claims)


def _call(
    fact: f.TicketCalled | f.CallRepeated | f.TicketMissed | f.ServiceStarted | f.ServiceFinished, recorded: f.Recorded
) -> Iterator[Statement]:
    at = recorded.at
    match fact:
        case f.TicketCalled(ticket=ticket, counter=counter, staff=staff):
            yield _CALL, (fact.call, ticket, counter, staff, fact.post_owner, fact.tier.value, recorded.number, at, 1)
            yield _MOVE, ("called", ticket)
        case f.CallRepeated(call=call, announcement=announcement):
            yield "UPDATE calls SET announcements = ? WHERE call = ?", (announcement, call)
        case f.TicketMissed(ticket=ticket, call=call):
            yield "UPDATE calls SET missed_at = ? WHERE call = ?", (at, call)
            yield _END, ("no_show", None, at, ticket)
        case f.ServiceStarted(session=session, ticket=ticket, staff=staff):
            yield _START, (session, at, fact.post_owner, ticket)
            yield _SERVE, (*[staff] * 5, ticket)
        case f.ServiceFinished(session=session, ticket=ticket):
            yield "UPDATE calls SET finished_at = ? WHERE session = ?", (at, session)
            yield _END, ("done", None, at, ticket)


def _moved(
    fact: f.TicketHeld | f.HeldResumed | f.HeldReleased | f.TicketTransferred | f.LeadAccepted, recorded: f.Recorded
) -> Iterator[Statement]:
    """Put aside and back, or on to another group or counter. A lead that was accepted makes a call of its own: ``led``."""
    at = recorded.at
    match fact:
        case f.TicketHeld(ticket=ticket, call=call):
            yield _LEFT, ("held", at, call)
            yield _MOVE, ("held", ticket)
        case f.HeldResumed(ticket=ticket) | f.HeldReleased(ticket=ticket):
            yield _MOVE, ("waiting", ticket)
        case f.TicketTransferred(ticket=ticket, session=session, group=group, service=service):
            yield _HANDED_ON, ("transferred", at, at, session)
            yield _REGROUP, (group, group, service, ticket)
            yield _MOVE, ("waiting", ticket)
        case f.LeadAccepted(ticket=ticket, session=session, staff=staff):
            yield _HANDED_ON, ("led", at, at, fact.last_session)
            yield _REGROUP, (fact.group, fact.group, fact.service, ticket)
            yield _CALL, (fact.call, ticket, fact.counter, staff, fact.post_owner, "led", recorded.number, at, 0)
            yield _START, (session, at, fact.post_owner, ticket)
            yield _SERVE, (*[staff] * 5, ticket)


def _judged(fact: f.TicketReactivated | f.ClassChanged | f.CareChecked, at: HallTime) -> Iterator[Statement]:
    """Back in line, or in other classes. Who opened, refused or looked at care is the care ledger's (CARE-7)."""
    match fact:
        case f.TicketReactivated(ticket=ticket):
            yield _RETURN, (ticket,)
        case f.ClassChanged(ticket=ticket, actor=actor):
            yield _CLASSES, (_classes(fact.claims), ticket)
            if fact.visitor_class is VisitorClass.CARE:
                yield _CARE, ("declined" if fact.withdrawn else "opened", actor, ticket)
        case f.CareChecked(ticket=ticket, outcome=outcome, staff=staff):
            yield _CLASSES, (_classes(fact.claims), ticket)
            yield _CARE, (outcome.value, staff, ticket)
            if outcome is f.CareOutcome.RETURNED:
                yield _LEFT, (outcome.value, at, fact.call)
                yield _MOVE, ("waiting", ticket)


def _press(fact: f.RatingRecorded | f.RatingRefused | f.PunchStored, at: HallTime) -> Statement:
    match fact:
        case f.RatingRecorded(request_id=request_id, session=session, level=level):
            return _RATE, (request_id, session, level, None, fact.counter, fact.staff, fact.post_owner, at)
        case f.RatingRefused(request_id=request_id, session=session, level=level, reason=reason):
            return _RATE, (request_id, session, level, reason.value, None, None, None, at)
        case f.PunchStored(request_id=request_id, clock=clock, card=card, staff=staff, intent=intent):
            return _PUNCH, (request_id, clock, card, staff, intent.value, fact.at, int(fact.unverified))
