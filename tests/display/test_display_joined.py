"""A whole display node on simulated signs, loudspeaker and board, and an MQTT server in memory: what is seen and heard."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contracts.codec import decode, encode
from contracts.messages import (
    CounterBoard,
    DisplaySettings,
    HealthReported,
    Message,
    ServiceState,
    SignInfo,
)
from contracts.topics import Topics
from contracts.values import BootId, CallId, CounterId, CounterPhase, HallId, HallTime, NodeName, TicketNo
from display.config import DisplayConfig
from display.node import build
from sim.clock import ManualClock, Scheduler
from sim.eventlog import EventLog
from sim.furniture import Signs
from sim.host import NodeHost, Room
from sim.mqtt import MqttServer, Publication
from sim.wires import Cut, Line
from sim.world import VirtualWorld

NINE = HallTime(1_773_104_400_000)  # 2026-03-10 09:00 in the hall
HALL, NODE = HallId("yongan"), NodeName("LED-00")
TOPICS = Topics(HALL)
CLIENT = f"node-{HALL}-{NODE}"
"""What the display is called by the MQTT server."""
PLACES = {CounterId("W02"): ("rs485-1", 2), CounterId("W03"): ("rs485-1", 3), CounterId("W07"): ("rs485-2", 7)}
SETTINGS = DisplaySettings(
    hash="h",
    hall_name_zh="永安县政务服务中心",
    hall_name_en="Hall",
    hotline="0000-12345678",
    signs=tuple(SignInfo(counter=one, name_zh="综合受理", bus=bus, address=at) for one, (bus, at) in PLACES.items()),
    groups=(),
)


class Hall:
    """The display's place in a hall, and somebody who plays the service: heartbeat, settings, state of the counters."""

    def __init__(self, folder: Path, quality: Line | None = None, seed: int = 1) -> None:
        self.scheduler = Scheduler(ManualClock(NINE))
        self.server = MqttServer(self.scheduler)
        self.world = VirtualWorld(self.scheduler, seed, quality)
        self.signs = Signs(self.world, NODE, PLACES)
        table = {"hall": HALL, "node": NODE, "data_dir": str(folder), **self.signs.config}
        config = msgspec.convert(table, DisplayConfig)
        self.events = EventLog(lambda: self.scheduler.now)
        self.host = NodeHost(
            NODE,
            Room("display", partial(build, config), boards=True),
            hall=HALL,
            folder=folder,
            scheduler=self.scheduler,
            server=self.server,
            open_end=partial(self.world.open_end, NODE),
            events=self.events,
            seed=seed,
        )
        self.health: list[tuple[str, str]] = []
        self.server.taps.append(self._overhear)
        self.is_service_alive = True
        self._fact = 0
        self.publish(TOPICS.settings(NODE), SETTINGS)
        self._beat()
        self.host.start()

    def run(self, ms: int) -> None:
        """Let time pass."""
        self.scheduler.run_until(self.scheduler.now + ms)

    def publish(self, topic: str, message: Message) -> None:
        """Publish retained state."""
        self.server.publish(Publication(topic, encode(message), retain=True))

    def counter(self, name: str, phase: CounterPhase, ticket: str | None = None, **fields: Any) -> None:
        """A counter changes."""
        self._fact += 1
        state: dict[str, Any] = {"epoch": 1, "fact": self._fact, "counter": CounterId(name), "phase": phase}
        if ticket:
            state |= {"ticket": TicketNo(ticket), "call": CallId(f"2026-03-10/{ticket}/c1")}
        self.publish(TOPICS.counter_board(CounterId(name)), CounterBoard(**(state | fields)))

    def call(self, name: str, ticket: str, announcement: int = 1) -> None:
        """A counter calls a ticket now."""
        self.counter(name, CounterPhase.CALLED, ticket, announcement=announcement, announced_at=self.hall_now)

    @property
    def hall_now(self) -> HallTime:
        """The hall clock."""
        return HallTime(NINE + self.scheduler.now)

    def _beat(self) -> None:
        self._is_heard()
        self.scheduler.after(5_000, self._beat)

    def _is_heard(self) -> None:
        if self.is_service_alive:
            self.publish(TOPICS.service_state, ServiceState(epoch=1, boot=BootId("b"), hall_now=self.hall_now))

    def _overhear(self, publication: Publication) -> None:
        if publication.topic == TOPICS.node_state(NODE):
            self.scheduler.after(1, self._is_heard)  # as the service does at a birth
        if "/up/" in publication.topic:
            message = decode(publication.topic, publication.payload)
            if isinstance(message, HealthReported):
                self.health.append((message.part, message.code))

    def texts(self) -> list[str]:
        """What the three signs say."""
        return list(self.signs.texts().values())

    def said(self) -> list[str]:
        """What the loudspeaker has said, chimes left out."""
        return ["".join(clip for clip in utterance if clip != "chime") for utterance in self.signs.voice.said()]

    def board(self) -> tuple[bool, tuple[str, ...]]:
        """What the main board shows, and whether as live."""
        assert self.signs.board.shown is not None
        return self.signs.board.shown.is_live, self.signs.board.shown.lines


