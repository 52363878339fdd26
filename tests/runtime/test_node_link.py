"""A node's link on a real MQTT server: fast, retained where it must be, and alive whatever happens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from contracts.codec import encode
from contracts.messages import (
    CallNextRequested,
    CounterBoard,
    DeskState,
    HealthReported,
    NodeState,
    QueueBoard,
    RequestDone,
    ServiceState,
)
from contracts.topics import Topics
from contracts.values import BootId, Condition, CounterId, CounterPhase, GroupId, HallId, HallTime, NodeName, RequestId
from firmware.runtime.inbox import Inbox
from firmware.runtime.link import NodeLink
from firmware.runtime.node import FromLink, InboxItem
from firmware.runtime.steps import Heard, LinkDown, LinkUp
from sim.testing import PATIENCE_S, Memory, Mosquitto, Watcher

pytestmark = pytest.mark.mosquitto

TOPICS = Topics(HallId("demo"))
NODE = NodeName("CNT-W02")
W02, W03 = CounterId("W02"), CounterId("W03")
BIRTH = NodeState(node=NODE, boot=BootId("00000000000000aa"), online=True, room="counter", version="0.1.0")
Closing = Callable[[Any], Any]


@dataclass
class Station:
    """A node's link with its inbox."""

    server: Mosquitto
    log: Memory
    boards: bool = False
    capacity: int = 1_000

    def __post_init__(self) -> None:
        self.inbox: Inbox[InboxItem] = Inbox(self.capacity)
        self.link = NodeLink(self.server.address, TOPICS, BIRTH, self.inbox, self.log, boards=self.boards)
        self.link.start()

    def hear(self) -> object:
        """The next thing that happens."""
        item = self.inbox.take(int(PATIENCE_S * 1_000))
        assert isinstance(item, FromLink), "nothing happened"
        return item.happening

    def hear_until(self, wanted: object) -> None:
        """Wait until this happens."""
        while self.hear() != wanted:
            pass

    def close(self) -> None:
        """Go in order."""
        self.link.close(reason="planned")


def done(seq: int) -> RequestDone:
    """An answer to this node."""
    return RequestDone(request_id=RequestId(f"{NODE}/{BIRTH.boot}/{seq}"))


DOWN = TOPICS.down(NODE, RequestDone)


def desk_state(counter: CounterId) -> DeskState:
    """A desk."""
    return DeskState(epoch=1, fact=1, counter=counter, phase=CounterPhase.FREE)


def test_every_socket_has_nodelay_also_after_a_reconnect(mosquitto: Mosquitto, log: Memory, closing: Closing) -> None:
    """Asked of the operating system, because paho does not tell."""
    station = closing(Station(mosquitto, log))
    station.hear_until(LinkUp())
    assert station.link.has_nodelay
    mosquitto.kill()
    station.hear_until(LinkDown())
    mosquitto.start()
    station.hear_until(LinkUp())
    assert station.link.has_nodelay


def test_birth_and_goodbye_are_retained_and_carry_the_boot_id(mosquitto: Mosquitto, log: Memory, closing: Closing) -> None:
    """Who looks later still sees how the node is."""
    station = Station(mosquitto, log)
    station.hear_until(LinkUp())
    watcher = closing(Watcher(mosquitto))
    birth, _ = watcher.wait_for(TOPICS.node_state(NODE))
    assert birth == encode(BIRTH)
    station.link.close(reason="planned")
    goodbye, _ = watcher.wait_for(TOPICS.node_state(NODE))
    assert goodbye == encode(
        NodeState(node=NODE, boot=BIRTH.boot, online=False, room="counter", version="0.1.0", reason="planned")
    )
    late = closing(Watcher(mosquitto))
    assert late.wait_for(TOPICS.node_state(NODE)) == (goodbye, True)


def test_a_node_that_dies_is_reported_by_its_last_will(mosquitto: Mosquitto, log: Memory, closing: Closing) -> None:
    """A second process under the same name makes the server cut the first off, as a crash would."""
    station = closing(Station(mosquitto, log))
    station.hear_until(LinkUp())
    watcher = closing(Watcher(mosquitto))
    watcher.wait_for(TOPICS.node_state(NODE))
    twin = Station(mosquitto, Memory())
    will, retained = watcher.wait_for(TOPICS.node_state(NODE))
    assert (will, retained) == (
        encode(NodeState(node=NODE, boot=BIRTH.boot, online=False, room="counter", version="0.1.0")),
        False,
    )
    twin.close()


def test_what_is_said_arrives_on_its_topic(mosquitto: Mosquitto, log: Memory, closing: Closing) -> None:
    """The topic is the table's, the payload the codec's."""
    station, watcher = closing(Station(mosquitto, log)), closing(Watcher(mosquitto))
    station.hear_until(LinkUp())
    request = CallNextRequested(request_id=RequestId("CNT-W02/00000000000000aa/0"))
    station.link.say(request)
    assert watcher.wait_for("hall/v1/demo/node/CNT-W02/up/CallNextRequested") == (encode(request), False)


