"""Real ptys with simulated devices behind them."""

import os
import random
import select
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial

from contracts.values import Ms
from sim.ptys import PtyLine
from sim.realtime import RealTime
from sim.wires import Line


class Parrot:
    """Says everything back, 5 ms later."""

    def __init__(self) -> None:
        self.wake_at: Ms | None = None
        self.heard = b""
        self._back = b""
        self._send: Callable[[bytes], None] | None = None

    def connect(self, send: Callable[[bytes], None]) -> None:
        """Keep the way back."""
        self._send = send

    def hear(self, data: bytes, now: Ms) -> None:
        """Remember, and answer later."""
        self.heard += data
        self._back += data
        self.wake_at = now + 5

    def wake(self, now: Ms) -> None:
        """Answer."""
        assert self._send is not None
        self.wake_at = None
        self._send(self._back)
        self._back = b""


class Bench:
    """A loop, a pty and a parrot."""

    def __init__(self, path: Path, baud: int) -> None:
        self.loop = RealTime()
        self.loop.start()
        self.parrot = Parrot()
        self.line = self.loop.ask(lambda: PtyLine(self.loop, Line(baud=baud), random.Random(1), path))
        self.loop.ask(lambda: self.line.plug(self.parrot))

    def close(self) -> None:
        """Take everything down."""
        self.loop.ask(self.line.close)
        self.loop.stop()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A fast line."""
    bench = Bench(tmp_path / "tty", 115_200)
    yield bench
    bench.close()


ALL_BYTES = bytes(range(256))


def test_all_bytes_pass_both_ways(bench: Bench) -> None:
    """No byte means anything to the line, control characters included."""
    with serial.Serial(str(bench.line.path), 115_200, timeout=5) as port:
        port.write(ALL_BYTES)
        assert port.read(256) == ALL_BYTES
    assert bench.parrot.heard == ALL_BYTES


def test_bytes_take_their_time(tmp_path: Path) -> None:
    """480 bytes at 9600 baud are half a second on the line, though a pty would carry them at once."""
    bench = Bench(tmp_path / "tty", 9600)
    try:
        with serial.Serial(str(bench.line.path), 9600, timeout=5) as port:
            began = bench.loop.now
            port.write(bytes(480))
            assert port.read(1) == b"\0"
            assert bench.loop.now - began >= 500
    finally:
        bench.close()


def test_the_wrong_speed_is_garbage_both_ways(bench: Bench) -> None:
    """Firmware at 9600 on a line of 115200: as many bytes, none right."""
    with serial.Serial(str(bench.line.path), 9600, timeout=5) as port:
        port.write(ALL_BYTES)
        answer = port.read(256)
    assert len(bench.parrot.heard) == 256
    assert not any(one == other for one, other in zip(bench.parrot.heard, ALL_BYTES, strict=True))
    assert answer != bench.parrot.heard


def test_unplugging_breaks_the_open_file_and_the_path_works_again_after(bench: Bench) -> None:
    """The open file fails, the path is gone, and after replugging the same path is a working line."""
    fd = os.open(bench.line.path, os.O_RDWR | os.O_NOCTTY)
    bench.loop.ask(bench.line.unplug)
    select.select([fd], [], [], 5)
    with pytest.raises(OSError, match="Input/output error"):
        os.write(fd, b"x")
    os.close(fd)
    assert not bench.line.path.exists()
    bench.loop.ask(bench.line.replug)
    with serial.Serial(str(bench.line.path), 115_200, timeout=5) as port:
        port.write(b"again")
        assert port.read(5) == b"again"


def test_the_line_survives_the_firmware_closing_its_end(bench: Bench) -> None:
    """A node that restarts finds the device as it was."""
    for _ in range(2):
        with serial.Serial(str(bench.line.path), 115_200, timeout=5) as port:
            port.write(b"x")
            assert port.read(1) == b"x"
    assert bench.parrot.heard == b"xx"


def test_what_breaks_in_the_loop_is_raised_by_stop() -> None:
    """A device that raises does not vanish in a thread."""
    loop = RealTime()
    loop.start()

    def burst() -> None:
        raise RuntimeError("smoke")

    loop.call(burst)
    with pytest.raises(RuntimeError, match="smoke"):
        loop.stop()


def test_what_is_asked_of_the_loop_is_answered_or_raised() -> None:
    """An answer or an error comes back to the thread that asked, and the loop lives on."""
    loop = RealTime()
    loop.start()

    def refuse() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        loop.ask(refuse)
    assert loop.ask(lambda: 42) == 42
    loop.stop()


def test_who_asks_a_broken_loop_is_told_what_broke_it() -> None:
    """Nobody waits for an answer that cannot come."""
    loop = RealTime()
    loop.start()

    def burst() -> None:
        raise RuntimeError("smoke")

    loop.call(burst)
    with pytest.raises(RuntimeError, match="smoke"):
        loop.ask(lambda: 42, within_s=0.2)
    with pytest.raises(RuntimeError, match="smoke"):
        loop.stop()
