"""Tasks: what a person was asked to see to, who was asked next, who took it, how it ended."""

from msgspec import Struct, field

from broker.rules.facts.base import Fact
from contracts.values import AppointmentId, CounterId, GroupId, Ms, StaffNo, TaskId, TaskKind, TicketId


class Rung(Struct, frozen=True, kw_only=True):
    """Who is asked if nobody has taken a task ``after`` ms of queue clock: everyone of these roles, and these persons."""

    after: Ms
    roles: tuple[str, ...] = ()
    staff: tuple[StaffNo, ...] = ()


class TaskOpened(Fact, frozen=True, kw_only=True):
    """Something needs a person. ``ladder``: who is asked and when, its first rung at once; ``values`` fill the sentence."""

    task: TaskId
    kind: TaskKind
    ladder: tuple[Rung, ...]
    counter: CounterId | None = None
    group: GroupId | None = None
    ticket: TicketId | None = None
    appointment: AppointmentId | None = None
    values: dict[str, str] = field(default_factory=dict)


class TaskEscalated(Fact, frozen=True, kw_only=True):
    """Nobody has taken it in time: the rung with this number is asked as well."""

    task: TaskId
    level: int


class TaskAcknowledged(Fact, frozen=True, kw_only=True):
    """A person has taken it; it is not escalated any further."""

    task: TaskId
    actor: StaffNo


class TaskClosed(Fact, frozen=True, kw_only=True):
    """It is over: ``why`` is a stable word (``done``, ``settled``, ``day_over``); ``note`` is for the record."""

    task: TaskId
    why: str
    actor: StaffNo | None = None
    note: str = ""


TaskFact = TaskOpened | TaskEscalated | TaskAcknowledged | TaskClosed
"""Facts of tasks."""
