"""The rules and the store by themselves: what a shared commit saves, and whether a decision notices the queue's length."""

import gc
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from broker.config import load
from broker.rules.facts import Claim
from broker.rules.pick import Pair, Queue, Rank, Waiting, pick
from broker.rules.plan import Plan, plan_of
from contracts.values import GroupId, HallTime, TicketId, VisitorClass
from firmware.runtime.clock import precise_ns
from sim.halls import config_text
from sim.service_bench import Bench

MIX = {
    VisitorClass.NORMAL: 80,
    VisitorClass.CARE: 9,
    VisitorClass.APPOINTMENT_DUE: 7,
    VisitorClass.GREEN: 3,
    VisitorClass.URGENT: 1,
}
"""Of a hundred visitors."""
_NOON = HallTime(1_773_115_200_000)
_MORNING_MS = 3 * 3_600_000


@dataclass(slots=True)
class Rates:
    """Requests per second, one value per block, the blocks taken in turns."""

    batch: list[float] = field(default_factory=list)
    each: list[float] = field(default_factory=list)


def group_commit(folder: Path, blocks: int, size: int) -> Rates:
    """The real service and store on a real file: presses in one transaction against one transaction a press."""
    rates = Rates()
    for block in range(blocks):
        ways = [(rates.batch, size), (rates.each, 1)]
        for rate, at_once in ways if block % 2 else reversed(ways):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            rate.append(_presses_per_second(Bench(folder / "hall.db"), size, at_once))
    return rates


def _presses_per_second(bench: Bench, count: int, at_once: int) -> float:
    items = [bench.item("TM-01", bench.press()) for _ in range(count)]
    batches = [items[start : start + at_once] for start in range(0, count, at_once)]
    began = precise_ns()
    for batch in batches:
        bench.service.handle(batch, bench.now)
    taken = precise_ns() - began
    issued = bench.count("tickets")
    bench.service.close()
    if issued != count:
        raise RuntimeError(f"{issued} tickets for {count} presses")
    return count / taken * 1e9


@dataclass(slots=True)
class Picks:
    """Nanoseconds of one decision, and of one ticket's joining and leaving, in a short and in a long queue, in turns."""

    pick_short: list[int] = field(default_factory=list)
    pick_long: list[int] = field(default_factory=list)
    join_short: list[int] = field(default_factory=list)
    join_long: list[int] = field(default_factory=list)
    heads_short: float = 0
    """How many heads of lines a decision compares, on average; only heads can win."""
    heads_long: float = 0


def picks(hall: str, short: int, long: int, rounds: int, progress: Callable[[int, int], None]) -> Picks:
    """Time ``pick`` for every counter of a hall in turn, with so many waiting."""
    plan = plan_of(load(config_text(hall), hall), "bench")
    gc.collect()
    gc.disable()
    queues = [_queue(plan, size, progress) for size in (short, long)]
    gc.freeze()
    found = Picks()
    counters = [(plan.pairs(one, None), plan.weights[one]) for one in plan.counters]
    newcomers = list(_waiting(plan, random.Random(2), rounds, first=10**7))
    for number in range(rounds):
        pairs, weights = counters[number % len(counters)]
        for queue, times in zip(queues, (found.pick_short, found.pick_long), strict=True):
            began = precise_ns()
            best = pick(queue, pairs, weights, _NOON, carried_first=False)
            times.append(precise_ns() - began)
            assert best is not None or queue is queues[0]
        for queue, times in zip(queues, (found.join_short, found.join_long), strict=True):
            began = precise_ns()
            queue.join(newcomers[number])
            times.append(precise_ns() - began)
            queue.leave(newcomers[number].ticket)
    found.heads_short, found.heads_long = (
        fmean(sum(1 for _ in queue.heads(pairs, _NOON)) for pairs, _ in counters) for queue in queues
    )
    gc.unfreeze()
    gc.enable()
    return found


def _queue(plan: Plan, size: int, progress: Callable[[int, int], None]) -> Queue:
    queue = Queue()
    for number, waiting in enumerate(_waiting(plan, random.Random(1), size)):
        queue.join(waiting)
        if number % 50_000 == 0:
            progress(number, size)
    return queue


def _waiting(plan: Plan, chance: random.Random, size: int, first: int = 0) -> Sequence[Waiting]:
    pairs = [Pair(GroupId(one.group), one.id) for one in plan.services.values()]
    classes = chance.choices(list(MIX), weights=list(MIX.values()), k=size)
    return [_one(chance, chance.choice(pairs), kind, number, size) for number, kind in enumerate(classes, first)]


def _one(chance: random.Random, pair: Pair, kind: VisitorClass, number: int, size: int) -> Waiting:
    since = HallTime(_NOON - _MORNING_MS + (number % max(size, 1)) * _MORNING_MS // max(size, 1))
    claims = [Claim(visitor_class=VisitorClass.NORMAL, since=since)]
    if kind is not VisitorClass.NORMAL:
        agreed = HallTime(since + chance.randrange(-10, 20) * 60_000) if kind is VisitorClass.APPOINTMENT_DUE else since
        claims.append(Claim(visitor_class=kind, since=agreed))
    rank = Rank.URGENT if kind is VisitorClass.URGENT else Rank.PLAIN
    return Waiting(TicketId(f"2026-03-10/{number}"), pair, tuple(claims), since, number, rank)
