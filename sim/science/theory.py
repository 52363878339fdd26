"""Mean waits known in closed form: first come first served, strict order, and Kleinrock's points without head starts.

Times are in units of the case. Sources: Pollaczek-Khinchine and Erlang C for first come first served, Cobham for strict
order, Kleinrock's accumulating (delay-dependent) priorities; with several servers all classes share one exponential rate,
and the residual term of one server is replaced by Erlang's (``targets.md`` 1.3).
"""

import math
from dataclasses import dataclass
from enum import Enum


class Service(Enum):
    """How long a service takes; the mean is always 1."""

    EXPONENTIAL = "M"
    FIXED = "D"

    @property
    def second_moment(self) -> float:
        """E[S^2] for a mean of 1."""
        return 2.0 if self is Service.EXPONENTIAL else 1.0


@dataclass(frozen=True, slots=True)
class Kind:
    """One class of visitors: arrivals per unit of time, speed of its points, head start in units of time."""

    rate: float
    speed: float
    head_start: float = 0.0


@dataclass(frozen=True, slots=True)
class Case:
    """Poisson arrivals of several classes at ``servers`` counters; a service takes 1 on average, whoever it is for."""

    name: str
    kinds: tuple[Kind, ...]
    service: Service = Service.EXPONENTIAL
    servers: int = 1

    @property
    def rate(self) -> float:
        """All arrivals per unit of time."""
        return sum(one.rate for one in self.kinds)

    @property
    def load(self) -> float:
        """The part of their time the counters are busy."""
        return self.rate / self.servers


def erlang_c(servers: int, offered: float) -> float:
    """The probability of waiting at all at so many servers under this offered load (Erlang's second formula)."""
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = offered * blocked / (count + offered * blocked)
    return blocked / (1 - offered / servers * (1 - blocked))


def first_come(case: Case) -> float:
    """The mean wait of everybody when nobody overtakes. Several servers need exponential service."""
    if case.servers == 1:
        return case.rate * case.service.second_moment / 2 / (1 - case.load)
    if case.service is not Service.EXPONENTIAL:
        raise ValueError(f"{case.name}: no closed form for {case.servers} servers without exponential service")
    return erlang_c(case.servers, case.rate) / (case.servers - case.rate)


def kleinrock(case: Case) -> tuple[float, ...]:
    """The mean wait of each class when each minute waited counts by the speed of the class, without head starts."""
    if any(one.head_start for one in case.kinds):
        raise ValueError(f"{case.name}: no closed form with head starts")
    everybody = first_come(case)
    waits: dict[int, float] = {}
    for place in sorted(range(len(case.kinds)), key=lambda one: case.kinds[one].speed):
        mine = case.kinds[place].speed
        slower = sum(
            _load(case, other) * waits[other] * (1 - one.speed / mine)
            for other, one in enumerate(case.kinds)
            if one.speed < mine
        )
        faster = sum(_load(case, other) * (1 - mine / one.speed) for other, one in enumerate(case.kinds) if one.speed > mine)
        waits[place] = (everybody - slower) / (1 - faster)
    return tuple(waits[place] for place in range(len(case.kinds)))


def strict(case: Case) -> tuple[float, ...]:
    """The mean wait of each class when the later class of the case always goes first (no service is broken off)."""
    residual = first_come(case) * (1 - case.load)
    waits = []
    for place in range(len(case.kinds)):
        above = sum(_load(case, other) for other in range(place + 1, len(case.kinds)))
        waits.append(residual / (1 - above) / (1 - above - _load(case, place)))
    return tuple(waits)


def conserved(case: Case, waits: tuple[float, ...]) -> float:
    """The waits weighted by load, over the same of first come first served: 1 whatever the order (conservation law)."""
    total = math.fsum(_load(case, place) * wait for place, wait in enumerate(waits))
    return total / (case.load * first_come(case))


def _load(case: Case, place: int) -> float:
    return case.kinds[place].rate / case.servers
