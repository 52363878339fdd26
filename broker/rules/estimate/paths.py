"""The calls ahead of a ticket, repeated with other service times and with people still to come: the spread of its wait.

Each path draws anew how long everybody takes; who is called when follows the replayed order. People who will come stand
behind the replayed ones, and go before the ticket where their points are more than its own at that moment: classes that
gain faster do so ever more, so it does not matter whether they also overtook somebody between. Paths come in pairs, one
with the opposite luck of the other.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from broker.rules.estimate.order import Order, Replay
from broker.rules.estimate.times import CELLS, Time, units
from broker.rules.pick import Pair, Rank, Waiting, Weight, Weights
from contracts.values import VisitorClass

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
    """What all paths of one ticket share, looked up by the place of a counter, because it is needed at every call."""

    def __init__(self, replay: Replay, order: Order, mine: Waiting, streams: Sequence[Stream], horizon: float) -> None:
        self.replay, self.mine, self.streams = replay, mine, streams
        self.latest = replay.now + horizon
        turns = {pair: replay.turn(pair) for pair in {*(one.pair for one in order.ahead), *(one.pair for one in streams)}}
        self.ahead = [(turns[one.pair], one.until) for one in order.ahead]
        places = range(len(replay.counters))
        self.able = [[number for number, one in enumerate(order.ahead) if one.able >> place & 1] for place in places]
        mine_able = replay.able(mine.pair)
        self.mine_able = [bool(mine_able >> place & 1) for place in places]
        self.doubt = replay.turn(mine.pair).doubt
        self.stream_turns = [turns[one.pair] for one in streams]
        self.rate = sum(one.rate for one in streams)
        self.lines = [_lines_at(replay, place, streams) for place in places]
        self.my_lines = [_my_lines(one.by, mine) for one in replay.counters]

    def wait(self, luck: int, mirror: int) -> float:
        """One path: the wait until the ticket is called, at most until the horizon."""
        now, pause, ahead = self.replay.now, self.replay.pause_ms, self.ahead
        noon, afternoon = self.replay.hours.noon, self.replay.hours.afternoon
        scale = 1 + self.doubt * _NORMAL[(luck >> 40 & 0xFF) ^ mirror]
        luck, free = self._desks(luck, mirror)
        to_come = _ToCome(self, luck ^ _A, mirror) if self.streams else None
        done, looked_to = bytearray(len(ahead)), [0] * len(free)
        while free:
            at, place = free[0]
            if at >= self.latest:
                break
            able, first = self.able[place], looked_to[place]
            while first < len(able) and done[able[first]]:
                first += 1
            looked_to[place] = first
            turn = None
            if first < len(able) and (at < ahead[able[first]][1] or not self.mine_able[place]):
                done[able[first]] = 1
                turn = ahead[able[first]][0]
            elif not self.mine_able[place]:
                heapq.heappop(free)
                continue
            elif to_come is not None:
                turn = to_come.before_mine(at, place)
            if turn is None:
                return at - now
            luck = (luck * _A + _C) & _MASK
            ends = at + scale * (turn.units[(luck >> 56) ^ mirror] * turn.mean + pause)
            heapq.heapreplace(free, (afternoon if noon <= ends < afternoon else ends, place))
        return self.latest - now

    def _desks(self, luck: int, mirror: int) -> tuple[int, list[tuple[float, int]]]:
        """When each counter may call next, as a heap; and the luck that is left."""
        free, now, next_call = [], self.replay.now, self.replay.hours.next_call
        for place, one in enumerate(self.replay.counters):
            luck = (luck * _A + _C) & _MASK
            busy = one.busy_ms
            free.append((next_call(now + busy[((luck >> 56) ^ mirror) * len(busy) // CELLS]), place))
        heapq.heapify(free)
        return luck, free


class _Line(NamedTuple):
    """A claim or a stream as one counter weighs it: the score is ``extra + reserve * (head_start + speed * waited)``."""

    extra: int
    reserve: int
    head_start: int
    speed: int
    since: int
    """Of a claim: from when it counts. Of a stream: its number."""
    is_from_then: bool
    """An agreed time: before ``since`` it does not count at all."""


def _line(kind: VisitorClass, weight: Weight, since: int) -> _Line:
    extra = _URGENT if kind is VisitorClass.URGENT else 0
    is_agreed = kind is VisitorClass.APPOINTMENT_DUE
    return _Line(extra, weight.reserve, weight.head_start, weight.speed, since, is_agreed)


def _lines_at(replay: Replay, place: int, streams: Sequence[Stream]) -> list[_Line]:
    """The streams whose people may be called here."""
    one = replay.counters[place]
    able = [(number, stream) for number, stream in enumerate(streams) if stream.pair in one.pairs]
    return [_line(stream.visitor_class, one.by[stream.visitor_class], number) for number, stream in able]


def _my_lines(by: Weights, mine: Waiting) -> list[_Line]:
    return [_line(one.visitor_class, by[one.visitor_class], one.since)._replace(extra=0) for one in mine.claims]


class _ToCome:
    """The people who come on one path, in the order in which they do."""

    __slots__ = ("came", "here", "luck", "mirror", "next_at", "paths")

    def __init__(self, paths: _Paths, luck: int, mirror: int) -> None:
        self.paths, self.luck, self.mirror = paths, luck, mirror
        self.next_at = float(paths.replay.now)
        self.here: list[list[float]] = [[] for _ in paths.streams]
        self.came = 0
        self._let_come()

    def before_mine(self, at: float, place: int) -> Time | None:
        """How long whoever is called here before the ticket takes; ``None`` if it is the ticket's turn."""
        paths, here = self.paths, self.here
        while self.next_at <= at and self.came < _MOST_TO_COME:
            self._draw_stream().append(self.next_at)
            self._let_come()
        frozen = paths.replay.frozen
        q, chosen = int(at) - frozen, None
        best = self._score_of_mine(at, place, q)
        for extra, reserve, head_start, speed, number, _ in paths.lines[place]:
            line = here[number]
            if line:
                waited = q - int(line[0]) + frozen
                score = extra + reserve * (head_start + speed * waited)
                if score > best:
                    best, chosen = score, number
        if chosen is None:
            return None
        here[chosen].pop(0)
        return paths.stream_turns[chosen]

    def _score_of_mine(self, at: float, place: int, q: int) -> int:
        paths, mine = self.paths, self.paths.mine
        if mine.rank is Rank.URGENT or mine.at is not None:
            return 2 * _URGENT
        if mine.rank is Rank.MORNING and at >= paths.replay.hours.afternoon:
            return _URGENT - 1
        return max(
            [
                reserve * (head_start + speed * max(0, q - since))
                for _, reserve, head_start, speed, since, is_from_then in paths.my_lines[place]
                if since <= q or not is_from_then
            ]
        )

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
