"""What boards and terminals show of the hall's day."""

from broker.rules.hall import Desk, Hall
from broker.rules.service_day import leaving
from broker.rules.service_day.closing_plan import near_close_at
from broker.rules.service_day.extended import AFTER_HOURS
from broker.rules.service_day.pressure import desk_minutes, is_able
from broker.rules.service_day.serves import groups_at, pairs_at
from contracts import messages as m
from contracts.values import CounterPhase, HallPhase, TaskKind

__all__ = ["added", "desk_notes", "goes_home", "is_extended", "is_hall_extended", "near_close_at", "phase_shown"]


def is_extended(hall: Hall, desk: Desk) -> bool:
    """Whether the session here runs after hours, at this moment (EXT-1)."""
    return hall.phase in AFTER_HOURS and desk.session is not None and desk.session in hall.service_day.extended


def is_hall_extended(hall: Hall) -> bool:
    """Whether somebody is served after hours."""
    return any(is_extended(hall, desk) for desk in hall.desks.values())


def goes_home(hall: Hall, desk: Desk) -> bool:
    """Whether 无法延时 may be pressed here: after hours, with a visitor on the desk or waiting for this counter (EXT-4)."""
    if hall.phase not in AFTER_HOURS or desk.staff is None:
        return False
    return desk.ticket is not None or leaving.is_wanted(hall, desk)


def added(hall: Hall) -> tuple[m.AddedCounter, ...]:
    """The counters that joined for a group with too many waiting, in the order in which they did."""
    return tuple(
        m.AddedCounter(counter=counter, group=group, since=since)
        for (counter, group), since in hall.service_day.added.items()
    )


def phase_shown(hall: Hall, desk: Desk) -> CounterPhase:
    """A counter that need not stay after closing and has nobody to call shows that it has closed (EXT-3.3)."""
    staying = hall.service_day.staying
    if hall.phase is not HallPhase.AFTER_CLOSING or staying is None or desk.counter in staying:
        return desk.phase
    is_done = desk.phase in {CounterPhase.FREE, CounterPhase.PAUSED} and not hall.queue.count(pairs_at(hall, desk))
    return CounterPhase.CLOSED if is_done else desk.phase


def desk_notes(hall: Hall, desk: Desk) -> tuple[m.DeskNote, ...]:
    """How long it will take near closing (EXT-3.1); which counter could help a group of this one (EXT-3.4)."""
    if desk.staff is None:
        return ()
    return (*_near_close(hall, desk), *_surges(hall, desk))


def _near_close(hall: Hall, desk: Desk) -> tuple[m.DeskNote, ...]:
    left = hall.service_day.near_close_left
    if left is None or hall.phase is not HallPhase.OPEN:
        return ()
    waiting, minutes = desk_minutes(hall, desk)
    return (m.DeskNote(key="con.nearclose", values={"m": str(left), "n": str(waiting), "t": str(minutes)}),)


def _surges(hall: Hall, desk: Desk) -> tuple[m.DeskNote, ...]:
    tasks = hall.tasks.of(TaskKind.SURGE) if hall.service_day.surging else []
    return tuple(
        m.DeskNote(key="con.surge", values={"group": task.values["group"], "w": task.values["w"]})
        for task in tasks
        if task.counter is not None and task.group in groups_at(hall, desk.counter) and is_able(hall, desk, task.group)
    )
