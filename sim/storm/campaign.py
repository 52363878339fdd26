"""Many days, on several processors, and what came of them in one table."""

import os
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from firmware.runtime.clock import precise_ns
from sim.storm.day import Outcome, live
from sim.storm.plants import NONE, Plant
from sim.storm.setting import FULL, MINI, Setting
from sim.storm.weather import forecast

_CHUNK = 4


@dataclass(slots=True)
class Figures:
    """The sum of many days. ``seconds`` are those of a clock on the wall; ``cpu`` of all processes together."""

    days: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    violations: list[dict[str, Any]] = field(default_factory=list)
    hashes: dict[int, str] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome, cpu: float, replay: str) -> None:
        """One more day."""
        self.days += 1
        self.cpu += cpu
        self.hashes[outcome.seed] = outcome.log_hash
        self.faults.update(outcome.faults)
        for name in ("tickets", "served", "papers", "facts", "steps", "checks"):
            self.sums[name] += getattr(outcome, name)
        for violation in outcome.violations:
            self.violations.append({"seed": outcome.seed, "what": violation, "replay": replay.format(seed=outcome.seed)})


def setting_of(*, mini: bool) -> Setting:
    """A day of 40 visitors, or one of 600."""
    return MINI if mini else FULL


def days(
    seeds: Sequence[int], setting: Setting, plant: Plant = NONE, *, jobs: int = 1, stop: Callable[[], bool] = lambda: False
) -> Generator[tuple[Outcome, float], None, None]:
    """Live these days; with each its seconds on a processor. In the order of the seeds, whatever the number of processes."""
    if jobs <= 1:
        for seed in seeds:
            if stop():
                return
            yield _one(seed, setting, plant.name)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = iter(seeds)
        futures = [
            pool.submit(_one, seed, setting, plant.name) for seed, _ in zip(waiting, range(jobs * _CHUNK), strict=False)
        ]
        while futures:
            outcome = futures.pop(0).result()
            if not stop() and (following := next(waiting, None)) is not None:
                futures.append(pool.submit(_one, following, setting, plant.name))
            yield outcome


def _one(seed: int, setting: Setting, plant: str) -> tuple[Outcome, float]:
    from sim.storm.garden import BY_NAME  # noqa: PLC0415 -- the garden is big, and most days have no plant

    begun = os.times()
    outcome = live(seed, setting, forecast(seed, setting), BY_NAME[plant])
    ended = os.times()
    return outcome, ended.user - begun.user + ended.system - begun.system


def seconds_since(begun_ns: int) -> float:
    """Since ``precise_ns`` said that."""
    return (precise_ns() - begun_ns) / 1e9
