"""Corrections of attendance: nothing of a record is changed, each is a fact of its own beside it (ATT-8.3.1c, ATT-10)."""

from msgspec import Struct, field

from broker.rules.facts.base import Fact
from contracts.values import CorrectionNo, HalfOfDay, HallTime, PunchId, PunchIntent, PunchReason, StaffNo


class RegularisationAsked(Fact, frozen=True, kw_only=True):
    """补签: somebody says that they came or left at ``at``, why there is no punch of it, and who saw it."""

    no: CorrectionNo
    staff: StaffNo
    at: HallTime
    intent: PunchIntent
    reason: PunchReason
    witness: StaffNo


class RegularisationDecided(Fact, frozen=True, kw_only=True):
    """It was approved, and the stated time is used as a punch where one is missing; or rejected. ``level``: who had to."""

    no: CorrectionNo
    staff: StaffNo
    at: HallTime
    intent: PunchIntent
    approved: bool
    actor: StaffNo
    level: str


class PunchEntered(Fact, frozen=True, kw_only=True):
    """A line of the paper sheet (ATT-10). It counts like a punch at a clock; its source is ``manual``."""

    punch: PunchId
    staff: StaffNo
    at: HallTime
    intent: PunchIntent
    cause: str
    actor: StaffNo


class PunchEntryVoided(Fact, frozen=True, kw_only=True):
    """A punch entered by hand was a mistake; it stays visible and counts no more."""

    punch: PunchId
    staff: StaffNo
    cause: str
    actor: StaffNo


class PunchTimeSet(Fact, frozen=True, kw_only=True):
    """A person has checked the time of an unverified punch. ``proposed`` is what the rules had made of its clocks.

    Set again, the last one counts.
    """

    punch: PunchId
    staff: StaffNo
    proposed: HallTime
    at: HallTime
    actor: StaffNo


class HalfReclassified(Fact, frozen=True, kw_only=True):
    """By a signed decision a half with a missing punch counts as ``absent``, or as if the punch were there.

    Decided again, the last one counts; where no punch is missing (any more) it changes nothing.
    """

    staff: StaffNo
    day: str
    half: HalfOfDay
    absent: bool
    document: str
    actor: StaffNo


class AskedOnFile(Struct, frozen=True, kw_only=True):
    """A 补签 nobody has decided yet."""

    no: CorrectionNo
    staff: StaffNo
    at: HallTime
    intent: PunchIntent


class PunchOnFile(Struct, frozen=True, kw_only=True):
    """A punch that may still be put right: of doubtful time, or entered by hand. ``checked``: a person has set its time."""

    punch: PunchId
    staff: StaffNo
    at: HallTime
    intent: PunchIntent
    checked: bool = False


class CorrectionsOnFile(Struct, frozen=True, kw_only=True):
    """What of corrections outlives a night. ``approved`` counts by person and month: ``S105 2026-03``."""

    asked: tuple[AskedOnFile, ...] = ()
    approved: dict[str, int] = field(default_factory=dict)
    doubtful: tuple[PunchOnFile, ...] = ()
    entered: tuple[PunchOnFile, ...] = ()


CorrectionFact = (
    RegularisationAsked | RegularisationDecided | PunchEntered | PunchEntryVoided | PunchTimeSet | HalfReclassified
)
"""Facts of corrections."""
