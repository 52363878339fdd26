"""What a script is made of: lines that are played to the second, and lines that wait for another part of the house."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sim.day.stage import Stage


@dataclass(frozen=True, slots=True)
class Line:
    """At ``at`` (``HH:MM`` or ``HH:MM:SS``) ``act`` is done, and what it returns is compared with ``expected``.

    An act without expectation (``None``) sets the scene for a later line and is not counted as a check. ``but`` names the
    variants that have lines of their own instead.
    """

    at: str
    what: str
    rule: str
    act: Callable[[Stage], object]
    expected: str | None = None
    but: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waits:
    """A line of the rule book's day that this project part cannot check; ``waits_for`` says what will."""

    at: str
    what: str
    rule: str
    waits_for: str


@dataclass(frozen=True, slots=True)
class Script:
    """A day: its lines in the order of their times, and what was arranged before."""

    name: str
    lines: tuple[Line, ...]
    waits: tuple[Waits, ...]
    ahead: tuple[Line, ...] = field(default=())
    """Played on the working day before, for what is arranged ahead."""


def scene(at: str, act: Callable[[Stage], object]) -> Line:
    """Something that must happen for what comes later."""
    return Line(at, "", "", act)
