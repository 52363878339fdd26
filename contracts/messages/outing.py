"""Business outings 公出: entered, decided, made longer, taken back, and come back from (ATT-6, HALL-11.2)."""

from contracts.messages.base import Perishable
from contracts.values import HallTime, OutingNo, StaffNo


class OutingRequested(Perishable, frozen=True, kw_only=True):
    """An entry for the 公出台账: ``staff`` is out from ``begins`` up to ``ends``; ``actor`` is the person or may decide.

    ``reason`` and ``place`` are needed and go no further than the vault. ``cover`` takes the work over meanwhile; without,
    it is the B of the person's post. The answer's ``values`` hold the number (``no``), who may approve it (``who``), and
    what it would leave empty (``gap``), if anything.
    """

    actor: StaffNo
    staff: StaffNo
    kind: str
    begins: HallTime
    ends: HallTime
    reason: str
    place: str
    cover: StaffNo | None = None


class OutingApproveRequested(Perishable, frozen=True, kw_only=True):
    """The outing is approved. ``override``: why a manager lets both people of a post be away (ATT-7)."""

    actor: StaffNo
    outing: OutingNo
    override: str = ""


class OutingRejectRequested(Perishable, frozen=True, kw_only=True):
    """The outing is not approved, and why."""

    actor: StaffNo
    outing: OutingNo
    reason: str


class OutingExtendRequested(Perishable, frozen=True, kw_only=True):
    """It may last until ``ends``: allowed before the planned return or after it (ATT-6.2)."""

    actor: StaffNo
    outing: OutingNo
    ends: HallTime
    reason: str


class OutingWithdrawRequested(Perishable, frozen=True, kw_only=True):
    """The person does not go, or has not gone."""

    actor: StaffNo
    outing: OutingNo


class OutingReturnRequested(Perishable, frozen=True, kw_only=True):
    """Somebody who may decide about the person enters when they came back; without ``at``, now."""

    actor: StaffNo
    outing: OutingNo
    at: HallTime | None = None
