"""The ``hallsim`` pin factory, in a process of its own, with firmware that does not know."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contracts.values import Ms
from sim.realtime import RealTime
from sim.sockets import PinSocket

FIRMWARE = """
import sys
from gpiozero import Button, LED
key, lamp = Button(5), LED(17)
key.when_pressed = lamp.on
key.when_released = lamp.off
if key.is_pressed:
    lamp.on()
print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "toggle":
        lamp.toggle()
    print("key", int(key.is_pressed), "lamp", int(lamp.is_lit), flush=True)
"""


class Process:
    """A firmware process with a key on 5 and a lamp on 17."""

    def __init__(self, path: Path) -> None:
        environment = {**os.environ, "GPIOZERO_PIN_FACTORY": "hallsim", "HALLSIM_GPIO": str(path)}
        self.child = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", FIRMWARE],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._answer() == "ready"

    def say(self, what: str = "") -> str:
        """Have the firmware do something; returns how it sees its pins."""
        assert self.child.stdin is not None
        self.child.stdin.write(what + "\n")
        self.child.stdin.flush()
        return self._answer()

    def kill(self) -> None:
        """End it, as kill -9 does."""
        self.child.kill()
        self.child.communicate()

    def _answer(self) -> str:
        assert self.child.stdout is not None
        return self.child.stdout.readline().strip()


class Lamp:
    """A pin device that lets a test wait for what it sees."""

    def __init__(self) -> None:
        self.seen: list[bool] = []
        self._changed = threading.Condition()
        self.drive: Callable[[int, bool], None] | None = None

    def connect(self, drive: Callable[[int, bool], None]) -> None:
        """Keep the way in."""
        self.drive = drive

    def saw(self, pin: int, now: Ms, *, active: bool) -> None:
        """Remember."""
        with self._changed:
            self.seen.append(active)
            self._changed.notify_all()

    def wait_for(self, *expected: bool) -> None:
        """Wait until exactly this was seen."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.seen == list(expected), 10), self.seen


@pytest.fixture
def path() -> Iterator[Path]:
    """A short path: a UNIX socket's may have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="hw") as folder:
        yield Path(folder) / "gpio"


@pytest.fixture
def firmware(path: Path) -> Iterator[Process]:
    """The firmware, running."""
    process = Process(path)
    yield process
    process.kill()


@pytest.fixture
def loop() -> Iterator[RealTime]:
    """The simulator's loop."""
    loop = RealTime()
    loop.start()
    yield loop
    loop.stop()


def panel(loop: RealTime, path: Path) -> tuple[PinSocket, Lamp]:
    """A simulator that has soldered a lamp to the node."""
    pins = loop.ask(lambda: PinSocket(loop, path, [5], [17]))
    lamp = Lamp()
    loop.ask(lambda: pins.plug(lamp))
    return pins, lamp


def test_a_key_pressed_here_lights_a_lamp_there(path: Path, firmware: Process, loop: RealTime) -> None:
    """Plain gpiozero code in another process sees the key, and we see its lamp."""
    pins, lamp = panel(loop, path)
    loop.ask(lambda: pins.drive(5, active=True))
    lamp.wait_for(True)
    assert firmware.say() == "key 1 lamp 1"
    loop.ask(lambda: pins.drive(5, active=False))
    lamp.wait_for(True, False)
    assert pins.refused == []
    loop.ask(pins.close)


def test_the_simulator_may_be_first_and_the_node_may_die_and_return(path: Path, loop: RealTime) -> None:
    """Connecting waits for the node; a dead node's lamp goes dark; a key held meanwhile is closed for the next process."""
    pins, lamp = panel(loop, path)
    process = Process(path)
    try:
        process.say("toggle")
        lamp.wait_for(True)
        process.kill()
        lamp.wait_for(True, False)
        loop.ask(lambda: pins.drive(5, active=True))
        process = Process(path)
        lamp.wait_for(True, False, True)
        assert process.say() == "key 1 lamp 1"
    finally:
        process.kill()
        loop.ask(pins.close)


def test_several_simulators_see_the_same_pins(path: Path, firmware: Process, loop: RealTime) -> None:
    """One presses, the other sees the lamp; one that leaves takes nothing with it."""
    pins, first = panel(loop, path)
    other, second = panel(loop, path)
    loop.ask(lambda: pins.drive(5, active=True))
    first.wait_for(True)
    second.wait_for(True)
    loop.ask(pins.close)
    firmware.say("toggle")
    second.wait_for(True, False)
    loop.ask(other.close)


def raw(path: Path, *lines: bytes) -> list[dict[str, object]]:
    """Send raw lines, close our sending side, and read everything the node says."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(10)
        client.connect(str(path))
        client.sendall(b"".join(lines))
        answers = b""
        while answers.count(b'"error"') < len(lines):
            answers += client.recv(4096)
    return [json.loads(line) for line in answers.splitlines()]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"pin": 99, "drive": 0}\n', "pin 99 is not in use"),
        (b'{"pin": 17, "drive": 0}\n', "pin 17 is an output"),
        (b'{"pin": "5", "drive": 0}\n', "not understood"),
        (b'{"pin": 5, "drive": 7}\n', "not understood"),
        (b"[]\n", "not understood"),
        (b"\xff\xfe\n", "not understood"),
    ],
)
def test_the_node_refuses_what_a_header_could_not_do(path: Path, firmware: Process, line: bytes, why: str) -> None:
    """Unknown pins, outputs and nonsense are refused by name, and change nothing."""
    answers = raw(path, line)
    assert {"pin": 17, "function": "output", "level": 0} in answers
    assert why in str(answers[-1]["error"])
    assert firmware.say() == "key 0 lamp 0"


def test_a_line_without_end_costs_its_sender_the_connection(path: Path, firmware: Process) -> None:
    """Memory stays bounded, and the node goes on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(10)
        client.connect(str(path))
        client.sendall(b"x" * 20_000)
        try:
            while client.recv(4096):
                pass
        except ConnectionResetError:
            pass
    assert firmware.say() == "key 0 lamp 0"


def test_without_a_socket_path_the_factory_says_what_it_needs() -> None:
    """The error names the variable to set."""
    environment = {name: value for name, value in os.environ.items() if name != "HALLSIM_GPIO"}
    done = subprocess.run(
        [sys.executable, "-c", "from gpiozero import Button; Button(5)"],
        env={**environment, "GPIOZERO_PIN_FACTORY": "hallsim"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "needs HALLSIM_GPIO" in done.stderr
    assert done.returncode == 1
