"""A clerk at the list of the text line: 更多 until the line says what is wanted, then 确定.

What a clerk does now and then beside calling and serving: looks at a priority, puts a visitor aside and takes them up
again, hands one on to another group. The visitor is told by word of mouth: ``sent_away`` holds who is to wait again.
"""

import random
from dataclasses import dataclass, field

from contracts.values import CounterId, TicketNo
from sim.actors import Part, Until
from sim.furniture import Counter
from sim.manners import Manners, Memories
from words import text

_CHECK = text("con.care.verify").zh
_VERIFIED = text("con.care.ok").zh
_TRANSFER = text("con.transfer").zh
_HOLD = text("con.hold").zh
_RESUME = text("con.resume").zh
_HINT = text("con.menu.keys").zh
_FREE = text("con.free").zh
_CARE = text("con.care").zh
_LONGEST_LIST = 16


@dataclass(slots=True)
class Asides:
    """What clerks still mean to do, and what has come of it."""

    manners: Manners
    memories: Memories
    sent_away: set[TicketNo] = field(default_factory=set)
    transfers: dict[CounterId, str] = field(default_factory=dict)
    holds: int = 0
    checks: int = 0

    def __post_init__(self) -> None:
        self.transfers = dict(self.manners.transfers)
        self.holds, self.checks = self.manners.holds, self.manners.checks

    def before_service(self, counter: Counter, rng: random.Random) -> Part[None]:
        """A care ticket is on the desk: look at its priority."""
        if self.checks and _CARE in counter.text():
            self.checks -= 1
            yield rng.randint(*self.manners.reaction)
            if (yield from choose(counter, _CHECK, _VERIFIED)):
                self.memories.verified += 1

    def instead_of_finishing(self, counter: Counter, number: TicketNo, rng: random.Random) -> Part[bool]:
        """Hand the visitor on or put them aside, if that is still to be done; whether the desk is free by it."""
        if counter.counter in self.transfers:
            group = self.transfers.pop(counter.counter)
            if (yield from self._gone(counter, number, _TRANSFER, f"{_TRANSFER} {group}")):
                self.memories.handed_on.append(number)
                return True
        elif self.holds:
            self.holds -= 1
            if (yield from self._gone(counter, number, _HOLD)):
                self.memories.put_aside.append(number)
                yield rng.randint(*self.manners.service)
                yield from choose(counter, f"{_RESUME} {number}")
                return True
        return False

    def _gone(self, counter: Counter, number: TicketNo, *labels: str) -> Part[bool]:
        chosen = yield from choose(counter, *labels)
        free = chosen and (yield Until(lambda: _FREE in counter.text(), within=3_000, look_every=100))
        if free:
            self.sent_away.add(number)
        return free


def choose(counter: Counter, *labels: str) -> Part[bool]:
    """Choose these lines one below the other; false if one of them is not on the list."""
    counter.press("more")
    for label in labels:
        if not (yield from _find(counter, label)):
            return False
        counter.press("confirm")
        yield 400
    return True


def _find(counter: Counter, label: str) -> Part[bool]:
    for _ in range(_LONGEST_LIST):
        if not (yield Until(lambda: _HINT in counter.text(), within=1_500, look_every=100)):
            return False
        yield 300
        if counter.text().startswith(label):
            return True
        counter.press("more")
        yield 300
    return False
