"""积分叫号: who is called next (rules 1.0.4). Only heads of lines can win, so a decision never looks at the queue's length.

A line holds the waiting tickets of one (group, service, class, rank), ordered by (since, since of the ticket, sequence).
The rank splits off what a tier can lift out of its line (urgent tickets, tickets issued in the morning); so inside a line
all tickets share a tier at any moment, points never rise with a later ``since``, and a ticket that wins by a claim is the
head of that claim's line. Tickets that left stay in their heap until they come to its head.
"""

import bisect
import heapq
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from broker.rules.facts import Claim, Compared, Tier
from broker.rules.hours import MINUTE
from broker.schema import Classes, Reserve
from contracts.values import CounterId, GroupId, HallTime, ServiceId, TicketId, VisitorClass

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


class Own(NamedTuple):
    """A counter, and what the persons there can go on with of the tickets it has resumed."""

    counter: CounterId
    pairs: Collection[Pair]


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
    """A callable ticket: where it stands, since when (its normal claim), and what it claims.

    ``at`` is the only counter that may call it, which held and resumed it; there it comes before all others, ``order``
    deciding between such tickets.
    """

    ticket: TicketId
    pair: Pair
    claims: tuple[Claim, ...]
    since: HallTime
    sequence: int
    rank: Rank
    at: CounterId | None = None
    order: int = 0


class _Standing(NamedTuple):
    since: HallTime
    ticket_since: HallTime
    sequence: int
    entry: int
    ticket: TicketId


_Lines = dict[tuple[VisitorClass, Rank], list[_Standing]]


@dataclass(slots=True)
class Queue:
    """Everyone who can be called. The head of every heap is a ticket that waits: decisions only read.

    Beside the lines each counter has the few tickets it resumed, in the order in which it did.
    """

    _lines: dict[Pair, _Lines] = field(default_factory=dict)
    _resumed: dict[CounterId, list[Waiting]] = field(default_factory=dict)
    _waiting: dict[TicketId, tuple[int, Waiting]] = field(default_factory=dict)
    _counts: dict[Pair, int] = field(default_factory=dict)
    _entries: int = 0

    def join(self, waiting: Waiting) -> None:
        """Let a ticket stand in one line per claim; the order of joining does not matter."""
        self._entries += 1
        self._waiting[waiting.ticket] = self._entries, waiting
        if waiting.at is not None:
            bisect.insort(self._resumed.setdefault(waiting.at, []), waiting, key=lambda one: one.order)
            return
        self._counts[waiting.pair] = self._counts.get(waiting.pair, 0) + 1
        lines = self._lines.setdefault(waiting.pair, {})
        for claim in waiting.claims:
            standing = _Standing(claim.since, waiting.since, waiting.sequence, self._entries, waiting.ticket)
            heapq.heappush(lines.setdefault((claim.visitor_class, waiting.rank), []), standing)

    def leave(self, ticket: TicketId) -> None:
        """Take a ticket out of its lines."""
        _, waiting = self._waiting.pop(ticket)
        if waiting.at is not None:
            self._resumed[waiting.at].remove(waiting)
            return
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

    def heads(self, pairs: Collection[Pair], q: HallTime, own: Own | None = None) -> Iterator[Waiting]:
        """The first that this counter resumed, and the first of each line of these pairs, each ticket once.

        An appointment before its time heads no line.
        """
        yield from self._resumed_at(own)[:1]
        seen: set[TicketId] = set()
        for pair in pairs:
            for (visitor_class, _), line in self._lines.get(pair, {}).items():
                head = line[0]
                if head.ticket not in seen and is_active(visitor_class, head.since, q):
                    seen.add(head.ticket)
                    yield self._waiting[head.ticket][1]

    def _resumed_at(self, own: Own | None) -> list[Waiting]:
        return [] if own is None else [one for one in self._resumed.get(own.counter, ()) if one.pair in own.pairs]

    def count(self, pairs: Collection[Pair], own: Own | None = None) -> int:
        """How many wait in these pairs, and for this counter alone."""
        return sum(self._counts.get(pair, 0) for pair in pairs) + len(self._resumed_at(own))

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
    score, worth, claim = _best_claim(waiting, by, q)
    return Compared(
        ticket=waiting.ticket,
        tier=_tier(waiting, carried_first=carried_first),
        visitor_class=claim.visitor_class,
        since=claim.since,
        points=worth,
        reserve=by[claim.visitor_class].reserve,
        score=score,
    )


def _best_claim(waiting: Waiting, by: Weights, q: HallTime) -> tuple[int, int, Claim]:
    """Its score, its points, and the claim itself."""
    best: tuple[int, int, Claim] | None = None
    for claim in waiting.claims:
        if is_active(claim.visitor_class, claim.since, q):
            weight = by[claim.visitor_class]
            worth = points(weight, claim.since, q)
            if best is None or weight.reserve * worth > best[0]:
                best = weight.reserve * worth, worth, claim
    assert best is not None, "every ticket holds a normal claim, which is always active"
    return best


def _tier(waiting: Waiting, *, carried_first: bool) -> Tier:
    if waiting.at is not None:
        return Tier.RESUMED
    if waiting.rank is Rank.URGENT:
        return Tier.URGENT
    return Tier.CARRIED_OVER if carried_first and waiting.rank is Rank.MORNING else Tier.SCORE


TIERS = {tier: place for place, tier in enumerate(Tier)}
"""The place of each tier, 0 for the highest."""


def compare(  # noqa: PLR0913 -- whose lines, weighed how, when
    queue: Queue,
    pairs: Collection[Pair],
    by: Weights,
    q: HallTime,
    *,
    carried_first: bool,
    own: Own | None = None,
) -> tuple[Compared, ...]:
    """Every head of the lines a counter may call from, best first: ``(tier, score, -since of the ticket, -sequence)``.

    ``q`` is the queue clock. ``carried_first``: it is afternoon, so tickets carried over noon have their tier (D8).
    ``own`` is the counter that calls, if tickets it held and resumed are to be looked at; only the first of them can win.
    """
    judged = [(judge(one, by, q, carried_first=carried_first), one) for one in queue.heads(pairs, q, own)]
    judged.sort(key=lambda each: (TIERS[each[0].tier], -each[0].score, each[1].since, each[1].sequence))
    return tuple(compared for compared, _ in judged)


def pick(  # noqa: PLR0913 -- as compare
    queue: Queue,
    pairs: Collection[Pair],
    by: Weights,
    q: HallTime,
    *,
    carried_first: bool,
    own: Own | None = None,
) -> Compared | None:
    """The first of :func:`compare`, or ``None`` if nobody this counter may call is waiting."""

    def place(one: Waiting) -> tuple[int, int, HallTime, int]:
        return TIERS[_tier(one, carried_first=carried_first)], -_best_claim(one, by, q)[0], one.since, one.sequence

    best = min(queue.heads(pairs, q, own), key=place, default=None)
    return None if best is None else judge(best, by, q, carried_first=carried_first)
