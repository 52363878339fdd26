"""People who go on whatever happens: they do what the device before them says now, again and again, until it is done.

Unlike ``sim.people``, who play a good day, nobody here follows a script that a fault could throw off. What they did and saw
becomes a :class:`History`. A hall for them has many people with work cards, because every card is used once at the clock.
"""

import random
from functools import partial

from contracts.values import CounterId, Ms
from sim.actors import Story, Teller, Until
from sim.chaos.history import CallTimed, CardShown, FacePress, History, KeyPress, PaperSeen, SignCalled
from sim.devices.paper import Paper
from sim.furnishing import Furnished
from sim.furniture import Clock, Counter, Pad, TicketMachine
from sim.senses import number_in, number_on, waiting_in
from words import text

_LOGGED_OUT = text("con.card").zh
_FREE = text("con.free").zh
_SERVING = text("con.serving").zh.split("{", maxsplit=1)[0]
_MAY_RECALL = text("con.recall.now").zh
_MAY_MISS = text("con.noshow.now").zh
_CALLS = "请"
_REPRINT = text("slip.reprint").zh.split("{", maxsplit=1)[0]
_CHOOSE = text("tm.service.choose").zh
_LOOK: Ms = 120
_ANSWER_WITHIN: Ms = 8_000
_GREEN_WITHIN: Ms = 3_000
_LONGER_THAN_A_FREEZE: Ms = 11_000
"""After a card without a green lamp nobody shows the next one sooner, so that a late green is nobody's."""
_FOREVER: Ms = 10 * 3_600_000


