"""Every message a node, the rules service or a screen may say. Requests are imperative, answers and states past or present.

One message is one frozen struct. Its JSON carries ``message`` (the struct's tag) and ``schema`` (added and checked by
``contracts.codec``). Where a message may travel stands in ``contracts.topics``. Fields are only ever added, with a
default, and the row's schema number rises; an incompatible change gets a new name (design rule 4).
"""

from msgspec import Struct

from contracts.values import (
    BootId,
    CallId,
    CardHash,
    Condition,
    CounterId,
    CounterPhase,
    GroupId,
    HallPhase,
    HallTime,
    Ms,
    NodeName,
    PrintProof,
    PunchIntent,
    Refusal,
    RequestId,
    ServiceId,
    SessionId,
    StaffNo,
    TicketId,
    TicketNo,
    VisitorClass,
)


class Message(Struct, frozen=True, kw_only=True, tag_field="message", tag=True):
    """Anything that may travel over MQTT; the tag is the class name."""


# --- What nodes ask -----------------------------------------------------------------------------------------------------


class Request(Message, frozen=True, kw_only=True):
    """Something a node asks of the rules service; answered under its own id exactly as decided the first time."""

    request_id: RequestId


class Perishable(Request, frozen=True, kw_only=True):
    """A request that a person can simply repeat: refused as ``expired`` once ``expires_at`` has passed.

    ``expires_at`` is the last heard hall clock + 3 s; ``None`` where no hall clock was heard yet.
    """

    expires_at: HallTime | None = None


class Stamp(Struct, frozen=True, kw_only=True):
    """When something happened, in all the clocks a node without a battery clock has. Filled by the node's outbox.

    ``boot``, ``monotonic_ms``, ``wall_at`` are read when the journal row is written. ``heard_hall_at`` and
    ``heard_monotonic_ms`` are the last time sync before that, if there was one in this boot. ``age_ms`` is set at each
    sending: monotonic time since the row was written, or ``None`` if the node has rebooted since.
    """

    boot: BootId
    monotonic_ms: Ms
    wall_at: HallTime
    heard_hall_at: HallTime | None = None
    heard_monotonic_ms: Ms | None = None
    age_ms: Ms | None = None


class Kept(Request, frozen=True, kw_only=True):
    """A request that nobody can repeat.

    Journalled and fsync'd by its node before anyone sees a lamp or a paper, and sent until the service has answered.
    Never expires.
    """

    stamp: Stamp | None = None


class TicketRequested(Perishable, frozen=True, kw_only=True):
    """Somebody pressed the key of a queue group at a ticket machine (取号). ``care``: the 爱心 key was pressed before it."""

    group: GroupId
    care: bool = False
    service: ServiceId | None = None


class TicketPrinted(Kept, frozen=True, kw_only=True):
    """A paper of this ticket has left the cutter. ``copy`` is 0 for the first paper, n for 补打n."""

    ticket: TicketId
    copy: int
    proof: PrintProof


class TicketUnprinted(Kept, frozen=True, kw_only=True):
    """This kiosk will not print this ticket (it came too late, or the printer failed for good); the number is burnt.

    Sent only when no part of the ticket can be in somebody's hand.
    """

    ticket: TicketId
    reason: str


class OfflineTicketTaken(Kept, frozen=True, kw_only=True):
    """A ticket machine gave a number of its own, ``A2-03``, because the service was away or silent; paper follows.

    ``attempt_of`` is the online request of the same press, if one was sent: the service makes one ticket of both. ``day``
    (``2026-03-10``) is the hall's day by the machine's hall clock, ``None`` where it could not know. ``waited_ms`` is how
    long before the stamp the press had its turn. ``token`` is the machine's own, of the same form as the service's.
    """

    no: TicketNo
    group: GroupId
    care: bool
    token: str
    day: str | None = None
    attempt_of: RequestId | None = None
    waited_ms: Ms = 0


class OfflineTicketPrinted(Kept, frozen=True, kw_only=True):
    """A paper of an offline ticket has left the cutter. ``taken`` is the id of its ``OfflineTicketTaken``."""

    taken: RequestId
    copy: int
    proof: PrintProof


class OfflineTicketUnprinted(Kept, frozen=True, kw_only=True):
    """No part of this offline ticket is on paper, and it will not be printed; the number is burnt."""

    taken: RequestId
    reason: str


class LoginRequested(Perishable, frozen=True, kw_only=True):
    """A work card was presented at a counter terminal; ``card`` is its 10 hex digits. Who it is, the service decides.

    The same card again logs the person out, if the counter is free or paused.
    """

    card: str


