"""Business outings 公出: the entries of the ledger, and everything that happens to one (ATT-6, HALL-11.2)."""

from enum import StrEnum

from msgspec import Struct

from broker.rules.facts.base import Fact
from contracts.values import HallTime, NodeName, OutingNo, StaffNo


class OutingState(StrEnum):
    """Where an entry of the ledger is (ATT-6.1)."""

    SUBMITTED = "submitted"
    """Nobody has decided yet."""
    PLANNED = "planned"
    OUT = "out"
    """By a 公出 punch."""
    OVERDUE = "overdue"
    """The planned return is past by more than the grace."""
    UNCLOSED = "unclosed"
    """The half of the planned return is over, and no return was recorded."""
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ReturnSource(StrEnum):
    """What tells that somebody is back (ATT-6.2)."""

    PUNCH = "punch"
    LOGIN = "login"
    ENTRY = "entry"
    """Entered by somebody who may decide about the person."""


class Outing(Struct, frozen=True, kw_only=True):
    """One entry. ``about`` is where its reason and place lie in the vault.

    ``planned`` is the return as it was first approved, ``ends`` until when it is approved by now, ``over`` how many minutes
    later than that the person came back. Excused is the time from ``excused_from``, which is not before the approval, up to
    ``excused_to``.
    """

    no: OutingNo
    staff: StaffNo
    kind: str
    begins: HallTime
    planned: HallTime
    ends: HallTime
    about: str
    actor: StaffNo
    cover: StaffNo | None = None
    state: OutingState = OutingState.SUBMITTED
    approver: StaffNo | None = None
    approved_at: HallTime | None = None
    excused_from: HallTime | None = None
    excused_to: HallTime | None = None
    left_at: HallTime | None = None
    returned_at: HallTime | None = None
    source: ReturnSource | None = None
    over: int = 0


class OutingSubmitted(Fact, frozen=True, kw_only=True):
    """An entry was made. Nothing is excused yet."""

    outing: Outing


class OutingApproved(Fact, frozen=True, kw_only=True):
    """``outing.approved``: the entry counts, from ``excused_from`` on; its ``AbsenceEntered`` follows.

    ``override`` is where a manager's reason lies in the vault, and ``gaps`` what they let be without anybody (ATT-7).
    """

    outing: OutingNo
    actor: StaffNo
    excused_from: HallTime
    override: str = ""
    gaps: tuple[str, ...] = ()


class OutingRejected(Fact, frozen=True, kw_only=True):
    """Not approved; ``reason`` is where the reason lies in the vault."""

    outing: OutingNo
    actor: StaffNo
    reason: str


class OutingWithdrawn(Fact, frozen=True, kw_only=True):
    """The person does not go, or has not gone."""

    outing: OutingNo
    actor: StaffNo


class OutingExtended(Fact, frozen=True, kw_only=True):
    """Approved until ``ends`` now; ``over`` is what is left over if the person is back already.

    ``runs``: the return is awaited anew, since that half is not over.
    """

    outing: OutingNo
    actor: StaffNo
    ends: HallTime
    reason: str
    runs: bool
    over: int = 0
    override: bool = False


class OutingLeft(Fact, frozen=True, kw_only=True):
    """``outing.left``: a 公出 punch belongs to this entry. ``at`` is when it was made; ``unverified`` as for the punch."""

    outing: OutingNo
    staff: StaffNo
    at: HallTime
    unverified: bool = False


class OutingReturned(Fact, frozen=True, kw_only=True):
    """``outing.returned``: back since ``at``, ``over`` minutes later than approved. The last one told counts."""

    outing: OutingNo
    staff: StaffNo
    at: HallTime
    source: ReturnSource
    over: int = 0
    actor: StaffNo | None = None
    unverified: bool = False


class OutingOverdue(Fact, frozen=True, kw_only=True):
    """The planned return is past by more than ``outing_return_grace_min``; a reminder is given."""

    outing: OutingNo


class OutingUnclosed(Fact, frozen=True, kw_only=True):
    """``outing.unclosed``: the half in which the person was to return has ended without a return."""

    outing: OutingNo
    staff: StaffNo


class OutingUnapproved(Fact, frozen=True, kw_only=True):
    """``outing.unapproved`` (HALL-11.2): a 公出 punch without an approved outing. The punch is stored all the same.

    ``clock`` is where it was; none for a line of the paper sheet (ATT-10).
    """

    staff: StaffNo
    at: HallTime
    clock: NodeName | None = None


OutingFact = (
    OutingSubmitted
    | OutingApproved
    | OutingRejected
    | OutingWithdrawn
    | OutingExtended
    | OutingLeft
    | OutingReturned
    | OutingOverdue
    | OutingUnclosed
    | OutingUnapproved
)
"""Facts of outings."""
