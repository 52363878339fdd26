"""The one table of topics: which message travels where, which way, how. Everything else is generated from it.

``docs/messages.md``, ``docs/asyncapi.yaml``, the service's subscriptions and the access rules all read this table.
"""

from dataclasses import dataclass
from enum import StrEnum

from contracts import messages as m
from contracts.values import CounterId, GroupId, HallId, NodeName

ROOT = "hall/v1"


class Way(StrEnum):
    """Who speaks to whom on a topic."""

    UP = "up"
    """A node to the service."""
    DOWN = "down"
    """The service to one node."""
    PUBLIC = "public"
    """The service to every screen; numbers only."""
    DESK = "desk"
    """The service to the terminal and the pad of one counter."""
    STAFF = "staff"
    """The service to the consoles of staff; nothing there is for the public."""
    BIRTH = "birth"
    """A node to everyone: its birth and its last will."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. ``topic`` is a template under ``hall/v1/{hall}/``; every message uses QoS 1."""

    message: type[m.Message]
    way: Way
    topic: str
    retained: bool
    schema: int = 1


def _up(*kinds: type[m.Message], schema: int = 1) -> list[Row]:
    return [Row(kind, Way.UP, f"node/{{node}}/up/{kind.__name__}", retained=False, schema=schema) for kind in kinds]


def _down(*kinds: type[m.Message], schema: int = 1) -> list[Row]:
    return [Row(kind, Way.DOWN, f"node/{{node}}/down/{kind.__name__}", retained=False, schema=schema) for kind in kinds]


def _settings(*kinds: type[m.Message], schema: int = 1) -> list[Row]:
    return [Row(kind, Way.DOWN, "node/{node}/settings", retained=True, schema=schema) for kind in kinds]


TABLE: tuple[Row, ...] = (
    *_up(m.TicketRequested, m.OfflineTicketTaken, m.AppointmentChangeRequested, m.ExtensionAssignRequested, schema=2),
    *_up(m.TrainingPlanRequested, schema=2),
    *_up(
        m.TicketPrinted,
        m.TicketUnprinted,
        m.OfflineTicketPrinted,
        m.OfflineTicketUnprinted,
        m.LoginRequested,
        m.CallNextRequested,
        m.RecallRequested,
        m.StartRequested,
        m.FinishRequested,
        m.NoShowRequested,
        m.PauseRequested,
        m.ResumeRequested,
        m.HoldRequested,
        m.HeldResumeRequested,
        m.TransferRequested,
        m.LeadRequested,
        m.LeadAcceptRequested,
        m.LeadEndRequested,
        m.CareCheckRequested,
        m.ExtensionRefusalRequested,
        m.CoverRequested,
        m.CoverEndRequested,
        m.RatingSubmitted,
        m.PunchMade,
        m.HealthReported,
        m.TicketEntryRequested,
        m.TicketCancelRequested,
        m.ReprintRequested,
        m.ReactivateRequested,
        m.ClassChangeRequested,
        m.AppointmentRequested,
        m.AppointmentConfirmRequested,
        m.AppointmentCancelRequested,
        m.AppointmentContactRecorded,
        m.CheckInRequested,
        m.ContactOpenRequested,
        m.TaskAckRequested,
        m.TaskCloseRequested,
        m.HelpRequested,
        m.EmergencyRequested,
        m.EmergencyEndRequested,
        m.NoonServiceRequested,
        m.ClosingPlanRequested,
        m.CounterAddRequested,
        m.CounterGroupsRequested,
        m.AbsenceEntryRequested,
        m.InquiryRequested,
        m.InquiryLinkRequested,
        m.ProjectOpenRequested,
        m.TrainingInviteRequested,
        m.TrainingCancelRequested,
        m.TrainingAssessRequested,
        m.TrainingCloseRequested,
        m.RegulariseRequested,
        m.RegulariseDecisionRequested,
        m.PunchSheetRequested,
        m.PunchVoidRequested,
        m.PunchTimeRequested,
        m.HalfDecisionRequested,
        m.CardLostRequested,
        m.PinRequested,
        m.LoginVouchRequested,
        m.HandoverRequested,
        m.HandoverPhoneRequested,
        m.HandoverAckRequested,
        m.HandoverShowRequested,
        m.HandoverReturnRequested,
        m.HandoverConfirmRequested,
        m.SubstituteRequested,
        m.OutingRequested,
        m.OutingApproveRequested,
        m.OutingRejectRequested,
        m.OutingExtendRequested,
        m.OutingWithdrawRequested,
        m.OutingReturnRequested,
        m.RotationRequested,
        m.RotationDecisionRequested,
        m.RotationShowRequested,
        m.RotationCloseRequested,
        m.LeaveSubmitRequested,
        m.LeaveRenewRequested,
        m.LeaveApproveRequested,
        m.LeaveRejectRequested,
        m.LeaveWithdrawRequested,
        m.LeaveReturnRequested,
        m.LeavePaperRequested,
        m.LeaveImportRequested,
        m.LeaveReasonRequested,
        m.ProxyReportRequested,
        m.ProxySignRequested,
        m.ProxyCountersignRequested,
        m.ProxyDismissRequested,
    ),
    *_down(m.RequestDone, schema=2),
    *_down(m.RequestRefused),
    *_down(m.TicketIssued, schema=3),
    *_down(m.RatingRecorded, m.RatingRefused, m.PunchStored, m.AppointmentMade, m.ContactOpened, m.ProjectOpened),
    *_down(m.HandoverTold, m.RotationShown, m.LeaveReasonShown),
    *_settings(m.KioskSettings, schema=3),
    *_settings(m.CounterSettings, schema=2),
    *_settings(m.DisplaySettings, schema=2),
    *_settings(m.PadSettings),
    *_settings(m.ClockSettings, schema=6),
    Row(m.NodeState, Way.BIRTH, "node/{node}/state", retained=True),
    Row(m.CounterBoard, Way.PUBLIC, "board/counter/{counter}", retained=True, schema=3),
    Row(m.QueueBoard, Way.PUBLIC, "board/queue/{group}", retained=True, schema=2),
    Row(m.HallBoard, Way.PUBLIC, "board/hall", retained=True, schema=2),
    Row(m.NoticeBoard, Way.PUBLIC, "board/notice", retained=True),
    Row(m.DeskState, Way.DESK, "desk/{counter}", retained=True, schema=4),
    Row(m.TaskBoard, Way.STAFF, "staff/tasks", retained=True),
    Row(m.ServiceState, Way.PUBLIC, "service/state", retained=True, schema=2),
)

