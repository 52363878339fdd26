"""How good the waiting time on a ticket is: people come to a simulated hall, are told one, and are called when they are.

The rules are the real ones, from the ticket to the call; the counters' clerks are never idle while somebody they may call
waits. Beside the range that is told stand the two simpler ways of telling a wait, taken at the same moment.
"""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from broker.rules.asking import Decision
from broker.rules.decide import Submission, decide
from broker.rules.estimate.times import turn
from broker.rules.estimate.views import Wait, of_new
from broker.rules.facts import Claim, TicketIssued
from broker.rules.hours import MINUTE, SECOND, on_day
from broker.rules.pick import Pair
from broker.rules.service_day.serves import pairs_at
from contracts import messages as m
from contracts.values import CounterId, CounterPhase, GroupId, HallTime, ServiceId, TicketId, TicketNo, VisitorClass
from sim.rules_alone import RulesAlone


@dataclass(frozen=True, slots=True)
class World:
    """What the hall does not know. ``pace``: visitors an hour of each group; ``mix``: classes of a hundred visitors.

    ``slower``: how much longer services take than hall.toml says; ``spread``: their coefficient of variation; ``vague``: how
    many of a hundred take a ticket of the group alone; ``missing``: how many do not come when called.
    """

    text: str
    pace: Mapping[str, float]
    mix: Mapping[VisitorClass, float]
    sits: Mapping[str, str]
    opens: str
    closes: str
    slower: float = 1.1
    spread: float = 0.6
    vague: float = 20
    missing: float = 0


@dataclass(slots=True)
class Told:
    """One ticket: what was told, what the simple ways would have said, and how it came; minutes."""

    visitor_class: VisitorClass
    group: GroupId
    told: tuple[float, float, float]
    shown: tuple[int, int]
    by_length: float
    by_last: float
    waited: float = -1.0


class QuickHall(RulesAlone):
    """The rules without the check of every promise after every decision, which the tests of the rules make."""

    def submit(self, submission: Submission) -> Decision:
        """Decide and fold."""
        decision = decide(self.hall, submission, self.now)
        for fact in decision.facts:
            self.record(fact)
        return decision


@dataclass(slots=True)
class Study:
    """One run through several days."""

    world: World
    seed: int
    told: list[Told] = field(default_factory=list)
    waits: dict[TicketId, Told] = field(default_factory=dict)
    last: dict[tuple[GroupId, VisitorClass], float] = field(default_factory=dict)

    def run(self, first: date, days: int, progress: Callable[[], None] = lambda: None) -> list[Told]:
        """So many days, weekends left out; every ticket that was called."""
        day = first
        chance = Random(f"waits/{self.seed}")
        hall = QuickHall(self.world.text, HallTime(on_day(first, "00:30")))
        for _ in range(days):
            while day.isoweekday() > 5:  # noqa: PLR2004 -- Saturday and Sunday
                day += timedelta(days=1)
            _Day(self, hall, day, chance).live()
            progress()
            day += timedelta(days=1)
        return [one for one in self.told if one.waited >= 0]


