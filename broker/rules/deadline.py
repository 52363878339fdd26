"""The last day of a time limit (1.0.2): working or natural days, with the eight procedures that stop the clock (D14)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from typing import Literal

from broker.rules.workdays import MissingYearError, is_workday
from broker.schema import CalendarSection, ExcludedProcedure

Unit = Literal["wd", "nd"]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Excluded:
    """One of the eight procedures of TIME-8 ran from ``first`` to ``last``, both included; ``last`` None: it still runs.

    ``ValueError`` if it ends before it begins.
    """

    first: date
    last: date | None
    procedure: ExcludedProcedure | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"the excluded procedure ends on {self.last}, before it begins on {self.first}")


def deadline(
    calendar: CalendarSection, accepted: date, limit: int, unit: Unit, excluded: Iterable[Excluded] = ()
) -> date | None:
    """The day at whose closing time a limit ends; the day of acceptance does not count. None: the clock stands still (暂停).

    A limit of 0 is decided on the spot (即办): the day of acceptance itself. ``wd``: the ``limit``-th working day that is
    not excluded. ``nd``: so many days that are not excluded, then on to the next working day, whatever runs on that day.

    Raises :class:`MissingYearError` if the end would lie in a year without holidays, ``ValueError`` for a negative limit.
    """
    if limit < 0:
        raise ValueError(f"a limit of {limit} days is no limit")
    if limit == 0:
        return accepted
    pauses = _merged(excluded)
    return _working(calendar, accepted, limit, pauses) if unit == "wd" else _natural(calendar, accepted, limit, pauses)


@dataclass(frozen=True, slots=True)
class _Pause:
    first: date
    last: date
    runs_on: bool


def _merged(excluded: Iterable[Excluded]) -> list[_Pause]:
    """Without overlaps, in order; nothing follows a procedure that still runs."""
    merged: list[_Pause] = []
    for one in sorted(excluded, key=lambda each: each.first):
        last, runs_on = one.last or date.max, one.last is None
        if merged and one.first <= merged[-1].last:
            before = merged.pop()
            merged.append(_Pause(before.first, max(before.last, last), before.runs_on or runs_on))
        else:
            merged.append(_Pause(one.first, last, runs_on))
    return merged


def _working(calendar: CalendarSection, accepted: date, limit: int, pauses: list[_Pause]) -> date | None:
    day, left = accepted, limit
    while left:
        day = _next(day)
        paused = next((one for one in pauses if one.first <= day <= one.last), None)
        if paused is not None and paused.runs_on:
            return None
        if is_workday(calendar, day) and paused is None:
            left -= 1
    return day


def _natural(calendar: CalendarSection, accepted: date, limit: int, pauses: list[_Pause]) -> date | None:
    begins = accepted.toordinal() + 1
    end = begins + limit - 1
    for pause in pauses:
        first, last = max(pause.first.toordinal(), begins), pause.last.toordinal()
        if first > end:
            break
        if pause.runs_on:
            return None
        end += max(0, last - first + 1)
    if end > date.max.toordinal():
        raise MissingYearError(MAXYEAR + 1)
    day = date.fromordinal(end)
    while not is_workday(calendar, day):
        day = _next(day)
    return day


def _next(day: date) -> date:
    if day == date.max:
        raise MissingYearError(MAXYEAR + 1)
    return day + _DAY
