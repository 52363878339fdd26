"""The sheet of a month, from everything attendance is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from broker.archive import Archive
from broker.attendance import DayRecord
from broker.rules.corrections.within import attendance_day
from broker.rules.workdays import MissingYearError, knows_year
from broker.schema import Staff
from broker.timesheet.beside import extended_minutes, outing_minutes
from broker.timesheet.filed import PersonalFile
from broker.timesheet.history import History, NothingStoredError
from broker.timesheet.judged import final_at, judged
from broker.timesheet.month import Beside, Line, Person, Sheet, line_of
from broker.timesheet.reading import read
from contracts.values import HallTime, StaffNo

__all__ = ["NothingStoredError", "collect", "days_of", "people_of", "sheet_of"]


def collect(archive: Archive, month: date, signed_at: HallTime | None = None) -> Sheet:
    """The sheet of the month in which ``month`` lies; with ``signed_at`` it knows what the sheet said then.

    Raises :class:`NothingStoredError`, and :class:`broker.rules.workdays.MissingYearError` where the calendar of the year is
    not imported: its workdays would be guesses (1.0.1).
    """
    return sheet_of(read(archive), month, signed_at, extended_minutes(archive, days_of(month)))


def sheet_of(
    history: History, month: date, signed_at: HallTime | None = None, extended: Mapping[StaffNo, int] | None = None
) -> Sheet:
    """Likewise, of what was read already; ``extended`` are the minutes of extended service by person."""
    days = days_of(month)
    last = history.in_force(days[-1]).config
    if not knows_year(last.calendar, month.year):
        raise MissingYearError(month.year)
    people = people_of(history, days)
    return Sheet(
        hall=last.hall.name_zh,
        month=days[0],
        days=days,
        lines=tuple(_line(history, one, days, signed_at, (extended or {}).get(one.staff, 0)) for one in people),
        departments=tuple((one.id, one.zh) for one in last.departments),
        unknown=sum(days[0] <= attendance_day(last, at) <= days[-1] for at in history.unknown),
        made_at=history.now,
        rulebook=last.hall.rulebook,
    )


def days_of(month: date) -> tuple[date, ...]:
    """Every day of the month this day lies in."""
    return tuple(_days(month))


def _days(month: date) -> Iterator[date]:
    day = month.replace(day=1)
    while day.month == month.month:
        yield day
        day += timedelta(days=1)


def people_of(history: History, days: tuple[date, ...]) -> list[Person]:
    """Everyone who belonged to the hall on one of these days, by department and number, as last written."""
    found: dict[StaffNo, Staff] = {}
    order: dict[str, int] = {}
    for day in days:
        force = history.in_force(day)
        order |= {one.id: place for place, one in enumerate(force.config.departments)}
        found |= force.staff
    people = [Person(one.id, one.zh, one.dept) for one in found.values()]
    return sorted(people, key=lambda one: (order.get(one.dept, len(order)), one.staff))


def _line(history: History, person: Person, days: tuple[date, ...], signed_at: HallTime | None, extended: int) -> Line:
    beside = Beside(
        outing_minutes(history, person.staff, days), extended, _unverified(history, history.of(person.staff), days)
    )
    line = line_of(person, _records(history, person.staff, days, history.now), beside)
    return line if signed_at is None else replace(line, signed=_records(history, person.staff, days, signed_at))


def _records(history: History, staff: StaffNo, days: tuple[date, ...], seen: HallTime) -> tuple[DayRecord | None, ...]:
    """Every day as it was known; ``None`` for one that was not over."""
    return tuple(None if seen < final_at(history, day) else judged(history, staff, day, seen).record for day in days)


def _unverified(history: History, file: PersonalFile, days: tuple[date, ...]) -> int:
    """How many punches have a time that nobody has checked yet (ATT-10)."""
    config = history.in_force(days[-1]).config

    def is_open(at: HallTime) -> bool:
        return days[0] <= attendance_day(config, at) <= days[-1]

    return sum(one.unverified and not one.retimed and is_open(one.stored) for one in file.punches)
