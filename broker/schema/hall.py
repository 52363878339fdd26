"""Who the hall is, its hours and its calendar."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, field

from broker.schema.base import (
    Clock,
    HallName,
    Name,
    Section,
    YearRange,
)


class HallSection(Section, frozen=True, kw_only=True):
    """Who the hall is. ``hotline`` is printed wherever the rules ask for it and must not be empty (PROM-6).

    ``rating_url`` is what stands before the 22 characters of a ticket's token in its QR (words 3.5). ``rulebook`` is the
    edition by which days of attendance are judged from this configuration on; a later one rewrites no past result (0.1).
    ``operator_dept`` is the department that runs the hall, whose people are not stationed ones (ROT-3); left out, it is the
    one whose name ``operator_zh`` ends with.
    """

    id: HallName
    name_zh: Name
    name_en: Name
    hotline: str
    operator_zh: str = ""
    operator_dept: Name | None = None
    timezone: Literal["Asia/Shanghai"] = "Asia/Shanghai"
    rating_url: str = "https://hall.example/r/"
    rulebook: Literal["yongan-2025-09"] = "yongan-2025-09"
    demo_day: date | None = None


class Half(Section, frozen=True, kw_only=True):
    """The morning or the afternoon of a working day."""

    id: Literal["AM", "PM"]
    start: Clock
    end: Clock


class Schedule(Section, frozen=True, kw_only=True):
    """Opening hours and shifts. Of the enabled schedules valid on a day the last one in the file counts."""

    id: Name
    valid: YearRange
    enabled: bool = True
    halves: tuple[Half, ...]


class Holiday(Section, frozen=True, kw_only=True):
    """A holiday of the State Council's notice, both days included."""

    name: Name
    first: date = field(name="from")
    last: date = field(name="to")


class LocalClosure(Section, frozen=True, kw_only=True):
    """A day the hall alone is closed, with the number of its approval."""

    day: date
    reason: Name
    approval: Name


class CalendarSection(Section, frozen=True, kw_only=True):
    """The working-day calendar (1.0.1). A year counts as imported if a holiday of it stands here."""

    weekend: tuple[Annotated[int, Meta(ge=1, le=7)], ...] = (6, 7)
    source: str = ""
    holidays: tuple[Holiday, ...] = ()
    adjusted_workdays: tuple[date, ...] = ()
    local_closures: tuple[LocalClosure, ...] = ()
