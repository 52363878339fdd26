"""Every working morning whoever decides is asked again about each 补签 that is still open; tasks end with their day."""

from broker.rules import facts as f
from broker.rules.corrections.regularise import task_for
from broker.rules.facts import AskedOnFile
from broker.rules.hall import Hall
from contracts.values import HallTime, TaskKind


def due(hall: Hall) -> HallTime | None:
    """When the hall opens, if somebody has still to be asked."""
    return hall.today.morning if hall.today.works and _unasked(hall) else None


def time_reached(hall: Hall, now: HallTime) -> list[f.Fact]:
    """The task of each open request."""
    if not hall.today.works or now < hall.today.morning:
        return []
    return [task_for(hall, one, now, nth) for nth, one in enumerate(_unasked(hall))]


def _unasked(hall: Hall) -> list[AskedOnFile]:
    asked = {task.values["no"] for task in hall.tasks.of(TaskKind.REGULARISE)}
    return [one for one in hall.corrections.asked.values() if one.no not in asked]
