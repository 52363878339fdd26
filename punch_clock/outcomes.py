"""What a clock says about a punch that is safe: by its mode, the hours of the day and what is known of the person. Pure.

It tells, it never judges: the record is computed by the service from the raw punches (1.0.3). Times are compared as the
clock shows them, at whole minutes (D1).
"""

from dataclasses import dataclass, replace

from contracts.messages import Away, ClockSettings, Shift, TrainingInfo
from contracts.values import OUTING_AHEAD, HallTime, Ms, PunchIntent, TrainingNo
from punch_clock.hall_days import MINUTE, day_of, half_of, half_word, minute, time_of_day
from punch_clock.situations import Person
from punch_clock.views import Lines
from words import text


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to say, and whether all is well; ``early`` is how many minutes are left of the half somebody wants to leave.

    ``training`` is the one it signs somebody in to, or out of.
    """

    lines: Lines
    is_good: bool = True
    early: int = 0
    training: TrainingNo | None = None


def outcome(  # noqa: PLR0911 -- a table, one line a mode
    mode: PunchIntent, person: Person, settings: ClockSettings, now: HallTime, signed: frozenset[TrainingNo] = frozenset()
) -> Outcome:
    """What a punch of this person amounts to for the one who made it. ``signed``: the trainings they signed in to here."""
    if mode is PunchIntent.TRAIN:
        return _training(person, settings.trainings, now, signed)
    if settings.shifts and not any(day_of(one.start) == day_of(now) for one in settings.shifts):
        return _said("clk.rest")
    leave = _running(settings, person, now, outing=False)
    match mode:
        case PunchIntent.OUTING:
            return _going_out(settings, person, now)
        case PunchIntent.RETURN:
            return _coming_back(settings, person, now)
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
    late = 0 if half is None else (minute(now) - half.start) // MINUTE
    if late > 0:
        return _said("clk.in.late", name=person.name, time=time_of_day(now), m=str(late))
    return _said("clk.in.ok", name=person.name, time=time_of_day(now))


def _leaving(person: Person, shifts: tuple[Shift, ...], now: HallTime) -> Outcome:
    half = next((one for one in shifts if one.start <= now < one.end), None)
    early = 0 if half is None else (half.end - minute(now)) // MINUTE
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
    over = (minute(now) - planned) // MINUTE
    if over > 0 and day_of(planned) == day_of(now):
        return _said("clk.return.over", time=time_of_day(now), m=str(over))
    return _said("clk.return.ok", time=time_of_day(now))


def _on_leave(leave: Away, now: HallTime) -> Outcome:
    """The name of the leave is told to the one who holds the card."""
    return _said("clk.leave", half=half_word(half_of(now)), type=leave_word(leave.kind))


def leave_word(kind: str) -> str:
    """A kind of leave as people call it; one the list has no word for is some other leave."""
    known = {"personal", "sick", "annual", "marriage", "maternity"}
    return text(f"att.means.leave.{kind if kind in known else 'other'}").zh


def _training(person: Person, trainings: tuple[TrainingInfo, ...], now: HallTime, signed: frozenset[TrainingNo]) -> Outcome:
    """Which session this signs in to, and how late (TRN-9.1); whoever has signed in here, or comes after it, signs out."""
    able = [one for one in trainings if one.opens <= minute(now) and now < one.ends + (one.begins - one.opens)]
    theirs = [one for one in able if person.staff in one.staff] or able
    fresh = [one for one in theirs if one.training not in signed and now < one.ends]
    if not theirs:
        return _said("clk.train.none", is_good=False)
    if not fresh:
        return replace(_said("clk.train.out", time=time_of_day(now)), training=theirs[-1].training)
    late = (minute(now) - fresh[0].begins) // MINUTE if minute(now) > fresh[0].in_time_until else 0
    said = _said("clk.train.late", m=str(late)) if late > 0 else _said("clk.train.ok")
    return replace(said, training=fresh[0].training)


def _running(settings: ClockSettings, person: Person, now: HallTime, *, outing: bool, ahead: Ms = 0) -> Away | None:
    """The absence of this person that is running now, or begins within ``ahead``."""
    mine = (one for one in settings.away if one.staff == person.staff and one.outing is outing)
    return next((one for one in mine if one.begins - ahead <= now < one.ends), None)
