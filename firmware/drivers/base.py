"""What a driver is: ``step(state, happening, now) -> (state, outputs)``, and the port that runs one on a wire.

A driver holds no clock, no thread and no wire. Silence is a happening too: it asks to be woken and finds no answer. ``now``
is the node's monotonic time in milliseconds. A driver's state is frozen; its happenings are those of its wire, its own
commands (dataclasses beside the driver) and :class:`TimeReached`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from contracts.values import Ms
from firmware.wire.base import Wire


@dataclass(frozen=True, slots=True)
class Send:
    """Put these bytes on the wire."""

    data: bytes


@dataclass(frozen=True, slots=True)
class SetPin:
    """Switch an output pin."""

    pin: int
    active: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Tell the node's behaviour something: a dataclass defined beside the driver."""

    what: object


@dataclass(frozen=True, slots=True)
class WakeAt:
    """Wake me then with :class:`TimeReached`. Replaces any earlier wish; ``None`` withdraws it.

    A driver that is woken, or handles anything else after its time, is given ``TimeReached`` at most once per wish.
    """

    at: Ms | None


@dataclass(frozen=True, slots=True)
class TimeReached:
    """The wished time has come."""


Output = Send | SetPin | Report | WakeAt
State = TypeVar("State")


class Driver(Protocol[State]):
    """A device's protocol, seen from our side of the wire."""

    def begin(self, now: Ms) -> tuple[State, Sequence[Output]]:
        """The state before anything has happened; usually nothing is sent before ``WireOpened``."""

    def step(self, state: State, happening: object, now: Ms) -> tuple[State, Sequence[Output]]:
        """What this happening changes, and what is to be done about it, in order."""


class Port(Generic[State]):
    """One driver running on one wire."""

    def __init__(self, driver: Driver[State], wire: Wire) -> None:
        self._driver = driver
        self._wire = wire
        self._state: State
        self.wake_at: Ms | None = None
        """When this port wants ``handle(TimeReached(), now)``."""

    @property
    def state(self) -> State:
        """The driver's state, for tests and diagnosis."""
        return self._state

    def begin(self, now: Ms) -> list[object]:
        """Start the driver; returns its first reports."""
        self._state, outputs = self._driver.begin(now)
        return self._carry_out(outputs)

    def handle(self, happening: object, now: Ms) -> list[object]:
        """Give the driver one happening or command; returns what it reports, in order."""
        if isinstance(happening, TimeReached):
            self.wake_at = None
        self._state, outputs = self._driver.step(self._state, happening, now)
        return self._carry_out(outputs)

    def wake(self, now: Ms) -> list[object]:
        """The wished time has come."""
        return self.handle(TimeReached(), now)

    def _carry_out(self, outputs: Sequence[Output]) -> list[object]:
        reports: list[object] = []
        for output in outputs:
            match output:
                case Send(data):
                    self._wire.write(data)
                case SetPin(pin, active):
                    self._wire.set(pin, active=active)
                case Report(what):
                    reports.append(what)
                case WakeAt(at):
                    self.wake_at = at
        return reports

    def close(self) -> None:
        """Close the wire."""
        self._wire.close()
