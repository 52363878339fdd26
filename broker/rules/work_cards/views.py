"""What a clock is told of cards: whose they are, which are lost, and what typed PINs are compared with."""

from collections.abc import Hashable

from broker.rules.hall import Hall
from contracts import messages as m
from contracts.cards import card_hash
from contracts.values import CardHash, StaffNo


def changes_with(hall: Hall) -> Hashable:
    """While it is equal, so is what stands here."""
    return tuple(hall.work_cards.lost), tuple(hall.work_cards.pins.values())


def roster(hall: Hall, card_key: bytes) -> tuple[m.RosterEntry, ...]:
    """Every card that counts, and whose it is."""
    return tuple(
        m.RosterEntry(staff=one.id, name=one.zh, card=card_hash(card_key, one.card))
        for one in hall.in_force.staff.values()
        if one.card is not None and one.card not in hall.work_cards.lost
    )


def whose(hall: Hall, card_key: bytes, card: CardHash) -> StaffNo | None:
    """Whose card that is, for a punch at a clock that has not been told yet; nobody's if it is unknown or reported lost."""
    return next((one.staff for one in roster(hall, card_key) if one.card == card), None)


def lost(hall: Hall, card_key: bytes) -> tuple[CardHash, ...]:
    """The cards that are refused with a sentence of their own (COND-4)."""
    return tuple(card_hash(card_key, one) for one in hall.work_cards.lost)


def pins(hall: Hall) -> tuple[m.PinEntry, ...]:
    """Who may punch by number and PIN (D15)."""
    staff = hall.in_force.staff
    return tuple(
        m.PinEntry(staff=one.staff, name=staff[one.staff].zh, salt=one.salt, verifier=one.verifier)
        for one in hall.work_cards.pins.values()
        if one.staff in staff
    )
