"""What an attendance clock knows and shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from contracts.messages import ClockSettings, PinEntry, PunchMade
from contracts.values import CardHash, Ms, PunchIntent, StaffNo, TrainingNo
from firmware.drivers.lamps import Pattern
from firmware.runtime.steps import Effect, HallClock, RequestIds
from firmware.runtime.troubles import Troubles
from punch_clock import views

LAMPS, READER, TEXT, KEYS, KEYPAD = "lamps", "reader", "text", "keys", "keypad"
"""The names of the ports."""
GREEN, RED, BEEPER = "green", "red", "beeper"
CONFIRM, CANCEL, OK, BACK = "confirm", "cancel", "ok", "back"
DIGITS = tuple("0123456789")
PAD_KEYS = (*DIGITS, OK, BACK)
"""What the keypad of a clock needs; other keys it may have mean nothing here."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the clock knows."""

    staff: StaffNo
    name: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nobody is here; or somebody has said by a key what their punch will mean, and shows the card before ``until``."""

    mode: PunchIntent = PunchIntent.NONE
    until: Ms | None = None


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody types the digits of their staff number, then their PIN (``None`` before that); forgotten at ``until``."""

    until: Ms
    mode: PunchIntent = PunchIntent.NONE
    number: str = ""
    pin: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Confirming:
    """Somebody leaves ``early`` minutes before the end and is asked. At ``until`` the punch is recorded unasked."""

    punch: PunchMade
    person: Person
    early: int
    until: Ms


@dataclass(frozen=True, slots=True)
class Telling:
    """Somebody reads what became of the card; green if it is safe and known, else red."""

    lines: views.Lines
    is_good: bool
    until: Ms


Situation = Waiting | Typing | Confirming | Telling


@dataclass(frozen=True, slots=True)
class Glass:
    """The size of the text line, in half-width cells."""

    rows: int = 2
    columns: int = 20


@dataclass(frozen=True, slots=True)
class Face:
    """What text line and lamps were last told."""

    lines: views.Lines = ()
    green: Pattern = Pattern.OFF
    red: Pattern = Pattern.OFF


@dataclass(frozen=True, slots=True)
class Clock:
    """An attendance clock.

    ``recent`` is who has punched in the last minute, by staff number or unknown card, with the time of their first punch;
    ``signed`` who has signed in to which training here; ``wrong`` the times of wrong PINs. ``troubles`` are the parts that
    need repair: ``journal`` and ``reader`` put the clock out of service.
    """

    ids: RequestIds
    glass: Glass = Glass()
    hall: HallClock = field(default_factory=HallClock)
    settings: ClockSettings | None = None
    situation: Situation = field(default_factory=Waiting)
    recent: tuple[tuple[str, Ms], ...] = ()
    signed: tuple[tuple[StaffNo, TrainingNo], ...] = ()
    wrong: tuple[Ms, ...] = ()
    troubles: Troubles = field(default_factory=Troubles)
    face: Face = field(default_factory=Face)

    @property
    def mode(self) -> PunchIntent:
        """What the next punch means."""
        return self.situation.mode if isinstance(self.situation, Waiting | Typing) else PunchIntent.NONE

    def who(self, card: CardHash) -> Person | None:
        """Whose card this is, as far as the roster says; nobody's if it is lost."""
        if self.settings is None or self.is_lost(card):
            return None
        return next((Person(one.staff, one.name) for one in self.settings.roster if one.card == card), None)

    def is_lost(self, card: CardHash) -> bool:
        """Whether this card was reported lost (COND-4)."""
        return self.settings is not None and card in self.settings.lost

    def signed_in(self, staff: StaffNo) -> frozenset[TrainingNo]:
        """The trainings this person has signed in to here."""
        return frozenset(training for who, training in self.signed if who == staff)

    def pin_of(self, number: str) -> PinEntry | None:
        """What the PIN of the person with these digits is compared with, if they have one."""
        if self.settings is None:
            return None
        return next((one for one in self.settings.pins if one.staff == f"S{number}"), None)


Result = tuple[Clock, Sequence[Effect]]
