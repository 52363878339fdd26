"""Case A once more, through everything the service decides: presses, papers, calls, visits, and the time it wants to hear.

One counter, long days. What is measured is the time from the fact of issue to the fact of the call.
"""

import heapq
from collections.abc import Callable
from datetime import timedelta
from random import Random

from broker.rules.facts import TicketCalled, TicketIssued
from broker.rules.hours import SECOND, on_day
from contracts import messages as m
from contracts.values import CounterPhase, HallTime, PrintProof, VisitorClass
from sim.science.cases import A
from sim.science.halls import six_counters
from sim.science.line import DISCARDED, Stretch
from sim.science.quality import MONDAY
from sim.science.waits import QuickHall

UNIT_MS = 8 * SECOND
"""A unit of the case; a day of sixteen hours has 7200 of them."""
_DESK = "TRM-W01"


def days(count: int, progress: Callable[[], None] = lambda: None) -> list[Stretch]:
    """So many days of case A, one stretch each."""
    hall, day, found = QuickHall(six_counters(), HallTime(on_day(MONDAY, "00:30"))), MONDAY, list[Stretch]()
    hall.born("TM-01")
    while len(found) < count:
        hall.advance(HallTime(on_day(day, "05:59")))
        if hall.hall.today.works:
            found.append(_Day(hall, len(found)).live())
            progress()
        day += timedelta(days=1)
    return found


class _Day:
    def __init__(self, hall: QuickHall, seed: int) -> None:
        self.hall, self.seed, self.chance = hall, seed, Random(f"whole rules/{seed}")
        self.took: dict[str, int] = {}
        self.twin_free, self.twin = HallTime(0), list[int]()
        self.began = len(hall.facts)

    def live(self) -> Stretch:
        """From opening until the last one is served."""
        hall, today = self.hall, self.hall.hall.today
        hall.ask(_DESK, m.LoginRequested, card=hall.hall.in_force.config.staff[1].card)
        at, ends = today.morning, list[HallTime]()
        while at < today.close or ends:
            if ends and (at >= today.close or ends[0] <= at):
                hall.advance(heapq.heappop(ends))
                desk = next(iter(hall.hall.desks.values()))
                hall.ask(_DESK, m.FinishRequested, session=desk.session)
            else:
                hall.advance(at)
                self._comes()
                at = HallTime(at + 1 + int(self.chance.expovariate(A.rate) * UNIT_MS))
            self._call(ends)
        return self._stretch()

    def _comes(self) -> None:
        hall, now = self.hall, self.hall.now
        care = self.chance.random() * A.rate < A.kinds[1].rate
        answer = hall.ask("TM-01", m.TicketRequested, group="A", care=care, service=None).answers[0][1]
        assert isinstance(answer, m.TicketIssued)
        hall.ask("TM-01", m.TicketPrinted, ticket=answer.ticket, copy=0, proof=PrintProof.CONFIRMED)
        took = max(1, int(self.chance.expovariate(1.0) * UNIT_MS))
        self.took[answer.ticket] = took
        starts = max(now, self.twin_free)
        self.twin.append(starts - now)
        self.twin_free = HallTime(starts + took)

    def _call(self, ends: list[HallTime]) -> None:
        desk = next(iter(self.hall.hall.desks.values()))
        if desk.phase is CounterPhase.FREE and len(self.hall.hall.queue):
            self.hall.ask(_DESK, m.CallNextRequested)
            assert desk.call is not None
            assert desk.ticket is not None
            self.hall.ask(_DESK, m.StartRequested, call=desk.call.id)
            heapq.heappush(ends, HallTime(self.hall.now + self.took[desk.ticket]))

    def _stretch(self) -> Stretch:
        """Read off the facts of the day."""
        issued: dict[str, tuple[int, HallTime, bool]] = {}
        waits: tuple[list[float], list[float]] = ([], [])
        skipped = int(len(self.took) * DISCARDED)
        for one in self.hall.facts[self.began :]:
            if isinstance(one.fact, TicketIssued):
                cares = any(claim.visitor_class is VisitorClass.CARE for claim in one.fact.claims)
                issued[one.fact.ticket] = len(issued), one.at, cares
            elif isinstance(one.fact, TicketCalled):
                number, came, cares = issued[one.fact.ticket]
                if number >= skipped:
                    waits[cares].append((one.at - came) / UNIT_MS)
        return Stretch(
            seed=self.seed,
            visitors=len(self.took),
            counted=(len(waits[0]), len(waits[1])),
            means=(sum(waits[0]) / len(waits[0]), sum(waits[1]) / len(waits[1])),
            p95=(sorted(waits[0])[len(waits[0]) * 95 // 100], sorted(waits[1])[len(waits[1]) * 95 // 100]),
            twin=sum(self.twin[skipped:]) / len(self.twin[skipped:]) / UNIT_MS,
        )
