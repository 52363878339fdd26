"""Years without imported holidays are asked for in time, never guessed (1.0.1).

The hall itself opens by the plain week in such a year (``workdays.day_plan``); deadlines and appointments are refused.
"""

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.service_day import ladders
from broker.rules.tasks.open import About, opened
from broker.rules.workdays import knows_year
from contracts.values import TaskKind

_NOVEMBER = 11
"""The State Council's notice for the next year comes out in November."""


def missing_years(hall: Hall) -> list[int]:
    """The years that are needed by now and that nobody has been asked for today."""
    today, calendar = hall.today.date, hall.in_force.config.calendar
    needed = [today.year, *([today.year + 1] if today.month >= _NOVEMBER else [])]
    return [one for one in needed if one not in hall.service_day.years_asked and not knows_year(calendar, one)]


def asked(hall: Hall) -> list[f.Fact]:
    """Each missing year is a fact and a task, once a day."""
    found: list[f.Fact] = []
    for nth, year in enumerate(missing_years(hall)):
        about = About(values={"year": str(year)})
        found.append(f.CalendarYearMissing(year=year))
        found.append(opened(hall, TaskKind.CALENDAR, ladders.leaders(hall), about, nth))
    return found
