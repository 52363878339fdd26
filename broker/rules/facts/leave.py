"""Leave 请假: what became of each request (ATT-3.2, ATT-4, ATT-5). The ledger 请销假台账 is these facts, nothing else.

``reason``, ``note`` and ``gap_note`` are references under which the words of people lie in the vault; they say nothing by
themselves.
"""

from enum import StrEnum

from msgspec import Struct

from broker.rules.facts.base import Fact
from broker.schema import Level
from contracts.values import HallTime, LeaveNo, StaffNo


class LeaveState(StrEnum):
    """Where a leave is in its life. One that is approved runs from its beginning to its end."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    RENEWED = "renewed"
    """Another leave goes on where it ends."""
    OVERDUE = "overdue"
    """Over, and the person neither came nor renewed it (ATT-8.3.3b)."""
    RETURNED = "returned"


class Signature(Struct, frozen=True, kw_only=True):
    """One level has agreed: who, and when."""

    level: Level
    actor: StaffNo
    at: HallTime


class Leave(Struct, frozen=True, kw_only=True):
    """A leave as it stands, and as it is carried over the night.

    ``levels`` are those it climbs, ``half_days`` their length, both fixed when it was made. ``gaps`` are the posts and
    groups a manager lets stand empty for it (ATT-7). ``renews`` is the leave it goes on from. ``decided_at``: the last level
    signed. ``is_confirmed``: the person has confirmed the return; ``is_reminded`` and ``is_looked_into``: the tasks of
    ATT-5.3 and ATT-8.3.3b have been put or seen to.
    """

    no: LeaveNo
    staff: StaffNo
    kind: str
    begins: HallTime
    ends: HallTime
    levels: tuple[Level, ...]
    half_days: int
    reason: str
    actor: StaffNo
    submitted_at: HallTime
    state: LeaveState = LeaveState.SUBMITTED
    signatures: tuple[Signature, ...] = ()
    dingtalk_no: str = ""
    paper_slip_filed: bool = False
    renews: LeaveNo | None = None
    gaps: tuple[str, ...] = ()
    decided_at: HallTime | None = None
    returned_at: HallTime | None = None
    note: str = ""
    gap_note: str = ""
    is_confirmed: bool = False
    is_reminded: bool = False
    is_looked_into: bool = False


class LeaveSubmitted(Fact, frozen=True, kw_only=True):
    """Leave was asked for. ``retroactive``: it had begun by then (补假, ATT-5.2)."""

    leave: LeaveNo
    staff: StaffNo
    kind: str
    begins: HallTime
    ends: HallTime
    levels: tuple[Level, ...]
    half_days: int
    reason: str
    actor: StaffNo
    dingtalk_no: str = ""
    paper_slip_filed: bool = False
    renews: LeaveNo | None = None
    retroactive: bool = False
    imported: bool = False


class LeaveSigned(Fact, frozen=True, kw_only=True):
    """A level agreed. ``signed_at`` is when it did so in DingTalk, for one that was imported."""

    leave: LeaveNo
    level: Level
    actor: StaffNo
    signed_at: HallTime | None = None


class LeaveGapAllowed(Fact, frozen=True, kw_only=True):
    """A manager lets these posts and groups stand empty for it, for this reason (ATT-7)."""

    leave: LeaveNo
    gaps: tuple[str, ...]
    actor: StaffNo
    reason: str


class LeaveApproved(Fact, frozen=True, kw_only=True):
    """All levels have signed: from here on it excuses. ``retroactive``: it had begun before (补假, ATT-5.2)."""

    leave: LeaveNo
    retroactive: bool = False


class LeaveRejected(Fact, frozen=True, kw_only=True):
    """A level said no."""

    leave: LeaveNo
    level: Level
    actor: StaffNo
    note: str


class LeaveWithdrawn(Fact, frozen=True, kw_only=True):
    """Given up: all of it, or what lies behind ``ends``."""

    leave: LeaveNo
    actor: StaffNo
    ends: HallTime | None = None


class LeaveReminded(Fact, frozen=True, kw_only=True):
    """The person and the chief representative were told that it ends today (ATT-5.3)."""

    leave: LeaveNo


class LeaveOverdue(Fact, frozen=True, kw_only=True):
    """``leave.overdue`` (ATT-8.3.3b): the first half required after it, from ``since`` on, has passed without the person."""

    leave: LeaveNo
    since: HallTime


class LeaveReturned(Fact, frozen=True, kw_only=True):
    """``leave.returned`` 销假 (ATT-3.2) ``by`` a ``punch``, a ``login`` at a counter, or by ``command`` of ``actor``."""

    leave: LeaveNo
    by: str
    returned_at: HallTime
    actor: StaffNo | None = None


class LeaveReturnConfirmed(Fact, frozen=True, kw_only=True):
    """The person has confirmed the return that a punch or a login told."""

    leave: LeaveNo
    actor: StaffNo


class LeavePaperFiled(Fact, frozen=True, kw_only=True):
    """The countersigned paper slip is on file (ATT-5.1)."""

    leave: LeaveNo
    actor: StaffNo


class LeaveReasonSeen(Fact, frozen=True, kw_only=True):
    """Who looked at the reason."""

    leave: LeaveNo
    actor: StaffNo


LeaveFact = (
    LeaveSubmitted
    | LeaveSigned
    | LeaveGapAllowed
    | LeaveApproved
    | LeaveRejected
    | LeaveWithdrawn
    | LeaveReminded
    | LeaveOverdue
    | LeaveReturned
    | LeaveReturnConfirmed
    | LeavePaperFiled
    | LeaveReasonSeen
)
"""Facts of leave."""
