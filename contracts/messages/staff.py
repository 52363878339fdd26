"""What a guide, a duty leader or a manager asks of the whole hall: tasks, emergencies, extra counters, extended hours."""

from contracts.messages.base import Perishable
from contracts.values import CounterId, GroupId, HallTime, HelpKind, StaffNo, TaskId, TicketId


class TaskAckRequested(Perishable, frozen=True, kw_only=True):
    """A person has seen a task and takes it; it is not escalated any further."""

    actor: StaffNo
    task: TaskId


class TaskCloseRequested(Perishable, frozen=True, kw_only=True):
    """A task that does not end by itself is done."""

    actor: StaffNo
    task: TaskId
    note: str = ""


class HelpRequested(Perishable, frozen=True, kw_only=True):
    """Somebody at a ticket machine, or staff for them, asks for a person or a thing. ``ticket``: of whom."""

    kind: HelpKind
    ticket: TicketId | None = None
    actor: StaffNo | None = None


class EmergencyRequested(Perishable, frozen=True, kw_only=True):
    """应急, by duty leader or manager, in two steps: first with ``confirmed`` false, within a minute again with true."""

    actor: StaffNo
    confirmed: bool = False


class EmergencyEndRequested(Perishable, frozen=True, kw_only=True):
    """The emergency is over: everything goes on with all tickets intact (HALL-8.2)."""

    actor: StaffNo


class NoonServiceRequested(Perishable, frozen=True, kw_only=True):
    """午间延时: the duty leader lets tickets be called through today's noon break (D8)."""

    actor: StaffNo


class ClosingPlanRequested(Perishable, frozen=True, kw_only=True):
    """The duty leader says which counters stay until everyone is served; the others may close (EXT-3.3)."""

    actor: StaffNo
    counters: tuple[CounterId, ...]


class CounterAddRequested(Perishable, frozen=True, kw_only=True):
    """增设窗口: a standby counter joins a group of its surge groups (EXT-3.4), or leaves it (``withdraw``)."""

    actor: StaffNo
    counter: CounterId
    group: GroupId
    withdraw: bool = False


class CounterGroupsRequested(Perishable, frozen=True, kw_only=True):
    """What a counter serves for the rest of the day (HALL-19.3)."""

    actor: StaffNo
    counter: CounterId
    groups: tuple[GroupId, ...]


class ExtensionAssignRequested(Perishable, frozen=True, kw_only=True):
    """The window head picks who serves a visitor whose clerk cannot stay, or stays for those of a free counter (EXT-4).

    Exactly one of ``ticket`` and ``counter`` is given.
    """

    actor: StaffNo
    ticket: TicketId | None = None
    to: StaffNo
    counter: CounterId | None = None


class AbsenceEntryRequested(Perishable, frozen=True, kw_only=True):
    """A person is away in this time (approved leave, outing): may not log in, and the B of the post is asked to act."""

    actor: StaffNo
    staff: StaffNo
    begins: HallTime
    ends: HallTime
    kind: str
    withdraw: bool = False