class CallNextRequested(Perishable, frozen=True, kw_only=True):
    """The clerk pressed 叫下一位."""


class RecallRequested(Perishable, frozen=True, kw_only=True):
    """The clerk pressed 重呼 for the ticket on the desk."""

    call: CallId


class StartRequested(Perishable, frozen=True, kw_only=True):
    """The called visitor is here: 开始办理."""

    call: CallId


class FinishRequested(Perishable, frozen=True, kw_only=True):
    """The session is over: 办理完毕. Arms the rating pad."""

    session: SessionId


class NoShowRequested(Perishable, frozen=True, kw_only=True):
    """Nobody came: 过号 (D9)."""

    call: CallId


class PauseRequested(Perishable, frozen=True, kw_only=True):
    """暂停服务. ``reason`` is empty or a word from the hall's list, such as 短暂离开 (HALL-11.1)."""

    reason: str = ""


class ResumeRequested(Perishable, frozen=True, kw_only=True):
    """恢复服务."""


class RatingSubmitted(Kept, frozen=True, kw_only=True):
    """A visitor pressed a face. ``level`` 5 非常满意 to 1 非常不满意 (EVAL-4)."""

    session: SessionId
    level: int


class PunchMade(Kept, frozen=True, kw_only=True):
    """A work card was presented at an attendance clock, or a PIN entered.

    ``staff`` is who the clock's roster says it is, or ``None`` for an unknown card, which is stored all the same.
    """

    card: CardHash | None
    staff: StaffNo | None
    intent: PunchIntent = PunchIntent.NONE


class HealthReported(Request, frozen=True, kw_only=True):
    """A part of a node changed condition: ``printer``, ``sign.W02``, ``key.A``.

    ``code`` is a stable word, ``detail`` is for people.
    """

    part: str
    condition: Condition
    code: str
    detail: str = ""


class TicketEntryRequested(Perishable, frozen=True, kw_only=True):
    """Staff enter a ticket for somebody: ``hall-broker ticket`` at the ``ops`` node, later the guide's console (gd.issue).

    ``visitor_class`` is the claim beside the normal one; ``appointment_at`` may stand beside any class. Green and urgent
    need ``project`` (GREEN-2), urgent also ``approved_by``. ``print_at`` names the kiosk whose printer prints it; without
    it the ticket counts as shown to its holder.
    """

    actor: StaffNo
    group: GroupId
    service: ServiceId | None = None
    visitor_class: VisitorClass = VisitorClass.NORMAL
    appointment_at: HallTime | None = None
    project: str | None = None
    approved_by: StaffNo | None = None
    print_at: NodeName | None = None


class TicketCancelRequested(Perishable, frozen=True, kw_only=True):
    """Holder or guide gives a ticket up (弃号)."""

    actor: StaffNo
    ticket: TicketId
    reason: str


class ReprintRequested(Perishable, frozen=True, kw_only=True):
    """Staff ask a kiosk to print a ticket again, marked 补打."""

    actor: StaffNo
    ticket: TicketId
    print_at: NodeName


# --- What the service answers -------------------------------------------------------------------------------------------


class Answer(Message, frozen=True, kw_only=True):
    """An answer to the request of that id."""

    request_id: RequestId


class RequestDone(Answer, frozen=True, kw_only=True):
    """Decided and stored. What changed shows in the retained state; ``ticket`` names the ticket concerned, if any."""

    ticket: TicketId | None = None


class RequestRefused(Answer, frozen=True, kw_only=True):
    """Not done, and will not be; ``reason`` is for machines, ``detail`` for an administrator.

    ``values`` fill the placeholders of the sentence in ``words`` (``{time}``, ``{place}``).
    """

    reason: Refusal
    values: dict[str, str] = {}
    detail: str = ""


class TicketIssued(Message, frozen=True, kw_only=True):
    """A ticket to print. Answers ``TicketRequested``; also sent for a reprint, and again when its kiosk is reborn.

    ``request_id`` is the press it answers (``None`` for a ticket entered by staff). ``copy`` 0 is the first paper; n > 0
    prints 补打n. ``token`` is the opaque 22 characters of the rating QR (words 3.5). ``for_boot`` is the life of the kiosk
    it is sent to, unless it answers a press of that life: what was ordered of another life and comes late, or once more, is
    not printed.
    """

    request_id: RequestId | None
    ticket: TicketId
    no: TicketNo
    group: GroupId
    service: ServiceId | None
    issued_at: HallTime
    waiting: int
    token: str
    copy: int = 0
    for_boot: BootId | None = None


class RatingRecorded(Answer, frozen=True, kw_only=True):
    """The rating is stored as the one rating of its session."""

    session: SessionId


