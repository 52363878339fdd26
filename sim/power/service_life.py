"""One life of the real rules service on its real database, recorded. Started by ``recording``, by nobody else.

People press, clerks call, serve and finish, citizens rate, staff punch, requests are said twice and time passes, at random
from a seed; every request is decided, stored and answered by ``broker`` as in a hall. After every transaction that ``Store``
says is kept, a mark in the record says what must now never be lost.
"""

import argparse
import contextlib
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from broker.identity_keys import MemoryKeys
from broker.service import Service
from broker.store import Store
from contracts import messages as m
from contracts.codec import decode
from contracts.values import BootId, CardHash, CounterId, CounterPhase, HallTime, PrintProof, RequestId
from sim.power.log import Marks
from sim.power.stored import stored
from sim.service_bench import OPEN, Bench, Item, StrictLink

STAFF = {"W01": "04A1000101", "W02": "04A1000102", "W03": "04A1000103"}
LIFE_MS = 20 * 60_000
"""How much hall time a life may take; the next one begins after that."""
_MOST_AT_ONCE = 6


class Sayer(Protocol):
    """Whoever takes note of what is promised."""

    def say(self, **what: Any) -> None:
        """Take note."""


class MarkedStore(Store):
    """Says in the record what has been promised. ``marks``, ``synchronous`` and ``checkpoint_pages`` are set beforehand.

    Weaker syncing than the service's own is switched on here and nowhere else, to show that the campaign notices it.
    """

    marks: Sayer
    synchronous = "FULL"
    checkpoint_pages = 1000

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        if self.synchronous != "FULL":
            self.database.execute(f"PRAGMA synchronous = {self.synchronous}")
        self.database.execute(f"PRAGMA wal_autocheckpoint = {self.checkpoint_pages}")
        self._mark(promised=False)

    @contextlib.contextmanager
    def batch(self) -> Iterator[None]:
        """As ever; then it is said that it is kept."""
        with super().batch():
            yield
        self._mark(promised=True)

    def _mark(self, *, promised: bool) -> None:
        self.marks.say(promised=promised, stored=stored(self.database))


class Life(Bench):
    """A service on a marked store, with what its people remember of the signs."""

    def __init__(self, path: Path, chance: random.Random, life: int) -> None:
        self._chance = chance
        self._boot = BootId(f"{chance.getrandbits(64):016x}")
        self._desks: dict[CounterId, m.DeskState] = {}
        self._asked: list[Item] = []
        super().__init__(path, at=HallTime(OPEN + life * LIFE_MS))

    def start(self, *_: object) -> None:
        """Begin a life of the service and connect it."""
        assert self.path is not None
        self.store = MarkedStore.open(self.path)
        self.link = StrictLink()
        self.link.store = self.store
        self.service = Service(
            self.store,
            self.link,
            self.text,
            boot=self._boot,
            card_key=b"k" * 32,
            keys=MemoryKeys(random.Random(2).randbytes),
            entropy=self._chance.randbytes,
            log=self.log,
        )
        self.service.begin(self.now)
        self.service.connected(self.now)
        self._look()

    def request_id(self, node: str) -> RequestId:
        """An id this node never used, in no life."""
        return RequestId(f"{node}/{self._boot}/{next(self._seq)}")

    def act(self) -> None:
        """Let something happen in the hall."""
        what = self._chance.choices((self._press, self._serve, self._punch, self._again, self._wait), (3, 8, 1, 1, 1))[0]
        what()
        self._look()

    def _look(self) -> None:
        for topic, payload in self.link.said:
            if "/desk/" in topic and payload:
                desk = decode(topic, payload)
                assert isinstance(desk, m.DeskState)
                self._desks[desk.counter] = desk

    def _ask(self, *asked: tuple[str, m.Request]) -> list[m.Message]:
        items = [self.item(node, request) for node, request in asked]
        self._asked += items
        return self.handle(*items)

    def _press(self) -> None:
        presses = [("TM-01", self.press(self._chance.choice("AB"))) for _ in range(self._chance.randint(1, _MOST_AT_ONCE))]
        issued = [one for one in self._ask(*presses) if isinstance(one, m.TicketIssued)]
        self._look()
        if not issued or self._chance.random() < 0.1:  # noqa: PLR2004 -- a paper that is never confirmed
            return
        proof = PrintProof.CONFIRMED
        self._ask(
            *(
                (
                    "TM-01",
                    m.TicketPrinted(request_id=self.request_id("TM-01"), ticket=one.ticket, copy=one.copy, proof=proof),
                )
                for one in issued
            )
        )

    def _serve(self) -> None:
        counter = self._chance.choice(list(STAFF))
        desk = self._desks[CounterId(counter)]
        node = f"TRM-{counter}"
        name = self.request_id(node)
        match desk.phase:
            case CounterPhase.CLOSED:
                self._ask((node, m.LoginRequested(request_id=name, card=STAFF[counter])))
            case CounterPhase.CALLED if desk.call is not None:
                self._ask((node, m.StartRequested(request_id=name, call=desk.call)))
            case CounterPhase.SERVING if desk.session is not None:
                session = desk.session
                self._ask((node, m.FinishRequested(request_id=name, session=session)))
                level = self._chance.randint(1, 5)
                pad = f"PAD-{counter}"
                self._ask((pad, m.RatingSubmitted(request_id=self.request_id(pad), session=session, level=level)))
            case CounterPhase.PAUSED:
                self._ask((node, m.ResumeRequested(request_id=name)))
            case _:
                self._ask((node, m.CallNextRequested(request_id=name)))

    def _punch(self) -> None:
        card = CardHash(self._chance.randbytes(16).hex())
        self._ask(("CLK-01", m.PunchMade(request_id=self.request_id("CLK-01"), card=card, staff=None)))

    def _again(self) -> None:
        if self._asked:
            old = self._chance.choice(self._asked)
            self.handle(self.raw(old.topic, old.payload))

    def _wait(self) -> None:
        self.later(self._chance.randint(100, 15_000))


def main() -> None:
    """Live one life as the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--life", type=int, required=True)
    parser.add_argument("--commits", type=int, required=True)
    parser.add_argument("--synchronous", choices=("FULL", "NORMAL", "OFF"), default="FULL")
    parser.add_argument("--checkpoint-pages", type=int, default=1000)
    parser.add_argument("--end", choices=("closed", "killed"), default="killed")
    arguments = parser.parse_args()
    MarkedStore.marks = Marks(arguments.log)
    MarkedStore.synchronous = arguments.synchronous
    MarkedStore.checkpoint_pages = arguments.checkpoint_pages
    life = Life(arguments.data / "hall.db", random.Random(f"life {arguments.seed}"), arguments.life)
    for _ in range(arguments.commits):
        life.act()
    if arguments.end == "closed":
        life.service.close()
    os._exit(0)  # killed: the database is not closed, its WAL stays


if __name__ == "__main__":
    main()
