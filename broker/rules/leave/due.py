"""What time brings to leave: the next level is asked, an end is near (ATT-5.3), somebody has not come back (ATT-8.3.3b)."""

from datetime import timedelta
from typing import NamedTuple

from broker.rules import facts as f
from broker.rules.authority import deciders
from broker.rules.hall import Hall
from broker.rules.hours import day_of, midnight, on_day, spelled
from broker.rules.leave.deciding import levels_left
from broker.rules.leave.halves import next_required
from broker.rules.posts.halves import Half
from broker.rules.posts.vacancy import name
from broker.rules.tasks.open import About, closed, opened
from broker.rules.tasks.state import Task
from broker.rules.workdays import MissingYearError, day_plan
from broker.schema import Level
from contracts.values import HallPhase, HallTime, StaffNo, TaskKind

_AT_ONCE = HallTime(0)
_ASKED = (TaskKind.LEAVE_DECIDE, TaskKind.LEAVE_OVERDUE)


class _Question(NamedTuple):
    """What is to be asked about a leave, and of whom."""

    kind: TaskKind
    leave: f.Leave
    staff: tuple[StaffNo, ...]


def due(hall: Hall) -> HallTime | None:
    """At once while somebody is to be asked, or need not be any more; else the next reminder, the next half to be missed."""
    if hall.emergency_since is not None or not hall.leave.all:
        return None
    if _pending(hall):
        return _AT_ONCE
    times = [
        at for one in hall.leave.all.values() for at in (_remind_at(hall, one), _missed_at(hall, one)) if at is not None
    ]
    return min(times, default=None)


def time_reached(hall: Hall, now: HallTime) -> list[f.Fact]:
    """One leave at a time: each then sees what the one before has changed."""
    if hall.emergency_since is not None:
        return []
    pending = _pending(hall)[:1]
    return pending or next((facts for one in hall.leave.all.values() if (facts := _happens(hall, one, now))), [])


def _happens(hall: Hall, one: f.Leave, now: HallTime) -> list[f.Fact]:
    remind_at, missed_at = _remind_at(hall, one), _missed_at(hall, one)
    if remind_at is not None and remind_at <= now:
        asked = tuple(dict.fromkeys((one.staff, *deciders(hall, one.staff, "chief_rep", now))))
        return [f.LeaveReminded(leave=one.no), _asked(hall, _Question(TaskKind.LEAVE_ENDS, one, asked))]
    if missed_at is not None and missed_at <= now:
        half = _to_be_missed(hall, one)
        assert half is not None
        overdue = f.LeaveOverdue(leave=one.no, since=max(half.begins, one.ends))
        return [overdue, _asked(hall, _question(hall, TaskKind.LEAVE_OVERDUE, one, "chief_rep", now))]
    return []


# --- Times ----------------------------------------------------------------------------------------------------------------


def _remind_at(hall: Hall, one: f.Leave) -> HallTime | None:
    """When it is today: 15:00 of the last workday on which the leave runs then."""
    today, config = hall.today, hall.in_force.config
    at = on_day(today.date, config.params.attendance.leave_remind_at)
    if one.state is not f.LeaveState.APPROVED or one.is_reminded or not today.works or not one.begins <= at < one.ends:
        return None
    day = today.date + timedelta(days=1)
    while (later := on_day(day, config.params.attendance.leave_remind_at)) < one.ends:
        if day_plan(config, day_of(later)).works:
            return None
        day += timedelta(days=1)
    return at


def _missed_at(hall: Hall, one: f.Leave) -> HallTime | None:
    """When the first half required after it ends, if that is today."""
    if one.state is not f.LeaveState.APPROVED or one.ends >= hall.today.over or one.staff not in hall.in_force.staff:
        return None
    half = _to_be_missed(hall, one)
    return None if half is None or half.ends >= hall.today.over else half.ends


def _to_be_missed(hall: Hall, one: f.Leave) -> Half | None:
    """A half of today or later, behind the end and behind the approval: what excused earlier ones is forgotten by now."""
    from_today = midnight(hall.today.date)
    return next_required(hall, one.staff, max(one.ends, one.decided_at or one.ends, from_today))


# --- Questions ------------------------------------------------------------------------------------------------------------


def _pending(hall: Hall) -> list[f.Fact]:
    """Questions to end, and questions to put while the hall is open, to who held the level when the last fact was stored."""
    tasks = [task for task in hall.tasks.open.values() if task.kind in _ASKED]
    wanted = _questions(hall, hall.last_at)
    ended: list[f.Fact] = [closed(task, "settled") for task in tasks if not any(_is_about(task, one) for one in wanted)]
    if ended or hall.phase is not HallPhase.OPEN:
        return ended
    return [
        _asked(hall, one)
        for one in wanted
        if not one.leave.is_looked_into and not any(_is_about(task, one) for task in tasks)
    ]


def _questions(hall: Hall, now: HallTime) -> list[_Question]:
    found: list[_Question] = []
    for one in hall.leave.all.values():
        if one.state is f.LeaveState.SUBMITTED:
            found.append(_question(hall, TaskKind.LEAVE_DECIDE, one, _next_level(hall, one, now), now))
        elif one.state is f.LeaveState.OVERDUE:
            found.append(_question(hall, TaskKind.LEAVE_OVERDUE, one, "chief_rep", now))
    return found


def _next_level(hall: Hall, one: f.Leave, now: HallTime) -> Level:
    """Where a year without holidays hides whether it is late, the manager is asked."""
    try:
        return levels_left(hall, one, now)[0]
    except MissingYearError:
        return "manager"


def _question(hall: Hall, kind: TaskKind, one: f.Leave, level: Level, now: HallTime) -> _Question:
    return _Question(kind, one, deciders(hall, one.staff, level, now))


def _is_about(task: Task, question: _Question) -> bool:
    """The same question to the same people."""
    same = task.kind is question.kind and task.values["no"] == question.leave.no
    return same and task.ladder[0].staff == question.staff


def _asked(hall: Hall, question: _Question) -> f.TaskOpened:
    one = question.leave
    rung = f.Rung(after=0, staff=question.staff) if question.staff else f.Rung(after=0, roles=("duty_leader", "manager"))
    values = {"no": one.no, "name": name(hall, one.staff), "time": spelled(one.ends)}
    return opened(hall, question.kind, (rung,), About(values=values))
