"""The hall closes when the last visitor has been served, not at a time of day (EXT-3.3)."""

from broker.rules.facts import Fact, HallPhaseChanged
from broker.rules.hall import Hall
from contracts.values import HallPhase


def closes_with(hall: Hall, _last: Fact) -> tuple[Fact, ...]:
    """What follows the fact that ends one ticket: the hall's closing, if it was the last after hours."""
    is_last = hall.phase is HallPhase.AFTER_CLOSING and hall.live == 1
    return (HallPhaseChanged(phase=HallPhase.CLOSED),) if is_last else ()
