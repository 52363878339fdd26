"""Nobody waits for somebody else's flood: the turnstile before the service, alone and in a hall in virtual time."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.turnstile import BURST, FIRST_SILENCE, FLOOD, LONGEST_SILENCE, RATE, SHARE, WAITING, Turnstile
from contracts.codec import encode
from contracts.messages import HealthReported
from contracts.topics import Topics
from contracts.values import BootId, Condition, HallId, Ms, NodeName, RequestId
from firmware.runtime.outbox import WINDOW
from sim.hall import Hall
from sim.mqtt import Publication
from sim.testing import Memory

TOPICS = Topics(HallId("h"))
NODES = [NodeName(f"N{number}") for number in range(10)]
MAD = NODES[0]


@dataclass(frozen=True)
class Item:
    """A request; ``mid`` is its number."""

    node: str
    mid: int

    @property
    def topic(self) -> str:
        """Where it was said."""
        return TOPICS.up(NodeName(self.node), HealthReported)


@dataclass
class NotingLink:
    """Notes whom the service listens to and what is acknowledged."""

    acked: list[Item] = field(default_factory=list)
    silenced: list[list[NodeName]] = field(default_factory=list)
    tidied: int = 0

    def ack(self, item: Item, /) -> bool:
        """Note it."""
        assert item.mid != 0, "nobody waits for it"
        self.acked.append(item)
        return True

    def listen(self, declared: Collection[NodeName], silenced: Collection[NodeName]) -> None:
        """Note it."""
        assert list(declared) == sorted(NODES)
        self.silenced.append(list(silenced))

    def tidy(self, declared: Collection[NodeName]) -> None:
        """Note it."""
        assert list(declared) == sorted(NODES)
        self.tidied += 1


class Gate:
    """A turnstile with its link and its log."""

    def __init__(self) -> None:
        self.link = NotingLink()
        self.log = Memory()
        self.turnstile: Turnstile[Item] = Turnstile(TOPICS, NODES, self.link, self.log, batch=200)
        self._mid = 0

    def items(self, node: str, number: int) -> list[Item]:
        """So many requests of this node."""
        self._mid += number
        return [Item(node, mid) for mid in range(self._mid - number + 1, self._mid + 1)]

    def drain(self, now: Ms, until: Ms) -> list[Item]:
        """Everything that gets its turn while time passes."""
        found = []
        while True:
            found += self.turnstile.take([], now)
            due = self.turnstile.wake_at
            if due is None or due > until:
                return found
            now = max(now, due)


@pytest.fixture
def gate() -> Gate:
    """A fresh one."""
    return Gate()


def test_a_flood_takes_nobodys_turn(gate: Gate) -> None:
    """Ten thousand requests of one node arrive before one of each other: all others are in the very first batch."""
    flood = gate.items(MAD, 10_000)
    others = [gate.items(name, 1)[0] for name in NODES[1:]]
    batch = gate.turnstile.take([*flood, *others], 0)
    assert [item for item in batch if item.node != MAD] == others
    assert [item for item in batch if item.node == MAD] == flood[:SHARE]
    assert len(gate.link.acked) == 10_000 - WAITING


def test_after_a_kill_nothing_of_a_node_of_ours_is_forgotten(gate: Gate) -> None:
    """The server delivers a window once more that was answered but not acknowledged, beside the window sent since."""
    again, since, presses = gate.items("N1", WINDOW), gate.items("N1", WINDOW), gate.items("N1", 5)
    items = [*again, *since, *presses]
    assert gate.turnstile.take(items, 0) + gate.drain(0, 0) == items
    assert gate.link.acked == []


def test_what_a_node_of_ours_says_is_never_forgotten(gate: Gate) -> None:
    """A full window of its outbox and some presses wait, are decided in order, and soon."""
    items = gate.items("N1", WAITING)
    assert gate.turnstile.take(items, 0) == items[:SHARE]
    assert items[SHARE:] == gate.drain(0, 0)
    assert gate.link.acked == []
    assert gate.turnstile.wake_at is None


def test_a_month_of_punches_gets_through(gate: Gate) -> None:
    """A node that keeps a window of 20 on its way and waits for answers is paced, but loses nothing."""
    now, done, on_its_way = 0, 0, 0
    while done < 2_000:
        new = gate.items("N1", 20 - on_its_way)
        batch = gate.turnstile.take(new, now)
        done += len(batch)
        on_its_way = 20 - len(batch)
        if not batch:
            now = max(now + 1, gate.turnstile.wake_at or 0)
    assert gate.turnstile.forgotten == 0
    assert 2_000 / RATE * 1_000 - 1_000 <= now <= 2_000 / RATE * 1_000 + 1_000


def test_in_the_long_run_a_node_keeps_to_the_rate(gate: Gate) -> None:
    """However it floods, below what makes it silenced or above, no more of it is decided than burst and rate allow."""
    decided = 0
    for now in range(0, 5_000, 10):
        decided += len(gate.turnstile.take(gate.items(MAD, 3), now))
    assert RATE * 5 - SHARE <= decided <= BURST + RATE * 5
    assert "node_floods" not in gate.log.events, "300 a second are too many, but no flood"


def test_a_flooding_node_is_not_listened_to_for_a_while(gate: Gate) -> None:
    """The others are still subscribed to; it is heard again after ten seconds, and its relapses double that."""
    now, found = 0, []
    for _ in range(7):
        gate.turnstile.take(gate.items(MAD, WAITING + FLOOD), now)
        assert gate.link.silenced[-1] == [MAD]
        heard_again_at = now
        while gate.link.silenced[-1]:
            due = gate.turnstile.wake_at
            assert due is not None
            gate.turnstile.take([], due)
            heard_again_at = due
        found.append(heard_again_at - now)
        now = heard_again_at
    assert found == [min(LONGEST_SILENCE, FIRST_SILENCE * 2**time) for time in range(7)]
    now += LONGEST_SILENCE
    gate.turnstile.take(gate.items(MAD, WAITING + FLOOD), now)
    assert gate.drain(now, now + FIRST_SILENCE)
    assert gate.link.silenced[-1] == [], "after a long calm it begins anew"
    assert gate.log.events.count("node_floods") == gate.log.events.count("node_heard_again") == 8


def test_what_comes_with_qos_0_is_never_decided(gate: Gate) -> None:
    """Nothing of ours is said like that; it is forgotten without an acknowledgement, and it too can be a flood."""
    assert gate.turnstile.take([Item(MAD, 0)] * FLOOD, 0) == []
    assert gate.link.acked == []
    assert gate.link.silenced == [[MAD]]


def test_strangers_share_one_place(gate: Gate) -> None:
    """Where anybody may connect, a thousand invented names get no more than one node."""
    batch = gate.turnstile.take([gate.items(f"X{number}", 1)[0] for number in range(1_000)], 0)
    assert len(batch) == SHARE
    assert gate.link.silenced == [[NodeName("")]], "then only what is declared is listened to"


def test_a_new_connection_is_tidied(gate: Gate) -> None:
    """A session may have kept subscriptions from before a restart or a reconnect."""
    gate.turnstile.connected()
    assert gate.link.tidied == 1


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 60), st.integers(0, 400)), max_size=30))
def test_everything_is_decided_or_forgotten_once_and_in_order(arrivals: list[tuple[int, int, Ms]]) -> None:
    """Whatever arrives when: each request ends once, each node's in order, no batch is unfair or too long."""
    gate = Gate()
    now, given_in, decided = 0, [], []
    for node, number, pause in arrivals:
        now += pause
        items = gate.items(NODES[node], number)
        given_in += items
        batch = gate.turnstile.take(items, now)
        assert len(batch) <= 200
        assert max(Counter(item.node for item in batch).values(), default=0) <= SHARE
        decided += batch
    decided += gate.drain(now, now + 60_000)
    assert sorted([*decided, *gate.link.acked], key=lambda item: item.mid) == given_in
    for name in NODES:
        mids = [item.mid for item in decided if item.node == name]
        assert mids == sorted(mids)


