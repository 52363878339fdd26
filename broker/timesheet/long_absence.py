"""Long absence (ATT-8.4): who was absent more than 15 workdays running, or 30 in a year; for personnel alone.

Confirmed absence alone counts: halves judged absent on days that are final, not those under leave nobody has decided yet.
Working days are counted, half by half; the natural days from the first to the last of a run stand beside them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from broker.attendance import DayRecord, Word
from broker.rules.workdays import MissingYearError, knows_year
from broker.timesheet.collect import people_of
from broker.timesheet.history import History
from broker.timesheet.judged import final_at, judged
from broker.timesheet.month import Person
from contracts.values import HalfOfDay, HallTime, StaffNo

_NOVEMBER = 11
_DAY = timedelta(days=1)


class _Was(Enum):
    """What a half of work was, as far as absence is concerned."""

    ABSENT = auto()
    UNDECIDED = auto()
    """Absent, but leave was asked for and nobody has decided."""
    THERE = auto()
    """Or excused, or half a record: whatever is no absence ends a run."""


@dataclass(frozen=True, slots=True)
class Half:
    """A half of a working day."""

    day: date
    half: HalfOfDay

    @property
    def begins(self) -> int:
        """In natural half days, so that two can be compared."""
        return 2 * self.day.toordinal() + (self.half is HalfOfDay.PM)


@dataclass(frozen=True, slots=True)
class Run:
    """Absence without a half between that was anything else; rest days do not end it."""

    halves: tuple[Half, ...]

    @property
    def natural(self) -> int:
        """Natural half days from its first half to its last, both included."""
        return self.halves[-1].begins - self.halves[0].begins + 1


@dataclass(frozen=True, slots=True)
class LongAbsence:
    """Somebody personnel hears of. Figures are half days: of the longest run, and of the year so far."""

    person: Person
    run: Run
    year: int
    half_days: int
    natural: int
    undecided: int


def long_absences(history: History, month: date) -> tuple[LongAbsence, ...]:
    """Everybody above a limit from the beginning of the year up to the end of this month, or to the last final day.

    Raises :class:`broker.rules.workdays.MissingYearError` where workdays of the year would be guesses.
    """
    last = (month.replace(day=1) + timedelta(days=31)).replace(day=1) - _DAY
    calendar = history.in_force(last).config.calendar
    if not knows_year(calendar, last.year):
        raise MissingYearError(last.year)
    first = date(last.year, 1, 1)
    if knows_year(calendar, last.year - 1):
        first = date(last.year - 1, _NOVEMBER, 1)  # a run may have begun in the old year; two months hold any limit
    days = [one for one in _days(first, last) if final_at(history, one) <= history.now]
    people = people_of(history, tuple(days)) if days else []
    found = (_of(history, one, days, last.year) for one in people)
    return tuple(one for one in found if one is not None and _is_long(history, last, one))


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY


def _is_long(history: History, last: date, one: LongAbsence) -> bool:
    """More than the limit: 15.0 is not, 15.5 is."""
    params = history.in_force(last).config.params.attendance
    return len(one.run.halves) > 2 * params.long_absence_days or one.half_days > 2 * params.long_absence_year_days


def _of(history: History, person: Person, days: list[date], year: int) -> LongAbsence | None:
    halves = [one for day in days for one in _halves(history, person.staff, day)]
    runs = [run for run in _runs(halves) if run.halves[-1].day.year == year]
    if not runs:
        return None
    mine = [Run(tuple(one for one in run.halves if one.day.year == year)) for run in runs]
    return LongAbsence(
        person=person,
        run=max(runs, key=lambda one: len(one.halves)),
        year=year,
        half_days=sum(len(one.halves) for one in mine),
        natural=sum(one.natural for one in mine),
        undecided=sum(was is _Was.UNDECIDED and half.day.year == year for half, was in halves),
    )


def _runs(halves: Iterable[tuple[Half, _Was]]) -> Iterator[Run]:
    """Maximal runs; what is undecided neither counts nor ends one."""
    running: list[Half] = []
    for half, was in halves:
        if was is _Was.ABSENT:
            running.append(half)
        elif was is _Was.THERE and running:
            yield Run(tuple(running))
            running = []
    if running:
        yield Run(tuple(running))


def _halves(history: History, staff: StaffNo, day: date) -> Iterator[tuple[Half, _Was]]:
    """The two halves of a working day on which the person owed anything."""
    plan = history.in_force(day).plan
    if not plan.works:
        return
    record = judged(history, staff, day, history.now).record
    if record.unevaluated:
        return
    bounds = {HalfOfDay.AM: (plan.morning, plan.noon), HalfOfDay.PM: (plan.afternoon, plan.close)}
    for half in HalfOfDay:
        was = _Was.THERE
        if _is_absent(record, half):
            was = _Was.UNDECIDED if _is_open(history, staff, *bounds[half]) else _Was.ABSENT
        yield Half(day, half), was


def _is_absent(record: DayRecord, half: HalfOfDay) -> bool:
    results = record.day or next(one.results for one in record.halves if one.half is half)
    return any(one.word is Word.ABSENT for one in results)


def _is_open(history: History, staff: StaffNo, begins: HallTime, ends: HallTime) -> bool:
    asked = history.of(staff).asked
    return any(one.is_open(history.now) and one.begins < ends and begins < one.ends for one in asked)
