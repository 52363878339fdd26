"""Inquiries: who was asked first, and what they answered (GUID-3.1, FIRST-3.1). Nothing about who asked."""

from broker.rules.facts.base import Fact
from contracts.values import InquiryChannel, InquiryKind, InquiryNo, ServiceId, StaffNo, TicketId


class InquiryRecorded(Fact, frozen=True, kw_only=True):
    """``actor`` was asked first (FIRST-3.1); ``authority`` is whose matter it is, if not the hall's."""

    inquiry: InquiryNo
    actor: StaffNo
    topic: str
    kind: InquiryKind
    channel: InquiryChannel
    service: ServiceId | None = None
    authority: str = ""
    phone: str = ""
    slip: bool = False


class InquiryLinked(Fact, frozen=True, kw_only=True):
    """The person who asked holds this ticket. ``first_asker`` is who answers for it: written once, never overwritten."""

    inquiry: InquiryNo
    ticket: TicketId
    actor: StaffNo
    first_asker: StaffNo


InquiryFact = InquiryRecorded | InquiryLinked
"""Facts of inquiries."""
