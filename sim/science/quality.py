"""What the told waits were worth: error, bias and coverage, beside the two simpler ways, against the goals of 1.4."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from statistics import fmean
from typing import Any

from contracts.values import VisitorClass
from sim.rules_day import hall_text
from sim.science.halls import COUNTERS, SERVICES, six_counters
from sim.science.waits import Study, Told, World

MONDAY = date(2026, 3, 9)
BEST_RATIO = 0.80
"""Error at most this part of what queue length times mean service over counters is off by."""
COVERAGE, COVERAGE_OFF, CLASS_OFF = 0.80, 0.03, 0.05
LARGEST_BIAS = 0.05
"""Of a class, over the mean wait of everybody."""
_SLOWER = 1.1
_SIX_MIX = {VisitorClass.NORMAL: 55, VisitorClass.GREEN: 20, VisitorClass.CARE: 15, VisitorClass.APPOINTMENT_DUE: 10}
_DEMO_MIX = {VisitorClass.NORMAL: 85, VisitorClass.CARE: 10, VisitorClass.GREEN: 5}
_DEMO_SITS = {
    "W01": "S103", "W02": "S101", "W03": "S102", "W04": "S105", "W05": "S106", "W06": "S107",
    "W07": "S108", "W08": "S111", "W09": "S112", "W10": "S114", "W11": "S116", "W12": "S117",
}  # fmt: skip
_DEMO_PACE = {"A": 7.0, "B": 4.4, "C": 9.5, "D": 2.4, "E": 4.2, "F": 1.7, "G": 10.0, "H": 4.0}


def six(load: float = 0.93) -> World:
    """Six equal counters for one group, speeds 1, 1.5, 2 and 3; services last a tenth longer than hall.toml says."""
    pace = load * COUNTERS * 60 / (fmean(SERVICES.values()) * _SLOWER)
    sits = {f"W{n:02d}": f"S1{n:02d}" for n in range(1, COUNTERS + 1)}
    return World(six_counters(), {"A": pace}, _SIX_MIX, sits, "06:00", "22:00", slower=_SLOWER)


def demo_hall() -> World:
    """The demo hall with all its groups, noon break, closing, the reserve of W01, and some who never come."""
    return World(hall_text("demo-hall"), _DEMO_PACE, _DEMO_MIX, _DEMO_SITS, "09:00", "17:30", slower=_SLOWER, missing=4)


WORLDS: dict[str, Callable[[], World]] = {"six counters": six, "demo hall": demo_hall}


def run(plan: Sequence[tuple[str, int, int]], jobs: int, progress: Callable[[], None]) -> dict[str, list[Told]]:
    """Every (world, seed, days) of the plan; all tickets of a world together, in the order of the plan."""
    found: dict[str, list[Told]] = {name: [] for name, _, _ in plan}
    if jobs <= 1:
        for name, seed, days in plan:
            found[name] += _one(name, seed, days)
            progress()
        return found
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(_one, *one) for one in plan]
        for (name, _, _), future in zip(plan, futures, strict=True):
            found[name] += future.result()
            progress()
    return found


def _one(name: str, seed: int, days: int) -> list[Told]:
    return Study(WORLDS[name](), seed).run(MONDAY, days)


def figures(told: Sequence[Told]) -> dict[str, Any]:
    """The figures of a world.

    Coverage is that of tickets for which there was anything to tell: who is called at once is inside any range.
    """
    everybody = fmean(one.waited for one in told)
    return {
        "tickets": len(told),
        "mean_min": everybody,
        "mae_min": {
            "told": _error(told, lambda one: one.told[1]),
            "queue_length": _error(told, lambda one: one.by_length),
            "last_of_class": _error(told, lambda one: one.by_last),
        },
        "ratio": _error(told, lambda one: one.told[1]) / _error(told, lambda one: one.by_length),
        **_coverage(told),
        "shown_range_holds": fmean(one.shown[0] <= one.waited <= one.shown[1] for one in told),
        "classes": {
            kind.value: _class(told, kind, everybody) for kind in VisitorClass if any(x.visitor_class is kind for x in told)
        },
    }


def _error(told: Sequence[Told], say: Callable[[Told], float]) -> float:
    return fmean(abs(say(one) - one.waited) for one in told)


def _coverage(told: Sequence[Told]) -> dict[str, float]:
    waiting = [one for one in told if one.waited > 0 or one.told[2] > 0]
    return {
        "waiting": len(waiting) / len(told),
        "below_high": fmean(one.waited <= one.told[2] for one in waiting),
        "below_low": fmean(one.waited <= one.told[0] for one in waiting),
        "below_high_of_all": fmean(one.waited <= one.told[2] for one in told),
    }


def _class(told: Sequence[Told], kind: VisitorClass, everybody: float) -> dict[str, float]:
    mine = [one for one in told if one.visitor_class is kind]
    bias = fmean(one.told[1] - one.waited for one in mine)
    simple = fmean(one.by_length - one.waited for one in mine)
    return {
        "tickets": len(mine),
        "mean_min": fmean(one.waited for one in mine),
        "bias_min": bias,
        "bias": bias / everybody,
        "queue_length_bias_min": simple,
        **_coverage(mine),
    }


def missed(found: dict[str, Any], slack: float = 1.0) -> list[str]:
    """Which goals the figures miss; ``slack`` widens the bands of coverage and bias for a smaller sample."""
    wrong = [] if found["ratio"] <= BEST_RATIO else [f"error {found['ratio']:.2f} of the queue-length estimate"]
    if abs(found["below_high"] - COVERAGE) > COVERAGE_OFF * slack:
        wrong.append(f"{found['below_high']:.3f} below the high end")
    for name, one in found["classes"].items():
        if abs(one["below_high"] - COVERAGE) > CLASS_OFF * slack:
            wrong.append(f"{name}: {one['below_high']:.3f} below the high end")
        if abs(one["bias"]) > LARGEST_BIAS * slack:
            wrong.append(f"{name}: bias {one['bias']:+.1%} of the mean wait")
    return wrong
