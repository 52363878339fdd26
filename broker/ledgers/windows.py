"""增设窗口台账 (EXT-3.4, EXT-3.5): every surge, who was told when, who took it, which counter joined, until when."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from broker.ledgers.table import Table, clock, person, window
from broker.rules import facts as f
from contracts.values import CounterId, GroupId, HallTime, StaffNo, TaskId, TaskKind

COLUMNS = (
    "业务队列",
    "预警时间",
    "等候人数",
    "预计分钟",
    "15分钟取号",
    "再次提醒",
    "提请分管领导",
    "接单人",
    "接单时间",
    "增开窗口",
    "增开时间",
    "批准人",
    "撤回时间",
    "预警解除",
)


@dataclass(slots=True)
class _Joined:
    counter: CounterId
    at: HallTime
    actor: StaffNo
    until: HallTime | None = None


@dataclass(slots=True)
class _Surge:
    group: GroupId
    at: HallTime | None = None
    raised: f.SurgeRaised | None = None
    steps: dict[int, HallTime] = field(default_factory=dict)
    taken: tuple[StaffNo, HallTime] | None = None
    joined: list[_Joined] = field(default_factory=list)
    cleared: HallTime | None = None


class _Book:
    """The surges of a day in order; a counter that joins without one stands in a line of its own."""

    def __init__(self) -> None:
        self.lines: list[_Surge] = []
        self._tasks: dict[TaskId, _Surge] = {}

    def of(self, group: GroupId) -> _Surge | None:
        return next((one for one in reversed(self.lines) if one.group == group and one.cleared is None), None)

    def take(self, fact: f.Fact, at: HallTime) -> None:
        match fact:
            case f.SurgeRaised(group=group):
                self.lines.append(_Surge(group, at, fact))
            case f.TaskOpened(kind=TaskKind.SURGE, group=group) if group is not None:
                if (surge := self.of(group)) is not None:
                    self._tasks[fact.task] = surge
            case f.TaskEscalated(task=task, level=level) if task in self._tasks:
                self._tasks[task].steps[level] = at
            case f.TaskAcknowledged(task=task, actor=actor) if task in self._tasks:
                self._tasks[task].taken = actor, at
            case f.SurgeCleared(group=group):
                if (surge := self.of(group)) is not None:
                    surge.cleared = at
            case f.CounterAdded():
                self._joined(fact, at)
            case f.CounterWithdrawn():
                self._left(fact, at)
            case _:
                pass

    def _joined(self, fact: f.CounterAdded, at: HallTime) -> None:
        surge = self.of(fact.group)
        if surge is None:
            surge = _Surge(fact.group)
            self.lines.append(surge)
        surge.joined.append(_Joined(fact.counter, at, fact.actor))

    def _left(self, fact: f.CounterWithdrawn, at: HallTime) -> None:
        for surge in self.lines:
            for one in surge.joined:
                if surge.group == fact.group and one.counter == fact.counter and one.until is None:
                    one.until = at


def table(recorded: Iterable[f.Recorded], groups: dict[GroupId, str], names: dict[StaffNo, str]) -> Table:
    """The ledger: a line for each counter that joined, or one for a surge that nobody joined."""
    book = _Book()
    for one in recorded:
        book.take(one.fact, one.at)
    rows: list[tuple[str, ...]] = []
    for surge in book.lines:
        joined: list[_Joined | None] = [*surge.joined] or [None]
        rows += [_row(surge, one, groups, names) for one in joined]
    return Table(COLUMNS, tuple(rows))


def _row(surge: _Surge, joined: _Joined | None, groups: dict[GroupId, str], names: dict[StaffNo, str]) -> tuple[str, ...]:
    raised, taken = surge.raised, surge.taken
    numbers = ("", "", "") if raised is None else (str(raised.waiting), str(raised.minutes), str(raised.arrivals))
    return (
        groups.get(surge.group, surge.group),
        clock(surge.at),
        *numbers,
        clock(surge.steps.get(1)),
        clock(surge.steps.get(2)),
        "" if taken is None else person(names, taken[0]),
        "" if taken is None else clock(taken[1]),
        "" if joined is None else window(joined.counter),
        "" if joined is None else clock(joined.at),
        "" if joined is None else person(names, joined.actor),
        "" if joined is None else clock(joined.until),
        clock(surge.cleared),
    )
