"""From the punches of a day to its record (1.0.3). The steps of the rule book are the paragraphs of :func:`evaluate`."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from broker.attendance.halves import Kept, Shared, kept, share
from broker.attendance.judge import Asked, judge
from broker.attendance.marks import Sides, first_coming, last_leaving, sides
from broker.attendance.record import Absence, DayRecord, Duty, Excuse, HalfRecord, Punch, Result, Word, absent
from broker.attendance.required import Excused, Required, Span, required
from broker.rules.hours import SECOND, on_day
from broker.schema import AttendanceParams
from contracts.values import HalfOfDay

_Look = Callable[[Sequence[Kept], Required], tuple[Sides, Asked]]


def evaluate(punches: Iterable[Punch], schedule: Duty, excuses: Iterable[Excuse], policy: AttendanceParams) -> DayRecord:
    """What this day amounts to, from the raw punches alone; the same input gives the same record at any time.

    Punches outside the day (04:00 to 04:00) and voided ones are passed over; the order of all input is indifferent.
    """
    day = schedule.day
    unevaluated = _unevaluated(schedule, policy)
    if unevaluated:
        return DayRecord(date=day.date, halves=_alike(()), unevaluated=unevaluated)
    if not day.works:
        return DayRecord(date=day.date, halves=_alike((Result(Word.REST),)))

    given = tuple(excuses)
    halves = [
        required(HalfOfDay.AM, Span(day.morning, day.noon), given),
        required(HalfOfDay.PM, Span(day.afternoon, day.close), given),
    ]
    needed = [one for one in halves if isinstance(one, Required)]

    begins, ends = (on_day(day.date + timedelta(days=days), policy.day_cutoff) for days in (0, 1))
    presented = kept(punches, begins, ends, policy.debounce_s * SECOND)
    shared = share(presented, day, frozenset(one.half for one in needed))

    if len(needed) == len(halves) and not presented and not schedule.forged:
        return DayRecord(date=day.date, halves=_alike(()), day=(absent(2, schedule.why_absent_all_day),))
    two = policy.punch_regime == "two" and len(needed) == len(halves) and all(_seen(one, shared) for one in needed)
    look = _outer_sides if two else _both_sides
    judged = [_excused(one) if isinstance(one, Excused) else _judged(one, look, schedule, shared, policy) for one in halves]
    return DayRecord(date=day.date, halves=tuple(judged))


def _unevaluated(schedule: Duty, policy: AttendanceParams) -> str:
    first_days = [one for one in (schedule.since, policy.first_day) if one is not None]
    if first_days and schedule.day.date < max(first_days):
        return "BEFORE_START"
    return "AFTER_LEAVING" if schedule.left is not None and schedule.day.date > schedule.left else ""


def _alike(results: tuple[Result, ...]) -> tuple[HalfRecord, ...]:
    return tuple(HalfRecord(half, results) for half in HalfOfDay)


def _excused(half: Excused) -> HalfRecord:
    return HalfRecord(half.half, tuple(Result(Word[one.kind.name], reason=one.name) for one in half.by))


def _judged(needed: Required, look: _Look, schedule: Duty, shared: Shared, policy: AttendanceParams) -> HalfRecord:
    if needed.half in schedule.forged:
        return HalfRecord(needed.half, (absent(1, Absence.PROXY),))
    if not _seen(needed, shared):
        return HalfRecord(needed.half, (absent(1, _why_absent(needed.half, schedule, shared)),))
    found, asked = look(shared[needed.half], needed)
    results = judge(found, needed, asked, policy)
    came = found.came.at if found.came else None
    left = found.left.last if found.left else None
    return HalfRecord(needed.half, results, came, left)


def _seen(needed: Required, shared: Shared) -> bool:
    """Whether anything tells that he came or left; going out and back in between tells neither."""
    found = sides(shared[needed.half], needed)
    return found.came is not None or found.left is not None


def _why_absent(half: HalfOfDay, schedule: Duty, shared: Shared) -> Absence:
    """Whoever has punched today is back from leave, and the day is judged by his punches (ATT-8.3.3)."""
    back = half is HalfOfDay.PM and bool(shared[HalfOfDay.AM])
    return Absence.NO_RECORD if back else schedule.why_absent(half)


def _both_sides(presented: Sequence[Kept], needed: Required) -> tuple[Sides, Asked]:
    """Four punches a day: every half has its coming and its leaving."""
    return sides(presented, needed), Asked()


def _outer_sides(presented: Sequence[Kept], needed: Required) -> tuple[Sides, Asked]:
    """Two punches a day: coming in the morning, leaving in the afternoon; noon is not asked about."""
    if needed.half is HalfOfDay.AM:
        return Sides(first_coming(presented, needed), None), Asked(leaving=False)
    return Sides(None, last_leaving(presented, needed)), Asked(coming=False)
