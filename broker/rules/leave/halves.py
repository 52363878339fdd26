"""Leave in half days of work: how long it is, when its person is required again, until when it may be approved late."""

from collections.abc import Iterator
from datetime import date, timedelta

from broker.rules.deadline import deadline
from broker.rules.facts import Absence
from broker.rules.hall import Hall
from broker.rules.hours import day_of, midnight
from broker.rules.leave.state import STANDS, absence_of
from broker.rules.posts.halves import Half
from broker.rules.workdays import MissingYearError, day_plan, knows_year
from broker.schema import HallConfig
from contracts.values import HallTime, StaffNo

_FARTHEST = timedelta(days=60)
"""No hall is shut for longer."""


def halves_in(config: HallConfig, begins: HallTime, ends: HallTime) -> Iterator[Half]:
    """The halves of working days that an interval touches."""
    day = day_of(begins)
    while midnight(day) < ends:
        yield from (one for one in _halves(config, day) if one.begins < ends and begins < one.ends)
        day += timedelta(days=1)


def half_days(config: HallConfig, begins: HallTime, ends: HallTime) -> int:
    """How many half days of work an interval touches.

    Raises :class:`broker.rules.workdays.MissingYearError` where the holidays of a year it lies in are not imported.
    """
    for year in range(day_of(begins).year, day_of(ends).year + 1):
        if not knows_year(config.calendar, year):
            raise MissingYearError(year)
    return sum(1 for _ in halves_in(config, begins, ends))


def next_required(hall: Hall, staff: StaffNo, after: HallTime) -> Half | None:
    """The first half that goes on or begins after this instant and for which nothing excuses the person (ATT-8.3.3b)."""
    own = [absence_of(one) for one in hall.leave.of(staff) if one.state in STANDS]
    away = [*own, *(one for one in hall.posts.absences if one.staff == staff)]
    last = day_of(after) + _FARTHEST
    day = day_of(after)
    while day <= last:
        for half in _halves(hall.in_force.config, day):
            if half.ends > after and not _covers(away, Half(max(half.begins, after), half.ends)):
                return half
        day += timedelta(days=1)
    return None


def _covers(away: list[Absence], half: Half) -> bool:
    """Whether the absences leave nothing of it."""
    at = half.begins
    for one in sorted(away, key=lambda each: each.begins):
        if one.begins <= at < one.ends:
            at = one.ends
    return at >= half.ends


def late_from(hall: Hall, staff: StaffNo, ends: HallTime) -> HallTime:
    """From when on only the manager may approve leave up to ``ends`` (ATT-5.2).

    Raises :class:`broker.rules.workdays.MissingYearError` if that lies in a year without holidays.
    """
    back = next_required(hall, staff, ends)
    config = hall.in_force.config
    returned = day_of(ends if back is None else back.begins)
    last = deadline(config.calendar, returned, config.params.attendance.retroactive_within_wd, "wd") or returned
    return midnight(last + timedelta(days=1))


def _halves(config: HallConfig, day: date) -> tuple[Half, ...]:
    plan = day_plan(config, day)
    return (Half(plan.morning, plan.noon), Half(plan.afternoon, plan.close)) if plan.works else ()
