"""Who is called before a ticket: the real queue and the real ``pick``, played forward."""

import heapq
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from broker.rules.estimate.counters import Hours, Open, usual_weights
from broker.rules.estimate.times import CELLS, Time
from broker.rules.pick import Own, Pair, Queue, Waiting, is_active, judge, pick
from contracts.values import HallTime, TicketId


class Ahead(NamedTuple):
    """A ticket called before the one in question, or that would be if everything went faster."""

    pair: Pair
    able: int
    """Bit n: the nth counter may call it."""
    until: float
    """The hall time from which the ticket in question has more points: served before it only if called before that."""


@dataclass(frozen=True, slots=True)
class Order:
    """Everybody who is called before a ticket, first to last, and when the ticket was called in this replay.

    Behind them stand those whom it only overtakes by then. ``called_at`` is ``None`` if nobody may call it, or if those
    ahead were too many to be replayed call by call.
    """

    ahead: tuple[Ahead, ...]
    called_at: float | None


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay goes by. ``frozen`` is what the queue clock is behind the hall's."""

    now: HallTime
    frozen: int
    hours: Hours
    counters: Sequence[Open]
    turn: Callable[[Pair], Time]
    pause_ms: float
    calls: int
    """How many calls are replayed at most."""

    def able(self, pair: Pair) -> int:
        """Which counters may call a ticket of this pair."""
        return sum(1 << place for place, one in enumerate(self.counters) if pair in one.pairs)


def order(replay: Replay, waiting: Iterable[Waiting], mine: Waiting, luck: int = 0) -> Order:
    """Play the hall forward until ``mine`` is called. The queue is a copy; the hall is not touched.

    How long a ticket takes belongs to the ticket, spread evenly over what is likely; ``luck`` shifts it for all. With mean
    times instead, several busy counters would all become free at once, later than the first of them really does.
    """
    queue, standing = Queue(), {one.ticket: one for one in (*waiting, mine)}
    for one in standing.values():
        queue.join(one)
    overtakes = overtaking(replay, mine)
    tables: dict[Pair, tuple[Time, int]] = {}
    called_at: float | None = None
    ahead: list[Ahead] = []
    free = [
        (replay.hours.next_call(replay.now + one.busy_ms[_cell(place, luck) * len(one.busy_ms) // CELLS]), place)
        for place, one in enumerate(replay.counters)
    ]
    heapq.heapify(free)
    while free and len(ahead) < replay.calls:
        at, place = free[0]
        called = _pick(replay, queue, place, at)
        if called is None:
            heapq.heappop(free)
            continue
        one = standing[called]
        queue.leave(called)
        until = math.inf if called == mine.ticket else overtakes(one)
        if called_at is not None and until <= replay.now:
            break
        if called == mine.ticket:
            called_at = at
            continue
        if one.pair not in tables:
            tables[one.pair] = replay.turn(one.pair), replay.able(one.pair)
        turn, able = tables[one.pair]
        took = turn.mean * turn.units[_cell(one.sequence, luck)] + replay.pause_ms
        ahead.append(Ahead(one.pair, able, until))
        heapq.heapreplace(free, (replay.hours.next_call(at + took), place))
    if called_at is None and free:
        ahead += _as_they_stand(replay, queue, mine, free[0])
    return Order(tuple(ahead), called_at)


def overtaking(replay: Replay, mine: Waiting) -> Callable[[Waiting], float]:
    """From which hall time on a ticket has more points than another; before now if it always had, infinite if never.

    By the weights of most counters that may call it; tickets that a tier lifts above others are never overtaken.
    """
    by = usual_weights([one for one in replay.counters if mine.pair in one.pairs] or replay.counters)
    now = HallTime(replay.now - replay.frozen)

    def lines(one: Waiting) -> list[tuple[int, int]]:
        found = [
            (by[claim.visitor_class], claim) for claim in one.claims if is_active(claim.visitor_class, claim.since, now)
        ]
        return [(w.reserve * (w.head_start - w.speed * claim.since), w.reserve * w.speed) for w, claim in found]

    my_lines = lines(mine)

    def since_when(other: Waiting) -> float:
        if other.at is not None or other.rank is not mine.rank:
            return math.inf
        is_older = (mine.since, mine.sequence) < (other.since, other.sequence)
        theirs = lines(other)
        crossings = [max([_crossing(my, their, now, is_older=is_older) for their in theirs]) for my in my_lines]
        return min(crossings) + replay.frozen

    return since_when


def _crossing(my: tuple[int, int], their: tuple[int, int], now: int, *, is_older: bool) -> float:
    """From which queue clock on a line of points (at 0, per millisecond) lies above another."""
    ahead, faster = my[0] - their[0], my[1] - their[1]
    if faster > 0:
        return -ahead / faster
    gap = ahead + faster * now
    return -math.inf if gap > 0 or (gap == 0 and is_older) else math.inf


def _cell(number: int, luck: int) -> int:
    """Consecutive numbers lie far apart, and every stretch of them covers everything: steps of the golden section."""
    return (number * 159 + luck) % CELLS


def _pick(replay: Replay, queue: Queue, place: int, at: float) -> TicketId | None:
    counter, q = replay.counters[place], HallTime(int(at) - replay.frozen)
    is_afternoon = at >= replay.hours.afternoon
    best = pick(queue, counter.pairs, counter.by, q, carried_first=is_afternoon, own=Own(counter.counter, counter.pairs))
    return None if best is None else best.ticket


def _as_they_stand(replay: Replay, queue: Queue, mine: Waiting, soonest: tuple[float, int]) -> list[Ahead]:
    """Who is left ahead of a ticket after as many calls as are replayed: by the scores of that moment, nobody overtakes."""
    at, place = soonest
    by, q, carried = replay.counters[place].by, HallTime(int(at) - replay.frozen), at >= replay.hours.afternoon

    def key(one: Waiting) -> tuple[bool, int, int, int]:
        compared = judge(one, by, q, carried_first=carried)
        return one.at is None, -compared.score, one.since, one.sequence

    limit = key(mine)
    left = sorted((key(one), one.ticket, one.pair) for one in queue if one.ticket != mine.ticket and key(one) < limit)
    return [Ahead(pair, replay.able(pair), math.inf) for _, _, pair in left]
