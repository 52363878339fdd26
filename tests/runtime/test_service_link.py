"""The service's link on a real MQTT server: what is not acknowledged comes again, and only that."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from contracts.codec import decode, encode
from contracts.messages import CallNextRequested, NodeState, PunchMade, PunchStored, ServiceState
from contracts.topics import Topics
from contracts.values import BootId, CardHash, HallId, HallTime, NodeName, RequestId
from firmware.runtime.inbox import Inbox
from firmware.runtime.journal import Journal
from firmware.runtime.link import Arrived, Connected, Disconnected, NodeLink, ServiceItem, ServiceLink
from firmware.runtime.link.connection import Connection
from firmware.runtime.node import FromLink, InboxItem
from firmware.runtime.outbox import JournalOutbox
from firmware.runtime.steps import Heard, LinkUp
from sim.clock import ManualClock
from sim.testing import PATIENCE_S, Memory, Mosquitto, Watcher

pytestmark = pytest.mark.mosquitto

TOPICS = Topics(HallId("demo"))
NODE = NodeName("CLK-01")
BOOT = BootId("00000000000000aa")
STATE = ServiceState(epoch=1, boot=BootId("00000000000000bb"), hall_now=HallTime(1_773_100_800_000))
ASK = TOPICS.up(NODE, CallNextRequested)
Closing = Callable[[Any], Any]


class Service:
    """The service's end: a link and its inbox."""

    def __init__(self, server: Mosquitto) -> None:
        self.inbox: Inbox[ServiceItem] = Inbox()
        self.log = Memory()
        self.link = ServiceLink(server.address, TOPICS, STATE, self.inbox.post, self.log)
        self.link.start()

    def next(self) -> ServiceItem:
        """The next thing that happens."""
        item = self.inbox.take(int(PATIENCE_S * 1_000))
        assert item is not None, "nothing happened"
        return item

    def next_arrival(self) -> Arrived:
        """The next message, past news of the connection."""
        while not isinstance(item := self.next(), Arrived):
            pass
        return item

    def wait_for(self, kind: type[Connected | Disconnected]) -> Connected | Disconnected:
        """The next news of this kind."""
        while not isinstance(item := self.next(), kind):
            pass
        return item

    def close(self) -> None:
        """Go in order."""
        self.link.close(STATE)


def ask(seq: int) -> bytes:
    """A request."""
    return encode(CallNextRequested(request_id=RequestId(f"{NODE}/{BOOT}/{seq}")))


def test_a_request_arrives_undecoded_with_what_is_needed_to_acknowledge_it(mosquitto: Mosquitto, closing: Closing) -> None:
    """Also one that is no message of ours: the service decides what becomes of it."""
    service, watcher = closing(Service(mosquitto)), closing(Watcher(mosquitto))
    assert service.wait_for(Connected) == Connected(1, session_present=False)
    assert service.link.has_nodelay
    watcher.say(ASK, b"poison")
    assert service.next() == Arrived(ASK, b"poison", retained=False, mid=1, connection=1)


def test_what_was_not_acknowledged_comes_again_in_order(mosquitto: Mosquitto, closing: Closing) -> None:
    """A service that dies between taking and committing loses nothing."""
    service, watcher = Service(mosquitto), closing(Watcher(mosquitto))
    service.wait_for(Connected)
    for seq in range(3):
        watcher.say(ASK, ask(seq))
    items = [service.next_arrival() for _ in range(3)]
    assert service.link.ack(items[0])
    service.close()
    again = closing(Service(mosquitto))
    assert [again.next_arrival().payload for _ in range(2)] == [ask(1), ask(2)]


def test_what_is_asked_while_the_service_is_away_waits_for_it(mosquitto: Mosquitto, closing: Closing) -> None:
    """The session outlives the service, and an orderly restart of the MQTT server."""
    service, watcher = Service(mosquitto), closing(Watcher(mosquitto))
    service.wait_for(Connected)
    service.close()
    watcher.say(ASK, ask(7))
    watcher.wait_for(ASK)
    mosquitto.stop()
    mosquitto.start()
    again = closing(Service(mosquitto))
    assert again.wait_for(Connected) == Connected(1, session_present=True)
    assert again.next_arrival().payload == ask(7)


