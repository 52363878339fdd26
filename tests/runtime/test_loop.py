"""The one loop: it waits, it handles, it feeds the watchdog, and it goes down in order."""

import os
import signal
import threading
from io import StringIO

import msgspec

from contracts.values import HallTime, Ms
from firmware.runtime.inbox import Inbox
from firmware.runtime.log import JsonLog
from firmware.runtime.loop import run_forever
from firmware.runtime.node import FromLink, FromWire, InboxItem
from firmware.runtime.steps import LinkUp
from sim.clock import ManualClock
from sim.testing import Memory


class Systemd:
    """What systemd is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def notify(self, what: str) -> None:
        """Remember it."""
        self.told.append(what)


class TinyNode:
    """A node that does what the test tells it, and stops its loop at its last item."""

    def __init__(self, inbox: Inbox[InboxItem]) -> None:
        self.inbox = inbox
        self.handled: list[object] = []
        self.woken: list[Ms] = []
        self.closed: list[str] = []
        self.wake_at: Ms | None = None

    def begin(self, now: Ms) -> None:
        """Start."""
        self.handled.append(("begin", now))

    def handle(self, item: InboxItem, now: Ms) -> None:
        """One thing happens."""
        happening = item.happening
        self.handled.append(happening)
        if happening == "stop":
            self.inbox.stop()
        elif happening == "break":
            raise RuntimeError("a bug")
        elif happening == "signal":
            os.kill(os.getpid(), signal.SIGTERM)

    def wake(self, now: Ms) -> None:
        """The wished time has come."""
        self.woken.append(now)
        self.wake_at = None
        self.inbox.stop()

    def close(self, *, reason: str = "planned") -> None:
        """The end."""
        self.closed.append(reason)


def inbox_with(*happenings: object) -> Inbox[InboxItem]:
    """An inbox in which these wait."""
    inbox: Inbox[InboxItem] = Inbox()
    for happening in happenings:
        inbox.post(FromWire(("port",), happening))
    return inbox


def test_the_node_begins_handles_in_order_and_closes_as_planned(log: Memory) -> None:
    """What arrives is handled one by one; a stop leads to an orderly goodbye and exit code 0."""
    inbox = inbox_with("a", "b", "stop")
    node, systemd, seen = TinyNode(inbox), Systemd(), list[InboxItem]()
    code = run_forever(node, inbox, ManualClock(HallTime(0), 5), log, seen=seen.append, systemd=systemd)
    assert code == 0
    assert node.handled == [("begin", 5), "a", "b", "stop"]
    assert node.closed == ["planned"]
    assert [item.happening for item in seen] == ["a", "b", "stop"]
    assert systemd.told == ["READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1", "STOPPING=1"]


def test_sigterm_ends_it_after_the_happening_in_hand(log: Memory) -> None:
    """Being stopped by systemd is an orderly goodbye, and the old handlers are back afterwards."""
    before = signal.getsignal(signal.SIGTERM)
    inbox = inbox_with("signal")
    node = TinyNode(inbox)
    assert run_forever(node, inbox, ManualClock(HallTime(0)), log, systemd=Systemd()) == 0
    assert node.closed == ["planned"]
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_broken_node_says_so_and_leaves_with_code_1(log: Memory) -> None:
    """The error is logged and reported, the goodbye is not called planned, systemd will start it again."""
    inbox = inbox_with("break", "never")
    node, crashes, systemd = TinyNode(inbox), list[str](), Systemd()
    code = run_forever(node, inbox, ManualClock(HallTime(0)), log, crashed=crashes.append, systemd=systemd)
    assert code == 1
    assert crashes == ["RuntimeError('a bug')"]
    assert node.closed == [""]
    assert log.events == ["crashed"]
    assert "in handle" in log.lines[0][1]["traceback"]
    assert systemd.told == ["READY=1"], "no watchdog for a turn that failed"


def test_a_goodbye_that_fails_too_does_not_hide_the_error(log: Memory) -> None:
    """Both are in the log, the first one first."""
    inbox = inbox_with("break")
    node = TinyNode(inbox)

    def failing(_error: str) -> None:
        raise OSError("no network either")

    assert run_forever(node, inbox, ManualClock(HallTime(0)), log, crashed=failing, systemd=Systemd()) == 1
    assert log.events == ["crashed", "closing_failed"]
    assert node.closed == [""]


def test_a_wished_time_that_has_come_wakes_the_node(log: Memory) -> None:
    """Without any happening the node is woken at its time."""
    inbox = inbox_with()
    node = TinyNode(inbox)
    node.wake_at = 40
    assert run_forever(node, inbox, ManualClock(HallTime(0), 40), log, systemd=Systemd()) == 0
    assert node.woken == [40]


def test_an_overdue_wish_does_not_wait_for_the_inbox_to_be_empty(log: Memory) -> None:
    """Noise on a wire cannot starve a timeout."""
    inbox = inbox_with("noise", "noise", "noise")
    node = TinyNode(inbox)
    node.wake_at = 40
    run_forever(node, inbox, ManualClock(HallTime(0), 41), log, systemd=Systemd())
    assert node.handled == [("begin", 41), "noise"]
    assert node.woken == [41]


def test_the_inbox_wakes_a_waiting_loop(log: Memory) -> None:
    """A happening of another thread is handled at once, not at the next turn."""
    inbox = inbox_with()
    node, turns = TinyNode(inbox), threading.Event()

    def library_thread() -> None:
        turns.wait()
        inbox.post(FromWire(("port",), "stop"))

    thread = threading.Thread(target=library_thread)
    thread.start()
    run_forever(node, inbox, ManualClock(HallTime(0)), log, begun=lambda _now: turns.set(), systemd=Systemd())
    thread.join()
    assert node.handled[-1] == "stop"


def test_an_overfull_inbox_refuses_what_can_be_had_again_and_takes_what_cannot() -> None:
    """State may be refused (the link asks for it again); an edge of a key or a change of the link still has room."""
    inbox: Inbox[InboxItem] = Inbox(capacity=2)
    state = FromLink(LinkUp())
    assert [inbox.offer(state) for _ in range(3)] == [True, True, False]
    inbox.post(FromWire(("keys",), "edge"))
    assert (len(inbox), inbox.dropped, inbox.has_room) == (3, 1, False)
    for _ in range(20):
        inbox.post(FromWire(("keys",), "edge"))
    assert len(inbox) == 8, "bounded whatever happens"
    while len(inbox) > 1:
        inbox.take(0)
    assert inbox.has_room


def test_a_log_line_is_one_json_object() -> None:
    """Time, node, level, event and fields; odd values become text; a level below the wanted one is not written."""
    stream = StringIO()
    log = JsonLog("TM-01", ManualClock(HallTime(1_773_100_800_123)), level="info", stream=stream)
    log("paper_out", port="printer", error=OSError("gone"))
    log("chatter", level="debug")
    assert stream.getvalue().count("\n") == 1
    assert msgspec.json.decode(stream.getvalue()) == {
        "at": "2026-03-10T00:00:00.123+00:00",
        "node": "TM-01",
        "level": "info",
        "event": "paper_out",
        "port": "printer",
        "error": "gone",
    }


def test_a_log_that_cannot_be_written_stops_nobody() -> None:
    """A closed stderr is not a reason to stop giving tickets."""
    stream = StringIO()
    stream.close()
    JsonLog("TM-01", ManualClock(HallTime(0)), stream=stream)("anything")