MakeHall = Callable[..., Hall]


@pytest.fixture
def make_hall(tmp_path: Path) -> MakeHall:
    """Opens a hall whose three counters are free."""

    def make(quality: Line | None = None, seed: int = 1) -> Hall:
        hall = Hall(tmp_path, quality, seed)
        for counter in PLACES:
            hall.counter(counter, CounterPhase.FREE)
        hall.run(1_500)
        return hall

    return make


IDLE = ["2号 综合受理", "3号 综合受理", "7号 综合受理"]


def test_a_visit_is_seen_and_heard(make_hall: MakeHall) -> None:
    """Called: sign, voice twice, board; served; free again. Every sign on its own bus."""
    hall = make_hall()
    hall.run(6_000)  # until a second heartbeat has told the display what time it is
    assert hall.texts() == IDLE
    hall.call("W07", "A017")
    hall.run(100)
    assert hall.texts() == [*IDLE[:2], "请A017办理"]
    assert "请A017到7号窗口办理" in hall.board()[1]
    hall.run(15_000)
    assert hall.said() == 2 * ["请A零一七号到七号窗口办理"]
    hall.counter("W07", CounterPhase.SERVING, "A017")
    hall.run(2_000)
    assert hall.texts()[2] == "A017办理中"
    hall.counter("W07", CounterPhase.FREE)
    hall.run(2_000)
    assert hall.texts() == IDLE
    assert not hall.signs.voice.overlaps
    assert not hall.signs.board.refused
    for sign in hall.signs.signs.values():
        assert not sign.overflows
        assert not sign.refused


def test_calls_at_once_are_all_shown_and_said_one_after_the_other(make_hall: MakeHall) -> None:
    """Signs within half a second; the voice says each once before it says any again."""
    hall = make_hall()
    hall.run(6_000)  # until a second heartbeat has told the display what time it is
    for number, counter in enumerate(PLACES, start=1):
        hall.call(counter, f"A00{number}")
    hall.run(500)
    assert hall.texts() == ["请A001办理", "请A002办理", "请A003办理"]
    hall.run(60_000)
    assert hall.said() == 2 * [
        "请A零零一号到二号窗口办理",
        "请A零零二号到三号窗口办理",
        "请A零零三号到七号窗口办理",
    ]
    assert not hall.signs.voice.overlaps


def test_a_display_killed_and_restarted_is_right_in_three_seconds_and_says_nothing_old(make_hall: MakeHall) -> None:
    """Also what changed while it was dead; the voice stays silent about calls older than ten seconds."""
    hall = make_hall()
    hall.call("W02", "A017")
    hall.run(20_000)
    heard = len(hall.said())
    hall.host.kill()
    hall.call("W03", "A018")
    hall.run(9_000)
    assert hall.texts()[0] == "请A017办理"
    hall.run(7_000)
    assert hall.texts() == ["", "", ""]
    hall.run(10_000)
    hall.host.start()
    hall.run(3_000)
    assert hall.texts() == ["请A017办理", "请A018办理", "7号 综合受理"]
    hall.run(20_000)
    assert len(hall.said()) == heard


def test_a_service_that_falls_silent_greys_the_numbers_and_returns_without_a_word(make_hall: MakeHall) -> None:
    """系统恢复中 after 15 s on signs and board, everything back with the first heartbeat."""
    hall = make_hall()
    hall.call("W02", "A017")
    hall.run(15_000)
    heard = len(hall.said())
    hall.is_service_alive = False
    hall.run(21_000)
    assert hall.texts() == ["A017 系统恢复中", "系统恢复中", "系统恢复中"]
    assert hall.board() == (False, ("叫号信息", "请A017到2号窗口办理", "叫号恢复中,请留意工作人员呼叫"))
    hall.is_service_alive = True
    hall.run(6_000)
    assert hall.texts() == ["请A017办理", *IDLE[1:]]
    assert hall.board()[0]
    assert len(hall.said()) == heard


