"""What the project's own tests share: a log that remembers, a real mosquitto that can be killed, a client that sees all.

Waiting here is always for something that happens, with a limit that is reached only when it does not.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from firmware.runtime.inbox import Inbox
from firmware.runtime.link.base import Limits, Publication
from firmware.runtime.link.connection import Connection
from firmware.runtime.settings import MqttConfig

SHIPPED = Path(__file__).parents[1] / "deploy" / "mosquitto.conf"
"""The configuration of a hall; it comes with the source tree."""
PROGRAM = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PATIENCE_S = 20.0
"""How long anything real may take before a test gives up; nothing waits that long unless it is broken."""


class Memory:
    """A log that remembers its lines; ``wait_for`` waits until another thread has written one."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, Any]]] = []
        self._changed = threading.Condition()

    def __call__(self, event: str, /, **fields: Any) -> None:
        """Remember one line."""
        with self._changed:
            self.lines.append((event, fields))
            self._changed.notify_all()

    @property
    def events(self) -> list[str]:
        """The names of the lines, in order."""
        return [event for event, _ in self.lines]

    def wait_for(self, event: str, *, times: int = 1) -> None:
        """Wait until a line of this name has been written so many times."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.events.count(event) >= times, PATIENCE_S), self.lines


class Mosquitto:
    """A mosquitto process with the configuration we ship, on a port and a folder of its own."""

    welcome = b"\x20\x02\x00\x00"
    """What it says to a stranger: CONNACK, accepted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.store = folder / "hallworks.db"
        self._config = folder / "mosquitto.conf"
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> MqttConfig:
        """Where a link finds it."""
        return MqttConfig(port=self.port)

    def start(self, **changes: str) -> None:
        """Start it and wait until it listens. ``changes`` replace or add lines of the shipped configuration."""
        command = self.command(**changes)
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, errors="replace")  # noqa: S603 -- ours
        running = threading.Event()
        threading.Thread(target=self._read, args=(self._process, running), daemon=True).start()
        assert running.wait(PATIENCE_S), "mosquitto did not start"
        self._knock()

    def command(self, **changes: str) -> list[str]:
        """Write its configuration; returns what starts it, for whoever starts it himself."""
        ours = {"persistence_location": f"{self.folder}/", "user": _user(), "log_type": "all"}
        self._config.write_text(self._configuration({**ours, **changes}))
        assert PROGRAM is not None
        return [PROGRAM, "-c", str(self._config)]

    def _configuration(self, changes: dict[str, str]) -> str:
        """The shipped configuration with these lines instead of its own."""
        return replaced(SHIPPED.read_text(), {"listener": f"{self.port} 127.0.0.1", **changes})

    @staticmethod
    def _read(process: subprocess.Popen[str], running: threading.Event) -> None:
        assert process.stderr is not None
        with process.stderr:
            for line in process.stderr:
                if " running" in line:
                    running.set()

    def _knock(self) -> None:
        """Wait for its first answer; stopped any earlier it would not notice."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as sock:
            sock.sendall(b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x05\x00\x00")  # CONNECT, 3.1.1, clean session, no name
            assert sock.recv(4) == self.welcome

    def stop(self) -> None:
        """Stop it in order; it writes its store."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Power cut."""
        self._end(signal.SIGKILL)

    def forget(self) -> None:
        """Lose what it had stored."""
        self.store.unlink(missing_ok=True)

    def _end(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(PATIENCE_S)
            self._process = None


@dataclass
class Watcher:
    """An independent client that sees everything of the hall and can say anything. Closes like a wire."""

    server: Mosquitto
    log: Memory = field(default_factory=Memory)
    inbox: Inbox[tuple[str, bytes, bool]] = field(default_factory=Inbox)

    def __post_init__(self) -> None:
        self.connection = Connection(
            self.server.address,
            "watcher",
            self,
            self.log,
            will=Publication("nobody", b"x"),
            limits=Limits(50, 1_000),
            session=False,
        )
        self.connection.start()
        self.log.wait_for("link_up")

    def filters(self) -> list[str]:
        """Everything."""
        return ["hall/#"]

    def birth(self) -> None:
        """It is nobody."""

    def came_up(self, number: int, *, session_present: bool) -> None:
        """Its log tells it."""

    def went_down(self, reason: str) -> None:
        """Its log tells it."""

    def arrived(self, topic: str, payload: bytes, *, retained: bool, mid: int, number: int) -> None:  # noqa: ARG002 -- Owner
        """Keep it for the test."""
        self.inbox.post((topic, payload, retained))

    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Publish anything."""
        assert self.connection.publish(Publication(topic, payload, retain))

    def wait_for(self, topic: str) -> tuple[bytes, bool]:
        """The next message on this topic, and whether it was retained."""
        while (item := self.inbox.take(int(PATIENCE_S * 1_000))) is not None:
            if item[0] == topic:
                return item[1], item[2]
        raise AssertionError(f"nothing came on {topic}")

    def close(self) -> None:
        """Go."""
        self.connection.close(Publication("nobody", b""))


def replaced(configuration: str, changes: dict[str, str]) -> str:
    """A configuration of mosquitto with these lines in place of all of their name."""
    kept = [line for line in configuration.splitlines() if line.split(" ")[0] not in changes]
    return "\n".join([*(f"{name} {value}" for name, value in changes.items()), *kept]) + "\n"


def _user() -> str:
    """Whoever runs the tests; started by root mosquitto would otherwise give up its rights to the test's folder."""
    return pwd.getpwuid(os.getuid()).pw_name
