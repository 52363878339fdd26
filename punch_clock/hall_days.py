"""Times as the clock compares and shows them: whole minutes, days and halves of the hall (D1)."""

from datetime import UTC, date, datetime, timedelta, timezone

from contracts.values import HalfOfDay, HallTime, Ms
from words import text

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The hall's time; China has no daylight saving."""
MINUTE: Ms = 60_000
_NOON = 12
_HALVES = {HalfOfDay.AM: "att.am", HalfOfDay.PM: "att.pm"}


def minute(at: HallTime) -> HallTime:
    """The minute a clock shows at this instant."""
    return HallTime(at // MINUTE * MINUTE)


def day_of(at: HallTime) -> date:
    """The day in the hall."""
    return _civil(at).date()


def time_of_day(at: HallTime) -> str:
    """``09:07`` in the hall."""
    return _civil(at).strftime("%H:%M")


def half_word(half: HalfOfDay) -> str:
    """上午 or 下午."""
    return text(_HALVES[half]).zh


def half_of(at: HallTime) -> HalfOfDay:
    """In which half of its day this lies."""
    return HalfOfDay.AM if _civil(at).hour < _NOON else HalfOfDay.PM


def day_word(day: date) -> str:
    """``3月9日``."""
    return f"{day.month}月{day.day}日"


def _civil(at: HallTime) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(CHINA)
