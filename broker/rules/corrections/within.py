"""Until when a record may be corrected, by whom, and which day and month it counts for."""

from collections.abc import Iterable
from datetime import date, timedelta

from broker.rules.asking import No
from broker.rules.authority import ladder, may_not_decide
from broker.rules.hall import Hall
from broker.rules.hours import day_of, midnight, on_day
from broker.rules.roles import LEAD
from broker.rules.workdays import day_plan
from broker.schema import HallConfig, Level
from contracts.values import HallTime, Refusal, StaffNo


def attendance_day(config: HallConfig, at: HallTime) -> date:
    """The day of attendance an instant belongs to: from the cut-off of one morning to that of the next (1.0.3)."""
    some_day = date(2000, 1, 1)
    return day_of(HallTime(at - on_day(some_day, config.params.attendance.day_cutoff) + midnight(some_day)))


def month_key(config: HallConfig, staff: StaffNo, at: HallTime) -> str:
    """Person and month a 补签 is counted for."""
    return f"{staff} {attendance_day(config, at):%Y-%m}"


def earliest(hall: Hall, today: date) -> date:
    """The first day that may still be corrected."""
    return today - timedelta(days=hall.in_force.config.params.attendance.correct_within_days)


def no_time(hall: Hall, at: HallTime, now: HallTime) -> No | None:
    """Why a record cannot be stated for this instant: it lies ahead, too far back, or on a day of rest."""
    config = hall.in_force.config
    if at > now:
        return No(Refusal.BAD_VALUE, "the time lies ahead")
    day = attendance_day(config, at)
    return no_day(hall, day, now)


def no_day(hall: Hall, day: date, now: HallTime) -> No | None:
    """Why the records of this day cannot be corrected."""
    config = hall.in_force.config
    first = earliest(hall, day_of(now))
    if day < first:
        return No(Refusal.BAD_VALUE, f"records before {first} are not corrected any more (correct_within_days)")
    return None if day_plan(config, day).works else No(Refusal.BAD_VALUE, f"{day} was no working day")


def last_day(config: HallConfig, day: date, working_days: int) -> date:
    """The last of so many working days after ``day``, by the plain week where no holidays are imported."""
    left = working_days
    while left:
        day += timedelta(days=1)
        left -= day_plan(config, day).works
    return day


def level_of(hall: Hall, staff: StaffNo, at: HallTime, now: HallTime) -> Level:
    """Who decides a 补签 now: the chief representative in time and for the first of a month, else the manager (ATT-8.3.1c).

    A chief's own climbs to the duty leader.
    """
    config = hall.in_force.config
    params = config.params.attendance
    too_many = hall.corrections.approved.get(month_key(config, staff, at), 0) >= params.regularise_per_month
    too_late = day_of(now) > last_day(config, attendance_day(config, at), params.regularise_within_wd)
    level: Level = "manager" if too_many or too_late else "chief_rep"
    return ladder(hall, staff, (level,))[0]


def may_not_supervise(hall: Hall, actor: StaffNo, subject: StaffNo, now: HallTime) -> No | None:
    """Why this person is not the one who signs a decision about that one's half: it is the manager's."""
    return may_not_decide(hall, actor, subject, ladder(hall, subject, ("manager",))[0], now)


def checkers(hall: Hall, concerned: Iterable[StaffNo]) -> tuple[StaffNo, ...]:
    """Who may check records of these people: the inspectors, none of themselves; where there is none, the leaders."""
    staff = hall.in_force.staff.values()
    about = frozenset(concerned)
    found = tuple(one.id for one in staff if one.role == "inspector" and one.id not in about)
    return found or tuple(one.id for one in staff if one.role in LEAD and one.id not in about)


def may_not_check(hall: Hall, actor: StaffNo, concerned: Iterable[StaffNo]) -> No | None:
    """Why this person may not check records of these people."""
    about = frozenset(concerned)
    if actor not in hall.in_force.staff:
        return No(Refusal.UNKNOWN_STAFF, f"{actor} is no person of this hall")
    if actor in about:
        return No(Refusal.OWN_CASE, f"{actor} may not check their own records")
    able = checkers(hall, about)
    return None if actor in able else No(Refusal.NOT_PERMITTED, f"this takes {', '.join(able) or 'a person nobody is'}")
