"""How long things take, as gamma distributions: the configured minutes at first, more and more what was learned.

A distribution is its mean and 256 equally likely values of a unit mean; drawing one is a look into a table. The tables are
made once for each spread and kept: they depend on nothing else.
"""

import math
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

from broker.rules.estimate.state import ONE, TENTH_MS, Sums
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE, SECOND
from broker.rules.pick import Pair

CELLS = 256
_STEP = 20
"""Squares of the coefficient of variation are rounded to a twentieth."""
_GRID = 1500
_GONE_MIN = 10
"""A ticket of a service that a new configuration no longer has, still on a desk."""


class Time(NamedTuple):
    """A duration nobody knows exactly: its mean in milliseconds, and 256 values of a unit mean, smallest first."""

    mean: float
    units: tuple[float, ...]
    doubt: float = 0.0
    """How far off the mean may be, as a standard error in means: less with every ticket it was learned of."""

    def left(self, elapsed: float) -> tuple[float, ...]:
        """What may be left of it in milliseconds when so much has passed: all equally likely, smallest first."""
        first = bisect_right(self.units, elapsed / self.mean)
        if first < CELLS:
            return tuple([one * self.mean - elapsed for one in self.units[first:]])
        return tuple([one * self.mean * self._tail for one in units(_STEP)])

    @property
    def _tail(self) -> float:
        """What a gamma variable far out has left on average, in means: the square of its coefficient of variation."""
        return sum(one * one for one in self.units) / CELLS - 1


def turn(hall: Hall, pair: Pair) -> Time:
    """How long a called ticket of this pair keeps a counter, served or missed."""
    params, plan = hall.in_force.config.params.estimate, hall.in_force
    services = plan.services_of.get(pair.group, ()) if pair.service is None else (pair.service,)
    minutes = [plan.services[one].avg_min for one in services if one in plan.services] or [_GONE_MIN]
    configured = max(1.0, sum(minutes) / len(minutes) * MINUTE)
    return _shrunk(hall.learning.turns.get(pair), configured, params.prior_tickets, params.spread_percent)


def pause(hall: Hall) -> float:
    """How long a counter stays free between two visitors while somebody waits, in milliseconds."""
    params = hall.in_force.config.params.estimate
    return _shrunk(hall.learning.pauses, params.pause_s * SECOND, params.prior_tickets, params.spread_percent).mean


def _shrunk(sums: Sums | None, configured: float, tickets: int, spread_percent: int) -> Time:
    """The learned mean and spread, as if so many tickets before had been as configured."""
    weight = (0 if sums is None else sums.weight) / ONE
    squared = (spread_percent / 100) ** 2
    if sums is None or not sums.tenths:
        return Time(configured, units(round(squared * _STEP)), math.sqrt(squared / tickets))
    mean = (tickets * configured + weight * (sums.tenths / sums.weight * TENTH_MS)) / (tickets + weight)
    theirs = max(0.0, sums.squares * sums.weight / sums.tenths**2 - 1)
    both = (tickets * squared + weight * theirs) / (tickets + weight)
    return Time(mean, units(round(both * _STEP)), math.sqrt(both / (tickets + weight)))


@lru_cache(maxsize=64)
def units(twentieths: int) -> tuple[float, ...]:
    """256 equally likely values of a gamma distribution with mean 1 and so many twentieths of variance."""
    if twentieths <= 0:
        return (1.0,) * CELLS
    shape = _STEP / twentieths
    power = min(1.0, shape)  # below 1 the density has a pole at 0, which this change of variable removes
    end = (1 + 12 * math.sqrt(1 / shape) + 6 / shape) ** power
    points = [((cell + 0.5) * end / _GRID) ** (1 / power) for cell in range(_GRID)]
    densities = [math.exp((shape - power) * math.log(at) - shape * (at - 1)) for at in points]
    return _equally_likely(points, densities)


def _equally_likely(points: list[float], densities: list[float]) -> tuple[float, ...]:
    """The mean of each 256th of the mass, scaled so that all together have the mean 1."""
    total, found = sum(densities), []
    mass, moment, upto = 0.0, 0.0, 0
    for at, density in zip(points, densities, strict=True):
        left = density / total * CELLS
        while mass + left >= 1 and upto < CELLS - 1:
            found.append(moment + (1 - mass) * at)
            left, mass, moment, upto = left - (1 - mass), 0.0, 0.0, upto + 1
        mass, moment = mass + left, moment + left * at
    found += [moment / mass] * (CELLS - len(found))
    mean = sum(found) / CELLS
    return tuple(one / mean for one in found)
