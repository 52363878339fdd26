"""The waiting time as people are told it: a range of minutes, or nothing if nobody is there who can serve."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from broker.rules.estimate.counters import AT_ONCE, Open, concerned, hours, open_counters, usual_weights, with_busy
from broker.rules.estimate.order import Replay, order
from broker.rules.estimate.paths import Stream, waits
from broker.rules.estimate.times import CELLS, pause, turn
from broker.rules.evolve_visit import rank_of, standing
from broker.rules.facts import Claim, TicketIssued
from broker.rules.hall import Hall, Ticket, TicketState
from broker.rules.hours import MINUTE
from broker.rules.pick import Pair, Waiting, Weights
from broker.schema import EstimateParams
from contracts.values import GroupId, HallTime, ServiceId, TicketId, VisitorClass

_PERCENT = 100
_SHORT_LINE = 12
_FEWEST_PATHS = 14


@dataclass(frozen=True, slots=True)
class Wait:
    """From now until the call, in milliseconds: the quantiles the hall asks for, and the one in the middle."""

    low_ms: float
    high_ms: float
    median_ms: float

    @property
    def low_min(self) -> int:
        """Whole minutes, down."""
        return int(self.low_ms // MINUTE)

    @property
    def high_min(self) -> int:
        """Whole minutes, up, and always more than the low end: a range, never a promise."""
        return max(self.low_min + 1, int(-(-self.high_ms // MINUTE)))


_AT_ONCE = Wait(0.0, 0.0, 0.0)


def minutes(wait: Wait | None) -> tuple[int | None, int | None]:
    """The two ends as a message tells them."""
    return (None, None) if wait is None else (wait.low_min, wait.high_min)


def of_new(hall: Hall, fact: TicketIssued, now: HallTime) -> Wait | None:
    """Of a ticket that is being issued; ``None`` if nobody who may call it is there."""
    return _wait(hall, _joining(hall, fact.ticket, Pair(fact.group, fact.service), fact.claims, now), now)


def of_group(hall: Hall, group: GroupId, now: HallTime, service: ServiceId | None = None) -> Wait | None:
    """Of an ordinary visitor who would take a ticket now."""
    claims = (Claim(visitor_class=VisitorClass.NORMAL, since=hall.queue_clock(now)),)
    return _wait(hall, _joining(hall, TicketId(f"{group}/next"), Pair(group, service), claims, now), now)


def of_waiting(hall: Hall, ticket: Ticket, now: HallTime) -> Wait | None:
    """Of a ticket that waits already: from now on."""
    if ticket.state is not TicketState.WAITING:
        return None
    return _wait(hall, standing(hall, ticket), now)


def _joining(hall: Hall, ticket: TicketId, pair: Pair, claims: tuple[Claim, ...], now: HallTime) -> Waiting:
    since = next(one.since for one in claims if one.visitor_class is VisitorClass.NORMAL)
    return Waiting(ticket, pair, claims, since, len(hall.tickets) + 1, rank_of(hall, claims, now))


def _wait(hall: Hall, mine: Waiting, now: HallTime) -> Wait | None:
    counters = concerned(open_counters(hall, now), mine.pair)
    if hall.emergency_since is not None or not any(mine.pair in one.pairs and one.away_since is None for one in counters):
        return None
    counters = [with_busy(hall, one, now) for one in counters]
    params = hall.in_force.config.params.estimate
    replay = Replay(
        now=now,
        frozen=hall.frozen,
        hours=hours(hall),
        counters=counters,
        turn=cache(lambda pair: turn(hall, pair)),
        pause_ms=pause(hall),
        calls=params.replayed,
    )
    in_line = tuple(_in_line(hall, counters))
    if not in_line and _is_free(replay, mine):
        return _AT_ONCE
    streams = _to_come(hall, mine, counters, now)
    replays, paths = _effort(params, len(in_line))
    found, horizon = list[float](), params.horizon_min * MINUTE
    for luck in range(CELLS // (2 * replays), CELLS, CELLS // replays):
        found += waits(replay, order(replay, in_line, mine, luck), mine, streams, (paths // replays, horizon))
    found.sort()
    return Wait(_quantile(found, params.low_percent), _quantile(found, params.high_percent), _quantile(found, 50))


def _is_free(replay: Replay, mine: Waiting) -> bool:
    """Whether somebody sits idle who may call this ticket now: then no path is needed to know."""
    is_open = replay.hours.next_call(replay.now) == replay.now
    return is_open and any(mine.pair in one.pairs and one.busy_ms == AT_ONCE for one in replay.counters)


def _effort(params: EstimateParams, waiting: int) -> tuple[int, int]:
    """How many replays, and paths in all: fewer behind a long line, where luck evens out and each one takes longer."""
    if waiting <= _SHORT_LINE:
        return params.replays, max(params.paths, 2 * params.replays)
    return 1, max(_FEWEST_PATHS, params.paths * _SHORT_LINE // waiting)


def _in_line(hall: Hall, counters: list[Open]) -> Iterator[Waiting]:
    """Everybody these counters may call, also those whose paper is just being printed."""
    pairs = {pair for one in counters for pair in one.pairs}
    yield from (one for one in hall.queue if one.pair in pairs)
    for ticket in hall.unprinted:
        one = hall.tickets[ticket]
        if one.pair in pairs and ticket not in hall.queue:
            yield standing(hall, one)


def _to_come(hall: Hall, mine: Waiting, counters: list[Open], now: HallTime) -> list[Stream]:
    """Who will come of the classes that can overtake this ticket, as many as came lately; none after closing.

    People of a group that other counters serve as well are shared with those, as each counter takes to their class.
    """
    able = [one for one in counters if mine.pair in one.pairs]
    by = usual_weights(able)
    groups = {pair.group for one in able for pair in one.pairs if pair.service is None}
    found = []
    for (group, kind), times in hall.learning.came.items():
        if group in groups and _may_overtake(kind, mine, by) and now < hall.today.close:
            theirs = [one for one in counters if Pair(group, None) in one.pairs]
            share = _takes(kind, (one for one in theirs if one in able)) / _takes(kind, theirs)
            rate = _rate(hall, times, now)
            if rate:
                found.append(Stream(Pair(group, None), kind, rate * share))
    return found


def _takes(kind: VisitorClass, counters: Iterable[Open]) -> float:
    """How much these counters take to a class: one that is reserved for it has called its people before others look up."""
    return sum(one.by[kind].reserve / one.by[VisitorClass.NORMAL].reserve for one in counters)


def _may_overtake(kind: VisitorClass, mine: Waiting, by: Weights) -> bool:
    """Whether somebody of this class who comes later can ever be ahead: by more speed or by a head start."""
    return all(
        by[kind].reserve * by[kind].speed > by[one.visitor_class].reserve * by[one.visitor_class].speed
        or by[kind].reserve * by[kind].head_start > by[one.visitor_class].reserve * by[one.visitor_class].head_start
        for one in mine.claims
    )


def _rate(hall: Hall, times: list[HallTime], now: HallTime) -> float:
    """How many of them come in a millisecond, by the last hour; at least the time since the machines were switched on."""
    window = hall.in_force.config.params.estimate.arrivals_min * MINUTE
    begins = max(now - window, hall.today.tickets_from)
    lately = sum(begins <= one <= now for one in reversed(times[-_PERCENT:])) if times else 0
    return lately / max(window / 4, now - begins)


def _quantile(found: list[float], percent: int) -> float:
    """Between the two nearest of the sorted values."""
    at = percent / _PERCENT * len(found) - 0.5
    low = min(max(0, int(at)), len(found) - 1)
    high = min(low + 1, len(found) - 1)
    return found[low] + (found[high] - found[low]) * min(1.0, max(0.0, at - low))
