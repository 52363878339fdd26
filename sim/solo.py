"""One step machine alone in virtual time: a driver or a behaviour, woken when it wishes, everything it wants written down.

The smallest way to run ``step`` as the node does, for tests and for trying things out; no wire, no link, no journal.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from contracts.values import Ms
from firmware.drivers import base as drivers
from firmware.runtime import steps


class Machine(Protocol):
    """A driver or a behaviour."""

    def begin(self, now: Ms) -> tuple[Any, Sequence[Any]]:
        """Its first state and effects."""

    def step(self, state: Any, happening: Any, now: Ms) -> tuple[Any, Sequence[Any]]:
        """Its next state and effects."""


class Solo:
    """Runs a machine from ``now`` on; ``history`` holds (time, effect) of everything but its wishes to be woken."""

    def __init__(self, machine: Machine, now: Ms = 0) -> None:
        self._machine = machine
        self._is_behaviour = False
        self.now = now
        self.wake_at: Ms | None = None
        self.history: list[tuple[Ms, Any]] = []
        self.state, effects = machine.begin(now)
        self._note(effects)

    def at(self, now: Ms, *happenings: Any) -> list[Any]:
        """Let time pass until ``now``, then let these happen; returns the effects of these happenings, wishes left out."""
        self.until(now)
        already = len(self.history)
        for happening in happenings:
            self._step(happening)
        return [effect for _, effect in self.history[already:]]

    def until(self, now: Ms) -> list[Any]:
        """Let time pass, waking the machine as it wishes; returns what came of that. ``now`` itself is still passed."""
        if now < self.now:
            raise ValueError(f"time cannot go back from {self.now} to {now}")
        already = len(self.history)
        while self.wake_at is not None and self.wake_at <= now:
            self.now, self.wake_at = max(self.now, self.wake_at), None
            self._step(steps.TimeReached() if self._is_behaviour else drivers.TimeReached())
        self.now = now
        return [effect for _, effect in self.history[already:]]

    def reports(self) -> list[tuple[Ms, Any]]:
        """Everything a driver has reported, with its time."""
        return [(at, effect.what) for at, effect in self.history if isinstance(effect, drivers.Report)]

    def _step(self, happening: Any) -> None:
        self.state, effects = self._machine.step(self.state, happening, self.now)
        self._note(effects)

    def _note(self, effects: Sequence[Any]) -> None:
        for effect in effects:
            match effect:
                case drivers.WakeAt(at):
                    self.wake_at = at
                case steps.WakeAt(at):
                    self._is_behaviour = True
                    self.wake_at = at
                case _:
                    self.history.append((self.now, effect))
