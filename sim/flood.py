"""``python -m sim.flood``: how much slower everybody else is served while one node floods. Real processes, loopback only.

A ticket machine asks one thing after another and waits for each answer, which comes after a commit. Quiet and flooded
stretches take turns; the figure is the ratio of their 99th percentiles. ``--open`` takes the turnstile away, to show
what it is there for.
"""

import argparse
import json
import socket
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts.codec import encode
from contracts.messages import HealthReported
from contracts.topics import Topics
from contracts.values import Condition, HallId, NodeName, RequestId
from firmware.runtime.clock import precise_ns
from sim.flooder import KINDS
from sim.guarded_mqtt import GuardedMosquitto
from sim.processes import Child, Processes, wait_a_moment
from sim.raw_mqtt import RawClient
from sim.service_bench import SMALL
from sim.stopwatch import percentile

HALL = HallId("yongan-small")
ASKS = NodeName("TM-01")
FLOODS = NodeName("PAD-W03")
_PAUSE_S = 0.01
_OPEN = (
    "import broker.turnstile as t; t.WAITING = t.SHARE = t.FLOOD = 10**9; t.RATE = t.BURST = 10**6;"
    "from broker.__main__ import main; main()"
)


@dataclass
class Figures:
    """Microseconds of every answer, and what the flooder got rid of."""

    quiet: list[int] = field(default_factory=list)
    flooded: list[int] = field(default_factory=list)
    unanswered: int = 0
    said: int = 0
    seconds: float = 0.0
    log: list[str] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """As it is reported."""
        found: dict[str, Any] = {"samples": [len(self.quiet), len(self.flooded)], "unanswered": self.unanswered}
        for percent in (50, 99):
            quiet, flooded = percentile(self.quiet, percent) or 0, percentile(self.flooded, percent) or 0
            ratio = round(flooded / quiet, 2) if quiet else None
            found[f"p{percent}"] = {"quiet_ms": quiet / 1000, "flooded_ms": flooded / 1000, "ratio": ratio}
        found["flood_per_second"] = round(self.said / self.seconds) if self.seconds else 0
        return {**found, "said": self.said, "times_silenced": sum("node_floods" in line for line in self.log)}


class Asker:
    """A ticket machine that reports its health and waits for the answer."""

    def __init__(self, client: RawClient) -> None:
        self._client = client
        self._seq = 0
        self._topics = Topics(HALL)
        client.subscribe([self._topics.all_down(ASKS)])

    def ask(self) -> int | None:
        """Microseconds until the answer; ``None`` if none came."""
        self._seq += 1
        request_id = RequestId(f"{ASKS}/{'0' * 15}1/{self._seq}")
        condition = Condition.FAULT if self._seq % 2 else Condition.OK
        message = encode(HealthReported(request_id=request_id, part="printer", condition=condition, code="try"))
        begun = precise_ns()
        self._client.publish([(self._topics.up(ASKS, HealthReported), message)])
        try:
            while request_id.encode() not in self._client.next_heard().payload:
                pass
        except TimeoutError:
            return None
        return (precise_ns() - begun) // 1000


def measure(folder: Path, kind: str, *, rounds: int, seconds: float, is_open: bool) -> Figures:
    """Take turns between quiet and flooded stretches of so many seconds."""
    server = GuardedMosquitto(folder, SMALL, HALL)
    figures = Figures()
    with Processes(folder / "logs") as processes:
        processes.start("mosquitto", server.command(log_type="error"))
        service = _service(processes, server, folder, is_open=is_open)
        with RawClient(_patiently(server.port, service), "x", *server.account(ASKS)) as client:
            asker = Asker(client)
            while asker.ask() is None:
                wait_a_moment(service)
            for _ in range(rounds):
                quiet = processes.start("nobody", ["sleep", str(seconds)])
                _stretch(asker, quiet, figures.quiet, figures)
                flooder = processes.start("flooder", _flooder(server, kind, seconds))
                _stretch(asker, flooder, figures.flooded, figures)
                wait_a_moment(service, 2.0)
        lines = (folder / "logs" / "flooder.log").read_text(encoding="utf-8").splitlines()
        told = [json.loads(line) for line in lines if line.startswith("{")]
        figures.said, figures.seconds = sum(one["said"] for one in told), sum(one["seconds"] for one in told)
        figures.log = service.log.read_text(encoding="utf-8").splitlines()
    return figures


def _service(processes: Processes, server: GuardedMosquitto, folder: Path, *, is_open: bool) -> Child:
    address = server.address_of("service")
    command = [sys.executable, *(["-c", _OPEN] if is_open else ["-m", "broker"]), "run", "--config", str(SMALL)]
    command += ["--data", str(folder), "--mqtt", f"{address.host}:{address.port}"]
    command += ["--mqtt-username", address.username, "--mqtt-password-file", address.password_file]
    return processes.start("service", [*command, "--hall-clock-start", "2026-03-10T09:05:00"])


def _flooder(server: GuardedMosquitto, kind: str, seconds: float) -> list[str]:
    secret = server.address_of(FLOODS).password_file
    command = [sys.executable, "-m", "sim.flooder", "--port", str(server.port), "--hall", HALL, "--node", FLOODS]
    return [*command, "--password-file", secret, "--kind", kind, "--seconds", str(seconds)]


def _patiently(port: int, child: Child) -> socket.socket:
    for _ in range(100):
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            wait_a_moment(child)
    raise ConnectionRefusedError(f"no MQTT server on port {port}")


def _stretch(asker: Asker, running: Child, into: list[int], figures: Figures) -> None:
    """Ask, with pauses, for as long as this child runs."""
    while wait_a_moment(running, _PAUSE_S):
        taken = asker.ask()
        if taken is None:
            figures.unanswered += 1
        else:
            into.append(taken)


def main() -> None:
    """Measure every kind of flood, or one."""
    parser = argparse.ArgumentParser(prog="python -m sim.flood", description="One node floods; how are the others served?")
    parser.add_argument("--kind", choices=KINDS, action="append", help="all of them, if none is named")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8.0, help="of each stretch (8)")
    parser.add_argument("--open", action="store_true", help="without the turnstile, for comparison")
    parser.add_argument("--json", type=Path, metavar="OUT")
    given = parser.parse_args()
    found = {}
    for kind in given.kind or KINDS:
        with tempfile.TemporaryDirectory() as name:
            figures = measure(Path(name), kind, rounds=given.rounds, seconds=given.seconds, is_open=given.open)
        found[kind] = figures.summary()
        sys.stdout.write(f"{kind}: {json.dumps(found[kind])}\n")
        sys.stdout.flush()
    if given.json is not None:
        given.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
