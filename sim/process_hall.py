"""A whole hall as processes: a real MQTT server, the service, every node by itself, on ptys and pin sockets of this machine.

The firmware is started as systemd would start it, from a node.toml; only its device paths lead to the simulator. All devices
and people live in one loop (``sim.realtime``) in one thread of this process.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from broker.config import load
from contracts.values import HallId
from sim import mqtt_process
from sim.furnishing import Furnished, furnish
from sim.furniture import Furniture
from sim.processes import Child, Processes, wait_a_moment
from sim.realtime import RealTime
from sim.rooms import table, toml
from sim.world import ProcessWorld
from words import text

_MOMENTS = 1_200
"""A minute in twentieths of a second: how long a hall may take until it is ready for people."""
_WAITS_FOR_CARD = text("con.card").zh
_CHOOSE = text("tm.service.choose").zh


SERVICE = "service"
"""What the rules service is called among the processes."""


class NotReadyError(RuntimeError):
    """The hall could not be opened; says what is missing and what its processes said last."""


class ProcessHall:
    """A hall in a folder. Use it as a context: on leaving it everything it started is stopped.

    ``clock_start`` shifts the hall's clock to begin there, so that it is open at any hour of any day; empty: no shift.
    """

    def __init__(self, config: str, folder: Path, *, seed: int, clock_start: str, only_mosquitto: bool = False) -> None:
        self.config = load(config, "hall.toml")
        self.folder = folder
        self.data = folder / "data"
        self._config_text = config
        self._seed = seed
        self._clock_start = clock_start
        self._only_mosquitto = only_mosquitto
        self._short = Path(tempfile.mkdtemp(prefix="hall-"))
        self.children: dict[str, Child] = {}
        """The latest life of everything that has been started here, by name."""
        self._commands: dict[str, tuple[list[str], dict[str, str]]] = {}
        self._world: ProcessWorld | None = None
        self._is_closed = False
        self.loop = RealTime()
        self.processes = Processes(folder / "logs")
        self.mqtt: mqtt_process.Server
        self.service: Child
        self.furnished: Furnished

    def __enter__(self) -> Self:
        self.loop.start()
        try:
            self._open()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> list[str]:
        """Stop every process, nodes first; returns the names of those that had to be killed."""
        stubborn = self.processes.stop_all()
        if not self._is_closed:
            self._is_closed = True
            if self._world is not None:
                self.loop.ask(self._world.close)
            self.loop.stop()
            shutil.rmtree(self._short, ignore_errors=True)
        return stubborn

    @property
    def world(self) -> ProcessWorld:
        """Where its furniture stands."""
        assert self._world is not None
        return self._world

    def trouble(self) -> list[str]:
        """Which processes have ended although nobody stopped them."""
        return [f"{child.name} ended with exit code {child.exit_code}" for child in self.processes.ended()]

    # --- What other halls of processes do differently ---------------------------------------------------------------------

    def service_program(self) -> list[str]:
        """What runs as the rules service."""
        return [sys.executable, "-m", "broker"]

    def server_for(self, name: str) -> tuple[str, int]:  # noqa: ARG002 -- here it is the same for everybody
        """Where this process finds the MQTT server."""
        return mqtt_process.HOST, self.mqtt.port

    def start_server(self) -> mqtt_process.Server:
        """Start the MQTT server and wait until it listens."""
        return mqtt_process.start(self.processes, self.folder / "mqtt", only_mosquitto=self._only_mosquitto)

    def mqtt_of(self, name: str) -> dict[str, Any]:
        """The ``mqtt`` section in the configuration of this process."""
        host, port = self.server_for(name)
        return {"host": host, "port": port}

    def data_for(self, name: str) -> Path:
        """The folder of a node: its node.toml, its journal, its cached settings."""
        return self.folder / "nodes" / name

    def wrapped(self, name: str, command: list[str]) -> list[str]:  # noqa: ARG002 -- here nothing is put around it
        """The command with whatever stands in front of it."""
        return command

    def environment_of(self, name: str) -> dict[str, str]:  # noqa: ARG002 -- here it is the same for everybody
        """What a process has in its environment besides ours."""
        return {}

    # --- Opening ---------------------------------------------------------------------------------------------------------

    def start_again(self, name: str) -> Child:
        """Start the service or a node that has ended, exactly as the first time."""
        command, environment = self._commands[name]
        ended = self.children.pop(name, None)
        if ended in self.processes.children:
            self.processes.children.remove(ended)
        child = self.processes.start(name, command, environment)
        self.children[name] = child
        return child

    def _start(self, name: str, command: list[str], environment: dict[str, str]) -> Child:
        self._commands[name] = self.wrapped(name, command), {**environment, **self.environment_of(name)}
        return self.start_again(name)

    def _open(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        (self.folder / "hall.toml").write_text(self._config_text, encoding="utf-8")
        self.mqtt = self.start_server()
        self.service = self._start_service()
        world = self._world = self.loop.ask(lambda: ProcessWorld(self.loop, self._short, self._seed))
        self.furnished = self.loop.ask(lambda: furnish(world, self.config))
        card_key = self._card_key()
        for piece in self.furnished:
            self._start_node(piece, world, card_key)
        self._wait_until_ready()

    def _start_service(self) -> Child:
        mqtt = self.mqtt_of(SERVICE)
        command = [*self.service_program(), "run", "--config", str(self.folder / "hall.toml")]
        command += ["--data", str(self.data), "--mqtt", f"{mqtt.pop('host')}:{mqtt.pop('port')}"]
        for key, value in mqtt.items():
            command += [f"--mqtt-{key.replace('_', '-')}", str(value)]
        if self._clock_start:
            command += ["--hall-clock-start", self._clock_start]
        return self._start(SERVICE, command, {})

    def _card_key(self) -> bytes:
        """The key the service makes on its first start; every attendance clock gets a copy."""
        path = self.data / "card.key"
        for _ in range(_MOMENTS):
            if path.exists():
                return bytes.fromhex(path.read_text(encoding="ascii").strip())
            if not wait_a_moment(self.service):
                break
        raise NotReadyError(f"the rules service did not start; it said:\n{self.service.last_words()}")

    def _start_node(self, piece: Furniture, world: ProcessWorld, card_key: bytes) -> Child:
        folder = self.data_for(piece.node)
        folder.mkdir(parents=True, exist_ok=True)
        values = table(piece, HallId(self.config.hall.id), folder, card_key)
        values["mqtt"] = self.mqtt_of(piece.node)
        path = folder / "node.toml"
        path.write_text(toml(values), encoding="utf-8")
        environment = {
            "GPIOZERO_PIN_FACTORY": "hallsim",
            "HALLSIM_GPIO": str(world.socket(piece.node)),
            "PYTHONUNBUFFERED": "1",
        }
        return self._start(piece.node, [sys.executable, "-m", piece.room, "--config", str(path)], environment)

    def _wait_until_ready(self) -> None:
        for _ in range(_MOMENTS):
            if trouble := self.trouble():
                raise NotReadyError("; ".join(trouble) + "\n" + self._last_words())
            missing = self.loop.ask(self._not_ready)
            if not missing:
                return
            wait_a_moment(self.service)
        raise NotReadyError(f"not ready after a minute: {', '.join(missing)}\n{self._last_words()}")

    def _not_ready(self) -> list[str]:
        """What a visitor or clerk could not use yet."""
        return [
            *(node for node, header in self.world.headers.items() if not header.is_ready),
            *(m.node for m in self.furnished.machines.values() if not any(_CHOOSE in line for line in m.display.lines())),
            *(piece.node for piece in self.furnished.counters.values() if _WAITS_FOR_CARD not in piece.text()),
            *(piece.node for piece in self.furnished.clocks.values() if not piece.text().strip()),
            *(f"sign {counter}" for counter, shown in self.furnished.texts().items() if not shown),
        ]

    def _last_words(self) -> str:
        said = [(child.name, child.last_words(3)) for child in self.processes.children]
        return os.linesep.join(f"--- {name}\n{words}" for name, words in said if words)
