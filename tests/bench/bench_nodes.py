"""What a node costs: its memory over a bare Python with paho, its start over importing paho."""

import queue
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bench_floor
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from contracts.codec import decode
from contracts.messages import NodeState
from firmware.runtime.clock import precise_ns
from sim.demo import OPENS_AT
from sim.furniture import Furniture
from sim.halls import config_text
from sim.process_hall import ProcessHall
from sim.processes import wait_a_moment

NAMES = {"rating_pad": "pad", "punch_clock": "clock", "kiosk": "kiosk", "counter": "counter", "display": "display"}
_PATIENCE_S = 20.0


@dataclass(slots=True)
class Costs:
    """Resident KiB by kind of node (and ``service``, ``floor``), nanoseconds of each start (and of ``floor``)."""

    rss: dict[str, int] = field(default_factory=dict)
    start: dict[str, list[int]] = field(default_factory=dict)


def measure(folder: Path, starts: Mapping[str, int], progress: Callable[[str, int, int], None]) -> Costs:
    """Open the whole small hall, weigh it at work, then start one node after the other; ``starts``: how often each kind."""
    costs = Costs()
    with ProcessHall(config_text("demo-small"), folder, seed=1, clock_start=OPENS_AT, only_mosquitto=True) as hall:
        pieces = {NAMES[piece.room]: piece for piece in reversed(list(hall.furnished))}
        children = {child.name: child.popen.pid for child in hall.processes.children}
        bare = bench_floor.idle(hall.mqtt.port)
        try:
            wait_a_moment(hall.service, 2.0)
            costs.rss = {kind: _resident(children[piece.node]) for kind, piece in pieces.items()}
            costs.rss |= {"service": _resident(hall.service.popen.pid), "floor": _resident(bare.pid)}
        finally:
            bench_floor.stop(bare)
        for child in hall.processes.children[2:]:  # all but the MQTT server and the service
            child.popen.terminate()
            child.popen.wait(_PATIENCE_S)
        births = _Births(hall.mqtt.port)
        rounds = max(starts.values())
        for number in range(rounds):
            costs.start.setdefault("floor", []).append(_import_paho())
            for kind, piece in pieces.items():
                if number < starts.get(kind, 0):
                    costs.start.setdefault(kind, []).append(_start(hall, piece, births))
            progress("starts", number + 1, rounds)
        births.close()
    return costs


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def _import_paho() -> int:
    began = precise_ns()
    subprocess.run([sys.executable, "-c", "import paho.mqtt.client"], check=True)
    return precise_ns() - began


def _start(hall: ProcessHall, piece: Furniture, births: "_Births") -> int:
    """From starting the process until the server passes its birth on, which a node says when it has subscribed."""
    environment = {"GPIOZERO_PIN_FACTORY": "hallsim", "HALLSIM_GPIO": str(hall.world.socket(piece.node))}
    config = hall.folder / "nodes" / piece.node / "node.toml"
    births.forget()
    began = precise_ns()
    child = hall.processes.start(piece.node, [sys.executable, "-m", piece.room, "--config", str(config)], environment)
    born = births.wait_for(piece.node)
    child.popen.terminate()
    child.popen.wait(_PATIENCE_S)
    return born - began


class _Births:
    """Hears at the server when nodes are born."""

    def __init__(self, port: int) -> None:
        self._heard = queue.SimpleQueue[tuple[int, str]]()
        self._client = Client(CallbackAPIVersion.VERSION2, "bench-births")
        self._client.on_connect = self._subscribe
        self._client.on_message = self._hear
        self._client.connect(bench_floor.HOST, port)
        self._client.loop_start()

    def _subscribe(self, *_: Any) -> None:
        self._client.subscribe("hall/v1/+/node/+/state", 1)

    def _hear(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        at = precise_ns()
        state = decode(message.topic, bytes(message.payload))
        if isinstance(state, NodeState) and state.online:
            self._heard.put((at, state.node))

    def forget(self) -> None:
        """What was heard before does not count."""
        while not self._heard.empty():
            self._heard.get()

    def wait_for(self, node: str) -> int:
        """When this node was born."""
        while True:
            at, name = self._heard.get(timeout=_PATIENCE_S)
            if name == node:
                return at

    def close(self) -> None:
        """Stop hearing."""
        self._client.disconnect()
        self._client.loop_stop()
