"""Who is called before a ticket: the real queue and the real ``pick``, played forward with everything taking its mean time."""

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from broker.rules.estimate.counters import Hours, Open
from broker.rules.estimate.times import Time
from broker.rules.pick import Own, Pair, Queue, Waiting, judge, pick
from contracts.values import HallTime, TicketId


class Ahead(NamedTuple):
    """A ticket called before the one in question."""

    pair: Pair
    able: int
    """Bit n: the nth counter may call it."""


@dataclass(frozen=True, slots=True)
class Order:
    """Everybody who is called before a ticket, first to last, and when the ticket would be called if all took mean times.

    ``called_at`` is ``None`` if nobody may call it, or if those ahead were too many to be replayed call by call.
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


def order(replay: Replay, waiting: Iterable[Waiting], mine: Waiting) -> Order:
    """Play the hall forward until ``mine`` is called. The queue is a copy; the hall is not touched."""
    queue, standing = Queue(), {one.ticket: one for one in (*waiting, mine)}
    for one in standing.values():
        queue.join(one)
    means: dict[Pair, tuple[float, int]] = {}
    ahead: list[Ahead] = []
    free = [
        (replay.hours.next_call(replay.now + sum(one.busy_ms) / len(one.busy_ms)), place)
        for place, one in enumerate(replay.counters)
    ]
    heapq.heapify(free)
    while free and len(ahead) < replay.calls:
        at, place = free[0]
        called = _pick(replay, queue, place, at)
        if called is None:
            heapq.heappop(free)
            continue
        if called == mine.ticket:
            return Order(tuple(ahead), at)
        one = standing[called]
        queue.leave(called)
        if one.pair not in means:
            means[one.pair] = replay.turn(one.pair).mean + replay.pause_ms, replay.able(one.pair)
        took, able = means[one.pair]
        ahead.append(Ahead(one.pair, able))
        heapq.heapreplace(free, (replay.hours.next_call(at + took), place))
    return Order((*ahead, *_as_they_stand(replay, queue, mine, free[0])), None) if free else Order((), None)


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
    return [Ahead(pair, replay.able(pair)) for _, _, pair in left]
