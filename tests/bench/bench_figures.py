"""The arithmetic of the bench: percentiles, ratios of samples that were taken in turns, and whether a goal is met."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any


def percentile(samples: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile: the smallest sample that at least so many percent do not exceed."""
    if not samples:
        raise ValueError("no samples, no percentile")
    return sorted(samples)[max(0, math.ceil(len(samples) * percent / 100) - 1)]


@dataclass(frozen=True, slots=True)
class Latency:
    """Samples of the product and of its floor, taken in turns, in nanoseconds."""

    product: Sequence[int]
    floor: Sequence[int]

    def ratio(self, percent: float) -> float:
        """The product's percentile over the floor's."""
        return percentile(self.product, percent) / percentile(self.floor, percent)

    def ratios(self) -> dict[str, float]:
        """What build/bench.json says."""
        return {f"p{percent}": round(self.ratio(percent), 2) for percent in (50, 99)}

    def details(self) -> dict[str, Any]:
        """Absolute figures, in milliseconds; they mean nothing on another machine."""
        return {"product_ms": spread_ms(self.product), "floor_ms": spread_ms(self.floor)}


def spread_ms(samples: Sequence[int]) -> dict[str, float]:
    """How many samples, and their median, 99th percentile and extremes in milliseconds."""
    return {
        "samples": len(samples),
        "min": round(min(samples) / 1e6, 3),
        "p50": round(percentile(samples, 50) / 1e6, 3),
        "p99": round(percentile(samples, 99) / 1e6, 3),
        "max": round(max(samples) / 1e6, 3),
    }


def median_ratio(product: Sequence[float], floor: Sequence[float]) -> float:
    """The ratio of the medians."""
    return round(median(product) / median(floor), 2)


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure and what was aimed at; ``at_most`` is ``None`` for what is only reported."""

    name: str
    figure: float
    at_most: float | None = None

    @property
    def verdict(self) -> str:
        """In one word, for the table."""
        if self.at_most is None:
            return "reported"
        return "hit" if self.figure <= self.at_most else "missed"
