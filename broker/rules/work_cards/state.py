"""Lost cards and PINs, as the rules know them."""

from dataclasses import dataclass, field

from broker.rules.facts.work_cards import LostCard, Pin
from contracts.values import StaffNo


@dataclass(slots=True)
class WorkCards:
    """``lost`` by the number of the card: a person may have lost two. ``pins`` by person."""

    lost: dict[str, LostCard] = field(default_factory=dict)
    pins: dict[StaffNo, Pin] = field(default_factory=dict)
