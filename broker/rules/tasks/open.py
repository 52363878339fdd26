"""Opening and closing tasks, for whichever rule needs a person."""

from dataclasses import dataclass, field

from broker.rules.facts import Rung, TaskClosed, TaskOpened
from broker.rules.hall import Hall
from broker.rules.tasks.state import Task
from contracts.values import AppointmentId, CounterId, GroupId, StaffNo, TaskId, TaskKind, TicketId


@dataclass(frozen=True, slots=True)
class About:
    """What a task is about, and the values of its sentence in ``words.task``."""

    counter: CounterId | None = None
    group: GroupId | None = None
    ticket: TicketId | None = None
    appointment: AppointmentId | None = None
    values: dict[str, str] = field(default_factory=dict)


def opened(hall: Hall, kind: TaskKind, ladder: tuple[Rung, ...], about: About, nth: int = 0) -> TaskOpened:
    """The fact that opens a task. ``nth`` counts the tasks that one decision opens, from 0: each gets its own number."""
    return TaskOpened(
        task=TaskId(f"{hall.today.date.isoformat()}/T{hall.tasks.count + nth + 1:03d}"),
        kind=kind,
        ladder=ladder,
        counter=about.counter,
        group=about.group,
        ticket=about.ticket,
        appointment=about.appointment,
        values=about.values,
    )


def closed(task: Task, why: str, actor: StaffNo | None = None, note: str = "") -> TaskClosed:
    """The fact that ends a task."""
    return TaskClosed(task=task.id, why=why, actor=actor, note=note)
