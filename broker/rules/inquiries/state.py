"""The inquiries of the day, as the rules know them; forgotten at midnight, like the tickets they may be linked to."""

from dataclasses import dataclass, field

from contracts.values import InquiryNo, StaffNo, TicketId


@dataclass(slots=True)
class Inquiry:
    """One of them: who was asked, and the ticket the person has taken since."""

    no: InquiryNo
    asked: StaffNo
    ticket: TicketId | None = None


@dataclass(slots=True)
class Inquiries:
    """All of the day; ``len`` numbers them."""

    all: dict[InquiryNo, Inquiry] = field(default_factory=dict)
