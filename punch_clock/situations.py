"""What an attendance clock knows and shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from contracts.messages import ClockSettings, PunchMade, RosterEntry
from contracts.values import CardHash, Ms, PunchIntent
from firmware.drivers.lamps import Pattern
from firmware.runtime.steps import Effect, HallClock, RequestIds
from firmware.runtime.troubles import Troubles
from punch_clock import views

LAMPS, READER, TEXT, KEYS = "lamps", "reader", "text", "keys"
"""The names of the ports."""
GREEN, RED, BEEPER = "green", "red", "beeper"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nobody is here; or somebody has said by a key what their punch will mean, and shows the card before ``until``."""

    mode: PunchIntent = PunchIntent.NONE
    until: Ms | None = None


@dataclass(frozen=True, slots=True)
class Confirming:
    """Somebody leaves ``early`` minutes before the end and is asked. At ``until`` the punch is recorded unasked."""

    punch: PunchMade
    early: int
    until: Ms


@dataclass(frozen=True, slots=True)
class Telling:
    """Somebody reads what became of the card; green if it is safe and known, else red."""

    lines: views.Lines
    is_good: bool
    until: Ms


@dataclass(frozen=True, slots=True)
class Face:
    """What text line and lamps were last told."""

    lines: views.Lines = ()
    green: Pattern = Pattern.OFF
    red: Pattern = Pattern.OFF


@dataclass(frozen=True, slots=True)
class Clock:
    """An attendance clock.

    ``recent`` are the cards of the last minute with the time of their first punch. ``troubles`` are the parts that need
    repair: ``journal`` and ``reader`` put the clock out of service.
    """

    ids: RequestIds
    hall: HallClock = field(default_factory=HallClock)
    settings: ClockSettings | None = None
    situation: Waiting | Confirming | Telling = field(default_factory=Waiting)
    recent: tuple[tuple[CardHash, Ms], ...] = ()
    troubles: Troubles = field(default_factory=Troubles)
    face: Face = field(default_factory=Face)

    def who(self, card: CardHash) -> RosterEntry | None:
        """Whose card this is, as far as the roster says."""
        if self.settings is None:
            return None
        return next((entry for entry in self.settings.roster if entry.card == card), None)


Result = tuple[Clock, Sequence[Effect]]
