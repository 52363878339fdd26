"""The MQTT server in memory keeps exactly the promises of a real one."""

import itertools

import pytest

from contracts.values import HallTime
from sim.clock import ManualClock, Scheduler
from sim.mqtt import MAX_INFLIGHT, Connection, Delivery, MqttServer, NoWayError, Publication, matches


class Client:
    """A client that remembers what it got and, unless told otherwise, acknowledges it at once."""

    def __init__(self, server: MqttServer, name: str, *, persistent: bool = False, acks: bool = True) -> None:
        self.got: list[Delivery] = []
        self.losses = 0
        self.acks = acks
        self._server = server
        self._name = name
        self._persistent = persistent
        self.connection: Connection

    def connect(self, *patterns: str, will: Publication | None = None) -> "Client":
        """Connect and subscribe."""
        self.connection = self._server.connect(
            self._name, self.deliver, self.lost, will=will, is_persistent=self._persistent
        )
        self.connection.subscribe(patterns)
        return self

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Send a message."""
        self.connection.publish(Publication(topic, payload, retain))

    def deliver(self, delivery: Delivery) -> None:
        """Get a message."""
        self.got.append(delivery)
        if self.acks:
            self.connection.acknowledge(delivery.mid)

    def lost(self) -> None:
        """Be told that the connection is gone."""
        self.losses += 1

    def payloads(self) -> list[bytes]:
        """What was got, in order."""
        return [delivery.payload for delivery in self.got]


@pytest.fixture
def server() -> MqttServer:
    """A server in virtual time."""
    return MqttServer(Scheduler(ManualClock(HallTime(0))))


def run(server: MqttServer, ms: int = 1000) -> None:
    """Let some time pass."""
    assert isinstance(server.timetable, Scheduler)
    server.timetable.run_until(server.timetable.now + ms)


@pytest.mark.parametrize(
    ("pattern", "topic", "expected"),
    [
        ("a/+/c", "a/b/c", True),
        ("a/+/c", "a/b/d", False),
        ("a/+", "a/b/c", False),
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("a/b", "a/b", True),
        ("a/b", "a", False),
        ("+", "a/b", False),
    ],
)
def test_filters_match_as_mqtt_says(pattern: str, topic: str, expected: bool) -> None:
    """``+`` is one level, ``#`` is any number, and the parent level too."""
    assert matches(pattern, topic) is expected


def test_retained_state_reaches_a_late_subscriber_and_says_so(server: MqttServer) -> None:
    """The newest retained message comes at subscription, marked; an empty one removes it."""
    sender = Client(server, "s").connect()
    for payload in (b"old", b"new"):
        sender.publish("t/a", payload, retain=True)
    sender.publish("t/b", b"gone", retain=True)
    sender.publish("t/b", b"", retain=True)
    run(server)
    late = Client(server, "l").connect("t/+")
    run(server)
    assert [(one.payload, one.retained) for one in late.got] == [(b"new", True)]
    sender.publish("t/a", b"live", retain=True)
    run(server)
    assert (late.got[-1].payload, late.got[-1].retained) == (b"live", False)


def test_a_persistent_session_gets_again_what_it_did_not_acknowledge_in_order(server: MqttServer) -> None:
    """Unacknowledged first, then what came meanwhile; marked as sent again."""
    service = Client(server, "svc", persistent=True, acks=False).connect("up")
    sender = Client(server, "s").connect()
    for payload in (b"1", b"2"):
        sender.publish("up", payload)
    run(server)
    service.connection.acknowledge(service.got[0].mid)
    run(server)
    service.connection.end()
    sender.publish("up", b"3")
    run(server)
    service.acks = True
    service.connect()
    run(server)
    assert service.payloads() == [b"1", b"2", b"2", b"3"]
    assert [one.is_again for one in service.got] == [False, False, True, False]


def test_a_clean_session_gets_nothing_it_was_not_there_for(server: MqttServer) -> None:
    """Nodes connect clean: what is sent meanwhile and not retained is not theirs."""
    node = Client(server, "n").connect("down")
    run(server)
    node.connection.end()
    sender = Client(server, "s").connect()
    sender.publish("down", b"missed")
    run(server)
    node.connect("down")
    sender.publish("down", b"seen")
    run(server)
    assert node.payloads() == [b"seen"]


