"""The only place where a clock is read. Everyone else is handed ``now`` or a :class:`Clock`."""

import time
from typing import Protocol

from contracts.values import HallTime, Ms


class Clock(Protocol):
    """Both clocks of a node; the simulator has one that tests advance."""

    def monotonic_ms(self) -> Ms:
        """Milliseconds that never go back, counted from a moment that means nothing."""

    def wall_ms(self) -> HallTime:
        """What this machine believes is the time, in milliseconds since 1970-01-01 UTC; on a Pi without network, wrong."""


class SystemClock:
    """The clocks of the operating system."""

    def monotonic_ms(self) -> Ms:
        """See :class:`Clock`."""
        return time.monotonic_ns() // 1_000_000  # noqa: TID251 -- this is the one place

    def wall_ms(self) -> HallTime:
        """See :class:`Clock`."""
        return HallTime(time.time_ns() // 1_000_000)  # noqa: TID251 -- this is the one place


def precise_ns() -> int:
    """Nanoseconds that never go back, the same for every process of this machine; for measuring, never for deciding."""
    return time.monotonic_ns()  # noqa: TID251 -- this is the one place
