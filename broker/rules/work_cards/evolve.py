"""What the facts of work cards change."""

from typing import assert_never

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.work_cards.state import WorkCards
from contracts.values import HallTime


def day_began(hall: Hall, fact: f.DayBegan) -> None:
    """A lost card is lost on every day."""
    hall.work_cards = WorkCards(lost={one.card: one for one in fact.lost_cards}, pins={one.staff: one for one in fact.pins})


def over_night(hall: Hall) -> tuple[tuple[f.LostCard, ...], tuple[f.Pin, ...]]:
    """What the new day takes over: of whoever belongs to the hall. The card of anybody else is unknown everywhere."""
    cards, staff = hall.work_cards, hall.in_force.staff
    return (
        tuple(one for one in cards.lost.values() if one.staff in staff),
        tuple(one for one in cards.pins.values() if one.staff in staff),
    )


def apply(hall: Hall, fact: f.WorkCardFact, _at: HallTime) -> None:
    """One fact of a work card."""
    match fact:
        case f.CardReportedLost(lost=lost):
            hall.work_cards.lost[lost.card] = lost
        case f.CardFound(lost=lost):
            hall.work_cards.lost.pop(lost.card, None)
        case f.PinSet(pin=pin):
            hall.work_cards.pins[pin.staff] = pin
        case f.PinRemoved(staff=staff):
            hall.work_cards.pins.pop(staff, None)
        case f.LoginVouched():
            pass  # stored for its own sake; the login beside it is what is remembered
        case _:
            assert_never(fact)
