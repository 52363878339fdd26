"""The results of one half whose punches are known (1.0.3, steps 5 to 8)."""

from dataclasses import dataclass

from broker.attendance.halves import Kept
from broker.attendance.marks import Sides, went_to_training
from broker.attendance.record import Absence, Result, Word, absent
from broker.attendance.required import Required
from broker.rules.hours import MINUTE, floor_minute
from broker.schema import AttendanceParams


@dataclass(frozen=True, slots=True)
class Asked:
    """Which records a half has to have."""

    coming: bool = True
    leaving: bool = True


def judge(found: Sides, needed: Required, asked: Asked, policy: AttendanceParams) -> tuple[Result, ...]:
    """Coming first, leaving second; an absence stands alone (step 6)."""
    late, early = _minutes_late(found.came, needed), _minutes_early(found.left, needed)
    if policy.late_to_absence_min is not None and late >= policy.late_to_absence_min:
        return (absent(1, Absence.LATE_TOO_LONG),)
    missing = _missing(found, asked)
    if missing and policy.halfday_absence_policy == "any_missing":
        return (absent(1, missing[0]),)
    results = [Result(Word(one)) for one in missing if one is Absence.MISSING_IN]
    results += [Result(Word.LATE, minutes=late)] if late > policy.late_grace_min else []
    results += [Result(Word(one)) for one in missing if one is Absence.MISSING_OUT]
    results += [Result(Word.EARLY, minutes=early)] if early > policy.early_grace_min else []
    return tuple(results) or (Result(Word.NORMAL),)


def _missing(found: Sides, asked: Asked) -> list[Absence]:
    coming = [Absence.MISSING_IN] if asked.coming and found.came is None else []
    leaving = [Absence.MISSING_OUT] if asked.leaving and found.left is None else []
    return coming + leaving


def _minutes_late(came: Kept | None, needed: Required) -> int:
    return 0 if came is None else max(0, floor_minute(came.at) - needed.span.start) // MINUTE


def _minutes_early(left: Kept | None, needed: Required) -> int:
    if left is None or went_to_training(left, needed):
        return 0
    return max(0, needed.span.end - floor_minute(left.last)) // MINUTE
