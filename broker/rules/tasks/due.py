"""When the next person is to be asked about a task, and asking them."""

from broker.rules import facts as f
from broker.rules.hall import Hall
from contracts.values import HallTime


def due(hall: Hall) -> HallTime | None:
    """When the next rung of any ladder is asked; never during an emergency."""
    if hall.emergency_since is not None:
        return None
    at = min((q for task in hall.tasks.open.values() if (q := task.next_rung_q) is not None), default=None)
    return None if at is None else hall.hall_time(at)


def time_reached(hall: Hall, now: HallTime) -> list[f.Fact]:
    """Every ladder whose next rung is due goes up one rung."""
    if hall.emergency_since is not None:
        return []
    q = hall.queue_clock(now)
    return [
        f.TaskEscalated(task=task.id, level=task.level + 1)
        for task in hall.tasks.open.values()
        if (rung := task.next_rung_q) is not None and rung <= q
    ]


def end_of_day(hall: Hall) -> list[f.Fact]:
    """What nobody has seen to ends with the day; whoever still needs it opens it anew."""
    return [f.TaskClosed(task=task, why="day_over") for task in hall.tasks.open]
