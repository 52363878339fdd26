"""Evaluating days of attendance from a file, by the very ``evaluate`` the service computes with (1.0.3; issue 4)."""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct, field

from broker.attendance import Absence, DayRecord, Duty, Excuse, ExcuseKind, HalfOfDay, Punch, Result, evaluate
from broker.rehearsal import computed, one_of, read_file, seconds_of, time_of_day
from broker.rules.hours import SECOND, midnight
from broker.rules.workdays import Day, day_plan, is_workday
from broker.schema import AttendanceParams, Clock, Half, HallConfig, Schedule, YearRange
from contracts.values import HallTime, PunchIntent


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    cases: list[Any]
    policy: AttendanceParams = AttendanceParams()


class _Case(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``schedule`` replaces the hall's hours; ``since`` and ``left`` are the person's first and last day.

    ``forged`` are the halves of a confirmed proxy case; ``if_absent`` is what is known of somebody who never punched.
    """

    name: str
    punches: list[Any]
    excused: list[Any] = []
    day: date | None = field(name="date", default=None)
    schedule: dict[HalfOfDay, tuple[Clock, Clock]] | None = None
    since: date | None = None
    left: date | None = None
    forged: frozenset[HalfOfDay] = frozenset()
    if_absent: Literal["NO_RECORD", "LEAVE_UNAPPROVED", "LEAVE_OVERDUE"] = "NO_RECORD"


def rehearse_attendance(cases: Any, config: HallConfig) -> dict[str, Any]:
    """``{"cases": [{"name", "halves": [{"half", "results", "reasons"}], "day", "reasons"}]}``, or ``{"name", "error"}``.

    ``reasons`` of the case are those of its day. The calendar, the hours and the day of a case without one are the hall's;
    the policy is the rule book's with what the file says otherwise. Raises :class:`broker.rehearsal.RehearsalError` if the
    whole cannot be understood.
    """
    file = read_file(cases, _File)

    def compute(raw: Any) -> dict[str, Any]:
        return _told(_evaluated(msgspec.convert(raw, _Case), config, file.policy))

    return computed(file.cases, compute)


def _evaluated(case: _Case, config: HallConfig, policy: AttendanceParams) -> DayRecord:
    day = _day(case, config)
    punches = [_punch(raw, f"$.punches[{place}]", day.date, policy) for place, raw in enumerate(case.punches)]
    excuses = [_excuse(raw, f"$.excused[{place}]", day.date, policy) for place, raw in enumerate(case.excused)]
    return evaluate(punches, Duty(day, case.since, case.left, case.forged, Absence(case.if_absent)), excuses, policy)


def _day(case: _Case, config: HallConfig) -> Day:
    day = case.day or config.hall.demo_day
    if day is None:
        raise ValueError("the case has no date, nor has the hall a demo day - at `$.date`")
    if case.schedule is not None:
        config = msgspec.structs.replace(config, schedules=(_schedule(case.schedule),))
    is_workday(config.calendar, day)  # a year without data is refused, not guessed
    return day_plan(config, day)


def _schedule(hours: dict[HalfOfDay, tuple[str, str]]) -> Schedule:
    bounds = [time for half in HalfOfDay for time in hours.get(half, ())]
    if set(hours) != set(HalfOfDay) or any(a >= b for a, b in itertools.pairwise(bounds)):
        raise ValueError("AM and PM need a beginning and an end each, in their order - at `$.schedule`")
    halves = tuple(Half(id=half.value, start=hours[half][0], end=hours[half][1]) for half in HalfOfDay)
    return Schedule(id="case", valid=YearRange(first="01-01", last="12-31"), halves=halves)


def _punch(raw: Any, place: str, day: date, policy: AttendanceParams) -> Punch:
    """``"08:55"`` or ``["14:00", "outing"]``; before the cut-off of the day it is a punch of the next morning."""
    with _named(place):
        time, intent = msgspec.convert([raw, "none"] if isinstance(raw, str) else raw, tuple[str, str])
        at = _on(day if time_of_day(time) >= policy.day_cutoff else day + timedelta(days=1), time)
        return Punch(at, PunchIntent(one_of(intent, (one.value for one in PunchIntent))))


def _excuse(raw: Any, place: str, day: date, policy: AttendanceParams) -> Excuse:
    """``["09:00", "10:30", "personal"]``: from, up to, and the kind of leave or outing."""
    with _named(place):
        start, end, name = msgspec.convert(raw, tuple[str, str, str])
        known = one_of(name, (*policy.leave_kinds, *policy.outing_kinds))
        kind = ExcuseKind.OUTING if known in policy.outing_kinds else ExcuseKind.LEAVE
        return Excuse(kind, _on(day, time_of_day(start)), _on(day, time_of_day(end)), name)


@contextmanager
def _named(place: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:  # msgspec.ValidationError is one
        raise ValueError(f"{error} - at `{place}`") from error


def _on(day: date, clock: str) -> HallTime:
    return HallTime(midnight(day) + seconds_of(clock) * SECOND)


def _told(record: DayRecord) -> dict[str, Any]:
    unevaluated = [record.unevaluated] if record.unevaluated else []
    return {
        "halves": [{"half": one.half.value, **_spelled(one.results)} for one in record.halves],
        "day": _spelled(record.day)["results"],
        "reasons": _spelled(record.day)["reasons"] + unevaluated,
    }


def _spelled(results: Iterable[Result]) -> dict[str, list[str]]:
    """Each word and each reason once, in their order."""
    words = dict.fromkeys(one.spelled for one in results)
    reasons = dict.fromkeys(one.reason for one in results if one.reason)
    return {"results": list(words), "reasons": list(reasons)}
