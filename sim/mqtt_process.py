"""A real MQTT server on a free port of this machine: mosquitto where it is installed, else the one pip brings.

The stand-in is ``iotcore`` (rumqttd). It is good enough to watch a hall at work; what it says about durability and latency
is not the product's, and whoever starts it is told so.
"""

import os
import shutil
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from sim.processes import Child, Processes, wait_a_moment

HOST = "127.0.0.1"
SHIPPED = Path(__file__).resolve().parent.parent / "deploy" / "mosquitto.conf"
_PLACES = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
_MOMENTS = 200
_OUR_OWN = ("listener", "persistence_location", "persistence_file", "user", "pid_file")


class NoServerError(RuntimeError):
    """No MQTT server could be started; says what to install or where its log is."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running MQTT server."""

    name: str
    port: int
    meaning: str
    """What its being this one means for what is measured."""
    child: Child


def start(processes: Processes, folder: Path, *, only_mosquitto: bool = False) -> Server:
    """Start a server and wait until it listens. Raises :class:`NoServerError`."""
    port = _free_port()
    program = mosquitto()
    if program is not None:
        child = processes.start("mosquitto", [program, "-c", str(_configuration(folder, port))])
        meaning = "with the configuration a hall uses (deploy/mosquitto.conf)"
        return listening(Server("mosquitto", port, meaning, child))
    if only_mosquitto:
        raise NoServerError("mosquitto is not installed; on Debian: apt-get install mosquitto")
    child = processes.start("iotcore", [sys.executable, "-m", "iotcore", "--listen", HOST, "--port", str(port)])
    meaning = "because mosquitto is not installed; durability and latency are not the product's (about 44 ms an echo)"
    return listening(Server("iotcore (rumqttd)", port, meaning, child))


def mosquitto() -> str | None:
    """Where mosquitto is, if it is installed; Debian puts it where an ordinary user's PATH does not look.

    ``HALLSIM_NO_MOSQUITTO=1`` looks away, to try the stand-in where both are.
    """
    if os.environ.get("HALLSIM_NO_MOSQUITTO") == "1":
        return None
    return shutil.which("mosquitto") or shutil.which("mosquitto", path=os.pathsep.join(_PLACES))


def _configuration(folder: Path, port: int) -> Path:
    """The configuration a hall uses, with port, folder and user of this run."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = SHIPPED.read_text(encoding="utf-8").splitlines() if SHIPPED.exists() else _MINIMUM
    kept = [line for line in lines if line.split(" ")[0] not in _OUR_OWN]
    path = folder / "mosquitto.conf"
    ours = [f"persistence_location {folder}/", "persistence_file hallworks.db"]
    if os.geteuid() == 0:
        ours.append("user root")
    path.write_text("\n".join([f"listener {port} {HOST}", *kept, *ours, ""]), encoding="utf-8")
    return path


_MINIMUM = ["allow_anonymous true", "persistence true", "set_tcp_nodelay true", "max_inflight_messages 200"]
"""Where the project was installed without its deploy folder."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def listening(server: Server) -> Server:
    """Wait until it does. Raises :class:`NoServerError`."""
    for _ in range(_MOMENTS):
        try:
            socket.create_connection((HOST, server.port), timeout=1).close()
        except OSError:
            if not wait_a_moment(server.child):
                break
        else:
            return server
    raise NoServerError(f"{server.name} did not start; it said:\n{server.child.last_words()}")
