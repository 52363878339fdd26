"""What a person is reminded of when they punch: leave that is over, a record of the last days that is missing."""

from datetime import date

from contracts.messages import ClockSettings, MissingRecord
from contracts.values import HallTime
from punch_clock.hall_days import day_of, day_word, half_word
from punch_clock.outcomes import leave_word
from punch_clock.situations import Person
from punch_clock.views import Lines
from words import text


def reminders(person: Person, settings: ClockSettings, now: HallTime) -> Lines:
    """At most one of each, in whole sentences; what is over or settled says nothing."""
    return (*_leave_over(person, settings, now), *_missing(person, settings, now))


def _leave_over(person: Person, settings: ClockSettings, now: HallTime) -> Lines:
    """Of leave that ended on an earlier day, unless it goes on or another one runs (ATT-3.2)."""
    mine = [one for one in settings.away if one.staff == person.staff and not one.outing]
    over = [one for one in mine if day_of(one.ends) < day_of(now)]
    if not over or any(one.begins <= now < one.ends for one in mine):
        return ()
    last = max(over, key=lambda one: one.ends)
    said = text("clk.leave.over").zh
    return (said.format(type=leave_word(last.kind), date=day_word(day_of(last.ends))),)


def _missing(person: Person, settings: ClockSettings, now: HallTime) -> Lines:
    """The one that becomes too late first (ATT-8.3.1c)."""
    mine = [one for one in settings.missing if one.staff == person.staff and now < one.until]
    first = min(mine, key=lambda one: (one.until, one.date, one.half, not one.coming), default=None)
    return () if first is None else (_sentence(first, settings, now),)


def _sentence(one: MissingRecord, settings: ClockSettings, now: HallTime) -> str:
    days = {day_of(shift.start) for shift in settings.shifts if shift.start < one.until}
    left = sum(day_of(now) <= day for day in days)
    return text("clk.missing").zh.format(
        date=day_word(date.fromisoformat(one.date)),
        half=half_word(one.half),
        io=text("clk.btn.in" if one.coming else "clk.btn.out").zh,
        n=max(1, left),
    )
