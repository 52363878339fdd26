"""A rules service by itself, for tests: on demo-small, with a link that watches what is said when, and hands to ask with."""

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from broker.config import read_text
from broker.identity_keys import FOLDER, FileKeys, KeyRing, MemoryKeys
from broker.service import Service, nothing
from broker.store import Store
from contracts import messages as m
from contracts.codec import decode, encode
from contracts.topics import Topics
from contracts.values import BootId, CounterId, GroupId, HallId, HallTime, PrintProof, RequestId
from sim.testing import Memory

SMALL = Path(__file__).parents[1] / "broker" / "halls" / "demo-small.toml"
OPEN = HallTime(1_773_104_700_000)
"""2026-03-10, a Tuesday, 09:05 in the hall."""
TOPICS = Topics(HallId("yongan-small"))

Kind = TypeVar("Kind", bound=m.Message)


@dataclass(frozen=True)
class Item:
    """A message as a link would hand it over."""

    topic: str
    payload: bytes
    mid: int


class StrictLink:
    """Notes in one list everything the service says and acknowledges, and refuses what a real link would regret.

    Nothing may be said inside a transaction, nothing acknowledged twice, and no answer retained.
    """

    def __init__(self) -> None:
        self.store: Store | None = None
        self.is_up = True
        self.noted: list[tuple[str, str]] = []
        """("answer" | "state" | "ack", topic or mid), in order."""
        self.said: list[tuple[str, bytes]] = []
        self.acked: list[int] = []
        self.farewell: m.ServiceState | None = None

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> bool:
        """Note it, if the link is up."""
        assert self.store is not None
        assert not self.store.database.conn.in_transaction, "said before COMMIT"
        assert retain == ("/down/" not in topic), topic
        if self.is_up:
            self.noted.append(("state" if retain else "answer", topic))
            self.said.append((topic, payload))
        return self.is_up

    def ack(self, item: Item, /) -> bool:
        """Note it."""
        assert self.store is not None
        assert not self.store.database.conn.in_transaction, "acknowledged before COMMIT"
        assert item.mid not in self.acked, "acknowledged twice"
        self.acked.append(item.mid)
        self.noted.append(("ack", str(item.mid)))
        return True

    def close(self, farewell: m.ServiceState, /) -> None:
        """Note the last words."""
        self.farewell = farewell


class Bench:
    """A service under test, its time, and what it said since the last look."""

    def __init__(self, path: Path | None, *, at: HallTime = OPEN, text: str | None = None) -> None:
        self.path = path
        self.now = at
        self.log = Memory()
        self.text = read_text(SMALL) if text is None else text
        self._mids = itertools.count(1)
        self._seq = itertools.count()
        self._entropy = random.Random(1).randbytes
        self._memory_keys = MemoryKeys(random.Random(2).randbytes)
        self.start()

    def start(self, milestone: Callable[[str], None] = nothing) -> None:
        """Begin a life of the service and connect it."""
        self.store = Store.in_memory() if self.path is None else Store.open(self.path)
        self.link = StrictLink()
        self.link.store = self.store
        self.service: Service[Item] = Service(
            self.store,
            self.link,
            self.text,
            boot=BootId("00000000000000aa"),
            card_key=b"k" * 32,
            keys=self.keys(),
            entropy=self._entropy,
            log=self.log,
            milestone=milestone,
        )
        self.service.begin(self.now)
        self.service.connected(self.now)

    def keys(self) -> KeyRing:
        """The keys of single days: beside the database, if that is on a disk."""
        return self._memory_keys if self.path is None else FileKeys(self.path.parent / FOLDER)

    def request_id(self, node: str) -> RequestId:
        """An id this node never used."""
        return RequestId(f"{node}/00000000000000bb/{next(self._seq)}")

    def item(self, node: str, message: m.Message) -> Item:
        """A message on its way."""
        kind = "state" if isinstance(message, m.NodeState) else f"up/{type(message).__name__}"
        return self.raw(f"{TOPICS.root}/node/{node}/{kind}", encode(message))

    def raw(self, topic: str, payload: bytes) -> Item:
        """Any bytes on their way."""
        return Item(topic, payload, next(self._mids))

    def handle(self, *items: Item) -> list[m.Message]:
        """Hand over one batch; returns the answers decoded, in the order they were said."""
        del self.link.noted[:], self.link.said[:]
        self.service.handle(items, self.now)
        return self.answers()

    def ask(self, node: str, request: m.Request) -> m.Message:
        """One request, one answer."""
        (answer,) = self.handle(self.item(node, request))
        return answer

    def answers(self) -> list[m.Message]:
        """The answers since the last look."""
        return [decode(topic, payload) for topic, payload in self.link.said if "/down/" in topic]

    def state(self, kind: type[Kind], topic: str) -> Kind:
        """What was last said on a retained topic since the last look."""
        found = [decode(one, payload) for one, payload in self.link.said if one == topic]
        assert isinstance(found[-1], kind)
        return found[-1]

    def press(self, group: str = "A") -> m.TicketRequested:
        """Somebody presses the key of a group at the ticket machine."""
        return m.TicketRequested(request_id=self.request_id("TM-01"), group=GroupId(group))

    def later(self, ms: int) -> None:
        """Let hall time pass, and wake the service whenever it wants to be woken."""
        until = self.now + ms
        while self.service.wake_at <= until:
            self.now = HallTime(max(self.now, self.service.wake_at))
            self.service.wake(self.now)
        self.now = HallTime(until)

    def facts(self) -> list[str]:
        """The kinds of all facts so far."""
        return [kind for (kind,) in self.store.database.conn.execute("SELECT kind FROM facts ORDER BY number")]

    def count(self, table: str) -> int:
        """How many rows a table has."""
        found: int = self.store.database.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 -- from tests
        return found


def visit(bench: Bench, group: str = "A", counter: str = "W02", card: str = "04A1000102") -> Sequence[m.Message]:
    """One whole visit, from the key to the rating; returns every answer."""
    terminal, pad = f"TRM-{counter}", f"PAD-{counter}"

    def ask(node: str, kind: Any, **fields: Any) -> m.Message:
        return bench.ask(node, kind(request_id=bench.request_id(node), **fields))

    answers = []
    if bench.service.hall.desks[CounterId(counter)].staff is None:
        answers.append(ask(terminal, m.LoginRequested, card=card))
    issued = bench.ask("TM-01", bench.press(group))
    assert isinstance(issued, m.TicketIssued)
    answers += [issued, ask("TM-01", m.TicketPrinted, ticket=issued.ticket, copy=0, proof=PrintProof.CONFIRMED)]
    answers.append(ask(terminal, m.CallNextRequested))
    desk = bench.state(m.DeskState, TOPICS.desk(CounterId(counter)))
    answers.append(ask(terminal, m.StartRequested, call=desk.call))
    desk = bench.state(m.DeskState, TOPICS.desk(CounterId(counter)))
    answers.append(ask(terminal, m.FinishRequested, session=desk.session))
    answers.append(ask(pad, m.RatingSubmitted, session=desk.session, level=5))
    return answers