# --- In a hall ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def hall() -> Iterator[Hall]:
    """The small demo hall, open, 李娜 at counter 2."""
    with Hall.demo_small(seed=5, start="2026-03-10T08:59:50") as hall:
        hall.run_until("09:00:03")
        hall.card("W02", hall.card_of("S102"))
        hall.run_until("09:00:05")
        yield hall


def test_a_hall_goes_on_while_a_pad_floods(hall: Hall) -> None:
    """10,000 sound requests a second for 20 s: paper, call and sign come as always; afterwards the pad is heard again."""
    pad = NodeName("PAD-W03")
    topic = Topics(HallId("yongan-small")).up(pad, HealthReported)
    flooder = hall.server.connect("mad", lambda _: None, lambda: None)
    said = 0

    def shout() -> None:
        nonlocal said
        for _ in range(100):
            said += 1
            request_id = RequestId(f"{pad}/{BootId('f' * 16)}/{said}")
            ok = HealthReported(request_id=request_id, part=f"p{said % 9}", condition=Condition.OK, code="x")
            flooder.publish(Publication(topic, encode(ok)))
        if said < 200_000:
            hall.scheduler.after(10, shout)

    shout()
    hall.run_for(50)
    hall.kiosk().press("A")
    assert hall.wait_until(lambda: len(hall.papers()) == 1, within=3_000)
    hall.run_for(1_000)
    hall.keys("W02", "next", pause=2_000)
    assert hall.sign("W02").text() == "请A001办理"
    assert hall.wait_until(lambda: said == 200_000, within=20_000)
    assert stored(hall, pad) <= 450, "of 200,000"

    hall.run_for(LONGEST_SILENCE)
    before = stored(hall, pad)
    last = RequestId(f"{pad}/{BootId('e' * 16)}/0")
    report = HealthReported(request_id=last, part="keys", condition=Condition.FAULT, code="stuck")
    flooder.publish(Publication(topic, encode(report)))
    hall.run_for(500)
    assert stored(hall, pad) == before + 1


def stored(hall: Hall, node: NodeName) -> int:
    """How many requests of this node the service has decided."""
    query = "SELECT count(*) FROM requests WHERE request_id LIKE ?"
    return int(hall.service.database.execute(query, [f"{node}/%"]).fetchone()[0])
