"""The inbox: whoever puts in never waits, and the loop hears sources in its own thread."""

import os
import threading
from collections.abc import Iterator

import pytest

from firmware.runtime.inbox import Inbox

LONG_MS = 10_000


class Pipe:
    """A source: every byte in its pipe is an item. ``connected`` false: there is nothing to watch just now."""

    def __init__(self, inbox: Inbox[bytes]) -> None:
        self.inbox = inbox
        self.reading, self.writing = os.pipe()
        self.connected = True
        self.heard_in: list[threading.Thread] = []

    def fileno(self) -> int:
        """The reading end."""
        return self.reading if self.connected else -1

    def ready(self) -> None:
        """One item for what has come."""
        self.heard_in.append(threading.current_thread())
        self.inbox.post(os.read(self.reading, 1))

    def close(self) -> None:
        """Give both ends back."""
        os.close(self.reading)
        os.close(self.writing)


@pytest.fixture
def inbox() -> Inbox[bytes]:
    """An inbox."""
    return Inbox(capacity=2)


@pytest.fixture
def pipe(inbox: Inbox[bytes]) -> Iterator[Pipe]:
    """A source the inbox listens to."""
    one = Pipe(inbox)
    inbox.listen_to(one)
    yield one
    one.close()


def test_what_another_thread_puts_in_ends_the_waiting(inbox: Inbox[bytes]) -> None:
    """A key pressed while the loop waits is handled at once, not at the end of the wait."""
    threading.Thread(target=inbox.post, args=(b"key",)).start()
    assert inbox.take(LONG_MS) == b"key"


def test_a_source_is_read_by_the_thread_that_waits(inbox: Inbox[bytes], pipe: Pipe) -> None:
    """No second thread has to be waited for."""
    threading.Thread(target=os.write, args=(pipe.writing, b"a")).start()
    assert inbox.take(LONG_MS) == b"a"
    assert pipe.heard_in == [threading.current_thread()]


def test_without_waiting_a_source_is_still_asked(inbox: Inbox[bytes], pipe: Pipe) -> None:
    """The service drains what has arrived into one batch, also what still lies in the socket."""
    os.write(pipe.writing, b"ab")
    assert [inbox.take(0) for _ in range(3)] == [b"a", b"b", None]


def test_a_source_that_has_nothing_to_watch_is_left_alone_until_it_has(inbox: Inbox[bytes], pipe: Pipe) -> None:
    """A link that is down puts something in when it is up again; from then on it is watched."""
    pipe.connected = False
    os.write(pipe.writing, b"a")
    assert inbox.take(0) is None
    pipe.connected = True
    inbox.post(b"up")
    assert [inbox.take(LONG_MS), inbox.take(LONG_MS)] == [b"up", b"a"]


def test_what_is_there_already_comes_before_what_a_source_has(inbox: Inbox[bytes], pipe: Pipe) -> None:
    """Order is the order of putting in."""
    os.write(pipe.writing, b"later")
    inbox.post(b"first")
    assert inbox.take(LONG_MS) == b"first"
    assert inbox.take(LONG_MS) == b"l"


def test_stopping_ends_the_waiting(inbox: Inbox[bytes]) -> None:
    """SIGTERM ends a node that has nothing to do."""
    threading.Thread(target=inbox.stop).start()
    assert inbox.take(None) is None
    assert inbox.is_stopped


def test_waiting_ends_in_time_and_with_nothing(inbox: Inbox[bytes]) -> None:
    """The loop turns even if nothing ever happens."""
    assert inbox.take(1) is None


def test_offers_end_before_there_is_no_room_for_what_cannot_be_had_again(inbox: Inbox[bytes]) -> None:
    """A flood of messages is refused while edges still get in; beyond that it is counted."""
    assert [inbox.offer(b"m") for _ in range(3)] == [True, True, False]
    for _ in range(7):
        inbox.post(b"e")
    assert (len(inbox), inbox.dropped) == (8, 2)


def test_a_thousand_wakings_leave_nothing_behind(inbox: Inbox[bytes]) -> None:
    """Every item comes once, however the loop and the other thread meet."""
    taken: list[bytes | None] = []

    def put() -> None:
        for number in range(1_000):
            while not inbox.offer(b"%d" % number):
                pass

    threading.Thread(target=put, daemon=True).start()
    while len(taken) < 1_000:
        taken.append(inbox.take(LONG_MS))
    assert taken == [b"%d" % number for number in range(1_000)]
    assert inbox.take(0) is None
