"""What is on file about one person: punches with all that was said about them, excuses, decisions; and when each was known.

Nothing here is judged. A value is asked what it was at an instant of knowledge (``seen``): a correction made later did not
exist then, so that every past reading can be had again.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain, islice, takewhile

from broker.rules.facts import Absence, HalfReclassified
from broker.rules.hours import day_of
from contracts.values import HalfOfDay, HallTime, PunchId, PunchIntent, StaffNo

_A_DAY = timedelta(days=1)


class Source(StrEnum):
    """Where a punch comes from."""

    CLOCK = "clock"
    MANUAL = "manual"
    """The paper sheet of a total failure, entered by an inspector (ATT-10)."""
    REGULARISED = "regularised"
    """An approved 补签 (ATT-8.3.1c)."""


@dataclass(frozen=True, slots=True)
class Learned:
    """When something became known, by which fact, and what people call it (``BQ-20260311-001``); empty if it has no name."""

    at: HallTime
    number: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Void:
    """Why a punch does not count, who said so."""

    learned: Learned
    actor: StaffNo
    why: str


@dataclass(frozen=True, slots=True)
class Retimed:
    """A person has set the time of a punch."""

    learned: Learned
    actor: StaffNo
    at: HallTime


@dataclass(slots=True)
class Presented:
    """A punch. ``stored`` is the time the rules gave it, ``place`` the clock it was presented at or why there was none."""

    id: PunchId
    staff: StaffNo
    source: Source
    stored: HallTime
    intent: PunchIntent
    learned: Learned
    place: str
    unverified: bool = False
    actor: StaffNo | None = None
    retimed: list[Retimed] = field(default_factory=list)
    voids: list[Void] = field(default_factory=list)

    def checked(self, seen: HallTime) -> Retimed | None:
        """The last time a person had set by then."""
        return next((one for one in reversed(self.retimed) if one.learned.at <= seen), None)

    def at(self, seen: HallTime) -> HallTime:
        """The time it counted for, as known then."""
        checked = self.checked(seen)
        return self.stored if checked is None else checked.at

    def void(self, seen: HallTime) -> Void | None:
        """Why it did not count, as known then."""
        return next((one for one in self.voids if one.learned.at <= seen), None)

    def steps(self) -> Iterator[Learned]:
        """Everything that became known about it."""
        yield self.learned
        yield from (one.learned for one in self.retimed)
        yield from (one.learned for one in self.voids)


@dataclass(frozen=True, slots=True)
class Over:
    """An absence was over at ``at``; of one withdrawn, or replaced by another entry, nothing counts (``takes_all``)."""

    learned: Learned
    at: HallTime
    takes_all: bool


@dataclass(slots=True)
class Given:
    """A leave or an outing as it was entered, and how it ended, if anything ended it."""

    absence: Absence
    learned: Learned
    actor: StaffNo
    overs: list[Over] = field(default_factory=list)

    def as_known(self, seen: HallTime) -> tuple[HallTime, HallTime] | None:
        """From when until when it excused, as known then: nothing if withdrawn, no longer than it lasted (ATT-6.2)."""
        if self.learned.at > seen:
            return None
        begins, ends = self.absence.begins, self.absence.ends
        for one in self.overs:
            if one.learned.at <= seen:
                ends = begins if one.takes_all else min(ends, one.at)
        return (begins, ends) if begins < ends else None

    def steps(self) -> Iterator[Learned]:
        """When it was entered and when it ended."""
        yield self.learned
        yield from (one.learned for one in self.overs)


@dataclass(frozen=True, slots=True)
class Decided:
    """A signed decision about a half (ATT-8.3.1c)."""

    learned: Learned
    fact: HalfReclassified


class Role(StrEnum):
    """What somebody was in a case of proxy clocking."""

    PRINCIPAL = "principal"
    """Whose record it is, without having been there."""
    PROXY = "proxy"
    """Who made the record for the other."""


@dataclass(frozen=True, slots=True)
class Forged:
    """Halves whose record was faked, by a confirmed case (ATT-8.3.2)."""

    learned: Learned
    halves: frozenset[HalfOfDay]
    role: Role


@dataclass(slots=True)
class Asked:
    """Leave that was asked for. ``settled``: approved, and an absence since; or given up, and never anything."""

    begins: HallTime
    ends: HallTime
    learned: Learned
    settled: Learned | None = None
    rejected: Learned | None = None

    def is_open(self, seen: HallTime) -> bool:
        """Whether nobody had decided about it by then: it may excuse still."""
        return self.waits(seen) and (self.rejected is None or self.rejected.at > seen)

    def waits(self, seen: HallTime) -> bool:
        """Whether it was asked for by then, and neither approved nor given up: rejected, or not decided yet (ATT-8.3.3a)."""
        return self.learned.at <= seen and (self.settled is None or self.settled.at > seen)

    def steps(self) -> Iterator[Learned]:
        """When it was asked for and when it was settled."""
        yield self.learned
        if self.settled is not None:
            yield self.settled


@dataclass(frozen=True, slots=True)
class Reported:
    """The person has reported back from leave at ``at``, other than by a punch (ATT-3.2)."""

    learned: Learned
    at: HallTime


@dataclass(slots=True)
class PersonalFile:
    """All of one person."""

    punches: list[Presented] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    reported: list[Reported] = field(default_factory=list)
    decided: dict[date, list[Decided]] = field(default_factory=dict)
    forged: dict[date, list[Forged]] = field(default_factory=dict)
    _by_day: dict[date, list[Presented]] = field(default_factory=dict)
    _retimed: list[Presented] = field(default_factory=list)

    def index(self) -> None:
        """Sort the punches into the calendar days they lie on, or lay on before somebody set their time."""
        self.punches.sort(key=lambda one: (one.stored, one.learned.number))
        self._retimed = [one for one in self.punches if one.retimed]
        for one in self.punches:
            for day in {day_of(at) for at in (one.stored, *(other.at for other in one.retimed))}:
                self._by_day.setdefault(day, []).append(one)

    def around(self, day: date) -> list[Presented]:
        """Every punch that may belong to a day of attendance, which reaches into the next morning; each once."""
        found = {one.id: one for each in (day, day + _A_DAY) for one in self._by_day.get(each, ())}
        return list(found.values())

    def punched(self, since: HallTime, until: HallTime, seen: HallTime) -> bool:
        """Whether a punch that counted, as known at ``seen``, lies in this span."""
        first = bisect_left(self.punches, since, key=lambda one: one.stored)
        stored = takewhile(lambda one: one.stored < until, islice(self.punches, first, None))
        return any(
            since <= one.at(seen) < until and one.learned.at <= seen and one.void(seen) is None
            for one in chain(stored, self._retimed)
        )

    def reported_back(self, since: HallTime, until: HallTime, seen: HallTime) -> bool:
        """Whether the person has reported back in this span, as known at ``seen``."""
        return any(since <= one.at < until and one.learned.at <= seen for one in self.reported)

    def excusing(self, begins: HallTime, ends: HallTime) -> list[Given]:
        """The absences that touch this span."""
        return [one for one in self.given if one.absence.begins < ends and begins < one.absence.ends]
