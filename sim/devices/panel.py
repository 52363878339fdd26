"""Keys, lamps and a beeper on the pins of a node, and the finger on the keys.

A contact bounces: when it closes and when it opens there is a short train of edges, drawn from a seeded generator, so that
the same press is the same train every time. Times are whole milliseconds; edges closer together come in one of them.
"""

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass

from contracts.values import Ms

_MOST_BOUNCES = 4


@dataclass(frozen=True, slots=True)
class ContactMoved:
    """A key's contact closed or opened; bounces are edges too."""

    at: Ms
    pin: int
    active: bool


@dataclass(frozen=True, slots=True)
class Switched:
    """The firmware switched a lamp or the beeper."""

    at: Ms
    pin: int
    active: bool


class KeyPanel:
    """A simulated panel; ``keys`` and ``outputs`` are pin numbers. Whoever presses must then look at ``wake_at`` again."""

    def __init__(self, keys: Collection[int], outputs: Collection[int] = (), seed: int = 0) -> None:
        self.history: list[ContactMoved | Switched] = []
        self.wake_at: Ms | None = None
        self._closed = dict.fromkeys(keys, False)
        self._lit = dict.fromkeys(outputs, False)
        self._stuck: set[int] = set()
        self._edges: list[tuple[Ms, int, int, bool]] = []
        self._planned = 0
        self._random = random.Random(seed)
        self._drive: Callable[[int, bool], None] = lambda _pin, _active: None

    def connect(self, drive: Callable[[int, bool], None]) -> None:
        """The panel is soldered to the pins."""
        self._drive = drive

    # --- The finger ------------------------------------------------------------------------------------------------------

    def press(self, pin: int, now: Ms, *, hold_ms: Ms = 120, bounce_ms: Ms = 0) -> None:
        """Press a key for ``hold_ms``; its contact bounces for ``bounce_ms`` at either end. Raises ``ValueError``."""
        self._need_key(pin)
        if bounce_ms >= hold_ms:
            raise ValueError(f"a key held for {hold_ms} ms cannot bounce for {bounce_ms} ms")
        self._plan(now, pin, active=True, bounce_ms=bounce_ms)
        self._plan(now + hold_ms, pin, active=False, bounce_ms=bounce_ms)
        self.wake(now)

    def stick(self, pin: int, now: Ms) -> None:
        """A key goes down and does not come up again."""
        self._need_key(pin)
        self._stuck.add(pin)
        self._plan(now, pin, active=True, bounce_ms=0)
        self.wake(now)

    def free(self, pin: int, now: Ms) -> None:
        """A stuck key comes up."""
        self._need_key(pin)
        self._stuck.discard(pin)
        self._plan(now, pin, active=False, bounce_ms=0)
        self.wake(now)

    def wake(self, now: Ms) -> None:
        """Contacts move that should have moved by now."""
        due = sorted(edge for edge in self._edges if edge[0] <= now)
        self._edges = [edge for edge in self._edges if edge[0] > now]
        self.wake_at = min((edge[0] for edge in self._edges), default=None)
        for at, _, pin, active in due:
            self._move(at, pin, active=active)

    def _need_key(self, pin: int) -> None:
        if pin not in self._closed:
            raise ValueError(f"no key on pin {pin}, only on {sorted(self._closed)}")

    def _plan(self, at: Ms, pin: int, *, active: bool, bounce_ms: Ms) -> None:
        moments = [at]
        if bounce_ms:
            bounces = 2 * self._random.randint(1, _MOST_BOUNCES)
            moments += sorted(self._random.randint(at, at + bounce_ms) for _ in range(bounces))
        for count, moment in enumerate(moments):
            self._planned += 1
            self._edges.append((moment, self._planned, pin, active if count % 2 == 0 else not active))

    def _move(self, at: Ms, pin: int, *, active: bool) -> None:
        if self._closed[pin] != active and (active or pin not in self._stuck):
            self._closed[pin] = active
            self.history.append(ContactMoved(at, pin, active))
            self._drive(pin, active)

    # --- Lamps and beeper ------------------------------------------------------------------------------------------------

    def saw(self, pin: int, now: Ms, *, active: bool) -> None:
        """The firmware switched an output; pins that are not on this panel belong to another."""
        if pin in self._lit and self._lit[pin] != active:
            self._lit[pin] = active
            self.history.append(Switched(now, pin, active))

    def is_lit(self, pin: int) -> bool:
        """Whether a lamp is lit, or the beeper sounds."""
        return self._lit[pin]

    def times_on(self, pin: int) -> list[tuple[Ms, Ms | None]]:
        """When an output went on and off again; ``None`` while it is on. What a person would call blinks or beeps."""
        spans: list[tuple[Ms, Ms | None]] = []
        for event in self.history:
            if isinstance(event, Switched) and event.pin == pin:
                if event.active:
                    spans.append((event.at, None))
                elif spans:
                    spans[-1] = (spans[-1][0], event.at)
        return spans
