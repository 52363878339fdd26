"""The people of a hall: citizens who take a ticket and wait for their number, clerks who call and serve them.

They act on devices only: they press keys, hold up cards, take paper, and read what signs, text lines and lamps show. What
they remember stands in :class:`Memories`, so that it can be compared with what the service believes.
"""

import random
from collections.abc import Callable, Mapping
from functools import partial

from contracts.values import CounterId, GroupId, Ms, TicketNo
from sim.actors import Part, Story, Teller, Until
from sim.clerks_list import Asides
from sim.furnishing import Furnished
from sim.furniture import Clock, Counter, TicketMachine
from sim.manners import Manners, Memories
from sim.senses import Senses, number_in, number_on, waiting_in
from words import text

_LOGGED_OUT = text("con.card").zh
_FREE = text("con.free").zh
_SERVING = text("con.serving").zh.split("{", maxsplit=1)[0]
_MAY_RECALL = text("con.recall.now").zh
_MAY_MISS = text("con.noshow.now").zh
_GIVE_UP: Ms = 4 * 3_600_000


class People:
    """Everybody in a hall. ``furnished`` is what they use.

    What somebody is like comes from ``seed`` and from being the n-th person, so it does not depend on who is faster.
    """

    def __init__(self, furnished: Furnished, teller: Teller, seed: int, manners: Manners, *, ears: bool = False) -> None:
        self.memories = Memories()
        self.senses = Senses(furnished, ears=ears)
        self.is_over = False
        """Set when nobody new will come; clerks go home once nobody waits."""
        self.in_hall = 0
        """Citizens between the door and the door."""
        self._furnished = furnished
        self._teller = teller
        self._seed = seed
        self._persons = 0
        self._manners = manners
        self._asides = Asides(manners, self.memories)
        self._queueing: dict[str, list[object]] = {node: [] for node in furnished.machines}
        self._before: dict[CounterId, TicketNo | None] = dict.fromkeys(furnished.counters)
        self._on_duty = 0

    @property
    def have_gone(self) -> bool:
        """Whether everybody has gone home."""
        return self.is_over and self.in_hall == 0 and self._on_duty == 0

    # --- Who comes when --------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """People begin to look at the signs."""
        self._teller.tell(self._watch())

    def staff(self, cards: Mapping[CounterId, str], *, over: Ms = 8_000) -> None:
        """A clerk for each of these counters comes in within ``over`` ms, with a work card."""
        for counter, card in cards.items():
            self._on_duty += 1
            rng = self._person()
            self._teller.tell(self._clerk(self._furnished.counters[counter], card, rng), after=rng.randint(0, over))

    def citizens(self, number: int, *, over: Ms, shares: Mapping[GroupId, float]) -> None:
        """So many citizens come within ``over`` ms, for these groups in these shares."""
        for _ in range(number):
            rng = self._person()
            group = rng.choices(list(shares), list(shares.values()))[0]
            self.in_hall += 1
            self._teller.tell(self._citizen(group, rng), after=rng.randint(0, over))

    def _watch(self) -> Story:
        while not self.have_gone:
            self.senses.look()
            yield self._manners.looking

    def _person(self) -> random.Random:
        """The nature of the next person."""
        self._persons += 1
        return random.Random(f"{self._seed}/{self._persons}")

    # --- A citizen -------------------------------------------------------------------------------------------------------

    def _citizen(self, group: GroupId, rng: random.Random) -> Story:
        machine = rng.choice(list(self._furnished.machines.values()))
        number = yield from self._take_ticket(machine, group, rng)
        if number is None:
            pass
        elif rng.random() < self._manners.never_come:
            self.memories.stayed_away.append(number)
        else:
            yield from self._wait_and_be_served(number, rng)
        self.in_hall -= 1

    def _take_ticket(self, machine: TicketMachine, group: GroupId, rng: random.Random) -> Part[TicketNo | None]:
        """Queue at the machine, press, take the paper, read it."""
        me = object()
        queue = self._queueing[machine.node]
        queue.append(me)
        yield Until(lambda: queue[0] is me, within=_GIVE_UP, look_every=200)
        if rng.random() < self._manners.care:
            machine.press_care()
            yield 600
        machine.press(group)
        self.memories.pressed += 1
        has_paper = yield Until(machine.has_paper_in_tray, within=self._manners.paper_patience, look_every=200)
        number = number_on(machine.take_paper()) if has_paper else None
        yield 400
        queue.remove(me)
        if number is None:
            self.memories.without_paper.append(" ".join(machine.display.lines()))
            return None
        self.memories.papers.append(number)
        return number

    def _wait_and_be_served(self, number: TicketNo, rng: random.Random) -> Story:
        calls, sent_away, served = self.senses.calls, self._asides.sent_away, self.memories.served
        while True:
            if not (yield Until(lambda: number in calls, within=_GIVE_UP, look_every=self._manners.looking)):
                self.memories.gave_up.append(number)
                return
            yield rng.randint(*self._manners.walk)
            counter = calls[number]
            yield Until(partial(self._is_nobody_before, counter), within=60_000)
            self._before[counter] = number
            is_over = yield Until(lambda: number in served or number in sent_away, within=_GIVE_UP)
            self._before[counter] = None
            if number not in sent_away:
                break
            yield self._manners.sits_down
            sent_away.discard(number)
            calls.pop(number, None)
        if is_over and rng.random() < self._manners.rates:
            yield from self._rate(counter, number, rng)

    def _is_nobody_before(self, counter: CounterId) -> bool:
        return self._before[counter] is None

    def _rate(self, counter: CounterId, number: TicketNo, rng: random.Random) -> Story:
        pad = self._furnished.pads.get(counter)
        if pad is None:
            return
        if not (yield Until(lambda: len(pad.lit()) > 1, within=5_000)):
            self.memories.not_asked.append(number)
            return
        yield rng.randint(*self._manners.reaction)
        level = rng.choices((5, 4, 3, 2, 1), (60, 25, 8, 4, 3))[0]
        pad.press(level)
        if (yield Until(lambda: pad.lit() == [level], within=3_000, look_every=100)):
            self.memories.rated.append((number, level))

    # --- A clerk ---------------------------------------------------------------------------------------------------------

    def _clerk(self, counter: Counter, card: str, rng: random.Random) -> Story:
        for clock in list(self._furnished.clocks.values())[:1]:
            yield from self._punch(clock, card)
        yield rng.randint(*self._manners.walk)
        yield from self._log_in(counter, card)
        while not self._may_go(counter):
            if not (yield Until(lambda: waiting_in(counter.text()) > 0, within=2_000)):
                continue
            yield rng.randint(*self._manners.reaction)
            yield from self._call_and_serve(counter, rng)
        counter.show_card(card)
        yield Until(lambda: _LOGGED_OUT in counter.text(), within=5_000)
        for clock in list(self._furnished.clocks.values())[:1]:
            yield from self._punch(clock, card)
        self._on_duty -= 1

    def _may_go(self, counter: Counter) -> bool:
        return self.is_over and self.in_hall == 0 and waiting_in(counter.text()) == 0

    def _punch(self, clock: Clock, card: str) -> Story:
        """Hold the card to the clock and look for the green lamp."""
        queue = self._queueing.setdefault(clock.node, [])
        me = object()
        queue.append(me)
        yield Until(lambda: queue[0] is me, within=600_000, look_every=200)
        yield Until(lambda: not clock.is_green(), within=10_000, look_every=100)
        before = clock.greens()
        clock.show_card(card)
        if (yield Until(lambda: clock.greens() > before, within=4_000, look_every=100)):
            self.memories.punches += 1
        else:
            self.memories.unseen_punches += 1
        yield 1_500
        queue.remove(me)

    def _log_in(self, counter: Counter, card: str) -> Story:
        """Hold the card to the terminal, again if that did not help."""
        for _ in range(20):
            counter.show_card(card)
            yield 1_000
            if (yield Until(lambda: _FREE in counter.text(), within=3_000)):
                return

    def _call_and_serve(self, counter: Counter, rng: random.Random) -> Story:
        counter.press("next")
        if not (yield Until(lambda: number_in(counter.text()) is not None, within=2_500)):
            self.memories.refusals.append(counter.text())
            yield self._manners.patience
            return
        number = number_in(counter.text())
        if number is not None and (yield from self._wait_for(counter, number, rng)):
            yield from self._serve(counter, number, rng)

    def _wait_for(self, counter: Counter, number: TicketNo, rng: random.Random) -> Part[bool]:
        """Wait for the visitor, call again, and give up when the terminal allows it."""
        while True:
            yield Until(lambda: self._stands_before(counter, number) or self._may(counter), within=600_000)
            if self._stands_before(counter, number):
                return True
            if _FREE in counter.text():  # what stood there before was old: the display had lost its cable
                return False
            yield rng.randint(*self._manners.reaction)
            if self._stands_before(counter, number):
                return True
            if _MAY_RECALL in counter.text():
                counter.press("recall")
                yield 1_500
            elif _MAY_MISS in counter.text():
                counter.press("no_show")
                if (yield Until(lambda: _FREE in counter.text(), within=3_000)):
                    self.memories.missed.append(number)
                    return False

    def _stands_before(self, counter: Counter, number: TicketNo) -> bool:
        return self._before[counter.counter] == number

    @staticmethod
    def _may(counter: Counter) -> bool:
        """Whether the terminal says that something may be done without the visitor."""
        shown = counter.text()
        return _MAY_RECALL in shown or _MAY_MISS in shown or _FREE in shown

    def _serve(self, counter: Counter, number: TicketNo, rng: random.Random) -> Story:
        yield from self._press_until(counter, "start", lambda: _SERVING in counter.text())
        yield from self._asides.before_service(counter, rng)
        yield rng.randint(*self._manners.service)
        if (yield from self._asides.instead_of_finishing(counter, number, rng)):
            return
        yield from self._press_until(counter, "finish", lambda: _FREE in counter.text())
        self.memories.served.append(number)

    def _press_until(self, counter: Counter, key: str, is_done: Callable[[], bool]) -> Story:
        """Press a key, and again if nothing came of it: what a person does when the terminal says 请重试."""
        for _ in range(30):
            counter.press(key)
            if (yield Until(is_done, within=2_500, look_every=100)):
                return
            self.memories.refusals.append(counter.text())
            yield 2_000
