"""A room in its own process: starts, lives on a real MQTT server, remembers its settings, ends in order."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from contracts.codec import decode, encode
from contracts.messages import HealthReported, NodeState, PadSettings, PunchMade, PunchStored, ServiceState
from contracts.topics import Topics
from contracts.values import BootId, CounterId, HallId, HallTime, NodeName
from firmware import VERSION
from sim.testing import PATIENCE_S, Mosquitto, Watcher

TOPICS, NODE = Topics(HallId("demo")), NodeName("PAD-W02")
STATE = TOPICS.node_state(NODE)
SETTINGS = PadSettings(hash="1f", hall_name_zh="大厅", hall_name_en="Hall", hotline="12345", counter=CounterId("W02"))
HEARTBEAT = ServiceState(epoch=1, boot=BootId("5f0c2a9e71d3b846"), hall_now=HallTime(1_773_104_400_000))
"""Without one nothing kept is said: the MQTT server would hold it back and deliver it as if fresh."""
Closing = Callable[[Any], Any]

ROOM = """
from contracts.messages import PadSettings, PunchMade
from contracts.values import CardHash
from firmware.runtime.node import Node
from firmware.runtime.settings import NodeConfig
from firmware.runtime.steps import Heard, Keep, LinkUp, Note, RequestIds
from firmware.shell import run


class RoomConfig(NodeConfig, frozen=True, forbid_unknown_fields=True, kw_only=True):
    wire: str


class Behaviour:
    def __init__(self, ids):
        self.ids = ids

    def begin(self, now):
        return None, []

    def step(self, state, happening, now):
        match happening:
            case Heard(PadSettings(hash="crash")):
                raise RuntimeError("a bug")
            case Heard(PadSettings(hash=hash)):
                request, self.ids = self.ids.next()
                punch = PunchMade(request_id=request, card=CardHash(hash), staff=None)
                return None, [Note("configured", {"hash": hash}), Keep(punch)]
        return None, []


def build(config, kit):
    kit.open_wire(config.wire)
    return Node(Behaviour(RequestIds(kit.node, kit.boot)), {}, kit.link, kit.outbox, kit.log)


