"""Reading a month out of the database: every punch, every approved absence, and the hours that were in force each day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from broker.archive import Archive
from broker.attendance import DayRecord, Duty, Excuse, ExcuseKind, Punch, evaluate
from broker.chain import Row
from broker.rows import unpack
from broker.rules.facts import Absence, AbsenceEnded, AbsenceEntered, ConfigurationAdopted, PunchStored, Recorded
from broker.rules.hours import DAY, day_of, midnight, on_day
from broker.rules.plan import plan_from
from broker.rules.workdays import MissingYearError, day_plan, knows_year
from broker.schema import HallConfig, Staff
from broker.timesheet.month import Line, Person, Sheet, line_of
from contracts.values import HallTime, StaffNo

_KINDS = ("ConfigurationAdopted", "PunchStored")
_ROWS = "SELECT number, at, request_id, kind, body FROM facts WHERE kind = ? ORDER BY number"


class NothingStoredError(LookupError):
    """The database holds no configuration yet, so nobody works here."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a month is made of."""

    configs: tuple[tuple[HallTime, HallConfig], ...]
    punches: tuple[PunchStored, ...]
    absences: tuple[Absence, ...]

    def config_on(self, day: date) -> HallConfig:
        """The configuration in force when this day ended; before the first one, the first."""
        ended = midnight(day + timedelta(days=1))
        in_force = [config for at, config in self.configs if at < ended]
        return in_force[-1] if in_force else self.configs[0][1]


def collect(archive: Archive, month: date) -> Sheet:
    """The sheet of the month in which ``month`` lies.

    Raises :class:`NothingStoredError`, and :class:`broker.rules.workdays.MissingYearError` where the calendar of the year is
    not imported: its workdays would be guesses (1.0.1).
    """
    days = tuple(_days(month))
    kept = _kept(archive)
    now = HallTime(archive.database.execute("SELECT hall_clock FROM meta").fetchone()[0])
    last = kept.config_on(days[-1])
    if not knows_year(last.calendar, month.year):
        raise MissingYearError(month.year)
    people = _people(kept, days)
    return Sheet(
        hall=last.hall.name_zh,
        month=days[0],
        days=days,
        lines=tuple(_line(kept, person, days, now) for person in people),
        departments=tuple((one.id, one.zh) for one in last.departments),
        unknown=sum(one.staff is None and days[0] <= _day(one.at, last) <= days[-1] for one in kept.punches),
        made_at=now,
    )


def _days(month: date) -> Iterator[date]:
    day = month.replace(day=1)
    while day.month == month.month:
        yield day
        day += timedelta(days=1)


def _kept(archive: Archive) -> _Kept:
    facts = [(row[1], unpack(Row(*row)).fact) for kind in _KINDS for row in archive.database.execute(_ROWS, (kind,))]
    configs = [
        (HallTime(at), plan_from(one.content, one.hash).config) for at, one in facts if isinstance(one, ConfigurationAdopted)
    ]
    if not configs:
        raise NothingStoredError("the database holds no configuration yet; start the service once")
    punches = tuple(one for _, one in facts if isinstance(one, PunchStored))
    return _Kept(tuple(configs), punches, excusing(archive.of_kinds(("AbsenceEntered", "AbsenceEnded"))))


def excusing(recorded: Iterable[Recorded]) -> tuple[Absence, ...]:
    """What absences excuse: nothing if they were withdrawn, and no longer than they lasted (ATT-6.2).

    ``recorded`` are the facts about absences in their order; what is entered again after it was withdrawn counts.
    """
    counts: list[tuple[Absence, HallTime]] = []
    for one in recorded:
        match one.fact:
            case AbsenceEntered(absence=absence):
                counts.append((absence, absence.ends))
            case AbsenceEnded(absence=absence, why="withdrawn" | "replaced"):
                counts = [each for each in counts if each[0] != absence]
            case AbsenceEnded(absence=absence, until=until):
                over = one.at if until is None else until
                counts = [(each, min(ends, over) if each == absence else ends) for each, ends in counts]
            case _:
                pass
    return tuple(msgspec.structs.replace(each, ends=ends) for each, ends in counts if ends > each.begins)


def _people(kept: _Kept, days: tuple[date, ...]) -> list[Person]:
    """Everyone who belonged to the hall on a day of the month, by department and number, as last written."""
    found: dict[StaffNo, Staff] = {}
    order: dict[str, int] = {}
    for day in days:
        config = kept.config_on(day)
        order |= {one.id: place for place, one in enumerate(config.departments)}
        found |= {one.id: one for one in config.staff}
    people = [Person(one.id, one.zh, one.dept) for one in found.values()]
    return sorted(people, key=lambda one: (order.get(one.dept, len(order)), one.staff))


def _line(kept: _Kept, person: Person, days: tuple[date, ...], now: HallTime) -> Line:
    mine = [one for one in kept.punches if one.staff == person.staff]
    excuses = [_excuse(kept, one) for one in kept.absences if one.staff == person.staff]
    records = [_record(kept, person, day, mine, excuses, now) for day in days]
    last = kept.config_on(days[-1])
    return line_of(person, records, sum(one.unverified and days[0] <= _day(one.at, last) <= days[-1] for one in mine))


def _record(  # noqa: PLR0913, PLR0917 -- a person on a day, and all that is known of it
    kept: _Kept, person: Person, day: date, mine: list[PunchStored], excuses: list[Excuse], now: HallTime
) -> DayRecord | None:
    config = kept.config_on(day)
    cutoff = config.params.attendance.day_cutoff
    if now < on_day(day + timedelta(days=1), cutoff):
        return None
    member = next((one for one in config.staff if one.id == person.staff), None)
    left = None if member is not None else day - timedelta(days=1)
    begins = on_day(day, cutoff)
    punches = [Punch(one.at, one.intent) for one in mine if begins <= one.at < begins + DAY]
    duty = Duty(day_plan(config, day), since=None if member is None else member.since, left=left)
    return evaluate(punches, duty, excuses, config.params.attendance)


def _excuse(kept: _Kept, absence: Absence) -> Excuse:
    """An outing or leave, as the configuration of the day it began on has it (``params.attendance.outing_kinds``)."""
    outings = kept.config_on(day_of(absence.begins)).params.attendance.outing_kinds
    kind = ExcuseKind.OUTING if absence.kind in outings else ExcuseKind.LEAVE
    return Excuse(kind, absence.begins, absence.ends, absence.kind)


def _day(at: HallTime, config: HallConfig) -> date:
    """The day of attendance an instant belongs to: from the cut-off of one morning to that of the next."""
    shift = on_day(date(2000, 1, 1), config.params.attendance.day_cutoff) - midnight(date(2000, 1, 1))
    return day_of(HallTime(at - shift))
