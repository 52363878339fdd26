"""What guides record and open beside tickets: inquiries (GUID-3.1, FIRST-3.1), and codes of green projects (GREEN-8)."""

from contracts.messages.base import Answer, Perishable
from contracts.values import InquiryChannel, InquiryKind, InquiryNo, ServiceId, StaffNo, TaskId, TicketId, TicketNo


class InquiryRequested(Perishable, frozen=True, kw_only=True):
    """咨询登记: ``actor`` was asked something and answered it; who is asked first is responsible (FIRST-3.1).

    ``topic`` is what it was about, in a few words and without anything personal. ``authority`` and ``phone`` belong to a
    matter that is not the hall's (FIRST-4.3). ``slip``: the one-off notice was handed out. ``ticket`` links it at once.
    """

    actor: StaffNo
    topic: str
    kind: InquiryKind = InquiryKind.ANSWERED
    channel: InquiryChannel = InquiryChannel.DESK
    service: ServiceId | None = None
    authority: str = ""
    phone: str = ""
    slip: bool = False
    ticket: TicketId | None = None


class InquiryLinkRequested(Perishable, frozen=True, kw_only=True):
    """The person who asked has this ticket now: who was asked first is its 首问负责人, unless it has one already."""

    actor: StaffNo
    inquiry: InquiryNo
    ticket: TicketId


class ProjectOpenRequested(Perishable, frozen=True, kw_only=True):
    """Somebody needs to see which green project it is: of a ``task``, or all of a day's ledger; why is recorded (GREEN-8).

    Exactly one of ``task`` and ``ledger`` (``2026-03-10``) is given.
    """

    actor: StaffNo
    reason: str
    task: TaskId | None = None
    ledger: str | None = None


class ProjectOpened(Answer, frozen=True, kw_only=True):
    """The code, to the node that asked and nobody else; neither name nor unit of a project ever travels (GREEN-8)."""

    project: str
    case_manager: StaffNo
    valid_to: str
    no: TicketNo | None = None
