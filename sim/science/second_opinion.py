"""Ciw, an independent simulator, with the rule of 1.0.4 written down once more as a scan of everybody who waits.

It shares neither the queue nor the comparison with the rules, only the numbers of the case. Needs the extra ``science``.
"""

from collections.abc import Callable, Sequence
from statistics import fmean, stdev
from typing import Any

import ciw

from sim.science.cases import SIX_COUNTERS, C
from sim.science.theory import Case, Service, kleinrock
from sim.science.verdict import LARGEST_T, student_95

RUNS = 40
CASES = (C, SIX_COUNTERS)
UNTIL = 20_000.0
"""Units of time of one run at one counter; at several, that much less."""


def rule(case: Case) -> Callable[[Sequence[Any], float], Any]:
    """Whoever has the most points: head start and minutes waited, both counting by the speed; of equals the first."""
    speeds = {_name(place): (one.head_start, one.speed) for place, one in enumerate(case.kinds)}

    def best(individuals: Sequence[Any], now: float) -> Any:
        def key(one: Any) -> tuple[float, float]:
            head_start, speed = speeds[one.customer_class]
            return head_start + speed * (now - one.arrival_date), -one.arrival_date

        return max(individuals, key=key)

    return best


def _name(place: int) -> str:
    return f"kind {place}"


def means(case: Case, seed: int, until: float, warm: float) -> tuple[float, ...]:
    """The mean wait of each class of those who came after ``warm`` and were served until ``until``."""
    fixed = case.service is Service.FIXED
    network = ciw.create_network(
        arrival_distributions={_name(n): [ciw.dists.Exponential(one.rate)] for n, one in enumerate(case.kinds)},
        service_distributions={
            _name(n): [ciw.dists.Deterministic(1.0) if fixed else ciw.dists.Exponential(1.0)] for n in range(len(case.kinds))
        },
        number_of_servers=[case.servers],
        service_disciplines=[rule(case)],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(until)
    waits: dict[str, list[float]] = {_name(n): [] for n in range(len(case.kinds))}
    for record in simulation.get_all_records(only=["service"]):
        if record.arrival_date > warm:
            waits[record.customer_class].append(record.waiting_time)
    return tuple(fmean(one) for one in waits.values())


def opinion(case: Case, runs: int, until: float, progress: Callable[[], None] = lambda: None) -> list[tuple[float, float]]:
    """Mean wait and 95 % half-width of each class, over so many runs; seeds 1 and following."""
    found = []
    for seed in range(1, runs + 1):
        found.append(means(case, seed, until, until / 20))
        progress()
    columns = list(zip(*found, strict=True))
    return [(fmean(one), student_95(runs - 1) * stdev(one) / runs**0.5) for one in columns]


def compared(progress: Callable[[], None] = lambda: None) -> list[dict[str, Any]]:
    """Each case beside its formula; it agrees if every class is within 3.5 standard errors."""
    rows = []
    for case in CASES:
        found, claimed = opinion(case, RUNS, UNTIL / case.servers, progress), kleinrock(case)
        limit = LARGEST_T / student_95(RUNS - 1)
        agrees = all(abs(mean - claim) <= limit * width for (mean, width), claim in zip(found, claimed, strict=True))
        rows.append({"case": case.name, "ciw": found, "claimed": claimed, "agrees": agrees})
    return rows
