"""Everything the service can come to know. Facts are past tense, never changed, and the hall is their fold.

A fact is stored as JSON in a hash chain with its number, its hall time and the request it came from (:class:`Recorded`).
Like messages, facts only grow: new fields have defaults, a new meaning gets a new name. One module an area; each ends with
the union of its kinds, and ``evolve`` has one ``apply`` for each union, so that mypy tells who forgets a kind.
"""

from broker.rules.facts.appointments import (
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentCheckedIn,
    AppointmentConfirmAsked,
    AppointmentConfirmed,
    AppointmentContacted,
    AppointmentContactOpened,
    AppointmentFact,
    AppointmentForfeited,
    AppointmentMade,
    AppointmentNotKept,
    AppointmentOnFile,
    AppointmentOverdue,
    AppointmentPresumedConfirmed,
    AppointmentReminded,
    AppointmentReopened,
    AppointmentState,
    AppointmentWaitedLong,
)
from broker.rules.facts.base import (
    Claim,
    Compared,
    Fact,
    Recorded,
    Tier,
)
from broker.rules.facts.corrections import (
    AskedOnFile,
    CorrectionFact,
    CorrectionsOnFile,
    HalfReclassified,
    PunchEntered,
    PunchEntryVoided,
    PunchOnFile,
    PunchTimeSet,
    RegularisationAsked,
    RegularisationDecided,
)
from broker.rules.facts.counters import (
    CallRepeated,
    CounterPaused,
    CounterResumed,
    ServiceFinished,
    ServiceStarted,
    StaffLoggedIn,
    StaffLoggedOut,
    TicketCalled,
    TicketMissed,
)
from broker.rules.facts.course import (
    CareChecked,
    CareOutcome,
    ClassChanged,
    CourseFact,
    HeldReleased,
    HeldResumed,
    LeadAccepted,
    LeadBegan,
    LeadEnded,
    TicketHeld,
    TicketReactivated,
    TicketTransferred,
)
from broker.rules.facts.estimate import LearnedTime
from broker.rules.facts.hall import (
    CalendarYearMissing,
    ConfigurationAdopted,
    DayBegan,
    EmergencyBegan,
    EmergencyEnded,
    HallPhaseChanged,
    HealthChanged,
    NodeBorn,
    NodeDied,
    NodeLife,
    NodeTurnedAway,
    PartHealth,
    UnratedSession,
)
from broker.rules.facts.handover import (
    HandoverAcknowledged,
    HandoverConfirmed,
    HandoverEntry,
    HandoverFact,
    HandoverMade,
    HandoverPrompted,
    HandoverReturned,
    HandoverSkipped,
    HandoverUntold,
    Listed,
    SubstituteNamed,
)
from broker.rules.facts.posts import (
    Absence,
    AbsenceEnded,
    AbsenceEntered,
    CounterVacant,
    CoverBegan,
    CoverEnded,
    CoverProposed,
    LoginAwaited,
    LoginsChecked,
    LoginWaitEnded,
    MissingLogin,
    PostFact,
)
from broker.rules.facts.presses import (
    PunchStored,
    RatingRecorded,
    RatingRefused,
    RatingWindowClosed,
)
from broker.rules.facts.service_day import (
    ArrivalDay,
    ClosingNear,
    ClosingPlanned,
    ClosingProposed,
    CounterAdded,
    CounterExtensionAssigned,
    CounterExtensionRefused,
    CounterGroupsChanged,
    CounterWithdrawn,
    EmergencyPrepared,
    ExtensionAssigned,
    ExtensionBegan,
    ExtensionReason,
    ExtensionRefused,
    GuidesEnough,
    GuidesWanted,
    HelpAsked,
    NoonServiceOpened,
    ServiceDayFact,
    SurgeCleared,
    SurgeEased,
    SurgeRaised,
    SurgeReturned,
)
from broker.rules.facts.tasks import (
    Rung,
    TaskAcknowledged,
    TaskClosed,
    TaskEscalated,
    TaskFact,
    TaskOpened,
)
from broker.rules.facts.tickets import (
    ReprintOrdered,
    TicketCancelled,
    TicketIssued,
    TicketPresumedPrinted,
    TicketPrinted,
)
from broker.rules.facts.training import (
    Assessment,
    Attended,
    OnboardingTakenBack,
    StaffOnboarded,
    TrainingAssessed,
    TrainingCancelled,
    TrainingClosed,
    TrainingFact,
    TrainingInvited,
    TrainingOnFile,
    TrainingPlanned,
    TrainingSignedIn,
    TrainingSignedOut,
    TrainingUninvited,
)
from broker.rules.facts.work_cards import (
    CardFound,
    CardReportedLost,
    LostCard,
    Pin,
    PinRemoved,
    PinSet,
    WorkCardFact,
)

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

