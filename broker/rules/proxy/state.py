"""What is remembered in order to notice, and the open cases."""

from dataclasses import dataclass, field

from broker.rules.facts.presses import PunchStored
from broker.rules.facts.proxy import ProxyCaseOnFile, PunchPairNoted
from contracts.values import HallTime, ProxyCaseNo, StaffNo


@dataclass(slots=True)
class Proxy:
    """``punches`` are those heard of today, ``noted`` the pairs among them.

    ``sat`` is when everybody came to a counter today, and left it (``None``: still there). ``pairs`` and ``pins`` are
    those of ``ProxyOnFile``. ``decided`` are the cases closed today, ``count`` those opened.
    """

    punches: list[PunchStored] = field(default_factory=list)
    noted: list[PunchPairNoted] = field(default_factory=list)
    sat: dict[StaffNo, list[tuple[HallTime, HallTime | None]]] = field(default_factory=dict)
    pairs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pins: dict[str, int] = field(default_factory=dict)
    cases: dict[ProxyCaseNo, ProxyCaseOnFile] = field(default_factory=dict)
    decided: set[ProxyCaseNo] = field(default_factory=set)
    opened: set[tuple[str, str, str]] = field(default_factory=set)
    """Of the cases opened today: why (of one person alone), whom, which day and half; the same is not opened twice."""
    count: int = 0


def pair_key(one: StaffNo, other: StaffNo) -> str:
    """Two persons in either order."""
    return " ".join(sorted((one, other)))