def test_a_node_says_nothing_that_is_not_its_to_say(mosquitto: Mosquitto, log: Memory, closing: Closing) -> None:
    """A pad that publishes board state is a bug, and stands out as one."""
    station = closing(Station(mosquitto, log))
    with pytest.raises(ValueError, match="CounterBoard is not for a node to say"):
        station.link.say(CounterBoard(epoch=1, fact=1, counter=W02, phase=CounterPhase.FREE))


def test_it_hears_its_answers_its_desk_and_the_heartbeat_and_nothing_of_others(
    mosquitto: Mosquitto, log: Memory, closing: Closing
) -> None:
    """What is not addressed to a node does not cost it anything."""
    station, watcher = closing(Station(mosquitto, log)), closing(Watcher(mosquitto))
    station.hear_until(LinkUp())
    station.link.follow_desk(W02)
    heartbeat = ServiceState(epoch=1, boot=BootId("b" * 16), hall_now=HallTime(1))
    watcher.say(TOPICS.desk(W03), encode(desk_state(W03)))
    watcher.say(TOPICS.down(NodeName("CNT-W03"), RequestDone), encode(done(1)))
    watcher.say(TOPICS.queue_board(GroupId("A")), encode(QueueBoard(epoch=1, fact=1, group=GroupId("A"), waiting=3)))
    watcher.say(TOPICS.service_state, encode(heartbeat))
    watcher.say(TOPICS.desk(W02), encode(desk_state(W02)), retain=True)
    watcher.say(DOWN, encode(done(2)))
    heard = [station.hear() for _ in range(3)]
    assert all(wanted in heard for wanted in (Heard(heartbeat), Heard(desk_state(W02)), Heard(done(2))))


def test_a_display_hears_all_boards(mosquitto: Mosquitto, log: Memory, closing: Closing) -> None:
    """Retained state from before it connected, and what changes afterwards."""
    watcher = closing(Watcher(mosquitto))
    before = QueueBoard(epoch=1, fact=1, group=GroupId("A"), waiting=3)
    watcher.say(TOPICS.queue_board(GroupId("A")), encode(before), retain=True)
    watcher.wait_for(TOPICS.queue_board(GroupId("A")))
    station = closing(Station(mosquitto, log, boards=True))
    station.hear_until(Heard(before))
    after = CounterBoard(epoch=1, fact=2, counter=W02, phase=CounterPhase.FREE)
    watcher.say(TOPICS.counter_board(W02), encode(after))
    station.hear_until(Heard(after))


def test_following_another_desk_ends_hearing_the_first(mosquitto: Mosquitto, log: Memory, closing: Closing) -> None:
    """A pad that was moved to another counter is armed by that one only, also after a reconnect."""
    station, watcher = closing(Station(mosquitto, log)), closing(Watcher(mosquitto))
    station.link.follow_desk(W02)
    station.hear_until(LinkUp())
    station.link.follow_desk(W03)
    for _ in range(2):
        watcher.say(TOPICS.desk(W03), encode(desk_state(W03)), retain=True)
        station.hear_until(Heard(desk_state(W03)))
        watcher.say(TOPICS.desk(W02), encode(desk_state(W02)))
        watcher.say(DOWN, encode(done(1)))
        while (happening := station.hear()) != Heard(done(1)):
            assert happening != Heard(desk_state(W02))
        mosquitto.kill()
        station.hear_until(LinkDown())
        mosquitto.start()
        station.hear_until(LinkUp())
        watcher.log.wait_for("link_up", times=2)


def test_noise_from_outside_is_logged_and_dropped(mosquitto: Mosquitto, log: Memory, closing: Closing) -> None:
    """Malformed, oversized, of an unknown version or not for this topic: the node hears none of it and lives on."""
    station, watcher = closing(Station(mosquitto, log)), closing(Watcher(mosquitto))
    station.hear_until(LinkUp())
    noise = [
        b"{",
        b"\xff\xfe",
        b"[]",
        b"x" * 70_000,
        b'{"schema":1,"message":"Nonsense"}',
        encode(desk_state(W02)),
        b"\x00" * 9,
    ]
    for payload in noise:
        watcher.say(DOWN, payload)
    watcher.say(DOWN, b"")
    watcher.say(DOWN, encode(done(1)))
    assert station.hear() == Heard(done(1))
    assert log.events.count("message_refused") == len(noise)


def test_a_callback_that_fails_does_not_end_the_network_thread(mosquitto: Mosquitto, log: Memory, closing: Closing) -> None:
    """The exception is logged; the next message is heard on the same connection."""
    station, watcher = closing(Station(mosquitto, log)), closing(Watcher(mosquitto))
    station.hear_until(LinkUp())
    offer, failures = station.inbox.offer, [RuntimeError("a bug in a callback")]

    def failing_once(item: InboxItem) -> bool:
        if failures:
            raise failures.pop()
        return bool(offer(item))

    station.inbox.offer = failing_once
    watcher.say(DOWN, encode(done(1)))
    watcher.say(DOWN, encode(done(2)))
    assert station.hear() == Heard(done(2))
    failed = [fields for event, fields in log.lines if event == "link_callback_failed"]
    assert [fields["callback"] for fields in failed] == ["_on_message"]
    assert log.events.count("link_up") == 1


