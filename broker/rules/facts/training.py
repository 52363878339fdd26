"""Training: what was planned, who was to come, who came, what came of it (TRN). Their ledger is these facts."""

from msgspec import Struct, field

from broker.rules.facts.base import Fact
from contracts.values import HallTime, ServiceId, StaffNo, TrainingForm, TrainingNo, TrainingTopic


class TrainingPlanned(Fact, frozen=True, kw_only=True):
    """A session is on the list: of the year's plan, or an extra one (TRN-5). ``pre_job``: who passes may work (TRN-6).

    ``services`` are the matters it is about (TRN-7).
    """

    training: TrainingNo
    title: str
    topic: TrainingTopic
    form: TrainingForm
    place: str
    begins: HallTime
    ends: HallTime
    planned: bool
    pre_job: bool
    actor: StaffNo
    services: tuple[ServiceId, ...] = ()


class TrainingInvited(Fact, frozen=True, kw_only=True):
    """These people are to come. ``override``: why, although a post would have nobody; the manager's words (ATT-7)."""

    training: TrainingNo
    staff: tuple[StaffNo, ...]
    actor: StaffNo
    override: str = ""


class TrainingUninvited(Fact, frozen=True, kw_only=True):
    """These need not come after all."""

    training: TrainingNo
    staff: tuple[StaffNo, ...]
    actor: StaffNo


class TrainingCancelled(Fact, frozen=True, kw_only=True):
    """It does not take place, or ends here."""

    training: TrainingNo
    actor: StaffNo
    reason: str


class TrainingSignedIn(Fact, frozen=True, kw_only=True):
    """A card at a clock in mode 培训签到, or a line of a paper sheet (TRN-9.1), whose number ``punch`` is.

    ``late``: minutes after the start, 0 while that counts as in time.
    """

    training: TrainingNo
    staff: StaffNo
    at: HallTime
    late: int
    punch: str = ""


class TrainingSignedOut(Fact, frozen=True, kw_only=True):
    """The card again, when leaving; the last one counts."""

    training: TrainingNo
    staff: StaffNo
    at: HallTime
    punch: str = ""


class Attended(Struct, frozen=True, kw_only=True):
    """Who signed in, and perhaps out, and by which punches."""

    at: HallTime
    late: int
    left: HallTime | None = None
    punch: str = ""
    left_punch: str = ""


class TrainingSignCorrected(Fact, frozen=True, kw_only=True):
    """A punch turned out to be of another time, or of none (ATT-10): what ``staff`` has signed now; ``None``: nothing."""

    training: TrainingNo
    staff: StaffNo
    attended: Attended | None


class TrainingAssessed(Fact, frozen=True, kw_only=True):
    """What came of it for one person (TRN-9.2); a later one corrects it."""

    training: TrainingNo
    staff: StaffNo
    passed: bool
    score: int | None
    actor: StaffNo


class TrainingClosed(Fact, frozen=True, kw_only=True):
    """Assessed and over; ``remark`` is what it was worth as a whole."""

    training: TrainingNo
    remark: str
    actor: StaffNo


class StaffOnboarded(Fact, frozen=True, kw_only=True):
    """Card issued, account made, pre-job training passed: from here on this person may log in (ROT-5, TRN-6)."""

    staff: StaffNo
    training: TrainingNo


class OnboardingTakenBack(Fact, frozen=True, kw_only=True):
    """The pass this rested on was corrected."""

    staff: StaffNo
    training: TrainingNo


class Assessment(Struct, frozen=True, kw_only=True):
    """What came of it for somebody."""

    passed: bool
    score: int | None = None


class TrainingOnFile(Struct, frozen=True, kw_only=True):
    """A session as it stands; ``DayBegan`` carries those that may still change."""

    no: TrainingNo
    title: str
    topic: TrainingTopic
    form: TrainingForm
    place: str
    begins: HallTime
    ends: HallTime
    planned: bool
    pre_job: bool
    invited: tuple[StaffNo, ...] = ()
    came: dict[StaffNo, Attended] = field(default_factory=dict)
    assessed: dict[StaffNo, Assessment] = field(default_factory=dict)
    cancelled: bool = False
    closed: bool = False
    services: tuple[ServiceId, ...] = ()


TrainingFact = (
    TrainingPlanned
    | TrainingInvited
    | TrainingUninvited
    | TrainingCancelled
    | TrainingSignedIn
    | TrainingSignedOut
    | TrainingSignCorrected
    | TrainingAssessed
    | TrainingClosed
    | StaffOnboarded
    | OnboardingTakenBack
)
"""Facts of training, and of who may work because of it."""
