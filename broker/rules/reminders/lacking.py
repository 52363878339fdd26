"""Which records a day lacks, by the evaluator of the edition in force (1.0.3)."""

from datetime import date

from broker.attendance import Duty, Excuse, ExcuseKind, Punch, Word
from broker.attendance.editions import EVALUATORS
from broker.rules.corrections.within import attendance_day, last_day
from broker.rules.facts import Absence, OpenDay
from broker.rules.hall import Hall
from broker.rules.hours import DAY, midnight
from broker.rules.workdays import Day, day_plan
from contracts.values import HalfOfDay, HallTime, StaffNo

_MISSING = {Word.MISSING_IN: True, Word.MISSING_OUT: False}


def lacking(hall: Hall, open_day: OpenDay) -> list[tuple[HalfOfDay, bool]]:
    """Each half in which the coming (true) or the leaving (false) is not recorded."""
    return _lacking(hall, open_day, day_plan(hall.in_force.config, date.fromisoformat(open_day.date)))


def _lacking(hall: Hall, open_day: OpenDay, plan: Day) -> list[tuple[HalfOfDay, bool]]:
    config, person = hall.in_force.config, hall.in_force.staff.get(open_day.staff)
    if person is None:
        return []
    punches = [Punch(one.at, one.intent) for one in open_day.marks]
    evaluate = EVALUATORS[config.hall.rulebook]
    record = evaluate(
        punches, Duty(plan, since=person.since), [_excuse(hall, one) for one in open_day.excuses], config.params.attendance
    )
    return [(half.half, _MISSING[one.word]) for half in record.halves for one in half.results if one.word in _MISSING]


def _excuse(hall: Hall, absence: Absence) -> Excuse:
    outings = hall.in_force.config.params.attendance.outing_kinds
    kind = ExcuseKind.OUTING if absence.kind in outings else ExcuseKind.LEAVE
    return Excuse(kind, absence.begins, absence.ends, absence.kind)


def over_night(hall: Hall, today: date) -> tuple[OpenDay, ...]:
    """What the new day takes over: the days that still lack something and can be made good in time."""
    known = [one for one in hall.reminders.open.values() if lacking(hall, one)]
    ended = [] if hall.day is None else _ended(hall, hall.day)
    return tuple(one for one in (*known, *ended) if one.until > midnight(today))


def _ended(hall: Hall, day: Day) -> list[OpenDay]:
    """The people whose day has just ended without all its records. Whoever has none at all is absent, not reminded."""
    within = hall.in_force.config.params.attendance.regularise_within_wd
    until = HallTime(midnight(last_day(hall.in_force.config, day.date, within)) + DAY)
    found = []
    for staff, marks in hall.reminders.today.items():
        one = OpenDay(
            staff=staff, date=day.date.isoformat(), until=until, marks=tuple(marks), excuses=_excuses(hall, staff, day)
        )
        if _lacking(hall, one, day):
            found.append(one)
    return found


def _excuses(hall: Hall, staff: StaffNo, day: Day) -> tuple[Absence, ...]:
    known = (*hall.posts.absences, *hall.reminders.ended)
    return tuple(one for one in known if one.staff == staff and touches(one, day.date))


def touches(absence: Absence, day: date) -> bool:
    """Whether somebody was away in a part of this day."""
    return absence.begins < midnight(day) + DAY and absence.ends > midnight(day)


def day_key(hall: Hall, at: HallTime) -> str:
    """The day of attendance an instant belongs to."""
    return attendance_day(hall.in_force.config, at).isoformat()
