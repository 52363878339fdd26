"""Records of attendance put right by people: 补签, the paper sheet, doubtful times, signed decisions (ATT-8.3, ATT-10)."""

from msgspec import Struct

from contracts.messages.base import Perishable
from contracts.values import CorrectionNo, HalfOfDay, HallTime, PunchId, PunchIntent, PunchReason, StaffNo


class RegulariseRequested(Perishable, frozen=True, kw_only=True):
    """补签: ``actor`` came (``in``) or left (``out``) at ``at`` without a record; ``witness`` saw it (ATT-8.3.1c)."""

    actor: StaffNo
    at: HallTime
    intent: PunchIntent
    reason: PunchReason
    witness: StaffNo


class RegulariseDecisionRequested(Perishable, frozen=True, kw_only=True):
    """Whoever is entitled to (``broker.rules.authority``) approves a 补签 or rejects it."""

    actor: StaffNo
    no: CorrectionNo
    approve: bool


class SheetPunch(Struct, frozen=True, kw_only=True):
    """A line of the paper sheet people signed while no clock worked."""

    staff: StaffNo
    at: HallTime
    intent: PunchIntent = PunchIntent.NONE


class PunchSheetRequested(Perishable, frozen=True, kw_only=True):
    """An inspector enters the paper sheet; ``cause`` is the failure that made it necessary (ATT-10)."""

    actor: StaffNo
    cause: str
    punches: tuple[SheetPunch, ...]


class PunchVoidRequested(Perishable, frozen=True, kw_only=True):
    """A punch that was entered by hand is taken back; it stays visible. What a clock has seen nobody takes back so."""

    actor: StaffNo
    punch: PunchId
    cause: str


class PunchTimeRequested(Perishable, frozen=True, kw_only=True):
    """An inspector sets the time of an unverified punch, or confirms the proposed one (``at`` missing; ATT-10)."""

    actor: StaffNo
    punch: PunchId
    at: HallTime | None = None


class HalfDecisionRequested(Perishable, frozen=True, kw_only=True):
    """The supervisor decides what a half with a missing punch counts as (ATT-8.3.1c): ``absent`` or as if complete.

    ``day`` is ``2026-03-10``; ``document`` the number of the signed decision.
    """

    actor: StaffNo
    staff: StaffNo
    day: str
    half: HalfOfDay
    absent: bool
    document: str
