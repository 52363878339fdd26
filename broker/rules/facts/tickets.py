"""Tickets: issued, on paper, given up."""

from broker.rules.facts.base import Claim, Fact
from contracts.values import (
    GroupId,
    HallTime,
    HolderHash,
    NodeName,
    PrintProof,
    RequestId,
    ServiceId,
    StaffNo,
    TicketId,
    TicketNo,
)


class TicketIssued(Fact, frozen=True, kw_only=True):
    """A number exists. ``claims`` are those active or to become active (an appointment's since lies ahead).

    ``kiosk`` prints it; ``None`` for a ticket that was shown or told to its holder, which is callable at once. ``token``
    is the opaque text of its QR. An offline ticket has ``taken_at``, when it was pressed, and ``attempt_of``, the online
    request of the same press; its ``request_id`` is that of the machine's message. ``unverified``: no clock was certain.
    ``holder`` stands for the ID card read before, unlinkable once its day's key is destroyed; ``by_age`` tells that the care
    claim rests on the age on that card, so that no clerk need look at it again (CARE-2.2a).
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
    holder: HolderHash | None = None
    by_age: bool = False


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
