"""Every result a half of a day has had (1.0.3, step 9): when it changed, because of which fact. Nothing of it is stored.

A half is judged at its end + 60 minutes, finally at the cut-off of the day, and anew whenever something becomes known that
concerns the day. Judged is always by what was known at that instant, so the versions follow from the facts alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from broker.attendance import Absence, HalfRecord, Result
from broker.attendance.record import absent
from broker.rules.hours import MINUTE
from broker.timesheet.filed import Given, Learned, Presented, Source
from broker.timesheet.history import History
from broker.timesheet.judged import Judged, final_at, judged, span
from contracts.values import HalfOfDay, HallTime, Ms, StaffNo

_PROVISIONAL_AFTER: Ms = 60 * MINUTE


class Flag(StrEnum):
    """What a reader of a result must know about how it came to be."""

    RETROACTIVE = "retroactive"
    """An excuse that was entered when the half was over (补假, ATT-5.2)."""
    REGULARISED = "regularised"
    MANUAL = "manual"
    RETIMED = "retimed"
    """Judged by a punch whose time a person has set (ATT-10)."""
    UNVERIFIED = "unverified"
    """Judged by a punch whose time nobody has checked yet (ATT-10)."""
    RECLASSIFIED = "reclassified"
    PRINCIPAL = "principal"
    """In a confirmed case of proxy clocking somebody else has punched for this person (ATT-8.3.2)."""
    PROXY = "proxy"
    """In a confirmed case of proxy clocking this person has punched for somebody else, though they were there (D4)."""


@dataclass(frozen=True, slots=True)
class Version:
    """One result of a half. ``because`` is what became known and changed it; empty for the first.

    ``provisional``: another one had taken its place before the day was final, or the day is not final yet.
    """

    half: HalfOfDay
    number: int
    at: HallTime
    provisional: bool
    because: tuple[Learned, ...]
    results: tuple[Result, ...]
    came: HallTime | None
    left: HallTime | None
    flags: tuple[Flag, ...]
    rulebook: str


def versions(
    history: History, staff: StaffNo, day: date, half: HalfOfDay, seen: HallTime | None = None
) -> tuple[Version, ...]:
    """Every distinct result this half had up to ``seen`` (by default: now), the first one first.

    Empty before the half is judged for the first time, and on days the person owes nothing because of not yet or no longer
    belonging to the hall.
    """
    until = history.now if seen is None else min(seen, history.now)
    found: list[Version] = []
    for at, because in _moments(history, staff, day, half, until):
        one = _version(history, staff, day, half, at)
        if one is None:
            return ()
        if not found or (one.results, one.flags) != (found[-1].results, found[-1].flags):
            found.append(replace(one, number=len(found) + 1, because=because if found else ()))
    final = final_at(history, day)
    ends = [*(one.at for one in found[1:]), HallTime(until + 1)][: len(found)]
    return tuple(replace(one, provisional=end <= final) for one, end in zip(found, ends, strict=True))


def _moments(
    history: History, staff: StaffNo, day: date, half: HalfOfDay, until: HallTime
) -> Iterator[tuple[HallTime, tuple[Learned, ...]]]:
    """When the half was judged, each time with what had become known of the day since the time before."""
    plan = history.in_force(day).plan
    first = HallTime((plan.noon if half is HalfOfDay.AM else plan.close) + _PROVISIONAL_AFTER)
    known = sorted(set(_learned(history, staff, day)), key=lambda one: (one.number, one.name))
    later = {one.at for one in known if one.at > first}
    before = None
    for at in sorted({first, final_at(history, day)} | later):
        if at > until:
            return
        yield at, tuple(one for one in known if before is not None and before < one.at <= at)
        before = at


def _learned(history: History, staff: StaffNo, day: date) -> Iterator[Learned]:
    """All that ever became known about this day of this person."""
    begins, ends = span(history, day)
    file = history.of(staff)
    yield from (step for one in file.around(day) for step in one.steps())
    yield from (step for one in file.excusing(begins, ends) for step in one.steps())
    yield from (one.learned for one in file.decided.get(day, ()))
    yield from (step for one in file.asked if one.begins < ends and begins < one.ends for step in one.steps())
    yield from (one.learned for one in file.reported if begins <= one.at < ends)
    yield from (one.learned for one in file.forged.get(day, ()))


def _version(history: History, staff: StaffNo, day: date, half: HalfOfDay, at: HallTime) -> Version | None:
    found = judged(history, staff, day, at)
    if found.record.unevaluated:
        return None
    mine = next(one for one in found.record.halves if one.half is half)
    return Version(
        half=half,
        number=0,
        at=at,
        provisional=False,
        because=(),
        results=mine.results or tuple(absent(1, one.reason) for one in found.record.day),
        came=mine.came,
        left=mine.left,
        flags=tuple(_flags(history, staff, day, mine, found, at)),
        rulebook=found.record.rulebook,
    )


def _flags(  # noqa: PLR0913, PLR0917 -- a half, and all that made it what it is
    history: History, staff: StaffNo, day: date, half: HalfRecord, found: Judged, seen: HallTime
) -> Iterator[Flag]:
    begins, ends = span(history, day)
    file, plan = history.of(staff), history.in_force(day).plan
    starts, stops = (plan.morning, plan.noon) if half.half is HalfOfDay.AM else (plan.afternoon, plan.close)
    if any(_came_late(one, starts, stops, seen) for one in file.excusing(begins, ends)):
        yield Flag.RETROACTIVE
    deciding = [one for one in file.around(day) if _decides(one, half, seen) and one.id not in found.superfluous]
    if any(one.source is Source.REGULARISED for one in deciding):
        yield Flag.REGULARISED
    if any(one.source is Source.MANUAL for one in deciding):
        yield Flag.MANUAL
    if any(one.checked(seen) is not None for one in deciding):
        yield Flag.RETIMED
    if any(one.unverified and one.checked(seen) is None for one in deciding):
        yield Flag.UNVERIFIED
    if half.half in found.reclassified:
        yield Flag.RECLASSIFIED
    if any(one.reason == Absence.PROXY for one in half.results):
        roles = {one.role for one in file.forged.get(day, ()) if one.learned.at <= seen and half.half in one.halves}
        yield from (Flag(role) for role in sorted(roles))


def _came_late(one: Given, starts: HallTime, stops: HallTime, seen: HallTime) -> bool:
    """Whether this excuse takes something of the half, and was entered only when the half was over."""
    known = one.as_known(seen)
    return known is not None and known[0] < stops and starts < known[1] and one.learned.at >= stops


def _decides(one: Presented, half: HalfRecord, seen: HallTime) -> bool:
    known = one.learned.at <= seen and one.void(seen) is None
    return known and one.at(seen) in {half.came, half.left}
