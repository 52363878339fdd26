"""Which points can be promised: on the grid, in opening hours of a working day, with room in the half hour (APPT-1)."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from broker.rules import facts as f
from broker.rules.appointments.state import PROMISED, Appointment
from broker.rules.asking import No
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE, clock_of, day_of, midnight, spelled
from broker.rules.workdays import Day, MissingYearError, day_plan, is_workday
from contracts.values import GroupId, HallTime, Refusal


def cannot_promise(hall: Hall, group: GroupId, at: HallTime, now: HallTime, moving: Appointment | None = None) -> No | None:
    """Why this point cannot be promised to anybody, if so. ``moving``: the appointment that leaves its own place for it."""
    no = _no_time_to_meet(hall, at, now)
    if no is not None:
        return no
    params = hall.in_force.config.params.appointment
    capacity = params.slot_capacity
    if hall.emergency_since is not None and day_of(at) == hall.today.date:
        return No(Refusal.EMERGENCY, "nobody knows when this emergency ends; promise another day")
    if _taken(hall, group, moving)[at // (params.slot_min * MINUTE)] >= capacity:
        free = next_free(hall, group, at, now)
        time = "" if free is None else at_text(free, at)
        return No(Refusal.SLOT_FULL, f"{capacity} are promised in this half hour (APPT-1)", {"time": time})
    return None


def _no_time_to_meet(hall: Hall, at: HallTime, now: HallTime) -> No | None:
    """Why nobody can be served at this point, whoever else comes."""
    config, day = hall.in_force.config, day_of(at)
    params = config.params.appointment
    try:
        works = is_workday(config.calendar, day)
    except MissingYearError as missing:
        return No(Refusal.CALENDAR_MISSING_YEAR, str(missing), {"year": str(missing.year)})
    if at <= now:
        return No(Refusal.BAD_VALUE, f"{at_text(at, now)} has passed already")
    if (day - day_of(now)).days > params.ahead_days:
        return No(Refusal.BAD_VALUE, f"{day} is more than {params.ahead_days} days ahead (params.appointment.ahead_days)")
    if not works or not _is_open(day_plan(config, day), at):
        return No(Refusal.OUTSIDE_HOURS, f"{at_text(at, now)} is outside opening hours (APPT-1)")
    if (at - midnight(day)) % (params.grid_min * MINUTE):
        return No(Refusal.BAD_VALUE, f"agreed times lie on a grid of {params.grid_min} min (APPT-1)")
    return None


def next_free(hall: Hall, group: GroupId, after: HallTime, now: HallTime) -> HallTime | None:
    """The next point behind ``after`` that can be promised, as far as appointments are made ahead."""
    params = hall.in_force.config.params.appointment
    width, taken = params.slot_min * MINUTE, _taken(hall, group, None)
    points = _points(hall, max(after, now), now)
    return next((at for at in points if taken[at // width] < params.slot_capacity), None)


def _points(hall: Hall, after: HallTime, now: HallTime) -> Iterator[HallTime]:
    """Every point of the grid in opening hours behind an instant, up to the last day that may be booked."""
    config = hall.in_force.config
    step = config.params.appointment.grid_min * MINUTE
    last = day_of(now) + timedelta(days=config.params.appointment.ahead_days)
    first = day_of(after)
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        works = _works(hall, day)
        if works is None:
            return
        plan = day_plan(config, day)
        for at in range(midnight(day), plan.over, step) if works else ():
            if at > after and _is_open(plan, HallTime(at)):
                yield HallTime(at)


def _works(hall: Hall, day: date) -> bool | None:
    """``None`` in a year without data: behind it nothing can be promised."""
    try:
        return is_workday(hall.in_force.config.calendar, day)
    except MissingYearError:
        return None


def _is_open(day: Day, at: HallTime) -> bool:
    return day.morning <= at < day.noon or day.afternoon <= at < day.close


def _taken(hall: Hall, group: GroupId, moving: Appointment | None) -> Counter[int]:
    """How many are promised to this group in each half hour, counted from 1970."""
    width = hall.in_force.config.params.appointment.slot_min * MINUTE
    mine = (one for one in hall.appointments.all.values() if one.group == group and one is not moving)
    return Counter(one.at // width for one in mine if one.state in PROMISED)


def at_text(at: HallTime, seen_from: HallTime) -> str:
    """A point as people read it: ``10:30``, with its date if it is another day."""
    return clock_of(at) if day_of(at) == day_of(seen_from) else spelled(at)


def agreed_q(hall: Hall, at: HallTime) -> HallTime:
    """An agreed time on the queue clock of its day, as it runs now: emergencies before the promise do not shift it."""
    is_today = hall.day is not None and day_of(at) == hall.day.date
    return HallTime(at - hall.frozen) if is_today else at


def as_made(hall: Hall, fact: f.AppointmentMade) -> Appointment:
    """The appointment as it is the moment it is made; nobody has been asked to confirm it."""
    return Appointment(
        id=fact.appointment,
        group=fact.group,
        service=fact.service,
        at=fact.at,
        agreed_q=agreed_q(hall, fact.at),
        contact=fact.contact,
        state=f.AppointmentState.REQUESTED,
        channel=fact.channel.value,
        holder=fact.holder,
        project=fact.project,
        source_id=fact.source_id,
        asked=False,
    )