ROWS: dict[type[m.Message], Row] = {row.message: row for row in TABLE}
BY_NAME: dict[str, Row] = {row.message.__name__: row for row in TABLE}


@dataclass(frozen=True, slots=True)
class Topics:
    """Spells the topics of one hall."""

    hall: HallId

    @property
    def root(self) -> str:
        """What every topic of this hall starts with."""
        return f"{ROOT}/{self.hall}"

    def up(self, node: NodeName, kind: type[m.Message]) -> str:
        """Where a node sends a message of this kind."""
        return f"{self.root}/node/{node}/up/{kind.__name__}"

    def down(self, node: NodeName, kind: type[m.Message]) -> str:
        """Where the service answers a node."""
        return f"{self.root}/node/{node}/down/{kind.__name__}"

    def settings(self, node: NodeName) -> str:
        """What this node needs of the configuration."""
        return f"{self.root}/node/{node}/settings"

    def node_state(self, node: NodeName) -> str:
        """Birth and last will of a node."""
        return f"{self.root}/node/{node}/state"

    def counter_board(self, counter: CounterId) -> str:
        """Public state of a counter."""
        return f"{self.root}/board/counter/{counter}"

    def queue_board(self, group: GroupId) -> str:
        """Public state of a queue group."""
        return f"{self.root}/board/queue/{group}"

    @property
    def hall_board(self) -> str:
        """The part of the day."""
        return f"{self.root}/board/hall"

    @property
    def notice_board(self) -> str:
        """The main board's notice."""
        return f"{self.root}/board/notice"

    def desk(self, counter: CounterId) -> str:
        """State for the terminal and pad of a counter."""
        return f"{self.root}/desk/{counter}"

    @property
    def task_board(self) -> str:
        """What staff are asked to see to."""
        return f"{self.root}/staff/tasks"

    @property
    def service_state(self) -> str:
        """The service's heartbeat."""
        return f"{self.root}/service/state"

    # Filters. They are disjoint, because an overlapping pair makes the MQTT server deliver twice.

    def all_up(self) -> str:
        """Everything nodes ask; for the service."""
        return f"{self.root}/node/+/up/+"

    def all_up_of(self, node: NodeName) -> str:
        """Everything one node asks; for a service that does not listen to all of them."""
        return f"{self.root}/node/{node}/up/+"

    def all_node_states(self) -> str:
        """Every birth and will; for the service."""
        return f"{self.root}/node/+/state"

    def all_down(self, node: NodeName) -> str:
        """Every answer to one node."""
        return f"{self.root}/node/{node}/down/+"

    def all_boards(self) -> str:
        """All public state; for a display."""
        return f"{self.root}/board/#"
