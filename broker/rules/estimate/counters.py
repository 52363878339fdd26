"""Who may call what, and from when: the counters as the next hours will see them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from broker.rules.estimate.times import turn
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE
from broker.rules.pick import Pair, Weights
from broker.rules.service_day.serves import groups_at, pairs_at
from contracts.values import CounterId, HallPhase, HallTime

AT_ONCE = (0.0,)


@dataclass(frozen=True, slots=True)
class Open:
    """A counter that calls. ``busy_ms`` are the equally likely times until it may call next.

    ``away_since``: nobody works there at the moment, but somebody is thought to come back.
    """

    counter: CounterId
    pairs: tuple[Pair, ...]
    by: Weights
    busy_ms: tuple[float, ...] = AT_ONCE
    away_since: HallTime | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """When calls are made: not before the morning, nor in the noon break unless it is served through."""

    morning: HallTime
    noon: HallTime
    afternoon: HallTime

    def next_call(self, at: float) -> float:
        """The first instant from this one on at which a call may be made."""
        if at < self.morning:
            return self.morning
        return self.afternoon if self.noon <= at < self.afternoon else at


def hours(hall: Hall) -> Hours:
    """Today's. Served through at noon, the break begins and ends with the afternoon."""
    day = hall.today
    return Hours(day.morning, day.afternoon if hall.service_day.noon_service else day.noon, day.afternoon)


def open_counters(hall: Hall, now: HallTime) -> list[Open]:
    """Everybody who is at work; before opening and at noon also those whose pause is over by then, or who are still to come.

    While calls are made also those who are away for a moment. How long each is still busy is left out: :func:`with_busy`
    tells it of those that matter.
    """
    weights = hall.in_force.weights
    found = [
        Open(desk.counter, pairs_at(hall, desk), weights[desk.counter])
        for desk in hall.desks.values()
        if desk.works and desk.counter in hall.in_force.counters
    ]
    if hall.phase in (HallPhase.BEFORE_OPENING, HallPhase.NOON):
        found += _paused(hall)
        return found + _expected(hall, {one.counter for one in found}, now)
    return found + _away(hall, now)


def with_busy(hall: Hall, one: Open, now: HallTime) -> Open:
    """The counter with how long the ticket on its desk may still keep it, or how long it may still be left."""
    if one.away_since is not None:
        return replace(one, busy_ms=_until_back(hall, one.away_since, now))
    desk, q = hall.desks[one.counter], hall.queue_clock(now)
    if desk.ticket is None:
        return one
    called = hall.learning.called_q.get(desk.counter, q)
    return replace(one, busy_ms=turn(hall, hall.tickets[desk.ticket].pair).left(q - called))


def _away(hall: Hall, now: HallTime) -> list[Open]:
    """Counters that are paused, and those left empty that do not count as vacant yet (HALL-11.1); none that is covered."""
    day, found = hall.today, _paused(hall)
    begins = day.morning if now < day.noon else day.afternoon
    away = {counter: max(since, begins) for counter, since in hall.posts.empty_since.items()}
    vacant_after = hall.in_force.config.params.attendance.vacant_post_min * MINUTE
    others = hall.in_force.counters.keys() - {one for one, since in away.items() if now < since + vacant_after}
    found += _expected(hall, others | {one.counter for one in found}, now)
    return [replace(one, away_since=away[one.counter]) for one in found if one.counter in away]


def _paused(hall: Hall) -> list[Open]:
    """Paused counters that nobody covers."""
    weights = hall.in_force.weights
    return [
        Open(desk.counter, pairs_at(hall, desk), weights[desk.counter])
        for desk in hall.desks.values()
        if desk.paused and desk.counter in hall.in_force.counters and hall.posts.cover_of(desk.counter) is None
    ]


def _until_back(hall: Hall, since: HallTime, now: HallTime) -> tuple[float, ...]:
    """As likely longer as shorter than it has been until now: who has been away for long stays away for long."""
    usual = max(now - since, hall.in_force.config.params.estimate.away_min * MINUTE)
    return usual / 3, usual, usual * 3


def _expected(hall: Hall, at_work: set[CounterId], now: HallTime) -> list[Open]:
    """The main person of each post that is still empty, unless they sit elsewhere or are away."""
    plan, then = hall.in_force, HallTime(int(hours(hall).next_call(now)))
    return [
        Open(post.counter, plan.pairs_in(groups_at(hall, post.counter), post.a), plan.weights[post.counter])
        for post in plan.config.posts
        if post.counter not in at_work and post.a not in hall.sits_at and hall.posts.absent(post.a, then) is None
    ]


def usual_weights(counters: Sequence[Open]) -> Weights:
    """Those of most of these counters; a counter with a reserve of its own is the exception."""
    return max((one.by for one in counters), key=lambda by: sum(other.by == by for other in counters))


def concerned(counters: list[Open], pair: Pair) -> list[Open]:
    """The counters whose work can delay a ticket of this pair: who may call it, who shares work with those, and so on."""
    pairs, found = {pair}, list[Open]()
    while True:
        more = [one for one in counters if one not in found and not pairs.isdisjoint(one.pairs)]
        if not more:
            return [one for one in counters if one in found]
        found += more
        pairs.update(*(one.pairs for one in more))
