"""Ratings and punches: what people press once."""

from broker.rules.facts.base import Fact
from contracts.messages import Stamp
from contracts.values import CardHash, CounterId, HallTime, NodeName, PunchIntent, Refusal, RequestId, SessionId, StaffNo


class RatingRecorded(Fact, frozen=True, kw_only=True):
    """The one rating of a session (D10). ``staff`` is who really served, for ``post_owner`` if acting (EVAL-3, AB-4.3)."""

    session: SessionId
    level: int
    request_id: RequestId
    counter: CounterId
    staff: StaffNo
    post_owner: StaffNo | None = None


class RatingRefused(Fact, frozen=True, kw_only=True):
    """A press that is not the session's rating: already rated, too late, unknown session."""

    session: SessionId
    level: int
    request_id: RequestId
    reason: Refusal


class RatingWindowClosed(Fact, frozen=True, kw_only=True):
    """The pad's time is over; the session stays unrated as far as the pad goes (never a default rating)."""

    session: SessionId


class PunchStored(Fact, frozen=True, kw_only=True):
    """A punch, raw. ``at`` is the hall time it counts for; ``unverified`` if that needs a person's check (ATT-10)."""

    request_id: RequestId
    clock: NodeName
    card: CardHash | None
    staff: StaffNo | None
    intent: PunchIntent
    at: HallTime
    unverified: bool
    stamp: Stamp | None
