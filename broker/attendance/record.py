"""The values of attendance: what goes into an evaluation, and the record that comes out of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from msgspec import Struct

from broker.rules.workdays import Day
from contracts.values import HalfOfDay, HallTime, PunchIntent

RULEBOOK = "yongan-2025-09"
"""The edition of the rule book these rules were written from; a record keeps it, so that a later one rewrites nothing."""

TRAINING = "training"


class ExcuseKind(StrEnum):
    """Why somebody need not be there: away for himself, or for the hall (training too)."""

    LEAVE = "leave"
    OUTING = "outing"


class Word(StrEnum):
    """The result words of 1.0.3; how they are spelled with their figures is :attr:`Result.spelled`."""

    NORMAL = "NORMAL"
    LATE = "LATE"
    EARLY = "EARLY"
    MISSING_IN = "MISSING_IN"
    MISSING_OUT = "MISSING_OUT"
    ABSENT = "ABSENT"
    LEAVE = "LEAVE"
    OUTING = "OUTING"
    REST = "REST"


class Absence(StrEnum):
    """Why a half counts as absent. The first three can be what is known of somebody who never punched."""

    NO_RECORD = "NO_RECORD"
    LEAVE_UNAPPROVED = "LEAVE_UNAPPROVED"
    LEAVE_OVERDUE = "LEAVE_OVERDUE"
    PROXY = "PROXY"
    LATE_TOO_LONG = "LATE_TOO_LONG"
    MISSING_IN = "MISSING_IN"
    MISSING_OUT = "MISSING_OUT"


@dataclass(frozen=True, slots=True)
class Punch:
    """One presented card. A login at a counter that ends an outing is a punch of intent ``return`` (ATT-6.2)."""

    at: HallTime
    intent: PunchIntent = PunchIntent.NONE
    voided: bool = False


@dataclass(frozen=True, slots=True)
class Excuse:
    """An approved leave or outing from ``start`` up to ``end``, in whole minutes. ``name``: personal, sick, training ..."""

    kind: ExcuseKind
    start: HallTime
    end: HallTime
    name: str

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"{self.name}: it ends before it begins")


@dataclass(frozen=True, slots=True)
class Duty:
    """What one person owes the hall on one day.

    ``since`` and ``left`` are his first and last day. ``forged`` are the halves of a confirmed proxy or forgery case.
    ``if_absent`` is what is known of him until his first punch of the day, ``if_absent_pm`` what is known of the afternoon,
    if it is something else (ATT-8.3.3).
    """

    day: Day
    since: date | None = None
    left: date | None = None
    forged: frozenset[HalfOfDay] = frozenset()
    if_absent: Absence = Absence.NO_RECORD
    if_absent_pm: Absence | None = None

    def why_absent(self, half: HalfOfDay) -> Absence:
        """What is known of this half."""
        return self.if_absent_pm if half is HalfOfDay.PM and self.if_absent_pm is not None else self.if_absent

    @property
    def why_absent_all_day(self) -> Absence:
        """One item speaks for both halves (ATT-8.3.1b): whichever of them says more than that there is no record."""
        return self.if_absent if self.if_absent is not Absence.NO_RECORD else self.why_absent(HalfOfDay.PM)


class Result(Struct, frozen=True, forbid_unknown_fields=True):
    """One result. ``minutes`` of being late or early, ``half_days`` of absence, ``reason``: leave kind or absence."""

    word: Word
    minutes: int = 0
    half_days: int = 0
    reason: str = ""

    @property
    def spelled(self) -> str:
        """As the rule book writes it: ``LATE 20``, ``ABSENT 0.5``."""
        if self.word is Word.ABSENT:
            return f"{self.word} {self.half_days / 2:.1f}"
        return f"{self.word} {self.minutes}" if self.word in {Word.LATE, Word.EARLY} else self.word.value


class HalfRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """One half. ``came`` and ``left`` are the punches that decided; without results the day speaks for both halves."""

    half: HalfOfDay
    results: tuple[Result, ...] = ()
    came: HallTime | None = None
    left: HallTime | None = None


class DayRecord(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one day amounts to. ``day`` holds the one absence of a whole day (AT7).

    ``unevaluated`` says why nothing is: ``BEFORE_START`` or ``AFTER_LEAVING``.
    """

    date: date
    rulebook: str = RULEBOOK
    halves: tuple[HalfRecord, ...]
    day: tuple[Result, ...] = ()
    unevaluated: str = ""


def absent(half_days: int, reason: str) -> Result:
    """An absence of so many half days."""
    return Result(Word.ABSENT, half_days=half_days, reason=reason)
