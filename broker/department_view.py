"""The view a chief representative has of the own department: numbers of a month, nobody else's (CREP-4.4)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from broker.archive import Archive
from broker.rules.asking import No
from broker.rules.facts import CounterVacant, RatingRecorded
from broker.rules.hours import day_of
from broker.rules.roles import LEAD
from broker.schema import HallConfig
from broker.timesheet.collect import collect
from broker.timesheet.month import Line
from contracts.values import CounterId, Refusal, StaffNo

_NEGATIVE = 2
_KINDS = ("RatingRecorded", "CounterVacant")


@dataclass(frozen=True, slots=True)
class Member:
    """One person: the month of attendance, and how many ratings of how many stars."""

    line: Line
    ratings: dict[int, int]

    @property
    def negative(self) -> int:
        """Ratings of the two lowest levels."""
        return sum(n for level, n in self.ratings.items() if level <= _NEGATIVE)


@dataclass(frozen=True, slots=True)
class View:
    """A department in a month. ``vacant`` counts how often each counter of its main persons was found empty."""

    department: str
    month: date
    members: tuple[Member, ...]
    vacant: dict[CounterId, int]


def may_not_see(config: HallConfig, actor: StaffNo, department: str) -> No | None:
    """Why this person may not see that department: it is for its chief, its deputy, and the leaders of the hall."""
    person = next((one for one in config.staff if one.id == actor), None)
    found = next((one for one in config.departments if one.id == department), None)
    if person is None:
        return No(Refusal.UNKNOWN_STAFF, f"{actor} is no person of this hall")
    if found is None:
        return No(Refusal.BAD_VALUE, f"{department} is none of {', '.join(one.id for one in config.departments)}")
    if person.role in LEAD or actor in (found.chief, found.deputy):
        return None
    return No(Refusal.NOT_PERMITTED, f"{department} is seen by {found.chief or 'nobody'} and the leaders (CREP-4.4)")


def view(archive: Archive, config: HallConfig, department: str, month: date) -> View:
    """The numbers of a department in the month in which ``month`` lies.

    Raises :class:`broker.timesheet.collect.NothingStoredError` and :class:`broker.rules.workdays.MissingYearError`.
    """
    lines = collect(archive, month).of(department)
    staff = {line.person.staff for line in lines}
    counters = {post.counter for post in config.posts if post.a in staff}
    ratings: dict[StaffNo, Counter[int]] = {one: Counter() for one in staff}
    vacant: Counter[CounterId] = Counter()
    for one in archive.of_kinds(_KINDS):
        if day_of(one.at).replace(day=1) != month.replace(day=1):
            continue
        match one.fact:
            case RatingRecorded(staff=person, level=level) if person in ratings:
                ratings[person][level] += 1
            case CounterVacant(counter=counter) if counter in counters:
                vacant[counter] += 1
            case _:
                pass
    members = tuple(Member(line, dict(ratings[line.person.staff])) for line in lines)
    return View(department, month.replace(day=1), members, dict(sorted(vacant.items())))
