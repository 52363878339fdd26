"""Lamps and beepers on output pins: a pattern each, kept going by waking, and no pin touched that need not change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from contracts.values import Ms
from firmware.drivers.base import Output, SetPin, TimeReached, WakeAt
from firmware.wire.base import WireLost, WireOpened


@dataclass(frozen=True, slots=True)
class Shape:
    """How a pattern runs: milliseconds lit, dark, lit, dark ... For ever if ``repeats``, else it ends as ``rests`` says."""

    times: tuple[Ms, ...] = ()
    repeats: bool = False
    rests: bool = False


class Pattern(Enum):
    """What a lamp or a beeper does. Those with an end start anew each time they are asked for; the others carry on."""

    OFF = Shape()
    ON = Shape(rests=True)
    BLINK = Shape((500, 500), repeats=True)
    FLASH = Shape((2_000,))
    """Lit once, for 2 s."""
    BEEP = Shape((120,))
    BEEP_TWICE = Shape((120, 120, 120))
    BEEP_LONG = Shape((800,))


@dataclass(frozen=True, slots=True)
class Light:
    """Command: this lamp does this from now on."""

    lamp: str
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Lamp:
    """One lamp: its pin, what it does since when, and how its pin stands (``None`` while nobody knows)."""

    pin: int
    pattern: Pattern = Pattern.OFF
    since: Ms = 0
    lit: bool | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """All lamps by name; ``open`` once the wire is."""

    lamps: Mapping[str, Lamp]
    open: bool = False


class Lamps:
    """A driver for the lamps (and beepers) on these pins; all dark at the start."""

    def __init__(self, lamps: Mapping[str, int]) -> None:
        self._pins = dict(lamps)

    def begin(self, now: Ms) -> tuple[Board, Sequence[Output]]:
        """Every lamp off, set as soon as the wire is open."""
        del now
        return Board({name: Lamp(pin) for name, pin in self._pins.items()}), ()

    def step(self, state: Board, happening: object, now: Ms) -> tuple[Board, Sequence[Output]]:
        """Commands and waking in, pins out. Raises ``KeyError`` for a lamp that does not exist."""
        match happening:
            case Light(name, pattern):
                state = replace(state, lamps={**state.lamps, name: _ask(state.lamps[name], pattern, now)})
            case WireOpened():
                state = Board({name: replace(lamp, lit=None) for name, lamp in state.lamps.items()}, open=True)
            case WireLost():
                state = replace(state, open=False)
            case TimeReached():
                pass
            case _:
                return state, ()
        return _refresh(state, now) if state.open else (state, ())


def _ask(lamp: Lamp, pattern: Pattern, now: Ms) -> Lamp:
    goes_on = pattern is lamp.pattern and (pattern.value.repeats or not pattern.value.times)
    return lamp if goes_on else replace(lamp, pattern=pattern, since=now)


def _refresh(board: Board, now: Ms) -> tuple[Board, Sequence[Output]]:
    """Set the pins that must change, and ask to be woken for the next change."""
    phases = {name: _phase(lamp.pattern.value, now - lamp.since) for name, lamp in board.lamps.items()}
    pins = [SetPin(lamp.pin, phases[name][0]) for name, lamp in board.lamps.items() if lamp.lit is not phases[name][0]]
    wishes = [now + left for _, left in phases.values() if left is not None]
    lamps = {name: replace(lamp, lit=phases[name][0]) for name, lamp in board.lamps.items()}
    return replace(board, lamps=lamps), (*pins, WakeAt(min(wishes, default=None)))


def _phase(shape: Shape, age: Ms) -> tuple[bool, Ms | None]:
    """Whether a pattern of this age is lit, and how long it stays so (``None``: for good)."""
    if shape.repeats:
        age %= sum(shape.times)
    for index, length in enumerate(shape.times):
        if age < length:
            return index % 2 == 0, length - age
        age -= length
    return shape.rests, None