class Crowd:
    """Everybody in a hall under fault; in the thread of the hall's loop."""

    def __init__(self, furnished: Furnished, teller: Teller, seed: str, cards: dict[CounterId, str]) -> None:
        self.history = History()
        self.papers: list[Paper] = []
        """The pieces themselves, one for each in the history."""
        self.comes = True
        """New people come in."""
        self.is_calm = False
        self.goes_home = False
        self._furnished = furnished
        self._teller = teller
        self._seed = seed
        self._holders: set[str] = set()
        self._called: dict[str, CounterId] = {}
        self._seated: set[tuple[CounterId, str]] = set()
        self._served: set[str] = set()
        self._cards = cards

    def begin(self, workers: list[tuple[str, str]]) -> None:
        """Everybody comes in: a finger for each kiosk, a clerk for each counter, ``workers`` (staff, card) for the clock."""
        for node, machine in self._furnished.machines.items():
            self._teller.tell(self._finger(machine, self._rng(f"finger {node}")))
            self._teller.tell(self._tray(machine))
        for counter, card in self._cards.items():
            self._teller.tell(self._clerk(self._furnished.counters[counter], card, self._rng(f"clerk {counter}")))
        for node, clock in self._furnished.clocks.items():
            self._teller.tell(self._workers(clock, workers, self._rng(f"workers {node}")))
        self._teller.tell(self._watch_signs())

    def _rng(self, who: str) -> random.Random:
        return random.Random(f"{self._seed}/{who}")

    @property
    def _now(self) -> Ms:
        return self._teller.now

    # --- At the ticket machine -------------------------------------------------------------------------------------------

    def _finger(self, machine: TicketMachine, rng: random.Random) -> Story:
        while not self.goes_home:
            yield rng.randint(700, 2_400)
            if not self.comes:
                continue
            must_answer = self.is_calm and any(_CHOOSE in line for line in machine.display.lines())
            press = KeyPress(self._now, machine.node, rng.choice(list(machine.keys)), must_answer)
            papers, before = len(machine.printer.papers), machine.display.lines()
            self.history.presses.append(press)
            machine.press(press.group)
            if (yield Until(partial(_has_printed, machine, papers), within=_ANSWER_WITHIN if must_answer else 2_500)):
                press.answered = "paper"
            elif machine.display.lines() != before:
                press.answered = " ".join(machine.display.lines())

    def _tray(self, machine: TicketMachine) -> Story:
        """Whatever falls into the tray is taken; who takes a new number waits with it."""
        while True:
            yield Until(machine.has_paper_in_tray, within=_FOREVER, look_every=_LOOK)
            paper = machine.take_paper()
            number = number_on(paper)
            if number is None:
                if paper.complete:
                    self.history.misread.append(f"a paper without a number: {paper.text[:60]!r}")
                continue
            self.history.papers.append(_seen(paper, machine.node, number))
            self.papers.append(paper)
            if number not in self._holders:
                self._holders.add(number)
                self._teller.tell(self._holder(number, self._rng(f"holder {number}")))

    def _holder(self, number: str, rng: random.Random) -> Story:
        """Wait for the number, sit down, be served, press a face."""
        if rng.random() < 0.1:  # noqa: PLR2004 -- a share of people who never come
            return
        if not (yield Until(lambda: number in self._called, within=_FOREVER, look_every=200)):
            return
        yield rng.randint(200, 1_200)
        counter = self._called[number]
        self._seated.add((counter, number))
        yield Until(lambda: number in self._served, within=_FOREVER, look_every=200)
        self._seated.discard((counter, number))
        pad = self._furnished.pads.get(counter)
        if pad is not None and rng.random() < 0.85:  # noqa: PLR2004 -- a share of people
            yield from self._rate(pad, rng)

    def _rate(self, pad: Pad, rng: random.Random) -> Story:
        if not (yield Until(lambda: len(pad.lit()) == len(pad.LEVELS), within=6_000, look_every=_LOOK)):
            return
        yield rng.randint(50, 900)
        if len(pad.lit()) != len(pad.LEVELS):
            return
        level, at = rng.choice(pad.LEVELS), self._now
        pad.press(level)
        lit = yield Until(lambda: pad.lit() == [level], within=2_500, look_every=20)
        self.history.faces.append(FacePress(at, pad.node, level, lit=lit))

    # --- At the counter --------------------------------------------------------------------------------------------------

    def _clerk(self, counter: Counter, card: str, rng: random.Random) -> Story:
        serving, until = "", 0
        while not self.goes_home:
            shown = counter.text()
            number = number_in(shown) or ""
            wait = rng.randint(100, 260)
            if _LOGGED_OUT in shown:
                counter.show_card(card)
                wait = 3_300
            elif _SERVING in shown and number:
                if number != serving:
                    serving, until = number, self._now + rng.randint(500, 2_500)
                elif self._now >= until:
                    self._served.add(number)
                    counter.press("finish")
                    wait = 1_000
            elif number and _FREE not in shown:
                wait = self._attend(counter, number, shown)
            elif _FREE in shown and waiting_in(shown) > 0:
                counter.press("next")
                self._teller.tell(self._time_call(counter))
                wait = 900
            yield wait

    def _attend(self, counter: Counter, number: str, shown: str) -> Ms:
        """A number is called: begin, call again or give up, as the terminal allows; returns how long that takes."""
        key = ""
        if (counter.counter, number) in self._seated:
            key = "start"
        elif _MAY_MISS in shown:
            key = "no_show"
        elif _MAY_RECALL in shown:
            key = "recall"
        if not key:
            return 200
        counter.press(key)
        return 900

    def _time_call(self, counter: Counter) -> Story:
        """From the number on the clerk's terminal to the number on the sign."""
        calm = self.is_calm
        if not (yield Until(lambda: number_in(counter.text()) is not None, within=1_500, look_every=20)):
            return
        number, at = str(number_in(counter.text())), self._now
        called = f"{_CALLS}{number}"
        found = yield Until(
            lambda: called in self._furnished.texts()[counter.counter] or number_in(counter.text()) != number,
            within=6_000,
            look_every=20,
        )
        shows = found and called in self._furnished.texts()[counter.counter]
        self.history.timed.append(CallTimed(at, counter.counter, number, self._now - at if shows else None, calm))

    # --- At the clock ----------------------------------------------------------------------------------------------------

    def _workers(self, clock: Clock, workers: list[tuple[str, str]], rng: random.Random) -> Story:
        for staff, card in workers:
            yield rng.randint(600, 2_000)
            yield Until(lambda: self.comes or self.goes_home, within=_FOREVER)
            if self.goes_home:
                return
            yield Until(lambda: not clock.is_green(), within=10_000, look_every=50)
            before, at = clock.greens(), self._now
            clock.show_card(card)
            green = yield Until(partial(_has_blinked, clock, before), within=_GREEN_WITHIN, look_every=20)
            self.history.cards.append(CardShown(at, clock.node, staff, green=green))
            if not green:
                yield _LONGER_THAN_A_FREEZE

    # --- Before the signs ------------------------------------------------------------------------------------------------

    def _watch_signs(self) -> Story:
        last: dict[CounterId, str] = {}
        while True:
            for counter, shown in self._furnished.texts().items():
                number = number_in(shown) if shown.startswith(_CALLS) else None
                if number is not None and last.get(counter) != number:
                    self._called[number] = counter
                    self.history.signs.append(SignCalled(self._now, counter, number))
                last[counter] = number or ""
            yield _LOOK


def _has_printed(machine: TicketMachine, before: int) -> bool:
    return len(machine.printer.papers) > before


def _has_blinked(clock: Clock, before: int) -> bool:
    return clock.greens() > before


def _seen(paper: Paper, kiosk: str, number: str) -> PaperSeen:
    return PaperSeen(paper.at, kiosk, number, paper.complete, _REPRINT in paper.text, "")
