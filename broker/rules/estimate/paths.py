"""The calls ahead of a ticket, repeated with other service times and with people still to come: the spread of its wait.

Each path draws anew how long everybody takes; who is called when follows the replayed order. People who will come stand
behind the replayed ones, and go before the ticket where their points are more than its own at that moment: classes that
gain faster do so ever more, so it does not matter whether they also overtook somebody between. Paths come in pairs, one
with the opposite luck of the other.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from broker.rules.estimate.order import Order, Replay
from broker.rules.estimate.times import CELLS, units
from broker.rules.pick import Pair, Rank, Waiting, Weight, is_active, points
from contracts.values import HallTime, VisitorClass

_A, _C, _MASK = 6364136223846793005, 1442695040888963407, (1 << 64) - 1
_EXPONENTIAL = units(20)
_NORMAL = tuple([(one - 1) / 0.05**0.5 for one in units(1)])
"""A gamma distribution this narrow is as good as normal."""
_URGENT = 1 << 80
"""More than any score: the tier of urgent tickets."""
_MOST_TO_COME = 200


@dataclass(frozen=True, slots=True)
class Stream:
    """People of one group and class still to come: so many in a millisecond."""

    pair: Pair
    visitor_class: VisitorClass
    rate: float


def seed_of(ticket: str) -> int:
    """A number made of a ticket's id: the same ticket sees the same luck, whoever asks and however often."""
    seed = 0xCBF29CE484222325
    for one in ticket.encode():
        seed = (seed ^ one) * 0x100000001B3 & _MASK
    return seed


def waits(replay: Replay, order: Order, mine: Waiting, streams: Sequence[Stream], how: tuple[int, float]) -> list[float]:
    """The wait in milliseconds on each path, sorted; ``how`` many paths, and how far they look at most."""
    paths, horizon = how
    one = _Paths(replay, order, mine, streams, horizon)
    seed, found = seed_of(mine.ticket), []
    for number in range(0, paths, 2):
        luck = (seed + number * 0x9E3779B97F4A7C15) & _MASK
        found += [one.wait(luck, 0), one.wait(luck, CELLS - 1)]
    return sorted(found)


class _Paths:
    """What all paths of one ticket share."""

    def __init__(self, replay: Replay, order: Order, mine: Waiting, streams: Sequence[Stream], horizon: float) -> None:
        self.replay, self.mine, self.streams = replay, mine, streams
        self.latest = replay.now + horizon
        self.mine_able = replay.able(mine.pair)
        turns = {pair: replay.turn(pair) for pair in {*(one.pair for one in order.ahead), *(one.pair for one in streams)}}
        self.tables = {
            pair: tuple([one * turn.mean + replay.pause_ms for one in turn.units]) for pair, turn in turns.items()
        }
        self.doubt = replay.turn(mine.pair).doubt
        self.ahead = [(self.tables[one.pair], one.able, one.until) for one in order.ahead]
        self.stream_able = [replay.able(one.pair) for one in streams]
        self.rate = sum(one.rate for one in streams)

    def wait(self, luck: int, mirror: int) -> float:  # noqa: C901 -- one loop that runs thousands of times a ticket
        """One path: the wait until the ticket is called, at most until the horizon."""
        replay, ahead = self.replay, self.ahead
        noon, afternoon, next_call = replay.hours.noon, replay.hours.afternoon, replay.hours.next_call
        scale = 1 + self.doubt * _NORMAL[(luck >> 40 & 0xFF) ^ mirror]
        free = []
        for place, one in enumerate(replay.counters):
            luck = (luck * _A + _C) & _MASK
            busy = one.busy_ms
            at = replay.now + busy[((luck >> 56) ^ mirror) * len(busy) // CELLS]
            free.append((next_call(at), place))
        heapq.heapify(free)
        to_come = _ToCome(self, luck ^ _A, mirror)
        first, done = 0, bytearray(len(ahead))
        while free:
            at, place = free[0]
            if at >= self.latest:
                break
            bit, table = 1 << place, None
            while first < len(ahead) and done[first]:
                first += 1
            for number in range(first, len(ahead)):
                if ahead[number][1] & bit and not done[number]:
                    if at < ahead[number][2] or not self.mine_able & bit:
                        done[number], table = 1, ahead[number][0]
                    break
            if table is None:
                if not self.mine_able & bit:
                    heapq.heappop(free)
                    continue
                table = to_come.before_mine(at, place)
                if table is None:
                    return at - replay.now
            luck = (luck * _A + _C) & _MASK
            ends = at + scale * table[(luck >> 56) ^ mirror]
            heapq.heapreplace(free, (afternoon if noon <= ends < afternoon else ends, place))
        return self.latest - replay.now


class _ToCome:
    """The people who come on one path, in the order in which they do."""

    def __init__(self, paths: _Paths, luck: int, mirror: int) -> None:
        self.paths, self.luck, self.mirror = paths, luck, mirror
        self.next_at = float(paths.replay.now)
        self.here: list[list[float]] = [[] for _ in paths.streams]
        self.came = 0
        self._let_come()

    def before_mine(self, at: float, place: int) -> tuple[float, ...] | None:
        """How long whoever is called here before the ticket takes; ``None`` if it is the ticket's turn."""
        paths = self.paths
        if not paths.streams:
            return None
        while self.next_at <= at and self.came < _MOST_TO_COME:
            self._draw_stream().append(self.next_at)
            self._let_come()
        q = HallTime(int(at) - paths.replay.frozen)
        by, best, chosen = paths.replay.counters[place].by, self._score_of_mine(at, place, q), None
        for number, line in enumerate(self.here):
            if line and paths.stream_able[number] >> place & 1:
                kind = paths.streams[number].visitor_class
                score = _score(
                    by[kind], HallTime(int(line[0]) - paths.replay.frozen), q, is_urgent=kind is VisitorClass.URGENT
                )
                if score > best:
                    best, chosen = score, number
        if chosen is None:
            return None
        self.here[chosen].pop(0)
        return paths.tables[paths.streams[chosen].pair]

    def _score_of_mine(self, at: float, place: int, q: HallTime) -> int:
        paths = self.paths
        mine, by = paths.mine, paths.replay.counters[place].by
        if mine.rank is Rank.URGENT or mine.at is not None:
            return 2 * _URGENT
        if mine.rank is Rank.MORNING and at >= paths.replay.hours.afternoon:
            return _URGENT - 1
        active = [one for one in mine.claims if is_active(one.visitor_class, one.since, q)]
        return max(_score(by[one.visitor_class], one.since, q, is_urgent=False) for one in active)

    def _let_come(self) -> None:
        paths = self.paths
        if paths.rate:
            self.luck = (self.luck * _A + _C) & _MASK
            self.next_at += _EXPONENTIAL[(self.luck >> 56) ^ self.mirror] / paths.rate
            self.came += 1

    def _draw_stream(self) -> list[float]:
        if len(self.here) == 1:
            return self.here[0]
        left = (self.luck >> 24 & 0xFFFFFFFF) / (1 << 32) * self.paths.rate
        for number, one in enumerate(self.paths.streams):
            left -= one.rate
            if left < 0:
                return self.here[number]
        return self.here[-1]


def _score(weight: Weight, since: HallTime, q: HallTime, *, is_urgent: bool) -> int:
    return (_URGENT if is_urgent else 0) + weight.reserve * points(weight, since, q)