__all__ = [
    "Absence",
    "AbsenceEnded",
    "AbsenceEntered",
    "AppointmentCancelled",
    "AppointmentChanged",
    "AppointmentCheckedIn",
    "AppointmentConfirmAsked",
    "AppointmentConfirmed",
    "AppointmentContactOpened",
    "AppointmentContacted",
    "AppointmentFact",
    "AppointmentForfeited",
    "AppointmentMade",
    "AppointmentNotKept",
    "AppointmentOnFile",
    "AppointmentOverdue",
    "AppointmentPresumedConfirmed",
    "AppointmentReminded",
    "AppointmentReopened",
    "AppointmentState",
    "AppointmentWaitedLong",
    "ArrivalDay",
    "AskedOnFile",
    "Assessment",
    "Attended",
    "CalendarYearMissing",
    "CallRepeated",
    "CardFound",
    "CardReportedLost",
    "CareChecked",
    "CareOutcome",
    "Claim",
    "ClassChanged",
    "ClosingNear",
    "ClosingPlanned",
    "ClosingProposed",
    "Compared",
    "ConfigurationAdopted",
    "CorrectionFact",
    "CorrectionsOnFile",
    "CounterAdded",
    "CounterExtensionAssigned",
    "CounterExtensionRefused",
    "CounterGroupsChanged",
    "CounterPaused",
    "CounterResumed",
    "CounterVacant",
    "CounterWithdrawn",
    "CourseFact",
    "CoverBegan",
    "CoverEnded",
    "CoverProposed",
    "DayBegan",
    "EmergencyBegan",
    "EmergencyEnded",
    "EmergencyPrepared",
    "ExtensionAssigned",
    "ExtensionBegan",
    "ExtensionReason",
    "ExtensionRefused",
    "Fact",
    "GuidesEnough",
    "GuidesWanted",
    "HalfReclassified",
    "HallFact",
    "HallPhaseChanged",
    "HandoverAcknowledged",
    "HandoverConfirmed",
    "HandoverEntry",
    "HandoverFact",
    "HandoverMade",
    "HandoverPrompted",
    "HandoverReturned",
    "HandoverSkipped",
    "HandoverUntold",
    "HealthChanged",
    "HeldReleased",
    "HeldResumed",
    "HelpAsked",
    "LeadAccepted",
    "LeadBegan",
    "LeadEnded",
    "LearnedTime",
    "Listed",
    "LoginAwaited",
    "LoginWaitEnded",
    "LoginsChecked",
    "LostCard",
    "MissingLogin",
    "NodeBorn",
    "NodeDied",
    "NodeLife",
    "NodeTurnedAway",
    "NoonServiceOpened",
    "OnboardingTakenBack",
    "PartHealth",
    "Pin",
    "PinRemoved",
    "PinSet",
    "PostFact",
    "PunchEntered",
    "PunchEntryVoided",
    "PunchOnFile",
    "PunchStored",
    "PunchTimeSet",
    "RatingRecorded",
    "RatingRefused",
    "RatingWindowClosed",
    "Recorded",
    "RegularisationAsked",
    "RegularisationDecided",
    "ReprintOrdered",
    "Rung",
    "ServiceDayFact",
    "ServiceFinished",
    "ServiceStarted",
    "StaffLoggedIn",
    "StaffLoggedOut",
    "StaffOnboarded",
    "SubstituteNamed",
    "SurgeCleared",
    "SurgeEased",
    "SurgeRaised",
    "SurgeReturned",
    "TaskAcknowledged",
    "TaskClosed",
    "TaskEscalated",
    "TaskFact",
    "TaskOpened",
    "TicketCalled",
    "TicketCancelled",
    "TicketHeld",
    "TicketIssued",
    "TicketMissed",
    "TicketPresumedPrinted",
    "TicketPrinted",
    "TicketReactivated",
    "TicketTransferred",
    "Tier",
    "TrainingAssessed",
    "TrainingCancelled",
    "TrainingClosed",
    "TrainingFact",
    "TrainingInvited",
    "TrainingOnFile",
    "TrainingPlanned",
    "TrainingSignedIn",
    "TrainingSignedOut",
    "TrainingUninvited",
    "UnratedSession",
    "VisitFact",
    "WorkCardFact",
]
