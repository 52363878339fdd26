"""Points as citizens know them: one a minute for an ordinary visitor."""

from broker.rules.facts import Compared
from broker.rules.pick import ONE_POINT

_PERCENT = 100


def as_points(compared: Compared) -> str:
    """A score in points with one decimal, cut off, with the counter's reserve already in it: ``39.0``."""
    tenths = compared.score * 10 // (ONE_POINT * _PERCENT)
    return f"{tenths // 10}.{tenths % 10}"