def test_an_outage_is_told_once_and_what_was_retained_comes_again(
    mosquitto: Mosquitto, log: Memory, closing: Closing
) -> None:
    """After the server is back the node is subscribed again, and hears the state of now."""
    station, watcher = closing(Station(mosquitto, log)), closing(Watcher(mosquitto))
    station.link.follow_desk(W02)
    station.hear_until(LinkUp())
    mosquitto.kill()
    mosquitto.forget()
    station.hear_until(LinkDown())
    station.link.say(CallNextRequested(request_id=RequestId("CNT-W02/00000000000000aa/1")))  # dropped: nobody is there
    mosquitto.start()
    watcher.log.wait_for("link_up", times=2)
    watcher.say(TOPICS.desk(W02), encode(desk_state(W02)), retain=True)
    station.hear_until(LinkUp())
    station.hear_until(Heard(desk_state(W02)))
    station.link.say(CallNextRequested(request_id=RequestId("CNT-W02/00000000000000aa/2")))
    payload, _ = watcher.wait_for("hall/v1/demo/node/CNT-W02/up/CallNextRequested")
    assert payload.endswith(b'/2","expires_at":null}'), "what was said into the outage did not come late"
    assert log.events.count("link_unreachable") <= 1


def test_a_link_that_starts_before_the_server_comes_up_with_it(mosquitto: Mosquitto, log: Memory, closing: Closing) -> None:
    """The order in which a hall is switched on does not matter."""
    mosquitto.stop()
    station = closing(Station(mosquitto, log))
    log.wait_for("link_unreachable")
    mosquitto.start()
    station.hear_until(LinkUp())


def test_an_overfull_inbox_gets_the_retained_state_again(mosquitto: Mosquitto, log: Memory, closing: Closing) -> None:
    """State refused for want of room is asked for anew as soon as there is room; the last state wins in the end."""
    watcher = closing(Watcher(mosquitto))
    boards = [QueueBoard(epoch=1, fact=n, group=GroupId(chr(65 + n)), waiting=n) for n in range(20)]
    for board in boards:
        watcher.say(TOPICS.queue_board(board.group), encode(board), retain=True)
    watcher.wait_for(TOPICS.queue_board(boards[-1].group))
    station = closing(Station(mosquitto, log, boards=True, capacity=6))
    log.wait_for("inbox_full")
    heard: set[str] = set()
    while len(heard) < len(boards):
        station.link.tend()
        happening = station.hear()
        if isinstance(happening, Heard) and isinstance(happening.message, QueueBoard):
            heard.add(happening.message.group)
    assert station.inbox.dropped > 0


def test_a_dead_network_thread_is_started_again(mosquitto: Mosquitto, log: Memory, closing: Closing) -> None:
    """Should the network thread end in spite of everything, that is said, and the loop's next turn brings it back."""
    station, watcher = closing(Station(mosquitto, log)), closing(Watcher(mosquitto))
    station.hear_until(LinkUp())
    client = station.link._connection._client
    look = client.loop_misc

    def failing_once() -> None:
        client.loop_misc = look
        raise RuntimeError("a bug in a library")

    client.loop_misc = failing_once
    watcher.say(DOWN, encode(done(1)))
    log.wait_for("network_thread_failed")
    station.link._connection._network._thread.join()
    station.link.tend()
    assert "network_thread_restarted" in log.events
    watcher.say(DOWN, encode(done(2)))
    station.hear_until(Heard(done(2)))


def test_a_password_is_read_from_its_file(tmp_path: Any) -> None:
    """Only the first line, without its end."""
    from firmware.runtime.link.connection import _first_line  # noqa: PLC0415 -- the one place it is looked at

    (tmp_path / "secret").write_text("geheim 县\nsecond line\n", encoding="utf-8")
    assert _first_line(str(tmp_path / "secret")) == "geheim 县"
    assert _first_line("") is None


def test_a_crash_report_goes_out_before_the_goodbye(mosquitto: Mosquitto, log: Memory, closing: Closing) -> None:
    """What is said right before closing still arrives, and first."""
    watcher, station = closing(Watcher(mosquitto)), Station(mosquitto, log)
    station.hear_until(LinkUp())
    watcher.wait_for(TOPICS.node_state(NODE))
    report = HealthReported(request_id=RequestId("x/y/1"), part="node", condition=Condition.FAULT, code="crashed")
    station.link.say(report)
    station.link.close(reason="")
    seen = [watcher.inbox.take(int(PATIENCE_S * 1_000)) for _ in range(2)]
    assert [item[0] for item in seen if item] == [TOPICS.up(NODE, HealthReported), TOPICS.node_state(NODE)]
