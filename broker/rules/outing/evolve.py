"""What the facts of outings change. ``after`` folds one entry, for the rules and for the ledger alike."""

from datetime import date, timedelta
from typing import Any, assert_never

from msgspec.structs import replace

from broker.rules import facts as f
from broker.rules.facts.outing import Outing, OutingState
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE, midnight
from broker.rules.outing.state import WAITS_FOR_RETURN, Outings
from broker.rules.outing.times import back_by
from contracts.values import HallTime, OutingNo

_RETURNED_DAYS = 7
"""How long an entry can still be extended or corrected after the return."""
_OPEN_DAYS = 31
"""How long a return is waited for. Later the ledger keeps the entry as unclosed for ever."""


def day_began(hall: Hall, fact: f.DayBegan) -> None:
    """Numbers start anew; whoever has not decided yet is asked in the morning."""
    hall.outings = Outings(entries={one.no: one for one in fact.outings})
    adopted(hall)


def adopted(hall: Hall) -> None:
    """Other hours or another grace: what is due next is noted anew."""
    if hall.day is not None:
        for one in hall.outings.entries.values():
            _note(hall, one)


def over_night(hall: Hall, day: date) -> tuple[Outing, ...]:
    """What ``DayBegan`` carries into this day: entries that something can still happen to."""
    return tuple(one for one in hall.outings.entries.values() if _lasts(one, day))


def _lasts(entry: Outing, day: date) -> bool:
    if entry.state is OutingState.RETURNED:
        assert entry.returned_at is not None
        return entry.returned_at >= midnight(day - timedelta(days=_RETURNED_DAYS))
    if entry.state in WAITS_FOR_RETURN:
        return entry.ends >= midnight(day - timedelta(days=_OPEN_DAYS))
    return entry.state is OutingState.SUBMITTED and entry.ends > midnight(day)


def apply(hall: Hall, fact: f.OutingFact, at: HallTime) -> None:
    """One fact of an outing."""
    known = hall.outings
    match fact:
        case f.OutingUnapproved(staff=staff):
            known.unapproved[staff] = fact.at
            return
        case f.OutingSubmitted(outing=entry):
            known.count += 1
        case f.OutingApproved(outing=no):
            entry = after(known.entries[no], fact, at)
            known.unapproved.pop(entry.staff, None)
        case _:
            entry = after(known.entries[fact.outing], fact, at)
    known.entries[entry.no] = entry
    _note(hall, entry)


Change = (
    f.OutingApproved
    | f.OutingRejected
    | f.OutingWithdrawn
    | f.OutingExtended
    | f.OutingLeft
    | f.OutingReturned
    | f.OutingOverdue
    | f.OutingUnclosed
)
"""Everything that can happen to an entry once it is made."""


def after(entry: Outing, fact: Change, at: HallTime) -> Outing:  # noqa: PLR0911 -- a table, one line a fact
    """The entry after a fact about it, which was stored at this time."""
    match fact:
        case f.OutingApproved(actor=actor):
            return replace(
                entry,
                state=OutingState.PLANNED,
                approver=actor,
                approved_at=at,
                excused_from=fact.excused_from,
                excused_to=entry.ends,
            )
        case f.OutingRejected(actor=actor):
            return replace(entry, state=OutingState.REJECTED, approver=actor)
        case f.OutingWithdrawn():
            return replace(entry, state=OutingState.WITHDRAWN)
        case f.OutingExtended():
            return _extended(entry, fact)
        case f.OutingLeft():
            state = OutingState.OUT if entry.state is OutingState.PLANNED else entry.state
            return replace(entry, left_at=fact.at, state=state)
        case f.OutingReturned(source=source, over=over):
            return replace(entry, state=OutingState.RETURNED, returned_at=fact.at, source=source, over=over)
        case f.OutingOverdue():
            return replace(entry, state=OutingState.OVERDUE)
        case f.OutingUnclosed():
            return replace(entry, state=OutingState.UNCLOSED)
        case _:
            assert_never(fact)


def _extended(entry: Outing, fact: f.OutingExtended) -> Outing:
    back = entry.returned_at
    changed: dict[str, Any] = {"ends": fact.ends, "over": fact.over}
    if fact.runs:
        changed["state"] = OutingState.PLANNED if entry.left_at is None else OutingState.OUT
    return replace(entry, excused_to=fact.ends if back is None else min(back, fact.ends), **changed)


def _note(hall: Hall, entry: Outing) -> None:
    """When time has something to do with the entry next."""
    at = _next(hall, entry)
    if at is None:
        hall.outings.next_at.pop(OutingNo(entry.no), None)
    else:
        hall.outings.next_at[entry.no] = at


def _next(hall: Hall, entry: Outing) -> HallTime | None:
    if entry.state is OutingState.SUBMITTED:
        opens = hall.today.tickets_from
        return opens if hall.today.works and entry.ends > opens else None
    config = hall.in_force.config
    match entry.state:
        case OutingState.PLANNED | OutingState.OUT:
            back = back_by(config, entry.ends)
            grace = config.params.attendance.outing_return_grace_min * MINUTE
            return min(HallTime(back.due + grace), back.half_ends)
        case OutingState.OVERDUE:
            return back_by(config, entry.ends).half_ends
        case _:
            return None
