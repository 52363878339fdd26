"""What is pressed at a rating pad or an attendance clock, and what a node reports of its parts."""

from contracts.messages.base import Answer, Kept, Request
from contracts.values import CardHash, Condition, HallTime, PunchIntent, Refusal, SessionId, StaffNo


class RatingSubmitted(Kept, frozen=True, kw_only=True):
    """A visitor pressed a face. ``level`` 5 非常满意 to 1 非常不满意 (EVAL-4)."""

    session: SessionId
    level: int


class PunchMade(Kept, frozen=True, kw_only=True):
    """A work card was presented at an attendance clock, or a PIN entered.

    ``staff`` is who the clock's roster says it is, or ``None`` for a card it does not know: the service knows it, or stores
    it as nobody's.
    """

    card: CardHash | None
    staff: StaffNo | None
    intent: PunchIntent = PunchIntent.NONE


class HealthReported(Request, frozen=True, kw_only=True):
    """A part of a node changed condition: ``printer``, ``sign.W02``, ``key.A``.

    ``code`` is a stable word, ``detail`` is for people.
    """

    part: str
    condition: Condition
    code: str
    detail: str = ""


class RatingRecorded(Answer, frozen=True, kw_only=True):
    """The rating is stored as the one rating of its session."""

    session: SessionId


class RatingRefused(Answer, frozen=True, kw_only=True):
    """The rating is stored as refused, with the reason (already rated, too late, no such session)."""

    session: SessionId
    reason: Refusal


class PunchStored(Answer, frozen=True, kw_only=True):
    """The punch is stored; ``at`` is the hall time it counts for.

    ``unverified``: that time needs a person's check (ATT-10).
    """

    at: HallTime
    unverified: bool = False