def test_a_display_cut_off_for_a_minute_converges_by_itself(make_hall: MakeHall) -> None:
    """The network is gone and comes back: signs are right within 5 s of the connection, old calls stay unsaid."""
    hall = make_hall()
    hall.server.cut(CLIENT)
    hall.run(1_000)
    hall.call("W02", "A017")
    hall.run(20_000)
    assert hall.texts() == 3 * ["系统恢复中"]
    hall.counter("W02", CounterPhase.SERVING, "A017")
    hall.call("W03", "A018")
    hall.run(40_000)
    hall.server.mend(CLIENT)
    assert hall.scheduler.run_until_true(lambda: hall.texts() == ["A017办理中", "请A018办理", "7号 综合受理"], within=40_000)
    hall.run(15_000)
    assert hall.said() == []
    hall.call("W07", "A019")
    hall.run(10_000)
    assert hall.said()[0] == "请A零一九号到七号窗口办理"


def test_an_mqtt_server_without_memory_is_no_trouble(make_hall: MakeHall) -> None:
    """The display keeps what it knows; the service tells everything again."""
    hall = make_hall()
    hall.call("W02", "A017")
    hall.run(1_000)
    hall.server.stop(with_memory=False)
    hall.run(2_000)
    hall.server.start()
    hall.run(5_000)
    assert hall.texts() == ["请A017办理", *IDLE[1:]]


def test_a_sign_without_power_is_reported_and_right_again(make_hall: MakeHall) -> None:
    """The staff learn which sign; the others go on; back, it shows what is true then."""
    hall = make_hall()
    sign = hall.signs.signs[CounterId("W03")]
    sign.set_quirks(hall.scheduler.now, unpowered=True)
    hall.run(10_000)
    assert hall.health == [("sign.W03", "silent")]
    hall.call("W02", "A017")
    hall.run(300)
    assert hall.texts()[0] == "请A017办理"
    hall.call("W03", "A018")
    hall.run(5_000)
    sign.set_quirks(hall.scheduler.now, unpowered=False)
    hall.run(5_000)
    assert hall.texts()[1] == "请A018办理"
    assert hall.health == [("sign.W03", "silent"), ("sign.W03", "ok")]


def test_a_bus_pulled_off_darkens_its_signs_only(make_hall: MakeHall) -> None:
    """The other bus and the voice go on; both wires are reported."""
    hall = make_hall()
    hall.world.lines[f"{NODE}/rs485-1"].unplug()
    hall.run(16_000)
    assert hall.texts() == ["", "", "7号 综合受理"]
    hall.call("W02", "A017")
    hall.run(16_000)
    assert hall.said() == 2 * ["请A零一七号到二号窗口办理"]
    hall.world.lines[f"{NODE}/rs485-1"].replug()
    hall.run(1_000)
    assert hall.texts() == ["请A017办理", *IDLE[1:]]
    assert ("bus.rs485-1", "lost") in hall.health
    assert hall.health[-1] == ("bus.rs485-1", "ok")


@pytest.mark.parametrize("seed", range(5))
def test_on_bad_lines_every_sign_is_right_within_two_and_a_half_seconds(make_hall: MakeHall, seed: int) -> None:
    """Bytes lost, changed and cut anywhere on every wire."""
    hall = make_hall(Line(cut=Cut.RANDOM, loss=300, noise=300), seed)
    for number in range(20):
        counter = list(PLACES)[number % 3]
        hall.call(counter, f"A{number:03}")
        hall.run(2_500)
        assert hall.signs.text(counter) == f"请A{number:03}办理"


def test_two_runs_of_one_seed_are_the_same(tmp_path: Path) -> None:
    """The display holds no clock and throws no dice of its own."""
    digests = []
    for name in ("first", "second"):
        hall = Hall(tmp_path / name, Line(cut=Cut.RANDOM, loss=300, noise=300), seed=3)
        for number in range(10):
            hall.call(list(PLACES)[number % 3], f"A{number:03}")
            hall.run(1_700)
        digests.append((hall.events.digest, [sign.history for sign in hall.signs.signs.values()], hall.said()))
    assert digests[0] == digests[1]
