"""What every fact is made of: its place in the chain, and the values that tickets and calls share."""

from enum import StrEnum

from msgspec import Struct

from contracts.values import HallTime, RequestId, TicketId, VisitorClass


class Tier(StrEnum):
    """The tiers of the call order, highest first (rules 1.0.4). Also the reason a call is explained with."""

    RESUMED = "resumed"
    URGENT = "urgent"
    CARRIED_OVER = "carried_over"
    SCORE = "score"


class Claim(Struct, frozen=True, kw_only=True):
    """A ticket's right to be counted in a class from a queue-clock instant on (rules 1.0.4)."""

    visitor_class: VisitorClass
    since: HallTime


class Compared(Struct, frozen=True, kw_only=True):
    """One head of a line as it stood when a call was decided: enough to explain the call and to recompute it.

    ``points`` and ``score`` are the integers of 1.0.4 (points = 100 * ms of head start + percent * ms waited; score =
    reserve * points); 6,000,000 points are one point of the sentence told to citizens.
    """

    ticket: TicketId
    tier: Tier
    visitor_class: VisitorClass
    since: HallTime
    points: int
    reserve: int
    score: int


class Fact(Struct, frozen=True, kw_only=True, tag_field="fact", tag=True):
    """Something that has happened and is stored; the tag is the class name."""


class Recorded(Struct, frozen=True, kw_only=True):
    """A fact as it stands in the chain. ``at`` is hall time, never before the previous fact's."""

    number: int
    at: HallTime
    request_id: RequestId | None
    fact: Fact
