"""The sheet of one month as values: who, which days, what each half amounts to, the totals. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from broker.attendance import DayRecord, HalfRecord, Result, Word
from broker.attendance.record import RULEBOOK, TRAINING
from contracts.values import HallTime, StaffNo

_LEAVES = frozenset({"personal", "sick", "annual", "marriage", "maternity"})
_BOTH_HALVES = 2


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the sheet."""

    staff: StaffNo
    name: str
    dept: str


@dataclass(frozen=True, slots=True)
class Totals:
    """What a person's month adds up to (ATT-9). Half days are counted as such; ``leaves`` are half days by kind.

    ``outing_minutes`` are those of working hours; ``extended_minutes`` of service after hours never offset lateness.
    """

    normal: int = 0
    late: int = 0
    late_minutes: int = 0
    early: int = 0
    early_minutes: int = 0
    missing: int = 0
    absent: int = 0
    outing: int = 0
    outing_minutes: int = 0
    extended_minutes: int = 0
    unverified: int = 0
    leaves: tuple[tuple[str, int], ...] = ()

    @property
    def leave(self) -> int:
        """Half days of leave of every kind."""
        return sum(half_days for _, half_days in self.leaves)


@dataclass(frozen=True, slots=True)
class Line:
    """One person's month: a record for each day, ``None`` for a day that is not over yet.

    ``signed`` are the records of the sheet that was signed, where the sheet is to tell what has changed since.
    """

    person: Person
    days: tuple[DayRecord | None, ...]
    totals: Totals
    signed: tuple[DayRecord | None, ...] = ()

    @property
    def changed(self) -> tuple[tuple[bool, bool], ...]:
        """Which halves of each day have another result than in the sheet that was signed."""
        before = self.signed or self.days
        return tuple(_differ(one, other) for one, other in zip(before, self.days, strict=True))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole month. ``unknown`` counts the punches of cards nobody knows; ``made_at`` is the hall clock of its making."""

    hall: str
    month: date
    days: tuple[date, ...]
    lines: tuple[Line, ...]
    departments: tuple[tuple[str, str], ...]
    unknown: int
    made_at: HallTime
    rulebook: str = RULEBOOK

    def of(self, dept: str) -> tuple[Line, ...]:
        """The lines of one department."""
        return tuple(line for line in self.lines if line.person.dept == dept)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a month has that no record of a day tells."""

    outing_minutes: int = 0
    extended_minutes: int = 0
    unverified: int = 0
    """Punches with a time to be checked (ATT-10)."""


def line_of(person: Person, days: Iterable[DayRecord | None], beside: Beside = Beside()) -> Line:
    """The line of a person with evaluated days."""
    given = tuple(days)
    return Line(person, given, _totals([one for one in given if one is not None], beside))


def sign_of(result: Result) -> str:
    """The key in ``words.att`` of what a cell shows for a result, without its ``att.``."""
    match result.word:
        case Word.NORMAL | Word.LATE | Word.EARLY | Word.ABSENT | Word.REST:
            return result.word.value.lower()
        case Word.MISSING_IN | Word.MISSING_OUT:
            return "missing"
        case Word.LEAVE:
            return f"leave.{result.reason if result.reason in _LEAVES else 'other'}"
        case Word.OUTING:
            return "training" if result.reason == TRAINING else "outing"


def signs(record: DayRecord | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the two halves of a cell show, morning first; an absence of the whole day stands in both."""
    if record is None:
        return ("open",), ("open",)
    if record.unevaluated:
        return ("unevaluated",), ("unevaluated",)
    if record.day:
        both = tuple(sign_of(one) for one in record.day)
        return both, both
    morning, afternoon = record.halves
    return _half(morning), _half(afternoon)


def _differ(before: DayRecord | None, now: DayRecord | None) -> tuple[bool, bool]:
    """A day that was not over when the sheet was signed was not signed for, so nothing of it can have changed."""
    if before is None or now is None:
        return False, False
    if before.day != now.day:
        return True, True
    morning, afternoon = (one.results != other.results for one, other in zip(before.halves, now.halves, strict=True))
    return morning, afternoon


def _half(half: HalfRecord) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sign_of(one) for one in half.results))


def _totals(records: list[DayRecord], beside: Beside) -> Totals:
    halves = [half for record in records for half in record.halves if not record.day]
    results = [one for half in halves for one in half.results]
    whole = [one for record in records for one in record.day]
    late = [one.minutes for one in results if one.word is Word.LATE]
    early = [one.minutes for one in results if one.word is Word.EARLY]
    return Totals(
        normal=sum(all(one.word is Word.NORMAL for one in half.results) and bool(half.results) for half in halves),
        late=len(late),
        late_minutes=sum(late),
        early=len(early),
        early_minutes=sum(early),
        missing=sum(one.word in {Word.MISSING_IN, Word.MISSING_OUT} for one in results),
        absent=sum(one.half_days for one in [*results, *whole]),
        outing=sum(one.word is Word.OUTING for half in halves for one in half.results[:1]),
        outing_minutes=beside.outing_minutes,
        extended_minutes=beside.extended_minutes,
        unverified=beside.unverified,
        leaves=tuple(sorted(_leaves(halves).items())),
    )


def _leaves(halves: list[HalfRecord]) -> Mapping[str, int]:
    """Half days of leave by kind; a half that leave and an outing share counts as leave once, by its first kind."""
    found: dict[str, int] = {}
    for half in halves:
        kinds = [one.reason for one in half.results if one.word is Word.LEAVE]
        if kinds:
            found[kinds[0]] = found.get(kinds[0], 0) + 1
    return found


def as_days(half_days: int) -> str:
    """Half days as a department writes them: ``1.5``, ``2``."""
    return f"{half_days / _BOTH_HALVES:g}"


def as_hours(minutes: int) -> str:
    """Hours to the tenth: ``2``, ``1.3``."""
    return f"{minutes / 60:.1f}".removesuffix(".0")
