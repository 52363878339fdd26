"""``hall-sim compare``: the same days under several call orders, so that the choice of weights is shown, not asserted.

The people of a seed are the same under every call order (common random numbers), so a difference between two orders is
judged day by day: its confidence interval is that of the paired differences, far narrower than that of the waits.
"""

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from typing import Any

from contracts.values import Ms, VisitorClass
from sim.day.figures import courses, overtime, quantile, waits_by_class
from sim.day.nature import MINUTE
from sim.day.policies import under
from sim.day.random_day import play

_T_95 = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78, 6: 2.57, 7: 2.45, 8: 2.36, 9: 2.31, 10: 2.26, 15: 2.14, 20: 2.09, 30: 2.05}
"""Student's t, two-sided 95 %, by the number of days; between the entries the next smaller number counts."""
_NORMAL_95 = 1.96
_MANY = 60


@dataclass(frozen=True, slots=True)
class DayUnder:
    """One day under one call order: the waits of each class in milliseconds, shortest first."""

    policy: str
    seed: int
    waits: dict[VisitorClass, list[Ms]]
    overtime: Ms
    violations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Study:
    """What is compared: which hall, day, how many visitors."""

    text: str
    day: date
    visitors: int

    def live(self, task: tuple[str, int]) -> DayUnder:
        """Play one day under one call order."""
        policy, seed = task
        played = play(under(policy, self.text), self.day, seed, self.visitors, is_checked=False)
        waits = waits_by_class(courses(played).values())
        return DayUnder(policy, seed, waits, overtime(played), played.violations)


def days(study: Study, policies: Sequence[str], seeds: Sequence[int], jobs: int) -> Iterator[DayUnder]:
    """Every day under every call order, in a fixed order whatever the number of processes."""
    tasks = [(policy, seed) for seed in seeds for policy in policies]
    if jobs == 1:
        yield from map(study.live, tasks)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(study.live, tasks)


def interval(values: Sequence[float]) -> dict[str, float]:
    """The mean of one value a day, and half the width of its 95 % confidence interval."""
    number = len(values)
    mean = math.fsum(values) / number if number else 0.0
    if number < 2:  # noqa: PLR2004 -- one day says nothing about the spread
        return {"mean": round(mean, 2), "plus_minus": 0.0}
    spread = math.sqrt(math.fsum((one - mean) ** 2 for one in values) / (number - 1))
    return {"mean": round(mean, 2), "plus_minus": round(_t(number) * spread / math.sqrt(number), 2)}


def _t(number: int) -> float:
    if number >= _MANY:
        return _NORMAL_95
    return _T_95[max(one for one in _T_95 if one <= number)]


def result(lived: Sequence[DayUnder], policies: Sequence[str]) -> dict[str, Any]:
    """What ``--json`` writes."""
    by_policy = {policy: sorted((one for one in lived if one.policy == policy), key=_seed) for policy in policies}
    classes = [one for one in VisitorClass if any(one in day.waits for day in lived)]
    return {
        "seeds": [one.seed for one in by_policy[policies[0]]],
        "policies": {policy: _policy(days, classes) for policy, days in by_policy.items()},
        "differences": {
            f"{policy} - {policies[0]}": {
                one.value: interval([b - a for a, b in _pairs(by_policy[policies[0]], by_policy[policy], one)])
                for one in classes
            }
            for policy in policies[1:]
        },
        "violations": sorted({what for one in lived for what in one.violations}),
    }


def _seed(one: DayUnder) -> int:
    return one.seed


def _policy(lived: Sequence[DayUnder], classes: Sequence[VisitorClass]) -> dict[str, Any]:
    ordinary = [day.waits[VisitorClass.NORMAL][-1] / MINUTE for day in lived if VisitorClass.NORMAL in day.waits]
    return {
        "classes": {one.value: _class([day.waits[one] for day in lived if one in day.waits]) for one in classes},
        "all": _class([sorted(wait for waits in day.waits.values() for wait in waits) for day in lived]),
        "longest_ordinary_min": {**interval(ordinary), "max": round(max(ordinary, default=0.0), 2)},
        "overtime_min": interval([day.overtime / MINUTE for day in lived]),
    }


def _class(lived: Sequence[Sequence[Ms]]) -> dict[str, Any]:
    return {
        "visits": sum(map(len, lived)),
        "mean_min": interval([math.fsum(waits) / len(waits) / MINUTE for waits in lived]),
        "p80_min": interval([quantile(waits, 0.8) / MINUTE for waits in lived]),
        "p95_min": interval([quantile(waits, 0.95) / MINUTE for waits in lived]),
        "max_min": round(max(waits[-1] for waits in lived) / MINUTE, 2),
    }


def _pairs(first: Sequence[DayUnder], second: Sequence[DayUnder], one: VisitorClass) -> Iterator[tuple[float, float]]:
    """The mean waits of a class on the same days under both orders, in minutes."""
    for a, b in zip(first, second, strict=True):
        if one in a.waits and one in b.waits:
            yield _mean(a.waits[one]), _mean(b.waits[one])


def _mean(waits: Sequence[Ms]) -> float:
    return math.fsum(waits) / len(waits) / MINUTE
