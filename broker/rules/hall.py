"""The hall as the rules know it: the fold of all facts. Only ``evolve`` changes it; everyone else reads."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from broker.rules.appointments.state import Appointments
from broker.rules.corrections.state import Corrections
from broker.rules.course.state import Course
from broker.rules.estimate.state import Learning
from broker.rules.facts import Claim, NodeLife, PartHealth
from broker.rules.handover.state import Handovers
from broker.rules.hours import SECOND
from broker.rules.inquiries.state import Inquiries
from broker.rules.leave.state import Leaves
from broker.rules.outing.state import Outings
from broker.rules.pick import Pair, Queue
from broker.rules.plan import Plan
from broker.rules.posts.state import Posts
from broker.rules.proxy.state import Proxy
from broker.rules.reminders.state import Reminders
from broker.rules.rotation.state import Rotations
from broker.rules.service_day.state import ServiceDay
from broker.rules.tasks.state import Tasks
from broker.rules.training.state import Training
from broker.rules.work_cards.state import WorkCards
from broker.rules.workdays import Day
from contracts.values import (
    CallId,
    CounterId,
    CounterPhase,
    GroupId,
    HallPhase,
    HallTime,
    HolderHash,
    NodeName,
    RequestId,
    ServiceId,
    SessionId,
    StaffNo,
    TicketId,
    TicketNo,
    VisitorClass,
)

_NEVER = HallTime(0)


class TicketState(StrEnum):
    """Where a ticket is in its life (1.0.5)."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    DONE = "done"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


LIVE = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.HELD})
"""A ticket in one of these must still end."""


EXPEDITED = frozenset({VisitorClass.CARE, VisitorClass.GREEN, VisitorClass.URGENT})


@dataclass(slots=True)
class Ticket:
    """One number of the day. ``since`` is the queue clock of its issue; ``papers`` names the kiosk of each copy ordered.

    ``press`` is the request of the machine that took it, ``shown`` tells that staff told it to its holder without paper.
    ``in_line_from`` is the hall time from which it stands in line: its issue, or its return after a no-show. ``moves``
    counts the counters that sent it on (FIRST-6), ``visited`` are those where it was served so far. ``first_asker`` and
    ``first_handler`` are written once (FIRST-3); ``chain`` is everybody who had the visitor, in order. ``care_open``: the
    visitor claimed care by a key alone, and no clerk has looked yet (CARE-2.1); ``care_declined``: it was taken away.
    """

    id: TicketId
    no: TicketNo
    group: GroupId
    service: ServiceId | None
    claims: tuple[Claim, ...]
    token: str
    press: RequestId | None
    issued_at: HallTime
    since: HallTime
    sequence: int
    papers: list[NodeName]
    shown: bool
    printed: set[int] = field(default_factory=set)
    presumed: bool = False
    state: TicketState = TicketState.WAITING
    calls: int = 0
    sessions: int = 0
    in_line_from: HallTime = _NEVER
    holder: HolderHash | None = None
    care_open: bool = False
    care_declined: bool = False
    reactivations: int = 0
    moves: int = 0
    transferred_from: GroupId | None = None
    visited: tuple[CounterId, ...] = ()
    accompanied_by: StaffNo | None = None
    first_asker: StaffNo | None = None
    first_handler: StaffNo | None = None
    chain: tuple[StaffNo, ...] = ()

    @property
    def pair(self) -> Pair:
        """The lines it stands in."""
        return Pair(self.group, self.service)

    @property
    def is_callable(self) -> bool:
        """Somebody holds this number: on paper, presumably on paper, or shown."""
        return self.shown or self.presumed or bool(self.printed)

    @property
    def cares(self) -> bool:
        """Whether its holder gets the longer calls of the care channel."""
        return any(one.visitor_class is VisitorClass.CARE for one in self.claims)

    @property
    def expedites(self) -> bool:
        """Whether what comes of it goes first in work lists: care and green (CARE-1, GREEN-5)."""
        return any(one.visitor_class in EXPEDITED for one in self.claims)

    @property
    def awaits_paper(self) -> bool:
        """Whether the last copy that was ordered is not known to be printed."""
        return bool(self.papers) and max(self.printed, default=-1) < len(self.papers) - 1


@dataclass(slots=True)
class Call:
    """The call a counter is making. ``made_q`` is the queue clock of the last announcement: emergencies stop its timers."""

    id: CallId
    announcement: int
    made_at: HallTime
    made_q: HallTime


@dataclass(slots=True)
class Desk:
    """A counter and what is on its desk. ``rateable`` is the finished session its pad may still take.

    ``session_q`` is the queue clock at which the session began. ``second`` sits beside ``staff`` at a counter with two
    seats, and has logged in after them.
    """

    counter: CounterId
    staff: StaffNo | None = None
    paused: bool = False
    ticket: TicketId | None = None
    call: Call | None = None
    session: SessionId | None = None
    session_q: HallTime = _NEVER
    rateable: SessionId | None = None
    second: StaffNo | None = None

    @property
    def sitting(self) -> tuple[StaffNo, ...]:
        """Everybody who is logged in here, whoever came first before the other."""
        if self.second is None:
            return () if self.staff is None else (self.staff,)
        return (self.second,) if self.staff is None else (self.staff, self.second)

    @property
    def works(self) -> bool:
        """Somebody is here and serves, or would."""
        return self.staff is not None and not self.paused

    @property
    def phase(self) -> CounterPhase:
        """What is going on here."""
        if self.session is not None:
            return CounterPhase.SERVING
        if self.call is not None:
            return CounterPhase.CALLED
        if self.staff is None:
            return CounterPhase.CLOSED
        return CounterPhase.PAUSED if self.paused else CounterPhase.FREE


