"""Keys on input pins: presses, releases, long presses and keys that are stuck.

Debounce is behaviour here, not a pin factory's option (hardware notes 5: gpiozero's software debounce differs between
factories): the first change is believed at once, further edges of that key are ignored for 150 ms, then its level counts.
Edges until 150 ms after ``WireOpened`` tell how the keys stand at the start; a key closed then is not a press.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from contracts.values import Ms
from firmware.drivers.base import Output, Report, TimeReached, WakeAt
from firmware.drivers.key_events import Held, Pressed, Released, Stuck, Unstuck
from firmware.wire.base import EdgeSeen, WireLost, WireOpened

__all__ = ["Buttons", "Held", "Pressed", "Released", "Stuck", "Unstuck"]

IGNORED_AFTER_CHANGE: Ms = 150
HELD_AFTER: Ms = 2_000
STUCK_AFTER: Ms = 30_000


@dataclass(frozen=True, slots=True)
class NotYetKnown:
    """The node has just started."""


@dataclass(frozen=True, slots=True)
class Up:
    """The contact is open."""


@dataclass(frozen=True, slots=True)
class Down:
    """Pressed a moment ago."""

    since: Ms


@dataclass(frozen=True, slots=True)
class HeldDown:
    """Pressed and held; the long press has been reported."""

    since: Ms


@dataclass(frozen=True, slots=True)
class ClosedAtStart:
    """Closed before anybody can have pressed it for us."""

    since: Ms


@dataclass(frozen=True, slots=True)
class StuckDown:
    """Closed too long; reported. ``pressed`` if it began as a press."""

    pressed: bool


Situation = NotYetKnown | Up | Down | HeldDown | ClosedAtStart | StuckDown


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what we believe, what its contact says, and until when we do not listen."""

    name: str
    situation: Situation = NotYetKnown()
    closed: bool = False
    edge_at: Ms = 0
    deaf_until: Ms = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """All keys by pin; ``open`` once the wire is."""

    keys: Mapping[int, Key]
    open: bool = False


Result = tuple[Key, list[object]]


class Buttons:
    """A driver for the keys on these pins; reports carry the key's name."""

    def __init__(self, keys: Mapping[int, str], *, held_after: Ms = HELD_AFTER, stuck_after: Ms = STUCK_AFTER) -> None:
        self._keys = dict(keys)
        self._held_after = held_after
        self._stuck_after = stuck_after

    def begin(self, now: Ms) -> tuple[Panel, Sequence[Output]]:
        """Nothing is known of any key."""
        del now
        return Panel({pin: Key(name) for pin, name in self._keys.items()}), ()

    def _lose(self, panel: Panel) -> tuple[Panel, list[object]]:
        """Nothing is known any more: every key that was down ends here."""
        reports = [what for key in panel.keys.values() for what in _endings(key)]
        return Panel({pin: Key(key.name) for pin, key in panel.keys.items()}), reports

    def _edge(self, panel: Panel, edge: EdgeSeen, now: Ms) -> tuple[Panel, list[object]]:
        key = panel.keys.get(edge.pin)
        if key is None:
            return panel, []
        reports: list[object] = []
        if panel.open:
            key, reports = self._look(key, now)
        key = replace(key, closed=edge.active, edge_at=now)
        if panel.open:
            key, more = self._look(key, now)
            reports += more
        return replace(panel, keys={**panel.keys, edge.pin: key}), reports

    def _look_at_all(self, panel: Panel, now: Ms) -> tuple[Panel, list[object]]:
        looked = {pin: self._look(key, now) for pin, key in panel.keys.items()}
        reports = [what for _, found in looked.values() for what in found]
        return replace(panel, keys={pin: key for pin, (key, _) in looked.items()}), reports

    def _look(self, key: Key, now: Ms) -> Result:
        """Believe the contact if we are listening, then see how long it has been closed."""
        key, reports = _believe(key, now) if now >= key.deaf_until else (key, [])
        key, more = self._age(key, now)
        return key, reports + more

    def _age(self, key: Key, now: Ms) -> Result:
        """What has become of a closed key with time; a late waking reports everything that is due."""
        reports: list[object] = []
        if isinstance(key.situation, Down) and now >= key.situation.since + self._held_after:
            key = replace(key, situation=HeldDown(key.situation.since))
            reports.append(Held(key.name))
        if isinstance(key.situation, Down | HeldDown | ClosedAtStart) and now >= key.situation.since + self._stuck_after:
            key = replace(key, situation=StuckDown(pressed=not isinstance(key.situation, ClosedAtStart)))
            reports.append(Stuck(key.name))
        return key, reports

    def _wishes(self, key: Key) -> list[Ms]:
        """When something may become of this key without an edge."""
        differs = [] if key.closed != isinstance(key.situation, Up) else [key.deaf_until]
        match key.situation:
            case NotYetKnown():
                return [key.deaf_until]
            case Down(since):
                return [*differs, since + self._held_after, since + self._stuck_after]
            case HeldDown(since) | ClosedAtStart(since):
                return [*differs, since + self._stuck_after]
            case Up() | StuckDown():
                return differs

    def step(self, state: Panel, happening: object, now: Ms) -> tuple[Panel, Sequence[Output]]:
        """Edges and waking in, reports out; other happenings of the wire mean nothing to keys."""
        reports: list[object] = []
        match happening:
            case EdgeSeen():
                state, reports = self._edge(state, happening, now)
            case TimeReached() if state.open:
                state, reports = self._look_at_all(state, now)
            case WireOpened() if not state.open:
                deaf_until = now + IGNORED_AFTER_CHANGE
                state = Panel({pin: replace(key, deaf_until=deaf_until) for pin, key in state.keys.items()}, open=True)
            case WireLost():
                state, reports = self._lose(state)
            case _:
                return state, ()
        wishes = [wish for key in state.keys.values() for wish in self._wishes(key)] if state.open else []
        return state, (*map(Report, reports), WakeAt(min(wishes, default=None)))


def _believe(key: Key, now: Ms) -> Result:
    """Take the contact's level for the truth; a change makes us deaf to the bouncing that follows it."""
    deaf_until = max(now, key.edge_at + IGNORED_AFTER_CHANGE)
    match key.situation:
        case NotYetKnown():
            return replace(key, situation=ClosedAtStart(now) if key.closed else Up()), []
        case Up() if key.closed:
            return replace(key, situation=Down(now), deaf_until=deaf_until), [Pressed(key.name)]
        case Down() | HeldDown() | ClosedAtStart() | StuckDown() if not key.closed:
            return replace(key, situation=Up(), deaf_until=deaf_until), _endings(key)
        case _:
            return key, []


def _endings(key: Key) -> list[object]:
    """What is to be reported when a key that was down is so no more."""
    match key.situation:
        case Down() | HeldDown():
            return [Released(key.name)]
        case StuckDown(pressed):
            return [Released(key.name), Unstuck(key.name)] if pressed else [Unstuck(key.name)]
        case NotYetKnown() | Up() | ClosedAtStart():
            return []
