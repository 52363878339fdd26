"""How nodes, the service, the counters and the hall are: retained, so that whoever starts sees the present."""

from msgspec import Struct, field

from contracts.messages.base import Message, Versioned
from contracts.values import (
    AppointmentId,
    BootId,
    CallId,
    CounterId,
    CounterPhase,
    GroupId,
    HallPhase,
    HallTime,
    HandoverAct,
    HandoverNo,
    NodeName,
    SessionId,
    StaffNo,
    TaskId,
    TaskKind,
    TicketNo,
)


class NodeState(Message, frozen=True, kw_only=True):
    """A node's birth (``online``) and its last will (offline); both carry the boot id, so an old will is recognised."""

    node: NodeName
    boot: BootId
    online: bool
    room: str = ""
    version: str = ""
    reason: str = ""
    """``planned`` for an orderly shutdown, else empty."""


class ServiceState(Message, frozen=True, kw_only=True):
    """The service's heartbeat every 5 s, which is the time sync; its last will has ``online`` false.

    ``trouble`` is a stable word for the administrator, empty if all is well: ``configuration_refused`` in safe mode.
    """

    epoch: int
    boot: BootId
    hall_now: HallTime
    online: bool = True
    trouble: str = ""


class CounterBoard(Versioned, frozen=True, kw_only=True):
    """What the public may know of a counter; signs, main board and voice listen.

    ``announcement`` counts the calls of this ``call``: 1, then 2 and 3 for recalls; ``announced_at`` is when the last one
    was decided. ``last`` is true for the last call before a no-show. ``go_to`` is the counter visitors are sent to while
    this one is empty. ``extended``: it serves after hours (EXT-1). ``acting``: the B of the post sits here (AB-4.3).
    ``continued``: the visitor has been at another counter before (voice.transfer). ``server`` is who called or serves the
    ticket, or who served the session that may still be rated: of two persons at a counter not always ``staff``;
    ``server_for`` is the name of the main person they do it for, ``None`` for their own post (COND-8, AB-4.3).
    """

    counter: CounterId
    phase: CounterPhase
    ticket: TicketNo | None = None
    call: CallId | None = None
    announcement: int = 0
    announced_at: HallTime | None = None
    last: bool = False
    staff: StaffNo | None = None
    staff_name: str | None = None
    go_to: CounterId | None = None
    extended: bool = False
    acting: bool = False
    continued: bool = False
    server: StaffNo | None = None
    server_name: str | None = None
    server_for: str | None = None


class QueueBoard(Versioned, frozen=True, kw_only=True):
    """How many wait in a queue group, and the range of minutes a ticket taken now would wait, if that can be told."""

    group: GroupId
    waiting: int
    wait_low: int | None = None
    wait_high: int | None = None


class AddedCounter(Struct, frozen=True, kw_only=True):
    """A counter that has joined for a group with too many waiting (EXT-3.4), and when: it is said only then."""

    counter: CounterId
    group: GroupId
    since: HallTime | None = None


class HallBoard(Versioned, frozen=True, kw_only=True):
    """The part of the day; ``next_at`` is when it changes by itself, if known, ``since`` when it began.

    ``emergency``: everyone is asked to leave and nothing is called (HALL-8.2). ``near_close_at``: from here on closing is
    announced. ``noon_service``: tickets are called through the noon break (D8). ``extended``: somebody is served after
    hours. ``added`` are the counters that joined in a surge.
    """

    phase: HallPhase
    next_at: HallTime | None = None
    emergency: bool = False
    near_close_at: HallTime | None = None
    noon_service: bool = False
    extended: bool = False
    added: tuple[AddedCounter, ...] = ()
    since: HallTime | None = None


class NoticeBoard(Versioned, frozen=True, kw_only=True):
    """A line for the main board, gone by itself at ``valid_to`` (HALL-6)."""

    text: str
    valid_to: HallTime | None = None


class DeskNote(Struct, frozen=True, kw_only=True):
    """A sentence for the clerk: a key of ``words`` (``con.appt``) and the values of its placeholders."""

    key: str
    values: dict[str, str] = field(default_factory=dict)


class HandoverOffer(Struct, frozen=True, kw_only=True):
    """Something the clerk may do about a hand-over of ``counter``, with whom: to whom it goes, or from whom it comes."""

    act: HandoverAct
    counter: CounterId
    name: str
    no: HandoverNo | None = None


class DeskState(Versioned, frozen=True, kw_only=True):
    """What the terminal and the pad of one counter need. Never a visitor's name; ``care`` says "offer help", never why.

    ``no_show_at``: from this hall time on 过号 is allowed, ``None`` while calls remain to be made. ``recall_at`` likewise.
    ``session`` is the session being served, or the finished one that may be rated until ``arm_until``; ``rated`` says
    whether that one has its rating. ``staff_name`` and ``staff`` are public (COND-8). ``second`` sits beside ``staff``;
    ``server``, ``server_name`` and ``server_for`` are as on the board, for the post sign of the pad and what is printed.
    ``accompanied``: an agent is with the visitor (AGENT-4.1).

    ``held`` are the tickets put aside here, longest first; ``led_here`` those another counter brings, ``leads_to`` where
    this one brings its own, and to whom. ``care_open`` asks the clerk to look at the priority. ``a_name`` is the main
    person while the B acts. ``extended``: the session runs after hours; ``goes_home``: 无法延时 may be pressed.
    ``may_cover`` are the counters the person here may act for now, ``covers`` the one they act for (AB-4.6). ``notes`` are
    sentences for the clerk. ``handovers`` is what they may do about hand-overs (AB-4.2, AB-4.4).
    """

    counter: CounterId
    phase: CounterPhase
    staff: StaffNo | None = None
    staff_name: str | None = None
    ticket: TicketNo | None = None
    care: bool = False
    call: CallId | None = None
    announcement: int = 0
    recall_at: HallTime | None = None
    no_show_at: HallTime | None = None
    session: SessionId | None = None
    arm_until: HallTime | None = None
    rated: bool = False
    waiting: int = 0
    second: StaffNo | None = None
    held: tuple[TicketNo, ...] = ()
    led_here: tuple[TicketNo, ...] = ()
    leads_to: CounterId | None = None
    leads_to_name: str | None = None
    care_open: bool = False
    a_name: str | None = None
    extended: bool = False
    goes_home: bool = False
    covers: CounterId | None = None
    notes: tuple[DeskNote, ...] = ()
    may_cover: tuple[CounterId, ...] = ()
    handovers: tuple[HandoverOffer, ...] = ()
    server: StaffNo | None = None
    server_name: str | None = None
    server_for: str | None = None
    accompanied: bool = False


class TaskInfo(Struct, frozen=True, kw_only=True):
    """Something a person is asked to see to. Never a visitor's name, number or contact; those are opened by name alone.

    ``level`` counts the escalations from 0; ``roles`` and ``staff`` are who is asked now. ``values`` fill the sentence of
    its kind. ``acknowledged_by`` is who has taken it.
    """

    id: TaskId
    kind: TaskKind
    opened_at: HallTime
    level: int
    roles: tuple[str, ...] = ()
    staff: tuple[StaffNo, ...] = ()
    counter: CounterId | None = None
    group: GroupId | None = None
    ticket: TicketNo | None = None
    appointment: AppointmentId | None = None
    values: dict[str, str] = field(default_factory=dict)
    acknowledged_by: StaffNo | None = None


class TaskBoard(Versioned, frozen=True, kw_only=True):
    """The open tasks of the hall, oldest first: for staff alone (the ``ops`` node, later the guide's console)."""

    tasks: tuple[TaskInfo, ...] = ()
