"""Many durations in a few numbers."""

from typing import Any

from contracts.values import Ms
from sim.stopwatch import percentile


def spread(samples: list[Ms]) -> dict[str, Any]:
    """How many, and how long they took."""
    return {
        "n": len(samples),
        "p50": percentile(samples, 50),
        "p99": percentile(samples, 99),
        "max": max(samples, default=None),
    }
