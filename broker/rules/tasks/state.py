"""The open tasks as the rules know them."""

from dataclasses import dataclass, field

from broker.rules.facts import Rung
from contracts.values import AppointmentId, CounterId, GroupId, HallTime, StaffNo, TaskId, TaskKind, TicketId


@dataclass(slots=True)
class Task:
    """One open task. ``opened_q`` is the queue clock of its opening: an emergency stops its ladder (HALL-8.2)."""

    id: TaskId
    kind: TaskKind
    opened_at: HallTime
    opened_q: HallTime
    ladder: tuple[Rung, ...]
    counter: CounterId | None = None
    group: GroupId | None = None
    ticket: TicketId | None = None
    appointment: AppointmentId | None = None
    values: dict[str, str] = field(default_factory=dict)
    level: int = 0
    acknowledged_by: StaffNo | None = None

    @property
    def next_rung_q(self) -> HallTime | None:
        """When, by the queue clock, the next rung is asked; ``None`` if it was taken or nobody is left."""
        if self.acknowledged_by is not None or self.level + 1 >= len(self.ladder):
            return None
        return HallTime(self.opened_q + self.ladder[self.level + 1].after)

    def asks(self, staff: StaffNo, role: str) -> bool:
        """Whether this person is one of those asked so far."""
        rungs = self.ladder[: self.level + 1]
        return any(staff in rung.staff or role in rung.roles for rung in rungs)


@dataclass(slots=True)
class Tasks:
    """All open tasks of the day in the order of their opening; ``count`` numbers them."""

    open: dict[TaskId, Task] = field(default_factory=dict)
    count: int = 0

    def of(self, kind: TaskKind, **what: object) -> list[Task]:
        """The open tasks of a kind whose fields have these values: ``of(TaskKind.SURGE, group="A")``."""
        return [
            one
            for one in self.open.values()
            if one.kind is kind and all(getattr(one, name) == value for name, value in what.items())
        ]