class RatingRefused(Answer, frozen=True, kw_only=True):
    """The rating is stored as refused, with the reason (already rated, too late, no such session)."""

    session: SessionId
    reason: Refusal


class PunchStored(Answer, frozen=True, kw_only=True):
    """The punch is stored; ``at`` is the hall time it counts for.

    ``unverified``: that time needs a person's check (ATT-10).
    """

    at: HallTime
    unverified: bool = False


# --- How nodes and the service are --------------------------------------------------------------------------------------


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


class Versioned(Message, frozen=True, kw_only=True):
    """Retained state with a version: (epoch, fact). Whoever holds a version drops every lower one."""

    epoch: int
    fact: int


class CounterBoard(Versioned, frozen=True, kw_only=True):
    """What the public may know of a counter; signs, main board and voice listen.

    ``announcement`` counts the calls of this ``call``: 1, then 2 and 3 for recalls; ``announced_at`` is when the last one
    was decided. ``last`` is true for the last call before a no-show. ``go_to`` is the counter visitors are sent to while
    this one is empty.
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


class QueueBoard(Versioned, frozen=True, kw_only=True):
    """How many wait in a queue group."""

    group: GroupId
    waiting: int


class HallBoard(Versioned, frozen=True, kw_only=True):
    """The part of the day; ``next_at`` is when it changes by itself, if known."""

    phase: HallPhase
    next_at: HallTime | None = None


class NoticeBoard(Versioned, frozen=True, kw_only=True):
    """A line for the main board, gone by itself at ``valid_to`` (HALL-6)."""

    text: str
    valid_to: HallTime | None = None


class DeskState(Versioned, frozen=True, kw_only=True):
    """What the terminal and the pad of one counter need. Never a visitor's name; ``care`` says "offer help", never why.

    ``no_show_at``: from this hall time on 过号 is allowed, ``None`` while calls remain to be made. ``recall_at`` likewise.
    ``session`` is the session being served, or the finished one that may be rated until ``arm_until``; ``rated`` says
    whether that one has its rating. ``staff_name`` and ``staff`` are public (COND-8).
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


# --- What a node needs of the hall's configuration -----------------------------------------------------------------------


class Settings(Message, frozen=True, kw_only=True):
    """Retained, cached fsync'd by the node and used when the service is away; ``hash`` names the configuration it is of."""

    hash: str
    hall_name_zh: str
    hall_name_en: str
    hotline: str


class GroupInfo(Struct, frozen=True, kw_only=True):
    """What a ticket says about its queue group."""

    id: GroupId
    zh: str
    en: str
    zone: str
    counters: tuple[CounterId, ...]


class TicketHours(Struct, frozen=True, kw_only=True):
    """When tickets are given on one working day: from ``opens`` on, no more from ``closes`` on."""

    opens: HallTime
    closes: HallTime


class KioskSettings(Settings, frozen=True, kw_only=True):
    """For a ticket machine. ``ordinal`` is the 2 of ``A2-03``; ``elsewhere`` is the place of the next machine, if any.

    ``hours`` are the working days from ``day`` on, as far as they are given: what a machine without the service goes by.
    ``offline_counts`` is the highest offline number of this machine the service has stored for ``day``, by group.
    """

    ordinal: int
    groups: tuple[GroupInfo, ...]
    rating_url: str
    rating_days: int
    elsewhere: str = ""
    day: str | None = None
    hours: tuple[TicketHours, ...] = ()
    offline_counts: dict[GroupId, int] = {}


class CounterSettings(Settings, frozen=True, kw_only=True):
    """For a counter terminal."""

    counter: CounterId
    name_zh: str


class SignInfo(Struct, frozen=True, kw_only=True):
    """One LED sign of a display node: which counter's, on which bus (a wire of node.toml), under which address."""

    counter: CounterId
    name_zh: str
    bus: str
    address: int


class DisplaySettings(Settings, frozen=True, kw_only=True):
    """For the display node: its signs, and the groups its main board names."""

    signs: tuple[SignInfo, ...]
    groups: tuple[GroupInfo, ...]
    calls_spoken_twice: bool = True


class PadSettings(Settings, frozen=True, kw_only=True):
    """For a rating pad."""

    counter: CounterId


class RosterEntry(Struct, frozen=True, kw_only=True):
    """One person an attendance clock knows; never the card number itself."""

    staff: StaffNo
    name: str
    card: CardHash


class ClockSettings(Settings, frozen=True, kw_only=True):
    """For an attendance clock."""

    roster: tuple[RosterEntry, ...]
    elsewhere: str = ""
