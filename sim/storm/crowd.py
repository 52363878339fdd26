"""People who get through a storm: they press again, take papers that come late, and wait until a sign calls them.

Unlike ``sim.people`` nobody here expects the hall to work. A clerk does what the terminal shows; a citizen without a paper
tries again or leaves; the hands are clumsy now and then. What they see and do is remembered for the verdict.
"""

import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from contracts.values import CounterId, GroupId, Ms, NodeName, TicketNo
from sim.actors import Story, Teller, Until
from sim.devices.paper import Paper
from sim.furnishing import Furnished
from sim.furniture import Clock, Counter, Pad, TicketMachine
from sim.senses import number_in, number_on, waiting_in
from words import text

LOGGED_OUT = text("con.card").zh
FREE = text("con.free").zh
PAUSED = text("con.pause").zh
SERVING = text("con.serving").zh.split("{", maxsplit=1)[0]
_WAITS, _WAITS_FOR_PEOPLE = 12_000, 40_000
"""How long a clerk without work looks about before going home; and if somebody still sits there."""
_MAY_RECALL = text("con.recall.now").zh
_MAY_MISS = text("con.noshow.now").zh
_CALLED = text("con.called").zh.split("{", maxsplit=1)[0]
_HELD = text("con.held").zh.split("{", maxsplit=1)[0]
_CLUMSY, _COMES, _RATES, _RATES_AGAIN, _TRIES_AGAIN, _CARE = 0.03, 0.9, 0.6, 0.3, 0.7, 0.1
_DETOURS, _LOOKS_INTO_MENU = 0.15, 0.06
"""How often a visitor served is held, handed on, led or checked; and how often a free clerk tries the list."""
SERVICE_TAKES = (1_500, 7_000)


@dataclass(slots=True)
class Seen:
    """What people did and saw."""

    papers: list[tuple[NodeName, Ms, Paper]] = field(default_factory=list)
    without_paper: int = 0
    cards: dict[NodeName, list[tuple[Ms, str]]] = field(default_factory=dict)
    """Cards held to each clock."""
    served: int = 0


