"""授权委托书 (CREP-3): thirty days before a letter of authorisation ends, its chief representative and the manager are told.

First on that very day, then every working morning until one of them has taken it. A new letter ends the question.
"""

from collections.abc import Iterator
from datetime import timedelta

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.hours import midnight
from broker.rules.tasks.open import About, closed, opened
from broker.rules.tasks.state import Task
from broker.schema import Department
from contracts.values import HallTime, TaskKind

_AT_ONCE = HallTime(0)


def key_of(department: Department) -> str:
    """Which letter a department has; empty without one."""
    letter = department.letter
    return "" if letter is None else f"{letter.no}/{letter.last.isoformat()}"


def watch(hall: Hall, fact: f.Fact) -> None:
    """Whoever takes the task, or has done it, has been told; before the fact is applied."""
    match fact:
        case f.TaskAcknowledged(task=number) | f.TaskClosed(task=number, why="done"):
            task = hall.tasks.open.get(number)
            if task is not None and task.kind is TaskKind.LETTER_ENDS:
                hall.letters_seen[task.values["dept"]] = task.values["letter"]
        case _:
            pass


def on_file(hall: Hall) -> dict[str, str]:
    """The letters of today about which somebody has been told, by department."""
    today = {one.id: key_of(one) for one in hall.in_force.config.departments}
    return {dept: key for dept, key in sorted(hall.letters_seen.items()) if today.get(dept) == key}


def due(hall: Hall) -> HallTime | None:
    """When somebody is told next today; at once where a new letter has come. Never during an emergency."""
    if hall.emergency_since is not None:
        return None
    over = [_AT_ONCE for _ in _over(hall)]
    return min((*over, *(at for at, _ in _ahead(hall))), default=None)


def time_reached(hall: Hall, now: HallTime) -> list[f.Fact]:
    """One of these."""
    if hall.emergency_since is not None:
        return []
    over: list[f.Fact] = [closed(one, "settled") for one in _over(hall)]
    told: list[f.Fact] = [_told(hall, one) for at, one in _ahead(hall) if at <= now]
    return [*over, *told][:1]


def _over(hall: Hall) -> list[Task]:
    """About a letter that is no more the department's."""
    told = hall.tasks.of(TaskKind.LETTER_ENDS)
    keys = {one.id: key_of(one) for one in hall.in_force.config.departments} if told else {}
    return [one for one in told if keys.get(one.values["dept"]) != one.values["letter"]]


def _ahead(hall: Hall) -> Iterator[tuple[HallTime, Department]]:
    today, before = hall.today, hall.in_force.config.params.letter_remind_days
    lettered = [one for one in hall.in_force.config.departments if one.letter is not None]
    asked = {one.values["dept"] for one in hall.tasks.of(TaskKind.LETTER_ENDS)} if lettered else set()
    for one in lettered:
        if one.letter is None or one.chief is None or one.id in asked or hall.letters_seen.get(one.id) == key_of(one):
            continue
        first = one.letter.last - timedelta(days=before)
        if today.date == first:
            yield midnight(first), one
        elif today.date > first and today.works:
            yield today.tickets_from, one


def _told(hall: Hall, one: Department) -> f.TaskOpened:
    assert one.letter is not None
    assert one.chief is not None
    person = hall.in_force.staff.get(one.chief)
    values = {
        "dept": one.id,
        "letter": key_of(one),
        "name": one.chief if person is None else person.zh,
        "no": one.letter.no,
        "date": one.letter.last.isoformat(),
    }
    rung = f.Rung(after=0, roles=("manager",), staff=(one.chief,))
    return opened(hall, TaskKind.LETTER_ENDS, (rung,), About(values=values))
