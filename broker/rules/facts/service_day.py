"""The hall's day: extended hours, closing, surges, added counters, help, and the first step of an emergency."""

from enum import StrEnum

from msgspec import Struct

from broker.rules.facts.base import Fact
from contracts.values import CounterId, GroupId, HallTime, HelpKind, NodeName, SessionId, StaffNo, TicketId


class ExtensionReason(StrEnum):
    """Why somebody is served after hours (EXT-2)."""

    CURRENT = "current"
    """Called or served when hours ended."""
    WAITING = "waiting"
    """Held a ticket when hours ended."""
    SURGE = "surge"
    """Served by a counter that was added for a surge."""
    GREEN = "green"
    """A visitor of the green channel."""


class ArrivalDay(Struct, frozen=True, kw_only=True):
    """How many tickets of each group were taken in each quarter of an hour of a day, from its quarter ``first`` on."""

    date: str
    first: int
    counts: dict[GroupId, tuple[int, ...]]


class EmergencyPrepared(Fact, frozen=True, kw_only=True):
    """The first of the two steps of an emergency; until ``until`` it may be confirmed (HALL-8.2)."""

    actor: StaffNo
    until: HallTime


class ExtensionBegan(Fact, frozen=True, kw_only=True):
    """The session runs after hours since ``since``: the second hours ended, or its start. It ends with the session."""

    session: SessionId
    ticket: TicketId
    counter: CounterId
    staff: StaffNo
    since: HallTime
    reason: ExtensionReason


class NoonServiceOpened(Fact, frozen=True, kw_only=True):
    """午间延时: tickets are called through today's noon break (D8)."""

    actor: StaffNo


class ClosingNear(Fact, frozen=True, kw_only=True):
    """So many minutes are left to closing; clerks read how many wait, visitors that all will be served (EXT-3.1)."""

    minutes: int


class ClosingProposed(Fact, frozen=True, kw_only=True):
    """The fewest counters that serve everyone who still waits within the hall's limit (EXT-3.3)."""

    counters: tuple[CounterId, ...]


class ClosingPlanned(Fact, frozen=True, kw_only=True):
    """A leader has said which counters stay; the others call only what none of these can serve."""

    counters: tuple[CounterId, ...]
    actor: StaffNo


class ExtensionRefused(Fact, frozen=True, kw_only=True):
    """The clerk cannot stay; the visitor is held until the window head has picked somebody else. No fault (EXT-4)."""

    ticket: TicketId
    counter: CounterId
    staff: StaffNo
    reason: str


class ExtensionAssigned(Fact, frozen=True, kw_only=True):
    """Who serves the held visitor instead."""

    ticket: TicketId
    to: StaffNo
    actor: StaffNo


class CounterExtensionRefused(Fact, frozen=True, kw_only=True):
    """The clerk of a free counter cannot stay for those who wait for it; the window head picks another. No fault (EXT-4)."""

    counter: CounterId
    staff: StaffNo
    reason: str


class CounterExtensionAssigned(Fact, frozen=True, kw_only=True):
    """Who stays instead for the people this counter would have called."""

    counter: CounterId
    to: StaffNo
    actor: StaffNo


class SurgeRaised(Fact, frozen=True, kw_only=True):
    """A group has too many waiting (EXT-3.4).

    ``minutes`` is the plain estimate over the ``counters`` at work, ``arrivals`` came in the last quarter of an hour, of
    which ``arrivals_limit`` would have been too many.
    """

    group: GroupId
    waiting: int
    counters: int
    minutes: int
    arrivals: int
    arrivals_limit: int
    proposed: CounterId | None


class SurgeEased(Fact, frozen=True, kw_only=True):
    """The group is below half of every threshold; if that lasts the surge is over."""

    group: GroupId


class SurgeReturned(Fact, frozen=True, kw_only=True):
    """It did not last."""

    group: GroupId


class SurgeCleared(Fact, frozen=True, kw_only=True):
    """The surge is over."""

    group: GroupId


class CounterAdded(Fact, frozen=True, kw_only=True):
    """增设窗口: the counter serves this group as well, until it is withdrawn or the day ends (EXT-3.4)."""

    counter: CounterId
    group: GroupId
    actor: StaffNo


class CounterWithdrawn(Fact, frozen=True, kw_only=True):
    """An added counter serves its own groups alone again."""

    counter: CounterId
    group: GroupId
    actor: StaffNo


class CounterGroupsChanged(Fact, frozen=True, kw_only=True):
    """What the counter serves for the rest of the day, and what it served before (HALL-19.3)."""

    counter: CounterId
    groups: tuple[GroupId, ...]
    before: tuple[GroupId, ...]
    actor: StaffNo


class HelpAsked(Fact, frozen=True, kw_only=True):
    """Somebody asked for a person or a thing, at a machine, a counter or a desk (AGENT-4.1, CARE-6)."""

    kind: HelpKind
    node: NodeName
    ticket: TicketId | None = None
    actor: StaffNo | None = None


class GuidesWanted(Fact, frozen=True, kw_only=True):
    """More visitors wait than the guides can see to (HALL-8.1)."""

    waiting: int
    guides: int


class GuidesEnough(Fact, frozen=True, kw_only=True):
    """They can again."""


ServiceDayFact = (
    EmergencyPrepared
    | ExtensionBegan
    | NoonServiceOpened
    | ClosingNear
    | ClosingProposed
    | ClosingPlanned
    | ExtensionRefused
    | ExtensionAssigned
    | CounterExtensionRefused
    | CounterExtensionAssigned
    | SurgeRaised
    | SurgeEased
    | SurgeReturned
    | SurgeCleared
    | CounterAdded
    | CounterWithdrawn
    | CounterGroupsChanged
    | HelpAsked
    | GuidesWanted
    | GuidesEnough
)
"""Facts of the hall's day."""
