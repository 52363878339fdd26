"""One long line in front of a few counters: a plain event loop around the real queue and the real comparison (1.0.4).

Beside it, on the same arrivals and services, runs its twin: first come, first served. The mean of the twin is known in
closed form, so it tells how lucky this stretch of time was (a control variate, see ``verdict``).
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import heapreplace
from itertools import accumulate
from random import Random

from broker.rules.facts import Claim
from broker.rules.pick import Pair, Queue, Rank, Waiting, Weight, compare
from contracts.values import GroupId, HallTime, TicketId, VisitorClass
from sim.science.theory import Case, Service

UNIT_MS = 1_000_000
"""How many milliseconds of hall time one unit of a case is: times are integers, and this makes rounding negligible."""
DISCARDED = 0.05
"""The part of the visitors at the start that does not count, because the hall began empty."""
CLASSES = (VisitorClass.NORMAL, VisitorClass.CARE, VisitorClass.GREEN, VisitorClass.URGENT)
"""Which class of the hall plays which kind of a case. All are ``PLAIN``, so that only points decide."""
_PAIR = Pair(GroupId("A"), None)
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one replication measured, in units of the case: mean waits of the classes and of the twin, p95 of the classes.

    ``counted`` is how many of each class the means are of.
    """

    seed: int
    visitors: int
    counted: tuple[int, ...]
    means: tuple[float, ...]
    p95: tuple[float, ...]
    twin: float


def weights_of(case: Case) -> dict[VisitorClass, Weight]:
    """The case as the table of 1.0.4."""
    return {
        kind: Weight(round(_PERCENT * one.head_start * UNIT_MS), round(_PERCENT * one.speed), _PERCENT)
        for kind, one in zip(CLASSES, case.kinds, strict=False)
    }


def live(case: Case, seed: int, visitors: int, *, told: Case | None = None) -> Stretch:
    """Let so many visitors come. ``told``: the scheduler goes by the weights of another case, a planted mistake.

    More keep coming until the last of them is called: else nobody would overtake the last ones.
    """
    by, pairs, queue = weights_of(told or case), (_PAIR,), Queue()
    free, twin_free = [0] * case.servers, [0] * case.servers
    waiting: dict[TicketId, tuple[int, HallTime, int, bool]] = {}
    waits, twin = [array("q") for _ in case.kinds], array("q")
    counted = range(int(visitors * DISCARDED), visitors)
    to_call = len(counted)

    def call(at: int) -> bool:
        best = compare(queue, pairs, by, HallTime(at), carried_first=False)[0].ticket
        queue.leave(best)
        place, came, took, counts = waiting.pop(best)
        heapreplace(free, at + took)
        if counts:
            waits[place].append(at - came)
        return counts

    for number, (came, place, took) in enumerate(_visitors(case, seed)):
        while waiting and free[0] < came:
            to_call -= call(free[0])
        if not to_call:
            break
        ticket = TicketId(f"t{number}")
        waiting[ticket] = place, came, took, number in counted
        queue.join(Waiting(ticket, _PAIR, _CLAIMS[place](came), came, number, Rank.PLAIN))
        if free[0] <= came:
            to_call -= call(came)
        twin_starts = max(came, twin_free[0])
        heapreplace(twin_free, twin_starts + took)
        if number in counted:
            twin.append(twin_starts - came)
    return Stretch(
        seed=seed,
        visitors=visitors,
        counted=tuple(len(one) for one in waits),
        means=tuple(sum(one) / len(one) / UNIT_MS for one in waits),
        p95=tuple(sorted(one)[len(one) * 95 // 100] / UNIT_MS for one in waits),
        twin=sum(twin) / len(twin) / UNIT_MS,
    )


def _visitors(case: Case, seed: int) -> Iterator[tuple[HallTime, int, int]]:
    """When each comes, of which kind, and how long the service will take."""
    chance = Random(f"science/{case.name}/{seed}")
    limits = list(accumulate(one.rate / case.rate for one in case.kinds))
    limits[-1] = 1.0
    pace, at = case.rate / UNIT_MS, 0.0
    exponential = case.service is Service.EXPONENTIAL
    while True:
        at += chance.expovariate(pace)
        place = bisect_right(limits, chance.random())
        yield HallTime(int(at)), place, round(chance.expovariate(1.0) * UNIT_MS) if exponential else UNIT_MS


def _claims(place: int) -> Callable[[HallTime], tuple[Claim, ...]]:
    """Every ticket holds a normal claim; one of a faster class holds that as well (1.0.4)."""
    held = (VisitorClass.NORMAL,) if place == 0 else (VisitorClass.NORMAL, CLASSES[place])
    return lambda since: tuple([Claim(visitor_class=one, since=since) for one in held])


_CLAIMS = [_claims(place) for place in range(len(CLASSES))]