@pytest.mark.parametrize("is_guarded", [True, False], ids=["through the link", "past the link"])
def test_an_acknowledgement_of_an_earlier_connection_is_dropped(
    mosquitto: Mosquitto, closing: Closing, *, is_guarded: bool
) -> None:
    """After the server lost its memory a late acknowledgement would hit another message, which then never comes again.

    The second case sends it past the guard and shows that the trap is real on this server.
    """
    service, first = Service(mosquitto), Watcher(mosquitto)
    service.wait_for(Connected)
    first.say(ASK, ask(1))
    late = service.next_arrival()
    first.close()  # with all its own acknowledgements, else it would say the first request again
    mosquitto.kill()
    mosquitto.forget()
    service.wait_for(Disconnected)
    mosquitto.start()
    assert service.wait_for(Connected) == Connected(2, session_present=False)
    watcher = closing(Watcher(mosquitto))
    watcher.say(ASK, ask(2))
    new = service.next_arrival()
    assert (new.payload, new.mid, new.connection) == (ask(2), late.mid, 2)
    if is_guarded:
        assert not service.link.ack(late)
        assert service.link.stale_acknowledgements == 1
    else:
        assert isinstance(service.link._connection, Connection)
        service.link._connection._client.ack(late.mid, 1)
    service.close()
    watcher.say(ASK, ask(3))
    again = closing(Service(mosquitto))
    assert again.next_arrival().payload == (ask(2) if is_guarded else ask(3))


def test_after_an_outage_old_state_comes_without_the_retained_flag(mosquitto: Mosquitto, closing: Closing) -> None:
    """So nobody may conclude from the flag that something is happening now (design rule 4)."""
    service, watcher = Service(mosquitto), closing(Watcher(mosquitto))
    service.wait_for(Connected)
    service.close()
    birth = encode(NodeState(node=NODE, boot=BOOT, online=True))
    watcher.say(TOPICS.node_state(NODE), birth, retain=True)
    watcher.wait_for(TOPICS.node_state(NODE))
    again = closing(Service(mosquitto))
    arrivals = [again.next_arrival() for _ in range(2)]
    assert {arrival.payload for arrival in arrivals} == {birth}
    assert sorted(arrival.retained for arrival in arrivals) == [False, True]


def test_at_most_200_requests_are_on_the_desk_at_once(mosquitto: Mosquitto, closing: Closing) -> None:
    """The server waits with the 201st until one is acknowledged: server and link are raised together."""
    service, watcher = closing(Service(mosquitto)), closing(Watcher(mosquitto))
    service.wait_for(Connected)
    for seq in range(250):
        watcher.say(ASK, ask(seq))
    items = [service.next_arrival() for _ in range(200)]
    while watcher.wait_for(ASK)[0] != ask(249):
        pass
    assert len(service.inbox) == 0
    for item in items[:50]:
        assert service.link.ack(item)
    assert [service.next_arrival().payload for _ in range(50)] == [ask(seq) for seq in range(200, 250)]


def test_the_world_hears_that_the_service_has_died(mosquitto: Mosquitto, closing: Closing) -> None:
    """Its last will is a heartbeat that says offline, retained."""
    service, watcher = closing(Service(mosquitto)), closing(Watcher(mosquitto))
    service.wait_for(Connected)
    assert service.link.publish(TOPICS.service_state, encode(STATE), retain=True)
    assert watcher.wait_for(TOPICS.service_state) == (encode(STATE), False)
    assert isinstance(service.link._connection, Connection)
    sock = service.link._connection._client.socket()
    assert isinstance(sock, socket.socket)
    sock.shutdown(socket.SHUT_RDWR)
    will, _ = watcher.wait_for(TOPICS.service_state)
    message = decode(TOPICS.service_state, will)
    assert isinstance(message, ServiceState)
    assert not message.online


