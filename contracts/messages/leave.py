"""Leave 请假: asked for, decided level by level, given up, reported back from (ATT-3.2, ATT-4, ATT-5)."""

from contracts.messages.base import Answer, Perishable
from contracts.values import HallTime, LeaveNo, StaffNo


class LeaveSubmitRequested(Perishable, frozen=True, kw_only=True):
    """Leave of ``staff`` from ``begins`` up to ``ends``, entered by ``actor``: the person, their chief, a leader or a guide.

    ``reason`` is mandatory (ATT-5.1) and goes no further than the vault. The answer's ``values`` hold the number (``no``),
    who decides first (``level``) and what the leave would leave empty (``gap``), if anything.
    """

    actor: StaffNo
    staff: StaffNo
    kind: str
    begins: HallTime
    ends: HallTime
    reason: str
    dingtalk_no: str = ""
    paper_slip_filed: bool = False


class LeaveRenewRequested(Perishable, frozen=True, kw_only=True):
    """续假: leave of the same person and kind, from where ``leave`` ends up to ``ends``."""

    actor: StaffNo
    leave: LeaveNo
    ends: HallTime
    reason: str
    dingtalk_no: str = ""
    paper_slip_filed: bool = False


class LeaveApproveRequested(Perishable, frozen=True, kw_only=True):
    """The next level signs. ``override``: why a manager lets both people of a post be away (ATT-7)."""

    actor: StaffNo
    leave: LeaveNo
    override: str = ""


class LeaveRejectRequested(Perishable, frozen=True, kw_only=True):
    """The next level says no; ``reason`` goes no further than the vault."""

    actor: StaffNo
    leave: LeaveNo
    reason: str


class LeaveWithdrawRequested(Perishable, frozen=True, kw_only=True):
    """Given up: all of it, or the rest of it from ``until`` on; without ``until``, the rest from now on."""

    actor: StaffNo
    leave: LeaveNo
    until: HallTime | None = None


class LeaveReturnRequested(Perishable, frozen=True, kw_only=True):
    """销假: the person is back, perhaps early; or confirms the return a punch has told (ATT-3.2)."""

    actor: StaffNo
    leave: LeaveNo


class LeavePaperRequested(Perishable, frozen=True, kw_only=True):
    """The countersigned paper slip is on file (ATT-5.1)."""

    actor: StaffNo
    leave: LeaveNo


class LeaveImportRequested(Perishable, frozen=True, kw_only=True):
    """Leave that was approved in DingTalk by ``approvers``: they have signed the levels they hold (ATT-5.1).

    The same ``dingtalk_no`` again is the same leave. ``approved_at`` is when the last of them agreed.
    """

    actor: StaffNo
    staff: StaffNo
    kind: str
    begins: HallTime
    ends: HallTime
    reason: str
    dingtalk_no: str
    approvers: tuple[StaffNo, ...]
    approved_at: HallTime | None = None


class LeaveReasonRequested(Perishable, frozen=True, kw_only=True):
    """Why somebody asks for leave: shown to whoever decides, and to the person; who looked is on record."""

    actor: StaffNo
    leave: LeaveNo


class LeaveReasonShown(Answer, frozen=True, kw_only=True):
    """The reason; why it was rejected; why it may leave a post empty. Each empty once its time in the vault is over."""

    leave: LeaveNo
    reason: str
    rejected: str = ""
    override: str = ""
