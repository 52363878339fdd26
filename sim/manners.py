"""How people behave, and what they remember."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.values import CounterId, Ms, TicketNo

Span = tuple[Ms, Ms]


@dataclass(frozen=True, slots=True)
class Manners:
    """How people behave; spans are drawn from evenly, shares are probabilities."""

    walk: Span = (4_000, 15_000)
    service: Span = (180_000, 900_000)
    reaction: Span = (800, 2_500)
    looking: Ms = 500
    never_come: float = 0.05
    rates: float = 0.7
    care: float = 0.1
    paper_patience: Ms = 15_000
    patience: Ms = 8_000
    """How long a clerk waits after a refusal before trying again."""
    sits_down: Ms = 5_000
    """How long somebody who is to wait again takes to their seat, before looking up."""
    transfers: Mapping[CounterId, str] = field(default_factory=dict)
    """Which counter hands its first visitor on, and to which group."""
    holds: int = 0
    """How many visitors are put aside for a while."""
    checks: int = 0
    """How many priorities clerks look at."""


@dataclass(slots=True)
class Memories:
    """What people did and saw."""

    pressed: int = 0
    papers: list[TicketNo] = field(default_factory=list)
    without_paper: list[str] = field(default_factory=list)
    """Why people left the machine with nothing, as its text line said."""
    served: list[TicketNo] = field(default_factory=list)
    missed: list[TicketNo] = field(default_factory=list)
    stayed_away: list[TicketNo] = field(default_factory=list)
    gave_up: list[TicketNo] = field(default_factory=list)
    """Waited for hours and were never called: always a fault of the hall."""
    rated: list[tuple[TicketNo, int]] = field(default_factory=list)
    not_asked: list[TicketNo] = field(default_factory=list)
    """Wanted to rate, but the pad did not light up."""
    punches: int = 0
    unseen_punches: int = 0
    """Cards after which the clock showed no green lamp."""
    handed_on: list[TicketNo] = field(default_factory=list)
    put_aside: list[TicketNo] = field(default_factory=list)
    verified: int = 0
    refusals: list[str] = field(default_factory=list)
    """What a text line said when a key did not do what it should."""