def test_nothing_is_published_into_an_outage(mosquitto: Mosquitto, closing: Closing) -> None:
    """The service is told so, and republishes from its own state when it is connected again: nothing old comes late."""
    service = closing(Service(mosquitto))
    service.wait_for(Connected)
    mosquitto.kill()
    mosquitto.forget()
    service.wait_for(Disconnected)
    assert not service.link.publish(TOPICS.hall_board, b"old", retain=True)
    mosquitto.start()
    service.wait_for(Connected)
    assert service.link.publish(TOPICS.hall_board, b"new", retain=True)
    watcher = closing(Watcher(mosquitto))
    assert watcher.wait_for(TOPICS.hall_board)[0] == b"new"


class Clock:
    """An attendance clock's outbox on a real link, and a service that stores punches."""

    def __init__(self, server: Mosquitto, folder: Path, log: Memory) -> None:
        self.inbox: Inbox[InboxItem] = Inbox()
        birth = NodeState(node=NODE, boot=BOOT, online=True)
        self.link = NodeLink(server.address, TOPICS, birth, self.inbox, log)
        journal = Journal(folder / "journal", log)
        self.clock = ManualClock(HallTime(0))
        self.outbox = JournalOutbox(journal, self.link, self.clock, log, topics=TOPICS, node=NODE, boot=BOOT)
        self.link.start()

    def turn(self) -> None:
        """One turn of the node's loop; each takes 100 ms of its time."""
        item = self.inbox.take(10)
        now = self.clock.monotonic_ms() + 100
        self.clock.advance_to(now)
        if isinstance(item, FromLink):
            if isinstance(item.happening, Heard):
                self.outbox.heard(item.happening.message, now)
            elif isinstance(item.happening, LinkUp):
                self.outbox.link_up(now)
        if self.outbox.wake_at is not None and self.outbox.wake_at <= now:
            self.outbox.wake(now)

    def close(self) -> None:
        """Go."""
        self.link.close(reason="planned")
        self.outbox.close()


@pytest.mark.parametrize("lost", ["answer", "acknowledgement", "memory"])
def test_a_punch_counts_exactly_once_whatever_is_lost(
    mosquitto: Mosquitto, tmp_path: Path, log: Memory, closing: Closing, lost: str
) -> None:
    """Server killed after the commit but before the answer, before the acknowledgement, or together with all it knew."""
    service, clock = closing(Service(mosquitto)), closing(Clock(mosquitto, tmp_path, log))
    service.wait_for(Connected)
    stored: list[RequestId] = []
    has_failed = False
    for seq in range(3):
        clock.outbox.keep(PunchMade(request_id=RequestId(f"{NODE}/{BOOT}/{seq}"), card=CardHash("c"), staff=None), 0)
    turns = 0
    while (len(clock.outbox) or not has_failed) and turns < 2_000:
        turns += 1
        clock.turn()
        if turns % 50 == 0:
            beat = replace(STATE, hall_now=HallTime(STATE.hall_now + turns))
            service.link.publish(TOPICS.service_state, encode(beat), retain=True)
        item = service.inbox.take(10)
        if not isinstance(item, Arrived) or not item.topic.endswith("PunchMade"):
            continue
        punch = decode(item.topic, item.payload)
        assert isinstance(punch, PunchMade)
        if punch.request_id not in stored:
            stored.append(punch.request_id)
        if len(stored) == 2 and not has_failed:
            has_failed = True
            if lost == "acknowledgement":
                answer = PunchStored(request_id=punch.request_id, at=HallTime(0))
                service.link.publish(TOPICS.down(NODE, PunchStored), encode(answer), retain=False)
            mosquitto.kill()
            if lost == "memory":
                mosquitto.forget()
            mosquitto.start()
        answer = PunchStored(request_id=punch.request_id, at=HallTime(0))
        service.link.publish(TOPICS.down(NODE, PunchStored), encode(answer), retain=False)
        service.link.ack(item)
    assert len(clock.outbox) == 0
    assert sorted(name.rpartition("/")[2] for name in stored) == ["0", "1", "2"]
