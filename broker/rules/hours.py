"""Days and times of day in the hall's zone, as integer arithmetic. Asia/Shanghai has been UTC+8 all year since 1991."""

from datetime import date, timedelta

from contracts.values import HallTime, Ms

SECOND: Ms = 1_000
MINUTE: Ms = 60 * SECOND
DAY: Ms = 24 * 60 * MINUTE
_ZONE: Ms = 8 * 60 * MINUTE
_EPOCH = date(1970, 1, 1)


def day_of(at: HallTime) -> date:
    """The calendar day in the hall at this instant."""
    return _EPOCH + timedelta(days=(at + _ZONE) // DAY)


def midnight(day: date) -> HallTime:
    """The first instant of a calendar day in the hall."""
    return HallTime((day - _EPOCH).days * DAY - _ZONE)


def on_day(day: date, clock: str) -> HallTime:
    """The instant of ``"HH:MM"`` on a day."""
    hours, minutes = clock.split(":")
    return HallTime(midnight(day) + (int(hours) * 60 + int(minutes)) * MINUTE)


def floor_minute(at: HallTime) -> HallTime:
    """The minute a clock shows at this instant (D1)."""
    return HallTime(at // MINUTE * MINUTE)


def clock_of(at: HallTime) -> str:
    """The time of day as people read it: ``09:07``."""
    minutes = (at + _ZONE) % DAY // MINUTE
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def spelled(at: HallTime | None) -> str:
    """Day and time as people read them: ``2026-03-10 13:52``; empty for what has not happened."""
    return "" if at is None else f"{day_of(at)} {clock_of(at)}"


def to_second(at: HallTime) -> str:
    """``2026-03-10 17:32:05``."""
    return f"{day_of(at)} {clock_of(at)}:{at // SECOND % 60:02d}"
