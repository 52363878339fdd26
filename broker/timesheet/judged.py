"""One person's day, judged by what was known at an instant: the sheet, its versions and every ledger ask here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from msgspec.structs import replace

from broker.attendance import Absence, DayRecord, Duty, Excuse, HalfRecord, Punch, Result, Word
from broker.attendance.editions import EVALUATORS, Evaluator
from broker.attendance.record import absent
from broker.rules.hours import DAY, on_day
from broker.timesheet.filed import PersonalFile, Presented, Source
from broker.timesheet.history import History, InForce
from broker.timesheet.leave_reasons import excuse_kind, if_absent
from contracts.values import HalfOfDay, HallTime, StaffNo

_MISSING = {Word.MISSING_IN: Absence.MISSING_IN, Word.MISSING_OUT: Absence.MISSING_OUT}


@dataclass(frozen=True, slots=True)
class Judged:
    """The record of a day, and of the 补签 those that found a record already there and are not needed."""

    record: DayRecord
    superfluous: frozenset[str]
    reclassified: frozenset[HalfOfDay]


def final_at(history: History, day: date) -> HallTime:
    """The cut-off from which on a day is final but for what is approved later (1.0.3, step 9)."""
    cutoff = history.in_force(day).config.params.attendance.day_cutoff
    return on_day(day + timedelta(days=1), cutoff)


def span(history: History, day: date) -> tuple[HallTime, HallTime]:
    """A day of attendance, from its cut-off to the next."""
    ends = final_at(history, day)
    return HallTime(ends - DAY), ends


def judged(history: History, staff: StaffNo, day: date, seen: HallTime) -> Judged:
    """The day of this person by the configuration and the edition in force on it, and by what was known at ``seen``."""
    force, file = history.in_force(day), history.of(staff)
    begins, ends = span(history, day)
    mine = [one for one in file.around(day) if one.learned.at <= seen and begins <= one.at(seen) < ends]
    excuses = [
        Excuse(excuse_kind(history, one.absence.begins, one.absence.kind), *known, one.absence.kind)
        for one in file.excusing(begins, ends)
        if (known := one.as_known(seen)) is not None
    ]
    duty = _duty(history, staff, day, seen)
    evaluate = EVALUATORS[force.config.hall.rulebook]
    record, superfluous = _with_regularised(mine, seen, lambda punches: _evaluated(evaluate, punches, duty, excuses, force))
    return _decided(record, file, day, seen, superfluous)


def _evaluated(evaluate: Evaluator, punches: list[Punch], duty: Duty, excuses: list[Excuse], force: InForce) -> DayRecord:
    record = evaluate(punches, duty, excuses, force.config.params.attendance)
    return replace(record, rulebook=force.config.hall.rulebook)


def _duty(history: History, staff: StaffNo, day: date, seen: HallTime) -> Duty:
    """What the person owes on this day; nothing before the first and after the last day in the configuration.

    Nor before the hall was first configured, unless its configuration names an earlier day: nobody could punch then.
    """
    force = history.in_force(day)
    member = force.staff.get(staff)
    left = None if member is not None else day - timedelta(days=1)
    begins, _ = span(history, day)
    morning, afternoon = if_absent(history, staff, force.plan, begins, seen)
    since = None if member is None else member.since
    if since is not None and force.config.params.attendance.first_day is None:
        since = max(since, history.begins)
    forged = _forged(history.of(staff), day, seen)
    return Duty(force.plan, since=since, left=left, forged=forged, if_absent=morning, if_absent_pm=afternoon)


def _forged(file: PersonalFile, day: date, seen: HallTime) -> frozenset[HalfOfDay]:
    """The halves of confirmed proxy cases (D4)."""
    return frozenset(half for one in file.forged.get(day, ()) if one.learned.at <= seen for half in one.halves)


def _with_regularised(
    mine: list[Presented], seen: HallTime, evaluate: Callable[[list[Punch]], DayRecord]
) -> tuple[DayRecord, frozenset[str]]:
    """The record with every approved 补签 that gives what is missing: none ever takes the place of a recorded punch.

    In the order of their stated times, whenever they were approved.
    """
    punches = [_as_punch(one, seen) for one in mine if one.source is not Source.REGULARISED]
    record = evaluate(punches)
    superfluous = set()
    for one in sorted(mine, key=lambda each: (each.stored, each.intent, each.id)):
        if one.source is not Source.REGULARISED:
            continue
        more = evaluate([*punches, _as_punch(one, seen)])
        if _deciding(record) < _deciding(more):
            record, punches = more, [*punches, _as_punch(one, seen)]
        else:
            superfluous.add(one.id)
    return record, frozenset(superfluous)


def _as_punch(one: Presented, seen: HallTime) -> Punch:
    return Punch(one.at(seen), one.intent, voided=one.void(seen) is not None)


def _deciding(record: DayRecord) -> set[HallTime]:
    """The punches the record was judged by."""
    return {at for half in record.halves for at in (half.came, half.left) if at is not None}


def _decided(record: DayRecord, file: PersonalFile, day: date, seen: HallTime, superfluous: frozenset[str]) -> Judged:
    """With the signed decisions about halves in which a punch is missing still (ATT-8.3.1c); the last of each counts."""
    known = {one.fact.half: one.fact.absent for one in file.decided.get(day, ()) if one.learned.at <= seen}
    halves = tuple(_as_decided(half, is_absent=known.get(half.half)) for half in record.halves)
    changed = frozenset(one.half for one, before in zip(halves, record.halves, strict=True) if one is not before)
    return Judged(replace(record, halves=halves), superfluous, changed)


def _as_decided(half: HalfRecord, *, is_absent: bool | None) -> HalfRecord:
    missing = next((reason for one in half.results if (reason := _MISSING.get(one.word)) is not None), None)
    if is_absent is None or missing is None:
        return half
    if is_absent:
        return replace(half, results=(absent(1, missing),))
    return replace(half, results=tuple(one for one in half.results if one.word not in _MISSING) or (Result(Word.NORMAL),))
