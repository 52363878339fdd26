"""The open tasks as the consoles of staff see them."""

from broker.rules.hall import Hall
from broker.rules.tasks.state import Task
from contracts import messages as m


def task_board(hall: Hall) -> m.TaskBoard:
    """Every open task, oldest first, with everyone asked so far."""
    return m.TaskBoard(epoch=0, fact=0, tasks=tuple(_info(hall, task) for task in hall.tasks.open.values()))


def _info(hall: Hall, task: Task) -> m.TaskInfo:
    rungs = task.ladder[: task.level + 1]
    ticket = None if task.ticket is None else hall.tickets.get(task.ticket)
    return m.TaskInfo(
        id=task.id,
        kind=task.kind,
        opened_at=task.opened_at,
        level=task.level,
        roles=tuple(dict.fromkeys(role for rung in rungs for role in rung.roles)),
        staff=tuple(dict.fromkeys(staff for rung in rungs for staff in rung.staff)),
        counter=task.counter,
        group=task.group,
        ticket=None if ticket is None else ticket.no,
        appointment=task.appointment,
        values=task.values,
        acknowledged_by=task.acknowledged_by,
    )