class Crowd:
    """Everybody in the hall on one day."""

    def __init__(self, furnished: Furnished, teller: Teller, seed: int, cards: Mapping[CounterId, str]) -> None:
        self.seen = Seen()
        self.is_over = False
        self.on_duty = 0
        self.away_until: Ms = 0
        """Until then clerks who have called somebody do something else."""
        self._furnished = furnished
        self._teller = teller
        self._rng = random.Random(f"crowd/{seed}")
        self._cards = cards
        self._queues: dict[NodeName, deque[tuple[GroupId, bool]]] = {node: deque() for node in furnished.machines}
        self._holding: dict[TicketNo, bool] = {}
        self._before: dict[CounterId, set[TicketNo]] = {counter: set() for counter in furnished.counters}

    # --- Citizens --------------------------------------------------------------------------------------------------------

    def citizens(self, number: int, *, over: Ms) -> None:
        """So many come within ``over`` ms; towards the end as many as ever, so that some are waiting at closing."""
        groups = [GroupId(one) for one in ("A", "B")]
        for _ in range(number):
            machine = self._rng.choice(list(self._furnished.machines))
            wish = self._rng.choice(groups), self._rng.random() < _CARE
            self._teller.tell(self._arrive(machine, wish), after=self._rng.randint(0, over))

    def _arrive(self, node: NodeName, wish: tuple[GroupId, bool]) -> Story:
        queue = self._queues[node]
        queue.append(wish)
        if len(queue) == 1:
            yield from self._at_the_machine(self._furnished.machines[node], queue)

    def _at_the_machine(self, machine: TicketMachine, queue: deque[tuple[GroupId, bool]]) -> Story:
        """One after the other, until nobody stands there."""
        while queue:
            group, cares = queue[0]
            self._take_what_lies_there(machine)
            if cares:
                machine.press_care()
                yield 300
            machine.press(group)
            if (yield Until(machine.has_paper_in_tray, within=9_000, look_every=250)):
                self._take_what_lies_there(machine)
            else:
                self.seen.without_paper += 1
                if self._rng.random() < _TRIES_AGAIN and not self.is_over:
                    queue.append((group, cares))
            yield self._rng.randint(100, 400)
            queue.popleft()

    def _take_what_lies_there(self, machine: TicketMachine) -> None:
        while machine.has_paper_in_tray():
            paper = machine.take_paper()
            self.seen.papers.append((machine.node, paper.at, paper))
            number = number_on(paper)
            if number is not None:
                self._holding.setdefault(number, self._rng.random() < _COMES)

    def called(self, counter: CounterId, number: TicketNo) -> None:
        """A sign calls a number: whoever holds it comes."""
        if self._holding.get(number) and number not in self._before[counter]:
            self._teller.tell(self._walk(counter, number), after=self._rng.randint(300, 2_000))

    def _walk(self, counter: CounterId, number: TicketNo) -> Story:
        self._before[counter].add(number)
        yield from ()

    def _rate(self, pad: Pad) -> Story:
        if not (yield Until(lambda: len(pad.lit()) > 1, within=4_000, look_every=500)):
            return
        yield self._rng.randint(200, 1_500)
        while len(pad.lit()) > 1:
            pad.press(self._rng.randint(1, 5))
            yield 600
            if self._rng.random() > _RATES_AGAIN:
                return
            yield Until(lambda: len(pad.lit()) > 1, within=6_000, look_every=500)

    # --- Clerks ----------------------------------------------------------------------------------------------------------

    def staff(self, *, over: Ms) -> None:
        """A clerk for each counter."""
        for counter, card in self._cards.items():
            self.on_duty += 1
            self._teller.tell(self._clerk(self._furnished.counters[counter], card), after=self._rng.randint(0, over))

    def _clerk(self, counter: Counter, card: str) -> Story:
        clocks = list(self._furnished.clocks.values())
        self._punch(clocks[0], card)
        yield 3_000
        is_serving = False
        while True:
            shown = shown_at(counter)
            if self.is_over and (LOGGED_OUT in shown or not waiting_in(shown)) and number_in(shown) is None:
                is_out = LOGGED_OUT in shown
                within = _WAITS_FOR_PEOPLE if self._somebody_sits_there() else _WAITS
                if (is_out or FREE in shown) and not (
                    yield Until(partial(_has_work, counter), within=within, look_every=500)
                ):
                    if is_out:
                        break
                    counter.show_card(card)
                    yield 3_000
                    continue
                shown = shown_at(counter)
            if shown.startswith(SERVING) and not is_serving:
                is_serving = True
                yield self._rng.randint(*SERVICE_TAKES)
                if not self.is_over and self._rng.random() < _DETOURS:
                    yield from self._choose_something(counter)
            elif shown.startswith(SERVING):
                counter.press("finish")
                yield 1_000
                if FREE in shown_at(counter):
                    self._has_served(counter)
            else:
                is_serving = False
                yield from self._go_on(counter, shown, card)
        self._punch(clocks[-1], card)
        self.on_duty -= 1

    def _somebody_sits_there(self) -> bool:
        """Whether there is a paper that was not called yet: perhaps its machine is cut off, and no counter knows of it."""
        if any(machine.has_paper_in_tray() for machine in self._furnished.machines.values()):
            return True
        called = set[TicketNo]().union(*self._before.values())
        return any(comes and number not in called for number, comes in self._holding.items())

    def _has_served(self, counter: Counter) -> None:
        self.seen.served += 1
        pad = self._furnished.pads.get(counter.counter)
        if pad is not None and self._rng.random() < _RATES:
            self._teller.tell(self._rate(pad))

    def _go_on(self, counter: Counter, shown: str, card: str) -> Story:
        number = number_in(shown)
        if self._rng.random() < _CLUMSY:
            counter.press(self._rng.choice(("next", "recall", "start", "no_show", "pause", "more", "confirm")))
            yield 1_000
        elif LOGGED_OUT in shown:
            counter.show_card(card)
            yield 3_000
        elif PAUSED in shown:
            counter.press("pause")
            yield 1_000
        elif FREE in shown:
            if _HELD in shown and (self.is_over or self._rng.random() < 0.5):  # noqa: PLR2004 -- as often as not
                yield from self._choose_first(counter)
            elif not self.is_over and self._rng.random() < _LOOKS_INTO_MENU:
                yield from self._choose_something(counter)
            elif waiting_in(shown):
                counter.press("next")
            yield 900
        elif number is not None and _CALLED in shown:
            yield from self._attend(counter, shown, number)
        else:
            yield 1_000

    def _choose_something(self, counter: Counter) -> Story:
        """更多 a few times, 确定, and perhaps once more in the list below: hold, hand on, lead, check, cover, pause."""
        for _ in range(2):
            for _ in range(self._rng.randint(1, 5)):
                counter.press("more")
                yield 300
            counter.press("confirm")
            yield 900

    def _choose_first(self, counter: Counter) -> Story:
        """What is offered first: a visitor led here, then one put aside."""
        counter.press("more")
        yield 300
        counter.press("confirm")
        yield 900

    def _attend(self, counter: Counter, shown: str, number: TicketNo) -> Story:
        if self._teller.now < self.away_until:
            yield self.away_until - self._teller.now
            return
        if number in self._before[counter.counter]:
            counter.press("start")
        elif _MAY_RECALL in shown:
            counter.press("recall")
        elif _MAY_MISS in shown:
            counter.press("no_show")
        else:
            yield 400
            return
        yield 800

    def _punch(self, clock: Clock, card: str) -> None:
        self.seen.cards.setdefault(clock.node, []).append((self._teller.now, card))
        clock.show_card(card)

    def stop_by(self, clock: Clock, card: str) -> None:
        """Somebody else punches."""
        self._punch(clock, card)


def _has_work(counter: Counter) -> bool:
    """Whether there is a reason to stay, or, for somebody who has gone already, to come back."""
    shown = shown_at(counter)
    return _holds(counter) or (LOGGED_OUT not in shown and waiting_in(shown) > 0)


def _holds(counter: Counter) -> bool:
    """Whether the text line says that somebody was put aside here: nobody goes home before they are served."""
    return _HELD in shown_at(counter)


def shown_at(counter: Counter) -> str:
    """What the text line of a counter says."""
    history = counter.display.history
    return "\n".join(history[-1].lines) if history else ""
