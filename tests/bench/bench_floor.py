"""The floor under every figure: what the same libraries do on the same server without our program.

``service``: answers every QoS 1 message on ``floor/up`` on ``floor/down``, after one committed row (WAL, FULL), and
acknowledges last. ``client``: for every line on stdin one such round trip, its nanoseconds on stdout. ``idle``: only
connected, to be weighed. All of them are as lean as paho allows: one thread each, nothing handed from thread to thread.
"""

import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from firmware.runtime.clock import precise_ns

HOST = "127.0.0.1"
UP, DOWN = "floor/up", "floor/down"
PAYLOAD = b"x" * 200
"""About as long as a TicketRequested; TicketIssued is twice that."""


class Floor:
    """The two floor processes, started and stopped together; ``sample`` is one round trip."""

    def __init__(self, port: int, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._service = _start("service", str(port), str(folder / "floor.db"))
        self._client = _start("client", str(port))

    def sample(self) -> int:
        """One round trip with one committed row, in nanoseconds."""
        assert self._client.stdin is not None
        assert self._client.stdout is not None
        self._client.stdin.write("\n")
        self._client.stdin.flush()
        return int(self._client.stdout.readline())

    def __enter__(self) -> Self:
        """Warm up."""
        for _ in range(50):
            self.sample()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop both."""
        for process in (self._client, self._service):
            stop(process)


def idle(port: int) -> subprocess.Popen[str]:
    """A process that has imported paho and is connected; returns when it is subscribed."""
    return _start("idle", str(port))


def stop(process: subprocess.Popen[str]) -> None:
    """End a floor process."""
    process.terminate()
    process.communicate()


def _start(role: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, role, *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    if process.stdout.readline() != "ready\n":
        raise RuntimeError(f"the floor's {role} did not start")
    return process


# --- What the processes do -----------------------------------------------------------------------------------------------


def _connect(client: Client, port: int, topic: str) -> None:
    def subscribed(*_: Any) -> None:
        sys.stdout.write("ready\n")
        sys.stdout.flush()

    def opened(_client: Client, _data: Any, sock: Any) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def connected(*_: Any) -> None:
        client.subscribe(topic, 1)

    client.on_socket_open = opened
    client.on_connect = connected
    client.on_subscribe = subscribed
    client.connect(HOST, port)


def _service(port: int, path: str) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, payload BLOB)")
    client = Client(CallbackAPIVersion.VERSION2, "floor-service", manual_ack=True)

    def answer(_client: Client, _data: Any, message: MQTTMessage) -> None:
        db.execute("INSERT INTO rows (payload) VALUES (?)", (message.payload,))
        client.publish(DOWN, message.payload, 1)
        client.ack(message.mid, message.qos)

    client.on_message = answer
    _connect(client, port, UP)
    client.loop_forever()


def _client(port: int) -> None:
    client = Client(CallbackAPIVersion.VERSION2, "floor-client")
    answered: list[int] = []
    client.on_message = lambda *_: answered.append(precise_ns())
    _connect(client, port, DOWN)
    while not client.is_connected():
        client.loop(0.01)
    for _ in range(10):
        client.loop(0.02)
    for _ in sys.stdin:
        answered.clear()
        client.loop(0)
        began = precise_ns()
        client.publish(UP, PAYLOAD, 1)
        while not answered:
            client.loop(1.0)
        sys.stdout.write(f"{answered[0] - began}\n")
        sys.stdout.flush()
        client.loop(0.005)  # the acknowledgements


def _idle(port: int) -> None:
    client = Client(CallbackAPIVersion.VERSION2, "floor-idle")
    _connect(client, port, UP + "/nothing")
    client.loop_forever()


if __name__ == "__main__":
    match sys.argv[1]:
        case "service":
            _service(int(sys.argv[2]), sys.argv[3])
        case "client":
            _client(int(sys.argv[2]))
        case _:
            _idle(int(sys.argv[2]))