class _Day:
    def __init__(self, study: Study, hall: QuickHall, day: date, chance: Random) -> None:
        self.study, self.hall, self.day, self.chance, self.world = study, hall, day, chance, study.world
        self.ends: list[tuple[HallTime, str]] = []
        self.number = 0

    def live(self) -> None:
        """People come, clerks call; after closing everybody is served."""
        world, hall = self.world, self.hall
        hall.advance(HallTime(on_day(self.day, world.opens) - 5 * MINUTE))
        for counter, staff in world.sits.items():
            card = hall.hall.in_force.staff[next(one for one in hall.hall.in_force.staff if one == staff)].card
            hall.ask(f"TRM-{counter}", m.LoginRequested, card=card)
        opens, closes = on_day(self.day, world.opens), on_day(self.day, world.closes)
        arrivals = [self._next_arrival(opens, group) for group in world.pace]
        heapq.heapify(arrivals)
        while True:
            self._call_all()
            dues = [at for at in (self.ends[0][0] if self.ends else None, arrivals[0][0] if arrivals else None) if at]
            if not dues and not len(hall.hall.queue):
                break
            bound = [hall.hall.next_change] if len(hall.hall.queue) else []
            hall.advance(HallTime(min([*dues, *bound])))
            while self.ends and self.ends[0][0] <= hall.now:
                self._finish(heapq.heappop(self.ends)[1])
            if arrivals and arrivals[0][0] <= hall.now:
                at, group = heapq.heappop(arrivals)
                self._comes(group)
                following = self._next_arrival(at, group)
                if following[0] < closes:
                    heapq.heappush(arrivals, following)

    def _next_arrival(self, at: int, group: str) -> tuple[HallTime, str]:
        return HallTime(at + int(self.chance.expovariate(self.world.pace[group] / (60 * MINUTE))) + 1), group

    # --- Visitors --------------------------------------------------------------------------------------------------------

    def _comes(self, group: str) -> None:
        hall, now = self.hall.hall, self.hall.now
        if now >= hall.today.close:
            return
        kind = self.chance.choices(list(self.world.mix), list(self.world.mix.values()))[0]
        service = None
        if self.chance.random() * 100 >= self.world.vague:
            services = [
                one for one in hall.in_force.services_of[GroupId(group)] if self._is_served(Pair(GroupId(group), one))
            ]
            service = ServiceId(self.chance.choice(services)) if services else None
        q = hall.queue_clock(now)
        kinds = (VisitorClass.NORMAL,) if kind is VisitorClass.NORMAL else (VisitorClass.NORMAL, kind)
        self.number += 1
        fact = TicketIssued(
            ticket=TicketId(f"{self.day}/{group}{self.number:03d}"),
            no=TicketNo(f"{group}{self.number:03d}"),
            group=GroupId(group),
            service=service,
            claims=tuple(Claim(visitor_class=one, since=q) for one in kinds),
            token=f"{self.number:022d}",
            request_id=None,
            kiosk=None,
        )
        wait = of_new(hall, fact, now)
        if wait is not None:
            self._note(fact, kind, wait)
        self.hall.record(fact)

    def _is_served(self, pair: Pair) -> bool:
        return any(pair in pairs_at(self.hall.hall, one) for one in self.hall.hall.desks.values() if one.works)

    def _note(self, fact: TicketIssued, kind: VisitorClass, wait: Wait) -> None:
        hall, pair = self.hall.hall, Pair(fact.group, fact.service)
        able = [one for one in hall.desks.values() if one.works and pair in pairs_at(hall, one)]
        mean = turn(hall, Pair(fact.group, None)).mean
        by_length = hall.waiting.get(fact.group, 0) * mean / len(able) / MINUTE
        by_last = self.study.last.get((fact.group, kind), 0.0)
        told = (wait.low_ms / MINUTE, wait.median_ms / MINUTE, wait.high_ms / MINUTE)
        one = Told(kind, fact.group, told, (wait.low_min, wait.high_min), by_length, by_last)
        self.study.told.append(one)
        self.study.waits[fact.ticket] = one

    # --- Clerks ----------------------------------------------------------------------------------------------------------

    def _call_all(self) -> None:
        """Whoever is free calls, in a random order."""
        hall = self.hall.hall
        free = [one.counter for one in hall.desks.values() if one.phase is CounterPhase.FREE]
        self.chance.shuffle(free)
        for counter in free:
            if hall.queue.count(pairs_at(hall, hall.desks[counter])):
                self._call(counter)

    def _call(self, counter: CounterId) -> None:
        self.hall.ask(f"TRM-{counter}", m.CallNextRequested)
        hall, now = self.hall.hall, self.hall.now
        desk = hall.desks[counter]
        if desk.ticket is None or desk.call is None:
            return
        ticket = hall.tickets[desk.ticket]
        one = self.study.waits.get(ticket.id)
        if one is not None:
            one.waited = (now - ticket.issued_at) / MINUTE
            self.study.last[one.group, one.visitor_class] = one.waited
        if self.chance.random() * 100 < self.world.missing:
            self._never_comes(counter)
            return
        self.hall.ask(f"TRM-{counter}", m.StartRequested, call=desk.call.id)
        mean = self._minutes(ticket.pair) * self.world.slower
        shape = self.world.spread**-2
        took = self.chance.gammavariate(shape, mean / shape) * MINUTE
        heapq.heappush(self.ends, (HallTime(now + max(1, int(took))), counter))

    def _never_comes(self, counter: str) -> None:
        """Called again as soon as it may be, and missed as soon as it may be (D9)."""
        hall, params = self.hall.hall, self.hall.hall.in_force.config.params.queue
        desk = hall.desks[CounterId(counter)]
        assert desk.call is not None
        assert desk.ticket is not None
        is_last = desk.call.announcement >= hall.calls_allowed(hall.tickets[desk.ticket])
        seconds = params.noshow_after_s if is_last else params.recall_gap_s
        heapq.heappush(self.ends, (HallTime(self.hall.now + seconds * SECOND), counter))

    def _minutes(self, pair: Pair) -> float:
        plan = self.hall.hall.in_force
        if pair.service is not None:
            return plan.services[pair.service].avg_min
        minutes = [plan.services[one].avg_min for one in plan.services_of[pair.group]]
        return self.chance.choice(minutes)

    def _finish(self, counter: str) -> None:
        """The visit is over; or it is time to call again, or to give up."""
        desk, node = self.hall.hall.desks[CounterId(counter)], f"TRM-{counter}"
        if desk.session is not None:
            self.hall.ask(node, m.FinishRequested, session=desk.session)
            return
        assert desk.call is not None
        assert desk.ticket is not None
        if desk.call.announcement < self.hall.hall.calls_allowed(self.hall.hall.tickets[desk.ticket]):
            self.hall.ask(node, m.RecallRequested, call=desk.call.id)
            self._never_comes(counter)
        else:
            self.hall.ask(node, m.NoShowRequested, call=desk.call.id)
            assert self.hall.hall.desks[CounterId(counter)].phase is CounterPhase.FREE
