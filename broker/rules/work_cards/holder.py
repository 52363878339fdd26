"""Whose card it is that somebody shows (COND-4)."""

from broker.rules.asking import No
from broker.rules.hall import Hall
from broker.schema import Staff
from contracts.values import Refusal


def holder(hall: Hall, card: str) -> Staff | No:
    """Whose card this is, unless it is lost or nobody's."""
    if card in hall.work_cards.lost:
        return No(Refusal.CARD_LOST, f"the card of {hall.work_cards.lost[card].staff} is reported lost (COND-4)")
    return hall.in_force.cards.get(card) or No(Refusal.UNKNOWN_CARD)
