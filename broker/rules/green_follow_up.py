"""跟踪服务 (GREEN-4): whoever manages a green project is asked every second working day how it stands, until it is closed.

Acknowledged, the question comes again two working days later; closed as done, it does not come any more. Left alone, it
comes every morning. A project that is registered no longer, or whose time is over, is not asked about.
"""

from datetime import date, timedelta

from broker.rules import facts as f
from broker.rules.deadline import deadline
from broker.rules.green import manager_ladder
from broker.rules.hall import Hall
from broker.rules.hours import day_of
from broker.rules.tasks.open import About, closed, opened
from broker.rules.tasks.state import Task
from broker.rules.workdays import MissingYearError
from contracts.values import HallPhase, HallTime, TaskKind

_AT_ONCE = HallTime(0)


def watch(hall: Hall, fact: f.Fact, at: HallTime) -> None:
    """What a fact means for the next question, before it is applied."""
    match fact:
        case f.TicketIssued(project=str(code)) | f.ClassChanged(project=str(code), withdrawn=False):
            hall.follow_ups.setdefault(code, next_day(hall, day_of(at)))
        case f.TaskAcknowledged(task=task) if _is_ours(hall.tasks.open.get(task)):
            hall.follow_ups[hall.tasks.open[task].values["code"]] = next_day(hall, day_of(at))
        case f.TaskClosed(task=task, why="done") if _is_ours(hall.tasks.open.get(task)):
            hall.follow_ups.pop(hall.tasks.open[task].values["code"], None)
        case _:
            pass


def _is_ours(task: Task | None) -> bool:
    return task is not None and task.kind is TaskKind.GREEN_FOLLOW_UP


def next_day(hall: Hall, day: date) -> date:
    """So many working days later; over a turn of the year that is not imported yet, as many calendar days."""
    days = hall.in_force.config.params.queue.green_follow_up_wd
    try:
        return deadline(hall.in_force.config.calendar, day, days, "wd") or day
    except MissingYearError:
        return day + timedelta(days=days)


def due(hall: Hall) -> HallTime | None:
    """At once while anything is to be asked, or was answered."""
    return _AT_ONCE if hall.follow_ups and _pending(hall, hall.last_at) else None


def time_reached(hall: Hall, now: HallTime) -> list[f.Fact]:
    """One answered question ends, or one is put."""
    return _pending(hall, now)[:1]


def _pending(hall: Hall, now: HallTime) -> list[f.Fact]:
    if hall.phase is not HallPhase.OPEN or hall.emergency_since is not None:
        return []
    tasks = hall.tasks.of(TaskKind.GREEN_FOLLOW_UP)
    answered: list[f.Fact] = [closed(one, "followed_up") for one in tasks if one.acknowledged_by is not None]
    asked = {one.values["code"] for one in tasks}
    return answered + [_question(hall, code, now) for code in sorted(hall.follow_ups) if _is_to_ask(hall, code, asked)]


def _is_to_ask(hall: Hall, code: str, asked: set[str]) -> bool:
    project = hall.in_force.projects.get(code)
    today = hall.today.date
    return project is not None and today <= project.valid_to and hall.follow_ups[code] <= today and code not in asked


def _question(hall: Hall, code: str, now: HallTime) -> f.TaskOpened:
    return opened(hall, TaskKind.GREEN_FOLLOW_UP, manager_ladder(hall, code, now), About(values={"code": code}))