def test_an_acknowledgement_belongs_to_its_connection(server: MqttServer) -> None:
    """A late acknowledgement through a dead connection acknowledges nothing of the new one."""
    service = Client(server, "svc", persistent=True, acks=False).connect("up")
    sender = Client(server, "s").connect()
    sender.publish("up", b"1")
    run(server)
    old = service.connection
    old.end()
    service.connect()
    run(server)
    old.acknowledge(service.got[-1].mid)
    run(server)
    service.connection.end()
    service.connect()
    run(server)
    assert service.payloads() == [b"1", b"1", b"1"]


def test_no_more_than_the_window_is_under_way_unacknowledged(server: MqttServer) -> None:
    """As many as the window holds wait for an acknowledgement, the next waits in the session."""
    service = Client(server, "svc", persistent=True, acks=False).connect("up")
    sender = Client(server, "s").connect()
    for number in range(MAX_INFLIGHT + 5):
        sender.publish("up", b"%d" % number)
    run(server)
    assert len(service.got) == MAX_INFLIGHT
    service.connection.acknowledge(service.got[0].mid)
    run(server)
    assert len(service.got) == MAX_INFLIGHT + 1


def test_a_last_will_is_for_those_who_did_not_say_goodbye(server: MqttServer) -> None:
    """A lost connection publishes its will, an orderly one does not."""
    watcher = Client(server, "w").connect("state/+")
    polite = Client(server, "p").connect(will=Publication("state/p", b"dead", retain=True))
    broken = Client(server, "b").connect(will=Publication("state/b", b"dead", retain=True))
    polite.connection.disconnect()
    broken.connection.end()
    run(server)
    assert [one.topic for one in watcher.got] == ["state/b"]
    assert (polite.losses, broken.losses) == (0, 1)


def test_a_second_connection_of_one_client_takes_over(server: MqttServer) -> None:
    """The first is told that it is gone."""
    first = Client(server, "same").connect("t")
    second = Client(server, "same").connect("t")
    run(server)
    Client(server, "s").connect().publish("t", b"x")
    run(server)
    assert (first.losses, first.payloads(), second.payloads()) == (1, [], [b"x"])


@pytest.mark.parametrize("with_memory", [True, False])
def test_a_restart_with_and_without_memory(server: MqttServer, with_memory: bool) -> None:
    """With memory, session and retained state survive; without, both are gone and a client finds an empty server."""
    service = Client(server, "svc", persistent=True, acks=False).connect("up")
    sender = Client(server, "s").connect(will=Publication("state/s", b"dead", retain=True))
    sender.publish("up", b"1")
    sender.publish("board", b"state", retain=True)
    run(server)
    server.stop(with_memory=with_memory)
    run(server)
    with pytest.raises(NoWayError):
        service.connect()
    server.start()
    service.connect()
    late = Client(server, "l").connect("board")
    run(server)
    assert service.losses == 1
    assert service.payloads() == ([b"1", b"1"] if with_memory else [b"1"])
    assert late.payloads() == ([b"state"] if with_memory else [])
    assert "state/s" not in server.retained


def test_a_cut_client_is_noticed_late_and_finds_its_way_back(server: MqttServer) -> None:
    """Nothing passes a cut path; its loss is noticed after the keep-alive; after mending it can connect again."""
    node = Client(server, "n").connect("t", will=Publication("state/n", b"dead", retain=True))
    sender = Client(server, "s").connect()
    run(server)
    server.cut("n", notice_after=500)
    node.publish("up", b"lost", retain=True)
    sender.publish("t", b"lost")
    run(server, 400)
    assert (node.losses, "state/n" in server.retained) == (0, False)
    run(server, 200)
    assert (node.losses, "state/n" in server.retained) == (1, True)
    with pytest.raises(NoWayError):
        node.connect()
    server.mend("n")
    node.connect("t")
    sender.publish("t", b"seen")
    run(server)
    assert node.payloads() == [b"seen"]
    assert "up" not in server.retained


def test_delays_never_change_the_order_and_copies_are_delivered(server: MqttServer) -> None:
    """A slow message holds up those behind it; a path that doubles delivers everything twice."""
    node = Client(server, "n").connect("t")
    sender = Client(server, "s").connect()
    run(server)
    delays = itertools.chain([300, 1, 200], itertools.repeat(1))
    server.path("n").delay = lambda _: next(delays)
    server.path("n").copies = lambda _: 2
    for payload in (b"1", b"2"):
        sender.publish("t", payload)
    run(server)
    assert node.payloads() == [b"1", b"1", b"2", b"2"]
