"""What the facts of tasks change."""

from typing import assert_never

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.tasks.state import Task
from contracts.values import HallTime, StaffNo, TaskKind


def _opened(hall: Hall, fact: f.TaskOpened, at: HallTime) -> None:
    hall.tasks.count += 1
    hall.tasks.open[fact.task] = Task(
        id=fact.task,
        kind=fact.kind,
        opened_at=at,
        opened_q=hall.queue_clock(at),
        ladder=fact.ladder,
        counter=fact.counter,
        group=fact.group,
        ticket=fact.ticket,
        appointment=fact.appointment,
        values=fact.values,
    )


def _acknowledged(hall: Hall, task: Task, actor: StaffNo) -> None:
    """Taken. An agent who takes a visitor accompanies them from now on, whatever becomes of the task (AGENT-4.1)."""
    task.acknowledged_by = actor
    ticket = None if task.ticket is None else hall.tickets.get(task.ticket)
    if task.kind is TaskKind.AGENT and ticket is not None:
        ticket.accompanied_by = actor


def apply(hall: Hall, fact: f.TaskFact, at: HallTime) -> None:
    """One fact of a task."""
    match fact:
        case f.TaskOpened():
            _opened(hall, fact, at)
        case f.TaskEscalated(task=task, level=level):
            hall.tasks.open[task].level = level
        case f.TaskAcknowledged(task=task, actor=actor):
            _acknowledged(hall, hall.tasks.open[task], actor)
        case f.TaskClosed(task=task):
            del hall.tasks.open[task]
        case _:
            assert_never(fact)
