"""Duty leader and guide: they see the tasks on their console and do what each asks for, after as long as people take."""

from functools import partial

from contracts import messages as m
from contracts.values import ContactOutcome, GroupId, HallTime, Ms, StaffNo, TaskId, TaskKind
from sim.day.floor import GUIDE, LEADER, OPS, Floor

_TAKES: Ms = 90_000
"""From the alert to the first act."""
_SLACK: Ms = 5 * 60_000
"""How much later than they will come people say."""


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
        """Call, and once more after the gap if nobody answers."""
        gap = self._house.config.params.appointment.contact_gap_min * 60_000 + 1_000
        for attempt in range(self._house.config.params.appointment.contact_attempts):
            self._house.at(HallTime(self._house.now + attempt * gap), partial(self._call, task))

    def _call(self, task: m.TaskInfo) -> None:
        """Who is on the way says when they will be there; who will not come does not answer."""
        if not self._house.is_up or not self._is_open(task.id):
            return
        person = next((one.visitor for one in self._floor.booked.values() if one.appointment == task.appointment), None)
        is_coming = person is not None and person.comes and person.comes_at > self._house.now
        until = HallTime(person.comes_at + _SLACK) if person is not None and is_coming else None
        outcome = ContactOutcome.COMING if is_coming else ContactOutcome.NO_ANSWER
        self._house.ask(
            OPS,
            m.AppointmentContactRecorded,
            actor=GUIDE,
            appointment=task.appointment,
            outcome=outcome,
            hold_until=until,
        )


def _asked(task: m.TaskInfo) -> StaffNo:
    """Who answers: the guide for what guides are asked, else the duty leader."""
    if task.staff:
        return task.staff[0]
    return GUIDE if "guide" in task.roles else LEADER