run(RoomConfig, build, boards=False)
"""


class Room:
    """A tiny room, started as systemd would start it."""

    def __init__(self, folder: Path, port: int, *, wire: str = "audio:file:/dev/null") -> None:
        self.folder = folder
        self.config = folder / "node.toml"
        self.config.write_text(
            f'hall = "demo"\nnode = "{NODE}"\ndata_dir = "{folder}/data"\nwire = "{wire}"\n[mqtt]\nport = {port}\n'
        )
        (folder / "room.py").write_text(ROOM)

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Start it."""
        command = [sys.executable, str(self.folder / "room.py"), "--config", str(self.config), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return self.process

    def end(self, number: int) -> tuple[int, list[dict[str, Any]]]:
        """Send it a signal; returns its exit code and its log."""
        self.process.send_signal(number)
        return self.result()

    def result(self) -> tuple[int, list[dict[str, Any]]]:
        """Its exit code and its log."""
        _, errors = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, [msgspec.json.decode(line) for line in errors.splitlines()]

    def close(self) -> None:
        """Leave nothing running."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


@pytest.fixture
def room(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Room]:
    """A room beside a real MQTT server."""
    room = Room(tmp_path, mosquitto.port)
    room.start()
    yield room
    room.close()


@pytest.mark.mosquitto
def test_a_room_is_born_configured_and_ends_as_planned(room: Room, mosquitto: Mosquitto, closing: Closing) -> None:
    """Birth, settings, what it keeps, and on SIGTERM the goodbye, with exit code 0 and no traceback."""
    watcher = closing(Watcher(mosquitto))
    birth = decode(STATE, watcher.wait_for(STATE)[0])
    assert isinstance(birth, NodeState)
    assert (birth.online, birth.version, len(birth.boot)) == (True, VERSION, 16)
    watcher.say(TOPICS.settings(NODE), encode(SETTINGS), retain=True)
    watcher.say(TOPICS.service_state, encode(HEARTBEAT))
    punch = decode(TOPICS.up(NODE, PunchMade), watcher.wait_for(TOPICS.up(NODE, PunchMade))[0])
    assert isinstance(punch, PunchMade)
    assert punch.request_id == f"{NODE}/{birth.boot}/0"
    code, log = room.end(signal.SIGTERM)
    goodbye = decode(STATE, watcher.wait_for(STATE)[0])
    assert isinstance(goodbye, NodeState)
    assert (goodbye.online, goodbye.reason, goodbye.boot) == (False, "planned", birth.boot)
    assert code == 0
    assert [line["event"] for line in log if line["event"] != "link_unreachable"] == [
        "started",
        "link_up",
        "settings_cached",
        "configured",
        "link_down",
    ]


@pytest.mark.mosquitto
def test_a_reborn_room_knows_its_settings_and_what_it_owes_though_the_server_has_forgotten_all(
    room: Room, mosquitto: Mosquitto, closing: Closing
) -> None:
    """The cache configures it; the rest of its journal is sent, with the id and the stamp of the first life."""
    watcher = closing(Watcher(mosquitto))
    watcher.wait_for(STATE)
    watcher.say(TOPICS.settings(NODE), encode(SETTINGS))
    watcher.say(TOPICS.service_state, encode(HEARTBEAT))
    first = decode(TOPICS.up(NODE, PunchMade), watcher.wait_for(TOPICS.up(NODE, PunchMade))[0])
    assert isinstance(first, PunchMade)
    room.end(signal.SIGKILL)
    mosquitto.kill()
    mosquitto.forget()
    mosquitto.start()
    watcher.log.wait_for("link_up", times=2)
    room.start()
    watcher.wait_for(STATE)
    watcher.say(TOPICS.service_state, encode(HEARTBEAT), retain=True)
    seen: dict[str, PunchMade] = {}
    while len(seen) < 2:
        punch = decode(TOPICS.up(NODE, PunchMade), watcher.wait_for(TOPICS.up(NODE, PunchMade))[0])
        assert isinstance(punch, PunchMade)
        seen[punch.request_id] = punch
        stored = PunchStored(request_id=punch.request_id, at=HallTime(0))
        watcher.say(TOPICS.down(NODE, PunchStored), encode(stored))
    assert first.request_id in seen
    assert first.stamp is not None
    assert seen[first.request_id] == replace(first, stamp=replace(first.stamp, age_ms=None))
    _, log = room.end(signal.SIGTERM)
    assert [line["hash"] for line in log if line["event"] == "configured"] == ["1f"], "from the cache alone"
    assert ["rows" in line and line["rows"] for line in log if line["event"] == "journal_reloaded"] == [1]


@pytest.mark.mosquitto
def test_a_room_that_breaks_reports_it_and_leaves_with_code_1(room: Room, mosquitto: Mosquitto, closing: Closing) -> None:
    """The administrator sees which part of which node; systemd starts it again."""
    watcher = closing(Watcher(mosquitto))
    watcher.wait_for(STATE)
    watcher.say(TOPICS.settings(NODE), encode(PadSettings(**{**msgspec.structs.asdict(SETTINGS), "hash": "crash"})))
    topic = TOPICS.up(NODE, HealthReported)
    report = decode(topic, watcher.wait_for(topic)[0])
    assert isinstance(report, HealthReported)
    assert (report.part, report.condition, report.code, report.detail) == (
        "node",
        "fault",
        "crashed",
        "RuntimeError('a bug')",
    )
    state = decode(STATE, watcher.wait_for(STATE)[0])
    assert isinstance(state, NodeState)
    assert (state.online, state.reason) == (False, "")
    code, log = room.result()
    assert code == 1
    assert "crashed" in [line["event"] for line in log]


def test_the_reported_version_is_that_of_the_distribution() -> None:
    """Raised in one place and forgotten in the other, it would mislead whoever looks at a birth."""
    assert version("hallworks") == VERSION


def test_check_says_that_the_file_is_in_order_and_touches_nothing(tmp_path: Path) -> None:
    """An administrator can try a file beside a running node."""
    room = Room(tmp_path, 1883, wire="serial:/dev/absent")
    output, errors = room.start("--check").communicate(timeout=PATIENCE_S)
    assert (room.process.returncode, errors) == (0, "")
    assert output == f"{room.config}: node PAD-W02 of hall demo: in order\n"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("wire =", "wier ="), "node.toml, key wier: unknown key (its value is"),
        (("audio:file:/dev/null", "usb:1"), '"usb:1" is no wire; accepted are'),
        (("data_dir = ", 'data_dir = "/dev/null/data" #'), "Not a directory"),
        (("[mqtt]", '[mqtt]\nusername = "node"\npassword_file = "/absent"'), "No such file or directory: '/absent'"),
    ],
    ids=["unknown key", "unknown wire", "no folder", "no password"],
)
def test_what_a_person_must_put_right_is_one_line_and_code_2(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    """No traceback, and an exit code that tells systemd not to try again at once."""
    room = Room(tmp_path, 1883)
    room.config.write_text(room.config.read_text().replace(*change))
    _, errors = room.start().communicate(timeout=PATIENCE_S)
    assert room.process.returncode == 2
    assert said in errors
    assert errors.count("\n") == 1


@pytest.mark.mosquitto
def test_two_instances_of_one_node_do_not_run(tmp_path: Path, mosquitto: Mosquitto, closing: Closing) -> None:
    """The second says which one to stop; the first goes on."""
    watcher = closing(Watcher(mosquitto))
    first, second = Room(tmp_path, mosquitto.port), Room(tmp_path, mosquitto.port)
    first.start()
    watcher.wait_for(STATE)
    _, errors = second.start().communicate(timeout=PATIENCE_S)
    assert second.process.returncode == 2
    assert "stop the other instance of this node first" in errors
    assert first.end(signal.SIGTERM)[0] == 0
