"""The hall, its day, its nodes."""

from msgspec import Struct, field

from broker.rules.facts.appointments import AppointmentOnFile
from broker.rules.facts.base import Fact
from broker.rules.facts.corrections import CorrectionsOnFile
from broker.rules.facts.estimate import LearnedTime
from broker.rules.facts.handover import HandoverEntry
from broker.rules.facts.leave import Leave
from broker.rules.facts.outing import Outing
from broker.rules.facts.posts import Absence
from broker.rules.facts.proxy import ProxyOnFile
from broker.rules.facts.reminders import OpenDay
from broker.rules.facts.rotation import RotationOnFile
from broker.rules.facts.service_day import ArrivalDay
from broker.rules.facts.training import TrainingOnFile
from broker.rules.facts.work_cards import LostCard, Pin
from contracts.values import (
    BootId,
    Condition,
    CounterId,
    HallPhase,
    HallTime,
    NodeName,
    SessionId,
    StaffNo,
    TaskId,
    TicketId,
    TrainingNo,
)


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
    post_owner: StaffNo | None = None


class DayBegan(Fact, frozen=True, kw_only=True):
    """A new calendar day in the hall's time zone: numbers start at 001, yesterday's tickets have all ended before.

    It carries all that outlives a night, so that a fold may start here (with the last ``ConfigurationAdopted`` before it).
    ``follow_ups`` are the green projects that are asked about, each with the day of the next question (GREEN-4).
    ``letters_seen`` are the letters of authorisation whose end was told to somebody who took note, by department (CREP-3).
    ``pre_job_passed`` and ``onboarded`` speak of people whom hall.toml still has as not onboarded (TRN-6).
    """

    date: str
    nodes: tuple[NodeLife, ...] = ()
    health: tuple[PartHealth, ...] = ()
    unrated: tuple[UnratedSession, ...] = ()
    emergency: bool = False
    arrivals: tuple[ArrivalDay, ...] = ()
    counted_from: str = ""
    learned: tuple[LearnedTime, ...] = ()
    absences: tuple[Absence, ...] = ()
    appointments: tuple[AppointmentOnFile, ...] = ()
    appointment_numbers: dict[str, int] = field(default_factory=dict)
    follow_ups: dict[str, str] = field(default_factory=dict)
    trainings: tuple[TrainingOnFile, ...] = ()
    pre_job_passed: dict[StaffNo, TrainingNo] = field(default_factory=dict)
    onboarded: tuple[StaffNo, ...] = ()
    corrections: CorrectionsOnFile = CorrectionsOnFile()
    lost_cards: tuple[LostCard, ...] = ()
    pins: tuple[Pin, ...] = ()
    handovers: tuple[HandoverEntry, ...] = ()
    outings: tuple[Outing, ...] = ()
    rotations: tuple[RotationOnFile, ...] = ()
    open_days: tuple[OpenDay, ...] = ()
    leaves: tuple[Leave, ...] = ()
    letters_seen: dict[str, str] = field(default_factory=dict)
    proxy: ProxyOnFile = ProxyOnFile()


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


class ProjectOpened(Fact, frozen=True, kw_only=True):
    """Who saw the code of a green project, and why (GREEN-8): of a ``task``, or all of the ``ledger`` of a day."""

    project: str | None
    actor: StaffNo
    reason: str
    task: TaskId | None = None
    ledger: str | None = None
