"""Duty leader and guide: they see the tasks on their console and do what each asks for, after as long as people take."""

from functools import partial

from contracts import messages as m
from contracts.values import ContactOutcome, GroupId, HallTime, Ms, StaffNo, TaskId, TaskKind
from sim.day.floor import GUIDE, LEADER, OPS, Floor

_TAKES: Ms = 90_000
"""From the alert to the first act."""


class Leaders:
    """Plays those who are asked by tasks. :meth:`look` is called with every new task board."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._house = floor.house
        self._seen: set[TaskId] = set()

    def look(self, board: m.TaskBoard) -> None:
        """Take up what is new."""
        for task in board.tasks:
            if task.id not in self._seen:
                self._seen.add(task.id)
                self._house.at(HallTime(self._house.now + _TAKES), partial(self._see_to, task))

    def _see_to(self, task: m.TaskInfo) -> None:
        if not self._house.is_up or not self._is_open(task.id):
            return
        self._house.ask(OPS, m.TaskAckRequested, actor=_asked(task), task=task.id)
        match task.kind:
            case TaskKind.SURGE if task.group is not None:
                self._add_counter(task.group)
            case TaskKind.APPOINTMENT_CONTACT:
                self._contact(task)
            case TaskKind.CLOSING_PLAN:
                counters = tuple(one.id for one in self._house.config.counters)
                self._house.ask(OPS, m.ClosingPlanRequested, actor=LEADER, counters=counters)
            case _:
                pass

    def _is_open(self, task: TaskId) -> bool:
        board = self._house.states.get(self._house.topics.task_board)
        return isinstance(board, m.TaskBoard) and any(one.id == task for one in board.tasks)

    def _add_counter(self, group: GroupId) -> None:
        counter = next((one.id for one in self._house.config.counters if group in one.surge_groups), None)
        if counter is not None:
            self._house.ask(OPS, m.CounterAddRequested, actor=LEADER, counter=counter, group=group)

    def _contact(self, task: m.TaskInfo) -> None:
        """Call twice; whoever has not come by then does not answer."""
        gap = self._house.config.params.appointment.contact_gap_min * 60_000 + 1_000
        for attempt in range(self._house.config.params.appointment.contact_attempts):
            self._house.at(HallTime(self._house.now + attempt * gap), partial(self._call, task))

    def _call(self, task: m.TaskInfo) -> None:
        if self._house.is_up and self._is_open(task.id):
            self._house.ask(
                OPS,
                m.AppointmentContactRecorded,
                actor=GUIDE,
                appointment=task.appointment,
                outcome=ContactOutcome.NO_ANSWER,
            )


def _asked(task: m.TaskInfo) -> StaffNo:
    """Who answers: the guide for what guides are asked, else the duty leader."""
    if task.staff:
        return task.staff[0]
    return GUIDE if "guide" in task.roles else LEADER