@dataclass(slots=True)
class Session:
    """A visit at a counter that has finished, and what became of its rating."""

    id: SessionId
    ticket: TicketId
    counter: CounterId
    staff: StaffNo
    finished_at: HallTime
    rate_until: HallTime
    rated: bool = False
    post_owner: StaffNo | None = None


@dataclass(slots=True)
class Hall:
    """Everything the rules need to decide.

    ``emergencies`` are the ended ones of the day, which the queue clock leaves out (1.0.4). ``offline`` finds a machine's
    own ticket by the message it came with, ``attempts`` are the online requests of such presses, ``offline_counts`` the
    highest number of each group and machine, by what they begin with (``A2``). ``last_at`` is when the last fact was stored.
    """

    plan: Plan | None = None
    day: Day | None = None
    phase: HallPhase = HallPhase.CLOSED
    next_change: HallTime = _NEVER
    phase_since: HallTime | None = None
    emergencies: list[tuple[HallTime, HallTime]] = field(default_factory=list)
    emergency_since: HallTime | None = None
    tickets: dict[TicketId, Ticket] = field(default_factory=dict)
    queue: Queue = field(default_factory=Queue)
    numbers: dict[GroupId, int] = field(default_factory=dict)
    waiting: dict[GroupId, int] = field(default_factory=dict)
    live: int = 0
    holders: dict[HolderHash, list[TicketId]] = field(default_factory=dict)
    offline: dict[RequestId, TicketId] = field(default_factory=dict)
    attempts: set[RequestId] = field(default_factory=set)
    offline_counts: dict[str, int] = field(default_factory=dict)
    unprinted: dict[TicketId, HallTime] = field(default_factory=dict)
    desks: dict[CounterId, Desk] = field(default_factory=dict)
    sits_at: dict[StaffNo, CounterId] = field(default_factory=dict)
    sessions: dict[SessionId, Session] = field(default_factory=dict)
    windows: dict[SessionId, HallTime] = field(default_factory=dict)
    nodes: dict[NodeName, NodeLife] = field(default_factory=dict)
    health: dict[tuple[NodeName, str], PartHealth] = field(default_factory=dict)
    turned_away: set[str] = field(default_factory=set)
    follow_ups: dict[str, date] = field(default_factory=dict)
    tasks: Tasks = field(default_factory=Tasks)
    posts: Posts = field(default_factory=Posts)
    training: Training = field(default_factory=Training)
    handovers: Handovers = field(default_factory=Handovers)
    outings: Outings = field(default_factory=Outings)
    rotations: Rotations = field(default_factory=Rotations)
    letters_seen: dict[str, str] = field(default_factory=dict)
    inquiries: Inquiries = field(default_factory=Inquiries)
    course: Course = field(default_factory=Course)
    appointments: Appointments = field(default_factory=Appointments)
    leave: Leaves = field(default_factory=Leaves)
    service_day: ServiceDay = field(default_factory=ServiceDay)
    reminders: Reminders = field(default_factory=Reminders)
    work_cards: WorkCards = field(default_factory=WorkCards)
    learning: Learning = field(default_factory=Learning)
    corrections: Corrections = field(default_factory=Corrections)
    proxy: Proxy = field(default_factory=Proxy)
    last_at: HallTime = _NEVER

    @property
    def in_force(self) -> Plan:
        """The configuration in force."""
        assert self.plan is not None, "the shell adopts a configuration before anything else is decided"
        return self.plan

    @property
    def today(self) -> Day:
        """The day that has begun."""
        assert self.day is not None, "the shell lets the day begin (TimeReached) before it hands in requests"
        return self.day

    def queue_clock(self, now: HallTime) -> HallTime:
        """Hall time less every emergency so far, so that nobody gains or loses by one (HALL-8.2)."""
        return HallTime((now if self.emergency_since is None else self.emergency_since) - self.frozen)

    @property
    def frozen(self) -> int:
        """The time all ended emergencies of the day took."""
        return sum(end - begin for begin, end in self.emergencies)

    def queue_clock_at(self, at: HallTime) -> HallTime:
        """What the queue clock read at an earlier instant of the day."""
        running = [] if self.emergency_since is None else [(self.emergency_since, at)]
        return HallTime(at - sum(max(0, min(end, at) - begin) for begin, end in (*self.emergencies, *running)))

    def hall_time(self, q: HallTime) -> HallTime:
        """The hall time at which the queue clock will read ``q``, if no further emergency comes."""
        return HallTime(q + self.frozen)

    def calls_allowed(self, ticket: Ticket) -> int:
        """How often this ticket is announced before it may be missed (D9)."""
        params = self.in_force.config.params.queue
        return params.care_calls if ticket.cares else params.calls_per_ticket

    def recall_at(self, call: Call) -> HallTime:
        """From when the call may be repeated."""
        return self.hall_time(HallTime(call.made_q + self.in_force.config.params.queue.recall_gap_s * SECOND))

    def no_show_at(self, call: Call) -> HallTime:
        """From when the ticket may be missed, once all announcements are made."""
        return self.hall_time(HallTime(call.made_q + self.in_force.config.params.queue.noshow_after_s * SECOND))


def empty_hall() -> Hall:
    """The hall before its first fact."""
    return Hall()
