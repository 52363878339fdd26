"""What a clock says about a punch that is safe: by its mode, the hours of the day and what is known of the person. Pure.

It tells, it never judges: the record is computed by the service from the raw punches (1.0.3). Times are compared as the
clock shows them, at whole minutes (D1).
"""

from dataclasses import dataclass

from contracts.messages import Away, ClockSettings, Shift
from contracts.values import OUTING_AHEAD, HallTime, Ms, PunchIntent
from punch_clock.situations import Person
from punch_clock.views import MINUTE, Lines, time_of_day
from words import text

_NOON = 12
_DAY: Ms = 24 * 60 * MINUTE
_ZONE: Ms = 8 * 60 * MINUTE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to say, and whether all is well; ``early`` is how many minutes are left of the half somebody wants to leave."""

    lines: Lines
    is_good: bool = True
    early: int = 0


def outcome(  # noqa: PLR0911 -- a table, one line a mode
    mode: PunchIntent, person: Person, settings: ClockSettings, now: HallTime
) -> Outcome:
    """What a punch of this person amounts to for the one who made it."""
    if settings.shifts and not any(_same_day(one.start, now) for one in settings.shifts):
        return _said("clk.rest")
    leave = _running(settings, person, now, outing=False)
    match mode:
        case PunchIntent.OUTING:
            return _going_out(settings, person, now)
        case PunchIntent.RETURN:
            return _coming_back(settings, person, now)
        case PunchIntent.TRAIN:
            return _said("clk.train.ok")
        case PunchIntent.OUT:
            return _leaving(person, settings.shifts, now)
        case PunchIntent.NONE | PunchIntent.IN if leave is not None:
            return _on_leave(leave, now)
        case PunchIntent.IN:
            return _coming(person, settings.shifts, now)
        case PunchIntent.NONE:
            return _said("clk.ok", name=person.name, time=time_of_day(now))


def _said(key: str, *, is_good: bool = True, early: int = 0, **values: str) -> Outcome:
    return Outcome((text(key).zh.format(**values),), is_good, early)


def _coming(person: Person, shifts: tuple[Shift, ...], now: HallTime) -> Outcome:
    """For the half that is running, else the next; after the start the minutes are told, without a word of blame."""
    half = next((one for one in shifts if one.end > now), None)
    late = 0 if half is None else (_minute(now) - half.start) // MINUTE
    if late > 0:
        return _said("clk.in.late", name=person.name, time=time_of_day(now), m=str(late))
    return _said("clk.in.ok", name=person.name, time=time_of_day(now))


def _leaving(person: Person, shifts: tuple[Shift, ...], now: HallTime) -> Outcome:
    half = next((one for one in shifts if one.start <= now < one.end), None)
    early = 0 if half is None else (half.end - _minute(now)) // MINUTE
    said = _said("clk.out.ok", name=person.name, time=time_of_day(now))
    return Outcome(said.lines, is_good=True, early=max(0, early))


def _going_out(settings: ClockSettings, person: Person, now: HallTime) -> Outcome:
    """Recorded in any case; without an approved outing the person is told what is missing (HALL-11.2)."""
    outing = _running(settings, person, now, outing=True, ahead=OUTING_AHEAD)
    if outing is None:
        return _said("clk.outing.none", is_good=False)
    return _said("clk.outing.ok", time=time_of_day(outing.ends))


def _coming_back(settings: ClockSettings, person: Person, now: HallTime) -> Outcome:
    begun = [one for one in settings.away if one.staff == person.staff and one.outing and one.begins <= now]
    planned = max((one.ends for one in begun), default=now)
    over = (_minute(now) - planned) // MINUTE
    if over > 0 and _same_day(planned, now):
        return _said("clk.return.over", time=time_of_day(now), m=str(over))
    return _said("clk.return.ok", time=time_of_day(now))


def _on_leave(leave: Away, now: HallTime) -> Outcome:
    """The name of the leave is told to the one who holds the card."""
    key = f"att.means.leave.{leave.kind}"
    known = {"personal", "sick", "annual", "marriage", "maternity"}
    kind = text(key if leave.kind in known else "att.means.leave.other").zh
    half = text("att.am" if (now + _ZONE) % _DAY < _NOON * 60 * MINUTE else "att.pm").zh
    return _said("clk.leave", half=half, type=kind)


def _running(settings: ClockSettings, person: Person, now: HallTime, *, outing: bool, ahead: Ms = 0) -> Away | None:
    """The absence of this person that is running now, or begins within ``ahead``."""
    mine = (one for one in settings.away if one.staff == person.staff and one.outing is outing)
    return next((one for one in mine if one.begins - ahead <= now < one.ends), None)


def _minute(at: HallTime) -> HallTime:
    return HallTime(at // MINUTE * MINUTE)


def _same_day(one: HallTime, other: HallTime) -> bool:
    return (one + _ZONE) // _DAY == (other + _ZONE) // _DAY
