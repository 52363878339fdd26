"""Everything the service can come to know. Facts are past tense, never changed, and the hall is their fold.

A fact is stored as JSON in a hash chain with its number, its hall time and the request it came from (:class:`Recorded`).
Like messages, facts only grow: new fields have defaults, a new meaning gets a new name.
"""

from enum import StrEnum

from msgspec import Struct

from contracts.messages import Stamp
from contracts.values import (
    BootId,
    CallId,
    CardHash,
    Condition,
    CounterId,
    GroupId,
    HallPhase,
    HallTime,
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


class Tier(StrEnum):
    """The tiers of the call order, highest first (rules 1.0.4). Also the reason a call is explained with."""

    RESUMED = "resumed"
    URGENT = "urgent"
    CARRIED_OVER = "carried_over"
    SCORE = "score"


class Claim(Struct, frozen=True, kw_only=True):
    """A ticket's right to be counted in a class from a queue-clock instant on (rules 1.0.4)."""

    visitor_class: VisitorClass
    since: HallTime


class Compared(Struct, frozen=True, kw_only=True):
    """One head of a line as it stood when a call was decided: enough to explain the call and to recompute it.

    ``points`` and ``score`` are the integers of 1.0.4 (points = 100 * ms of head start + percent * ms waited; score =
    reserve * points); 6,000,000 points are one point of the sentence told to citizens.
    """

    ticket: TicketId
    tier: Tier
    visitor_class: VisitorClass
    since: HallTime
    points: int
    reserve: int
    score: int


class Fact(Struct, frozen=True, kw_only=True, tag_field="fact", tag=True):
    """Something that has happened and is stored; the tag is the class name."""


# --- The hall ------------------------------------------------------------------------------------------------------------


class ConfigurationAdopted(Fact, frozen=True, kw_only=True):
    """From here on the hall follows this configuration: the text of hall.toml and its SHA-256."""

    content: str
    hash: str


class NodeLife(Struct, frozen=True, kw_only=True):
    """What is known of a node's life: this boot, and when its last outage began (``None``: never seen to begin)."""

    node: NodeName
    boot: BootId
    online: bool
    born_at: HallTime
    outage_from: HallTime | None = None


class PartHealth(Struct, frozen=True, kw_only=True):
    """The condition a part of a node was last known in."""

    node: NodeName
    part: str
    condition: Condition
    code: str


class UnratedSession(Struct, frozen=True, kw_only=True):
    """A finished session nobody has rated; a pad that was cut off overnight may still hold its rating."""

    session: SessionId
    ticket: TicketId
    counter: CounterId
    staff: StaffNo
    finished_at: HallTime
    rate_until: HallTime


class DayBegan(Fact, frozen=True, kw_only=True):
    """A new calendar day in the hall's time zone: numbers start at 001, yesterday's tickets have all ended before.

    It carries all that outlives a night, so that a fold may start here (with the last ``ConfigurationAdopted`` before it).
    """

    date: str
    nodes: tuple[NodeLife, ...] = ()
    health: tuple[PartHealth, ...] = ()
    unrated: tuple[UnratedSession, ...] = ()
    emergency: bool = False


class CalendarYearMissing(Fact, frozen=True, kw_only=True):
    """``calendar.missing_year``: no holidays of this year were imported; the hall opens by the plain week (1.0.1)."""

    year: int


class HallPhaseChanged(Fact, frozen=True, kw_only=True):
    """The hall opened, broke for noon, resumed, stopped issuing, closed."""

    phase: HallPhase


class EmergencyBegan(Fact, frozen=True, kw_only=True):
    """The queue clock stands still from here (HALL-8.2)."""

    actor: StaffNo


class EmergencyEnded(Fact, frozen=True, kw_only=True):
    """The queue clock runs again."""

    actor: StaffNo


class NodeBorn(Fact, frozen=True, kw_only=True):
    """A declared node started; its unconfirmed tickets are sent to it again."""

    node: NodeName
    boot: BootId


class NodeDied(Fact, frozen=True, kw_only=True):
    """A declared node went away: its last will, or an orderly goodbye (``planned``)."""

    node: NodeName
    boot: BootId
    planned: bool


class NodeTurnedAway(Fact, frozen=True, kw_only=True):
    """Something spoke under a name the hall does not declare; reported once a day for each name."""

    node: str
    boot: str


class HealthChanged(Fact, frozen=True, kw_only=True):
    """A part of a node changed condition (EQP-5.1)."""

    node: NodeName
    part: str
    condition: Condition
    code: str
    detail: str


# --- Tickets -------------------------------------------------------------------------------------------------------------


class TicketIssued(Fact, frozen=True, kw_only=True):
    """A number exists. ``claims`` are those active or to become active (an appointment's since lies ahead).

    ``kiosk`` prints it; ``None`` for a ticket that was shown or told to its holder, which is callable at once. ``token``
    is the opaque text of its QR. An offline ticket has ``taken_at``, when it was pressed, and ``attempt_of``, the online
    request of the same press; its ``request_id`` is that of the machine's message. ``unverified``: no clock was certain.
    """

    ticket: TicketId
    no: TicketNo
    group: GroupId
    service: ServiceId | None
    claims: tuple[Claim, ...]
    token: str
    request_id: RequestId | None
    kiosk: NodeName | None = None
    actor: StaffNo | None = None
    project: str | None = None
    approved_by: StaffNo | None = None
    taken_at: HallTime | None = None
    unverified: bool = False
    attempt_of: RequestId | None = None


class TicketPrinted(Fact, frozen=True, kw_only=True):
    """A paper of it is known to have left the printer."""

    ticket: TicketId
    copy: int
    proof: PrintProof


class TicketPresumedPrinted(Fact, frozen=True, kw_only=True):
    """60 s passed without proof: somebody may hold the paper, so it is callable, and flagged."""

    ticket: TicketId


class ReprintOrdered(Fact, frozen=True, kw_only=True):
    """The kiosk is asked to print it (again) as copy n: it was reborn before confirming, or staff asked."""

    ticket: TicketId
    kiosk: NodeName
    copy: int
    actor: StaffNo | None = None


class TicketCancelled(Fact, frozen=True, kw_only=True):
    """Ended without service, with the reason: given up, never printed (burnt), the day is over."""

    ticket: TicketId
    reason: str
    actor: StaffNo | None = None


# --- Counters ------------------------------------------------------------------------------------------------------------


class StaffLoggedIn(Fact, frozen=True, kw_only=True):
    """A qualified person sits at a counter."""

    counter: CounterId
    staff: StaffNo


class StaffLoggedOut(Fact, frozen=True, kw_only=True):
    """Left the counter: ``card``, ``day_over``, or ``configuration`` (the counter is no more)."""

    counter: CounterId
    staff: StaffNo
    why: str


class CounterPaused(Fact, frozen=True, kw_only=True):
    """暂停服务."""

    counter: CounterId
    staff: StaffNo
    reason: str


class CounterResumed(Fact, frozen=True, kw_only=True):
    """恢复服务."""

    counter: CounterId
    staff: StaffNo


class TicketCalled(Fact, frozen=True, kw_only=True):
    """The pick of 1.0.4, with every head that was compared, best first; ``compared[0]`` is this ticket.

    ``queue_clock`` is the q it was decided at, ``configuration`` the hash of the configuration it was decided under.
    """

    ticket: TicketId
    call: CallId
    counter: CounterId
    staff: StaffNo
    tier: Tier
    compared: tuple[Compared, ...]
    queue_clock: HallTime
    configuration: str


class CallRepeated(Fact, frozen=True, kw_only=True):
    """The same call was announced again; ``announcement`` counts from 1, the first call."""

    call: CallId
    announcement: int


class TicketMissed(Fact, frozen=True, kw_only=True):
    """过号: called as often as the rules ask, nobody came (D9)."""

    ticket: TicketId
    call: CallId


class ServiceStarted(Fact, frozen=True, kw_only=True):
    """The visitor is at the counter."""

    session: SessionId
    ticket: TicketId
    counter: CounterId
    staff: StaffNo


class ServiceFinished(Fact, frozen=True, kw_only=True):
    """The session is over; its pad may take one rating until ``rate_until``."""

    session: SessionId
    ticket: TicketId
    rate_until: HallTime


# --- Ratings and punches -------------------------------------------------------------------------------------------------


class RatingRecorded(Fact, frozen=True, kw_only=True):
    """The one rating of a session (D10). ``staff`` is who really served (EVAL-3)."""

    session: SessionId
    level: int
    request_id: RequestId
    counter: CounterId
    staff: StaffNo


class RatingRefused(Fact, frozen=True, kw_only=True):
    """A press that is not the session's rating: already rated, too late, unknown session."""

    session: SessionId
    level: int
    request_id: RequestId
    reason: Refusal


class RatingWindowClosed(Fact, frozen=True, kw_only=True):
    """The pad's time is over; the session stays unrated as far as the pad goes (never a default rating)."""

    session: SessionId


class PunchStored(Fact, frozen=True, kw_only=True):
    """A punch, raw. ``at`` is the hall time it counts for; ``unverified`` if that needs a person's check (ATT-10)."""

    request_id: RequestId
    clock: NodeName
    card: CardHash | None
    staff: StaffNo | None
    intent: PunchIntent
    at: HallTime
    unverified: bool
    stamp: Stamp | None


class Recorded(Struct, frozen=True, kw_only=True):
    """A fact as it stands in the chain. ``at`` is hall time, never before the previous fact's."""

    number: int
    at: HallTime
    request_id: RequestId | None
    fact: Fact


HallFact = (
    ConfigurationAdopted
    | DayBegan
    | CalendarYearMissing
    | HallPhaseChanged
    | EmergencyBegan
    | EmergencyEnded
    | NodeBorn
    | NodeDied
    | NodeTurnedAway
    | HealthChanged
    | PunchStored
)
"""Facts of the hall, its day, its nodes and its staff's punches."""

VisitFact = (
    TicketIssued
    | TicketPrinted
    | TicketPresumedPrinted
    | ReprintOrdered
    | TicketCancelled
    | StaffLoggedIn
    | StaffLoggedOut
    | CounterPaused
    | CounterResumed
    | TicketCalled
    | CallRepeated
    | TicketMissed
    | ServiceStarted
    | ServiceFinished
    | RatingRecorded
    | RatingRefused
    | RatingWindowClosed
)
"""Facts of tickets and counters."""

AnyFact = HallFact | VisitFact
"""All facts there are; whoever matches on it is told by mypy when one is added."""
