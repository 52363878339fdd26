"""The working-day calendar (1.0.1) and what it makes of one day: rest, or the four bounds of its two halves."""

from dataclasses import dataclass
from datetime import date, timedelta

from broker.config_checks import valid_on
from broker.rules.hours import MINUTE, midnight, on_day
from broker.schema import CalendarSection, HallConfig
from contracts.values import HallPhase, HallTime


class MissingYearError(LookupError):
    """``calendar.missing_year``: no holidays of this year were imported, so its workdays would be guesses.

    Attributes: ``year``.
    """

    def __init__(self, year: int) -> None:
        super().__init__(f"calendar.missing_year: no holidays of {year} stand in section [calendar]")
        self.year = year


def knows_year(calendar: CalendarSection, year: int) -> bool:
    """Whether the State Council's notice for this year was imported."""
    return any(year in (one.first.year, one.last.year) for one in calendar.holidays)


def is_workday(calendar: CalendarSection, day: date) -> bool:
    """Whether the hall works on this day (1.0.1). Raises :class:`MissingYearError` instead of guessing."""
    if not knows_year(calendar, day.year):
        raise MissingYearError(day.year)
    return _is_workday(calendar, day)


def _is_workday(calendar: CalendarSection, day: date) -> bool:
    if day in calendar.adjusted_workdays:
        return True
    return not (
        day.isoweekday() in calendar.weekend
        or any(one.first <= day <= one.last for one in calendar.holidays)
        or any(one.day == day for one in calendar.local_closures)
    )


@dataclass(frozen=True, slots=True)
class Day:
    """One calendar day of the hall. The bounds stand for a rest day too, but nothing opens on it."""

    date: date
    works: bool
    tickets_from: HallTime
    morning: HallTime
    noon: HallTime
    afternoon: HallTime
    close: HallTime
    over: HallTime
    """The first instant of the next day."""

    def phase(self, now: HallTime) -> HallPhase:
        """The part of the day by the clock alone; that the last visitor has left is for the hall to know."""
        if not self.works:
            return HallPhase.REST
        if now < self.morning:
            return HallPhase.BEFORE_OPENING
        if now >= self.close:
            return HallPhase.AFTER_CLOSING
        return HallPhase.NOON if self.noon <= now < self.afternoon else HallPhase.OPEN

    def next_change(self, now: HallTime) -> HallTime:
        """The first bound after this instant; the end of the day if none is left."""
        bounds = (self.morning, self.noon, self.afternoon, self.close) if self.works else ()
        return next((bound for bound in bounds if bound > now), self.over)


def day_plan(config: HallConfig, day: date) -> Day:
    """What this day is like. In a year without holidays the plain week decides: a hall cannot stay shut for lack of data."""
    schedule = [one for one in config.schedules if one.enabled and valid_on(one, day)][-1]
    morning, afternoon = schedule.halves
    opens = on_day(day, morning.start)
    return Day(
        date=day,
        works=_is_workday(config.calendar, day),
        tickets_from=HallTime(opens - config.params.queue.open_before_min * MINUTE),
        morning=opens,
        noon=on_day(day, morning.end),
        afternoon=on_day(day, afternoon.start),
        close=on_day(day, afternoon.end),
        over=midnight(day + timedelta(days=1)),
    )
