"""Tickets: what a ticket machine and staff ask about them, and what is printed."""

from contracts.messages.base import Kept, Message, Perishable
from contracts.values import (
    BootId,
    GroupId,
    HallTime,
    HolderHash,
    Ms,
    NodeName,
    PrintProof,
    RequestId,
    ServiceId,
    StaffNo,
    TicketId,
    TicketNo,
    VisitorClass,
)


class TicketRequested(Perishable, frozen=True, kw_only=True):
    """Somebody pressed the key of a queue group at a ticket machine (取号). ``care``: the 爱心 key was pressed before it.

    ``holder`` stands for the ID card that was read before, if one was; ``by_age`` tells that the machine offered the care
    channel by the age on that card, and ``care`` that it was accepted. ``project`` is a green project's code (GREEN-2).
    """

    group: GroupId
    care: bool = False
    service: ServiceId | None = None
    holder: HolderHash | None = None
    by_age: bool = False
    project: str | None = None


class TicketPrinted(Kept, frozen=True, kw_only=True):
    """A paper of this ticket has left the cutter. ``copy`` is 0 for the first paper, n for 补打n."""

    ticket: TicketId
    copy: int
    proof: PrintProof


class TicketUnprinted(Kept, frozen=True, kw_only=True):
    """This kiosk will not print this ticket (it came too late, or the printer failed for good); the number is burnt.

    Sent only when no part of the ticket can be in somebody's hand.
    """

    ticket: TicketId
    reason: str


class OfflineTicketTaken(Kept, frozen=True, kw_only=True):
    """A ticket machine gave a number of its own, ``A2-03``, because the service was away or silent; paper follows.

    ``attempt_of`` is the online request of the same press, if one was sent: the service makes one ticket of both. ``day``
    (``2026-03-10``) is the hall's day by the machine's hall clock, ``None`` where it could not know. ``waited_ms`` is how
    long before the stamp the press had its turn. ``token`` is the machine's own, of the same form as the service's.
    ``holder`` stands for the ID card that was read before, if one was and the key of the day was known; ``by_age`` as above.
    """

    no: TicketNo
    group: GroupId
    care: bool
    token: str
    day: str | None = None
    attempt_of: RequestId | None = None
    waited_ms: Ms = 0
    holder: HolderHash | None = None
    by_age: bool = False


class OfflineTicketPrinted(Kept, frozen=True, kw_only=True):
    """A paper of an offline ticket has left the cutter. ``taken`` is the id of its ``OfflineTicketTaken``."""

    taken: RequestId
    copy: int
    proof: PrintProof


class OfflineTicketUnprinted(Kept, frozen=True, kw_only=True):
    """No part of this offline ticket is on paper, and it will not be printed; the number is burnt."""

    taken: RequestId
    reason: str


class TicketEntryRequested(Perishable, frozen=True, kw_only=True):
    """Staff enter a ticket for somebody: ``hall-broker ticket`` at the ``ops`` node, later the guide's console (gd.issue).

    ``visitor_class`` is the claim beside the normal one; ``appointment_at`` may stand beside any class. Green and urgent
    need ``project`` (GREEN-2), urgent also ``approved_by``. ``print_at`` names the kiosk whose printer prints it; without
    it the ticket counts as shown to its holder.
    """

    actor: StaffNo
    group: GroupId
    service: ServiceId | None = None
    visitor_class: VisitorClass = VisitorClass.NORMAL
    appointment_at: HallTime | None = None
    project: str | None = None
    approved_by: StaffNo | None = None
    print_at: NodeName | None = None


class TicketCancelRequested(Perishable, frozen=True, kw_only=True):
    """Holder or guide gives a ticket up (弃号)."""

    actor: StaffNo
    ticket: TicketId
    reason: str


class ReprintRequested(Perishable, frozen=True, kw_only=True):
    """Staff ask a kiosk to print a ticket again, marked 补打."""

    actor: StaffNo
    ticket: TicketId
    print_at: NodeName


class ReactivateRequested(Perishable, frozen=True, kw_only=True):
    """恢复排队: a missed ticket wants to wait again (D9). Asked at a machine by its number, or by its holder's card.

    A guide names ``actor``. Exactly one of ``no`` and ``holder`` is given; with ``group`` the holder's ticket of that group.
    """

    no: TicketNo | None = None
    holder: HolderHash | None = None
    group: GroupId | None = None
    actor: StaffNo | None = None


class ClassChangeRequested(Perishable, frozen=True, kw_only=True):
    """Staff open a class for a live ticket, or take it away (CARE-3.1, GUID-3.2, GREEN-2).

    ``basis`` is a code of why (``age``, ``law_priority``, ``visible``, ``ill``): sensitive, kept apart and deleted the next
    day (CARE-2.2c); it never reaches a fact. ``reason`` is for the record. Green and urgent need ``project``, urgent also
    ``approved_by``.
    """

    actor: StaffNo
    ticket: TicketId
    visitor_class: VisitorClass
    withdraw: bool = False
    reason: str = ""
    basis: str = ""
    project: str | None = None
    approved_by: StaffNo | None = None


class TicketIssued(Message, frozen=True, kw_only=True):
    """A ticket to print. Answers ``TicketRequested``; also sent for a reprint, and again when its kiosk is reborn.

    ``request_id`` is the press it answers (``None`` for a ticket entered by staff). ``copy`` 0 is the first paper; n > 0
    prints 补打n. ``token`` is the opaque 22 characters of the rating QR (words 3.5). ``for_boot`` is the life of the kiosk
    it is sent to, unless it answers a press of that life: what was ordered of another life and comes late, or once more, is
    not printed.
    """

    request_id: RequestId | None
    ticket: TicketId
    no: TicketNo
    group: GroupId
    service: ServiceId | None
    issued_at: HallTime
    waiting: int
    token: str
    copy: int = 0
    for_boot: BootId | None = None
    wait_low: int | None = None
    wait_high: int | None = None
    appointment_at: HallTime | None = None
