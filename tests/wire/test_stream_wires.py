"""Serial lines and TCP connections: bytes cut anywhere, unplugged, plugged in again, and never a waiting loop."""

import os
import socket
import threading
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from firmware.runtime.inbox import Inbox
from firmware.wire.base import BytesArrived, FromWire, WireError, WireLost, WireOpened
from firmware.wire.open import open_wire
from firmware.wire.stream import StreamWire
from sim.testing import PATIENCE_S

Closing = Callable[[Any], Any]
ALL_BYTES = bytes(range(256))


class Posts:
    """What a wire posts, waited for."""

    def __init__(self) -> None:
        self.inbox: Inbox[FromWire] = Inbox()
        self.post = self.inbox.post

    def next(self) -> FromWire:
        """The next thing the wire posts."""
        happening = self.inbox.take(int(PATIENCE_S * 1_000))
        assert happening is not None, "nothing was posted"
        return happening

    def bytes(self, count: int) -> bytes:
        """So many bytes, however they are cut."""
        data = b""
        while len(data) < count:
            happening = self.next()
            assert isinstance(happening, BytesArrived)
            data += happening.data
        return data

    def lost(self) -> str:
        """The reason of the next loss."""
        happening = self.next()
        assert isinstance(happening, WireLost), happening
        return happening.reason


class Adapter:
    """A USB serial adapter: a pty under a stable name that can be pulled out and put back."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.plug_in()

    def plug_in(self) -> None:
        """A new device under the old name."""
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.path.symlink_to(os.ttyname(self.slave))

    def pull_out(self) -> None:
        """The device is gone."""
        self.path.unlink()
        os.close(self.master)
        os.close(self.slave)

    def read(self, count: int) -> bytes:
        """What the node has sent."""
        data = b""
        while len(data) < count:
            data += os.read(self.master, count - len(data))
        return data


@pytest.fixture
def adapter(tmp_path: Path) -> Iterator[Adapter]:
    """An adapter that is plugged in."""
    adapter = Adapter(tmp_path / "ttyPrinter")
    yield adapter
    if adapter.path.is_symlink():
        adapter.pull_out()


def test_every_byte_value_passes_both_ways(adapter: Adapter, closing: Closing) -> None:
    """No control character is eaten by the line discipline."""
    posts = Posts()
    wire = closing(open_wire(f"serial:{adapter.path}?baud=115200&parity=E", posts.post))
    assert posts.next() == WireOpened()
    os.write(adapter.master, ALL_BYTES)
    assert posts.bytes(256) == ALL_BYTES
    wire.write(ALL_BYTES)
    assert adapter.read(256) == ALL_BYTES


def test_bytes_come_cut_anywhere_but_complete_and_in_order(adapter: Adapter, closing: Closing) -> None:
    """One at a time or many at once: a wire promises order, never packets."""
    posts = Posts()
    closing(open_wire(f"serial:{adapter.path}", posts.post))
    assert posts.next() == WireOpened()
    for byte in ALL_BYTES:
        os.write(adapter.master, bytes([byte]))
    assert posts.bytes(256) == ALL_BYTES


def test_unplugged_is_told_once_and_the_new_device_under_the_old_name_is_found(adapter: Adapter, closing: Closing) -> None:
    """Nobody restarts anything: pull, wait, plug in, go on; what was written in between is gone."""
    posts = Posts()
    wire = closing(open_wire(f"serial:{adapter.path}?baud=9600", posts.post))
    for _ in range(2):
        assert posts.next() == WireOpened()
        adapter.pull_out()
        assert posts.lost()
        wire.write(b"into the void")
        adapter.plug_in()
    assert posts.next() == WireOpened()
    wire.write(b"hello")
    assert adapter.read(5) == b"hello"
    os.write(adapter.master, b"there")
    assert posts.bytes(5) == b"there"


def test_a_device_that_is_not_there_at_the_start_is_waited_for(tmp_path: Path, closing: Closing) -> None:
    """One loss is told, with its reason; then the wire opens when the device comes."""
    posts = Posts()
    closing(open_wire(f"serial:{tmp_path / 'ttyLater'}", posts.post))
    assert "No such file" in posts.lost()
    adapter = Adapter(tmp_path / "ttyLater")
    assert posts.next() == WireOpened()
    adapter.pull_out()


def test_two_wires_never_share_a_serial_line(adapter: Adapter, closing: Closing) -> None:
    """A second opener is refused, so that no two processes talk across each other on one bus."""
    first, second = Posts(), Posts()
    wire = closing(open_wire(f"serial:{adapter.path}", first.post))
    assert first.next() == WireOpened()
    closing(open_wire(f"serial:{adapter.path}", second.post))
    assert "lock" in second.lost()
    wire.write(b"still mine")
    assert adapter.read(10) == b"still mine"


def test_a_device_that_takes_no_bytes_never_holds_up_the_loop(adapter: Adapter, closing: Closing) -> None:
    """Writing returns at once; when too much waits, the wire counts as lost and opens anew."""
    posts = Posts()
    file = adapter.path.open("r+b", buffering=0)
    os.set_blocking(file.fileno(), False)
    wire = closing(StreamWire(lambda: file, posts.post, name="stuck", buffer=100_000))
    assert posts.next() == WireOpened()
    for _ in range(12):
        wire.write(bytes(10_000))
    assert "the other end takes none" in posts.lost()


def test_after_close_nothing_is_posted_and_the_thread_is_gone(adapter: Adapter) -> None:
    """A closed wire is silent, and closing twice is no error."""
    posts = Posts()
    wire = open_wire(f"serial:{adapter.path}", posts.post)
    assert posts.next() == WireOpened()
    wire.close()
    wire.close()
    wire.write(b"late")
    assert not [thread for thread in threading.enumerate() if str(adapter.path) in thread.name]
    assert len(posts.inbox) == 0


@pytest.fixture
def printer() -> Iterator[socket.socket]:
    """A network printer's listening socket."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE_S)
        yield server


def url(server: socket.socket) -> str:
    """Its URL."""
    return f"tcp:127.0.0.1:{server.getsockname()[1]}"


def test_a_tcp_device_is_reached_and_reached_again(printer: socket.socket, closing: Closing) -> None:
    """Bytes both ways; when the other end closes, that is told and the connection made anew."""
    posts = Posts()
    wire = closing(open_wire(url(printer), posts.post))
    for _ in range(2):
        assert posts.next() == WireOpened()
        device, _ = printer.accept()
        with device:
            wire.write(b"ask")
            assert device.recv(3, socket.MSG_WAITALL) == b"ask"
            device.sendall(b"answer")
            assert posts.bytes(6) == b"answer"
        assert posts.lost() == "closed by the other end"


def test_a_tcp_device_that_refuses_is_a_lost_wire(closing: Closing) -> None:
    """Switched off at the start: told with its reason, found when it is switched on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    posts = Posts()
    closing(open_wire(f"tcp:127.0.0.1:{port}", posts.post))
    assert posts.lost() == "Connection refused"
    with socket.create_server(("127.0.0.1", port)):
        assert posts.next() == WireOpened()


def test_a_stream_has_no_pins(adapter: Adapter, closing: Closing) -> None:
    """A lamp on a serial line is a mistake of the room's build and stands out."""
    wire = closing(open_wire(f"serial:{adapter.path}", Posts().post))
    with pytest.raises(WireError, match="no pin 17 to set on; pins need a gpio: wire"):
        wire.set(17, active=True)
