"""What the facts of inquiries change."""

from typing import assert_never

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.inquiries.state import Inquiries, Inquiry
from contracts.values import HallTime


def day_began(hall: Hall) -> None:
    """Tickets are new each day, and so is who was asked about them."""
    hall.inquiries = Inquiries()


def _linked(hall: Hall, fact: f.InquiryLinked) -> None:
    """Written once (FIRST-3.1); the chain begins with the first asker (FIRST-4.2)."""
    hall.inquiries.all[fact.inquiry].ticket = fact.ticket
    ticket = hall.tickets[fact.ticket]
    if ticket.first_asker is None:
        ticket.first_asker = fact.first_asker
        ticket.chain = (fact.first_asker, *ticket.chain)


def apply(hall: Hall, fact: f.InquiryFact, _at: HallTime) -> None:
    """One fact of an inquiry."""
    match fact:
        case f.InquiryRecorded(inquiry=no, actor=actor):
            hall.inquiries.all[no] = Inquiry(no, actor)
        case f.InquiryLinked():
            _linked(hall, fact)
        case _:
            assert_never(fact)
