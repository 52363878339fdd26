"""积分叫号: who is called next (rules 1.0.4). Only heads of lines can win, so a decision never looks at the queue's length.

A line holds the waiting tickets of one (group, service, class, rank), ordered by (since, since of the ticket, sequence).
The rank splits off what a tier can lift out of its line (urgent tickets, tickets issued in the morning); so inside a line
all tickets share a tier at any moment, points never rise with a later ``since``, and a ticket that wins by a claim is the
head of that claim's line. Tickets that left stay in their heap until they come to its head.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from broker.rules.facts import Claim, Compared, Tier
from broker.rules.hours import MINUTE
from broker.schema import Classes, Reserve
from contracts.values import GroupId, HallTime, ServiceId, TicketId, VisitorClass

ONE_POINT = 100 * MINUTE
"""The integer points of one point of the sentence told to citizens: a minute at 100 percent."""


class Rank(IntEnum):
    """What may lift a ticket into a tier of its own, known when it joins."""

    PLAIN = 0
    MORNING = 1
    URGENT = 2


class Pair(NamedTuple):
    """A queue group and one of its services; ``None`` for tickets that carry only their group."""

    group: GroupId
    service: ServiceId | None


class Weight(NamedTuple):
    """How a class counts at one counter: 100 * ms of head start, percent of speed, percent of reserve."""

    head_start: int
    speed: int
    reserve: int


Weights = Mapping[VisitorClass, Weight]


def weights(classes: Classes, reserve: Reserve) -> Weights:
    """The table of 1.0.4 as one counter sees it, best class first."""
    order = (
        VisitorClass.URGENT,
        VisitorClass.APPOINTMENT_DUE,
        VisitorClass.CARE,
        VisitorClass.GREEN,
        VisitorClass.NORMAL,
    )
    lines = {one: classes.of(one) for one in order}
    return {one: Weight(100 * line.head_start_min * MINUTE, line.speed, reserve.of(one)) for one, line in lines.items()}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A callable ticket: where it stands, since when (its normal claim), and what it claims."""

    ticket: TicketId
    pair: Pair
    claims: tuple[Claim, ...]
    since: HallTime
    sequence: int
    rank: Rank


class _Standing(NamedTuple):
    since: HallTime
    ticket_since: HallTime
    sequence: int
    entry: int
    ticket: TicketId


_Lines = dict[tuple[VisitorClass, Rank], list[_Standing]]


@dataclass(slots=True)
class Queue:
    """Everyone who can be called. The head of every heap is a ticket that waits: decisions only read."""

    _lines: dict[Pair, _Lines] = field(default_factory=dict)
    _waiting: dict[TicketId, tuple[int, Waiting]] = field(default_factory=dict)
    _counts: dict[Pair, int] = field(default_factory=dict)
    _entries: int = 0

    def join(self, waiting: Waiting) -> None:
        """Let a ticket stand in one line per claim; the order of joining does not matter."""
        self._entries += 1
        self._waiting[waiting.ticket] = self._entries, waiting
        self._counts[waiting.pair] = self._counts.get(waiting.pair, 0) + 1
        lines = self._lines.setdefault(waiting.pair, {})
        for claim in waiting.claims:
            standing = _Standing(claim.since, waiting.since, waiting.sequence, self._entries, waiting.ticket)
            heapq.heappush(lines.setdefault((claim.visitor_class, waiting.rank), []), standing)

    def leave(self, ticket: TicketId) -> None:
        """Take a ticket out of its lines."""
        _, waiting = self._waiting.pop(ticket)
        self._counts[waiting.pair] -= 1
        lines = self._lines[waiting.pair]
        for claim in waiting.claims:
            self._clear_head(lines, (claim.visitor_class, waiting.rank))

    def _clear_head(self, lines: _Lines, key: tuple[VisitorClass, Rank]) -> None:
        line = lines[key]
        while line and self._waiting.get(line[0].ticket, (0,))[0] != line[0].entry:
            heapq.heappop(line)
        if not line:
            del lines[key]

    def heads(self, pairs: Iterable[Pair], q: HallTime) -> Iterator[Waiting]:
        """The first of each line of these pairs, each ticket once. An appointment before its time heads no line."""
        seen: set[TicketId] = set()
        for pair in pairs:
            for (visitor_class, _), line in self._lines.get(pair, {}).items():
                head = line[0]
                if head.ticket not in seen and is_active(visitor_class, head.since, q):
                    seen.add(head.ticket)
                    yield self._waiting[head.ticket][1]

    def count(self, pairs: Iterable[Pair]) -> int:
        """How many wait in these pairs."""
        return sum(self._counts.get(pair, 0) for pair in pairs)

    def __contains__(self, ticket: TicketId) -> bool:
        return ticket in self._waiting

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Waiting]:
        return (waiting for _, waiting in self._waiting.values())


def is_active(visitor_class: VisitorClass, since: HallTime, q: HallTime) -> bool:
    """Whether a claim counts already: an appointment's from its agreed time on, every other at once."""
    return visitor_class is not VisitorClass.APPOINTMENT_DUE or since <= q


def points(weight: Weight, since: HallTime, q: HallTime) -> int:
    """The points of a claim: its head start, and its speed for every millisecond waited."""
    return weight.head_start + weight.speed * max(0, q - since)


def judge(waiting: Waiting, by: Weights, q: HallTime, *, carried_first: bool) -> Compared:
    """A ticket as it stands now, by the best of its claims; of equally good ones the first class of the table."""
    best: tuple[int, int, Claim] | None = None
    for claim in waiting.claims:
        if is_active(claim.visitor_class, claim.since, q):
            weight = by[claim.visitor_class]
            worth = points(weight, claim.since, q)
            if best is None or weight.reserve * worth > best[0]:
                best = weight.reserve * worth, worth, claim
    assert best is not None, "every ticket holds a normal claim, which is always active"
    score, worth, claim = best
    return Compared(
        ticket=waiting.ticket,
        tier=_tier(waiting.rank, carried_first=carried_first),
        visitor_class=claim.visitor_class,
        since=claim.since,
        points=worth,
        reserve=by[claim.visitor_class].reserve,
        score=score,
    )


def _tier(rank: Rank, *, carried_first: bool) -> Tier:
    if rank is Rank.URGENT:
        return Tier.URGENT
    return Tier.CARRIED_OVER if carried_first and rank is Rank.MORNING else Tier.SCORE


_TIERS = {tier: place for place, tier in enumerate(Tier)}


def compare(queue: Queue, pairs: Iterable[Pair], by: Weights, q: HallTime, *, carried_first: bool) -> tuple[Compared, ...]:
    """Every head of the lines a counter may call from, best first: ``(tier, score, -since of the ticket, -sequence)``.

    ``q`` is the queue clock. ``carried_first``: it is afternoon, so tickets carried over noon have their tier (D8).
    """
    judged = [(judge(one, by, q, carried_first=carried_first), one) for one in queue.heads(pairs, q)]
    judged.sort(key=lambda each: (_TIERS[each[0].tier], -each[0].score, each[1].since, each[1].sequence))
    return tuple(compared for compared, _ in judged)


def pick(queue: Queue, pairs: Iterable[Pair], by: Weights, q: HallTime, *, carried_first: bool) -> Compared | None:
    """Who is called next, or ``None`` if nobody this counter may call is waiting."""
    return next(iter(compare(queue, pairs, by, q, carried_first=carried_first)), None)
