"""One visit driven and followed by strangers with ``mosquitto_pub`` and ``mosquitto_sub``. None of our code speaks.

Everything here can be read off ``docs/asyncapi.yaml``; nothing is imported from the contracts.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.service_process import ServiceProcess
from sim.testing import PATIENCE_S, Mosquitto

pytestmark = pytest.mark.mosquitto

ROOT = "hall/v1/yongan-small"
BOOT = "0123456789abcdef"
Json = dict[str, Any]


class Stranger:
    """Somebody with the MQTT clients of Debian and the description of our messages."""

    def __init__(self, port: int) -> None:
        self._port = ["-h", "127.0.0.1", "-p", str(port), "-q", "1"]
        self._sequence = 0
        listening = [_program("mosquitto_sub"), *self._port, "-v", "-t", f"{ROOT}/#", "-W", str(3 * int(PATIENCE_S))]
        self._listener = subprocess.Popen(listening, stdout=subprocess.PIPE, text=True)
        assert self._listener.stdout is not None
        self._heard: list[tuple[str, Json]] = []
        self._lines = iter(self._listener.stdout)
        self.heartbeat = self.hear("service/state", lambda one: one["online"])

    def ask(self, node: str, message: str, **fields: Any) -> str:
        """Publish a request of this node; returns its id."""
        request_id = f"{node}/{BOOT}/{self._sequence}"
        self._sequence += 1
        payload = {"message": message, "schema": 1, "request_id": request_id, **fields}
        said = [_program("mosquitto_pub"), *self._port, "-t", f"{ROOT}/node/{node}/up/{message}", "-m", json.dumps(payload)]
        subprocess.run(said, check=True)
        return request_id

    def hear(self, topic: str, is_it: Callable[[Json], object]) -> Json:
        """The next message on this topic that is the one meant; what else comes is kept for later questions."""
        for index, (where, kept) in enumerate(self._heard):
            if where == topic and is_it(kept):
                del self._heard[index]
                return kept
        for line in self._lines:
            where, _, payload = line.removeprefix(f"{ROOT}/").partition(" ")
            message: Json = json.loads(payload)
            if where == topic and is_it(message):
                return message
            self._heard.append((where, message))
        raise AssertionError(f"nothing more came on {topic}")

    def hear_answer(self, request_id: str, message: str) -> Json:
        """The answer to a request."""
        node = request_id.partition("/")[0]
        return self.hear(f"node/{node}/down/{message}", lambda one: one["request_id"] == request_id)

    def close(self) -> None:
        """Go."""
        self._listener.kill()
        self._listener.wait(PATIENCE_S)
        assert self._listener.stdout is not None
        self._listener.stdout.close()


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None and os.environ.get("HALL_REQUIRE_MOSQUITTO") == "1":
        pytest.fail(f"HALL_REQUIRE_MOSQUITTO=1, but {name} is not installed (Debian: mosquitto-clients)")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture
def stranger(mosquitto: Mosquitto, tmp_path: Path) -> Iterator[Stranger]:
    """A stranger in a hall whose service runs."""
    service = ServiceProcess(mosquitto, tmp_path / "data").up()
    one = Stranger(mosquitto.port)
    yield one
    one.close()
    assert service.stop() == 0


def test_a_visit_with_nothing_but_topics_and_json(stranger: Stranger) -> None:
    """Key, paper, login, call, start, finish, face: a stranger plays every node and follows signs and desk."""
    press = stranger.ask("TM-01", "TicketRequested", group="A")
    ticket = stranger.hear_answer(press, "TicketIssued")
    assert (ticket["no"], ticket["copy"], len(ticket["token"])) == ("A001", 0, 22)
    paper = stranger.ask("TM-01", "TicketPrinted", ticket=ticket["ticket"], copy=0, proof="confirmed")
    stranger.hear_answer(paper, "RequestDone")

    login = stranger.ask("TRM-W02", "LoginRequested", card="04A1000102")
    stranger.hear_answer(login, "RequestDone")
    free = stranger.hear("desk/W02", lambda one: one["phase"] == "free")
    assert (free["staff"], free["waiting"]) == ("S102", 1)

    call = stranger.ask("TRM-W02", "CallNextRequested")
    stranger.hear_answer(call, "RequestDone")
    board = stranger.hear("board/counter/W02", lambda one: one["phase"] == "called")
    assert (board["ticket"], board["announcement"], board["staff"]) == ("A001", 1, "S102")
    assert (board["epoch"], board["fact"]) > (free["epoch"], free["fact"])

    start = stranger.ask("TRM-W02", "StartRequested", call=board["call"])
    stranger.hear_answer(start, "RequestDone")
    serving = stranger.hear("desk/W02", lambda one: one["phase"] == "serving")
    finish = stranger.ask("TRM-W02", "FinishRequested", session=serving["session"])
    stranger.hear_answer(finish, "RequestDone")
    armed = stranger.hear("desk/W02", lambda one: one["arm_until"] is not None)
    assert armed["session"] == serving["session"]
    assert armed["arm_until"] > stranger.heartbeat["hall_now"]

    face = stranger.ask("PAD-W02", "RatingSubmitted", session=serving["session"], level=5)
    assert stranger.hear_answer(face, "RatingRecorded")["session"] == serving["session"]
    second = stranger.ask("PAD-W02", "RatingSubmitted", session=serving["session"], level=1)
    assert stranger.hear_answer(second, "RatingRefused")["reason"] == "already_rated"


def test_a_strangers_mistake_is_explained(stranger: Stranger) -> None:
    """A wrong field is answered in words that name it."""
    press = stranger.ask("TM-01", "TicketRequested", group="A", colour="red")
    refused = stranger.hear_answer(press, "RequestRefused")
    assert refused["reason"] == "malformed"
    assert "colour" in refused["detail"]
