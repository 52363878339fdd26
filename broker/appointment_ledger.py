"""预约服务台账 (APPT-9): every change of state of every appointment, read from the facts. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import get_args

from broker.rules import facts as f
from broker.rules.hours import day_of
from contracts.values import AppointmentId, GroupId, HallTime, Initiator, Ms, ServiceId, StaffNo, TicketId, VisitorClass

KINDS = tuple(one.__name__ for one in get_args(f.AppointmentFact))
_QUIET = (f.AppointmentConfirmAsked, f.AppointmentReminded)
"""Facts that change nothing about an appointment; the ledger leaves them out."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change: when, what, by whom (``None``: time alone, or a machine)."""

    at: HallTime
    what: str
    actor: StaffNo | None


@dataclass(slots=True)
class Line:
    """One appointment. ``waited`` is how long beyond the agreed time its person waited to be called, by the queue clock.

    ``before`` is what it was until the person checked in.
    """

    id: AppointmentId
    at: HallTime
    group: GroupId
    service: ServiceId | None
    channel: str
    state: str = f.AppointmentState.REQUESTED.value
    before: str = f.AppointmentState.REQUESTED.value
    ticket: TicketId | None = None
    waited: Ms | None = None
    steps: list[Step] = field(default_factory=list)


def ledger(recorded: Iterable[f.Recorded], day: date | None = None) -> list[Line]:
    """The appointments of a day (of every day, if none), by time; ``recorded`` holds all facts about them, in order.

    With the facts of the day's tickets among them it tells also how long people waited.
    """
    lines: dict[AppointmentId, Line] = {}
    due: dict[TicketId, HallTime] = {}
    for one in recorded:
        match one.fact:
            case f.AppointmentMade() as made:
                line = Line(made.appointment, made.at, made.group, made.service, made.channel.value)
                line.steps.append(Step(one.at, type(made).__name__, made.actor))
                lines[made.appointment] = line
            case f.TicketIssued(ticket=ticket, claims=claims):
                _note_due(due, ticket, claims)
            case f.TicketCalled(ticket=ticket, queue_clock=q) if ticket in due:
                _called(lines.values(), ticket, max(0, q - due.pop(ticket)))
            case fact if isinstance(fact, get_args(f.AppointmentFact)):
                _follow(lines, one.at, fact, due)
            case _:
                pass
    found = [line for line in lines.values() if day is None or day_of(line.at) == day]
    return sorted(found, key=lambda line: (line.at, line.id))


def _note_due(due: dict[TicketId, HallTime], ticket: TicketId, claims: tuple[f.Claim, ...]) -> None:
    """From when this ticket is due as an appointment, if it is."""
    for claim in claims:
        if claim.visitor_class is VisitorClass.APPOINTMENT_DUE:
            due[ticket] = claim.since


def _called(lines: Iterable[Line], ticket: TicketId, waited: Ms) -> None:
    for line in lines:
        if line.ticket == ticket:
            line.waited = waited


def _follow(lines: dict[AppointmentId, Line], at: HallTime, fact: f.AppointmentFact, due: dict[TicketId, HallTime]) -> None:
    line = lines.get(fact.appointment)
    if line is None or isinstance(fact, _QUIET):
        return
    line.steps.append(Step(at, _what(fact), getattr(fact, "actor", None)))
    match fact:
        case f.AppointmentChanged(at=moved):
            line.at = moved
            requested = line.state == f.AppointmentState.REQUESTED
            line.state = (f.AppointmentState.REQUESTED if requested else f.AppointmentState.CONFIRMED).value
        case f.AppointmentCheckedIn(ticket=ticket, claims=claims):
            line.ticket = ticket
            _note_due(due, ticket, claims)
            line.before, line.state = line.state, f.AppointmentState.CHECKED_IN.value
        case f.AppointmentReopened():
            line.ticket, line.waited, line.state = None, None, line.before
        case _:
            line.state = _state(fact) or line.state


def _what(fact: f.AppointmentFact) -> str:
    """The fact, with what else belongs to it on record."""
    name = type(fact).__name__
    match fact:
        case f.AppointmentContacted(outcome=outcome):
            return f"{name} {outcome.value}"
        case f.AppointmentChanged(by=by, late=late) | f.AppointmentCancelled(by=by, late=late):
            return f"{name} {by.value}{' late' if late else ''}"
        case _:
            return name


def _state(fact: f.AppointmentFact) -> str | None:
    """Where the appointment is after this fact, if that says so by itself."""
    match fact:
        case f.AppointmentConfirmed() | f.AppointmentPresumedConfirmed():
            return f.AppointmentState.CONFIRMED.value
        case f.AppointmentOverdue():
            return f.AppointmentState.OVERDUE.value
        case f.AppointmentContacted(hold_until=until) if until is not None:
            return f.AppointmentState.HELD.value
        case f.AppointmentForfeited():
            return f.AppointmentState.FORFEITED.value
        case f.AppointmentCancelled(by=by):
            by_hall = by is Initiator.HALL
            return (f.AppointmentState.CANCELLED_BY_HALL if by_hall else f.AppointmentState.CANCELLED_BY_PERSON).value
        case _:
            return None
