"""The sign driver and the simulated signs, who share no code, on one bus in virtual time: one story over many wires."""

import itertools
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from contracts.values import HallTime
from firmware.drivers.base import Port
from firmware.drivers.led_sign import SignBus as BusDriver
from firmware.drivers.led_sign import State
from firmware.drivers.sign_commands import BusBack, BusLost, Clear, Show, SignAnswered, SignBack, SignRefused, SignSilent
from firmware.drivers.sign_text import Colour, encode
from firmware.wire.base import FromWire
from sim.clock import Alarm, ManualClock, Scheduler
from sim.devices.led_sign import LedSign
from sim.devices.sign_bus import SignBus
from sim.wires import Cut, Line, VirtualLine, Way

GOOD = Line(baud=57_600)
SLOW = Line(baud=9_600)
BYTEWISE = Line(baud=9_600, cut=Cut.BYTES)
RAGGED = Line(baud=57_600, cut=Cut.RANDOM)
LOSSY = Line(baud=57_600, cut=Cut.RANDOM, loss=300, noise=300)
"""Three bytes in ten thousand are lost and three are changed, each way: one frame in twenty."""


class Bus:
    """The driver, a line and three signs with the addresses 2, 3 and 4."""

    def __init__(self, line: Line = GOOD, seed: int = 1, *, echo: bool = False) -> None:
        self.scheduler = Scheduler(ManualClock(HallTime(0)))
        self.far = SignBus([LedSign(address) for address in (2, 3, 4)], echo=echo)
        self.line = VirtualLine(self.scheduler, line, random.Random(seed))
        self.line.plug(self.far)
        self.sent: list[tuple[int, bytes]] = []
        self.line.taps.append(self._tap)
        self.reports: list[object] = []
        self._alarm = Alarm(self.scheduler, self._wake)
        self.port: Port[State] = Port(BusDriver(), self.line.open(self._post))
        self.reports += self.port.begin(self.now)
        self.run(1)

    @property
    def now(self) -> int:
        """Virtual milliseconds."""
        return self.scheduler.now

    def tell(self, *commands: object) -> None:
        """Give the driver commands now."""
        for command in commands:
            self._settle(partial(self.port.handle, command, self.now))

    def run(self, ms: int) -> None:
        """Let time pass."""
        self.scheduler.run_until(self.now + ms)

    def reads(self, address: int) -> str:
        """What people read on a sign now."""
        return self.far.sign(address).text(self.now)

    def _tap(self, way: Way, data: bytes, now: int) -> None:
        if way is Way.TO_DEVICE:
            self.sent.append((now, data))

    def _post(self, happening: FromWire) -> None:
        self._settle(partial(self.port.handle, happening, self.now))

    def _wake(self) -> None:
        self._settle(partial(self.port.wake, self.now))

    def _settle(self, act: Callable[[], list[object]]) -> None:
        self.reports += act()
        self._alarm.set(self.port.wake_at)


def show(address: int, text: str, colour: Colour = Colour.GREEN, *, urgent: bool = False) -> Show:
    """A command."""
    return Show(address, text, colour, urgent=urgent)


@pytest.mark.parametrize("line", [GOOD, SLOW, BYTEWISE, RAGGED], ids=["good", "slow", "bytewise", "ragged"])
@pytest.mark.parametrize("echo", [False, True], ids=["", "echo"])
def test_a_morning_at_three_counters(line: Line, echo: bool) -> None:
    """Every text is on its sign within 400 ms, whatever the line is like, and nothing collides or overflows."""
    bus = Bus(line, echo=echo)
    bus.tell(*(show(address, f"{address}号 综合受理") for address in (2, 3, 4)))
    bus.run(600)
    assert [bus.reads(address) for address in (2, 3, 4)] == ["2号 综合受理", "3号 综合受理", "4号 综合受理"]
    for number, address in enumerate((2, 4, 3, 2, 3), start=1):
        bus.run(1_300)
        bus.tell(show(address, f"请A{number:03}办理", Colour.RED, urgent=True))
        bus.run(400)
        assert bus.reads(address) == f"请A{number:03}办理"
        bus.run(1_000)
        bus.tell(show(address, f"A{number:03}办理中"))
        bus.run(400)
        assert bus.reads(address) == f"A{number:03}办理中"
    bus.tell(Clear(2))
    bus.run(60_000)
    assert [bus.reads(address) for address in (2, 3, 4)] == ["", "A005办理中", "A002办理中"]
    assert not bus.far.collisions
    assert not bus.far.bad_frames
    for sign in bus.far.signs:
        assert not sign.overflows
        assert not sign.refused
        assert not sign.hurried
    assert not [one for one in bus.reports if isinstance(one, (SignSilent, SignRefused))]


@pytest.mark.parametrize("seed", range(20))
def test_a_bad_line_never_leaves_a_sign_wrong_for_long(seed: int) -> None:
    """On a line that spoils one frame in twenty every text arrives within 2.5 s, and stays."""
    bus = Bus(LOSSY, seed)
    for number in range(1, 30):
        address = 2 + number % 3
        bus.tell(show(address, f"请A{number:03}办理", Colour.RED, urgent=True))
        bus.run(2_500)
        assert bus.reads(address) == f"请A{number:03}办理", (seed, number)
    for _ in range(60):
        bus.run(1_000)
        assert [bus.reads(address) for address in (2, 3, 4)] == ["请A027办理", "请A028办理", "请A029办理"]


def test_a_dead_sign_does_not_delay_the_others() -> None:
    """Calls to live signs leave in the step of their command, in nine of ten cases, and never later than one timeout."""
    bus = Bus()
    bus.far.sign(3).set_quirks(bus.now, dead=True)
    bus.tell(*(show(address, f"{address}号 综合受理") for address in (2, 3, 4)))
    bus.run(3_000)
    assert bus.reports.count(SignSilent(3)) == 1
    late = []
    draw = random.Random(7)
    for number in range(200):
        bus.run(draw.randint(300, 1_500))
        told = bus.now
        text = f"请A{number:03}办理"
        bus.tell(show(draw.choice((2, 4)), text, Colour.RED, urgent=True))
        bus.run(450)
        left = next(at for at, data in bus.sent if at >= told and encode(text) in data)
        late.append(left - told)
    assert sorted(late)[180] == 0
    assert max(late) <= 60


def test_a_sign_without_power_shows_the_state_of_now_when_it_is_back() -> None:
    """Its text is gone with the power; what is true now is shown within 2.5 s of its boot."""
    bus = Bus()
    bus.tell(show(3, "请A001办理", Colour.RED, urgent=True))
    bus.run(1_000)
    bus.far.sign(3).set_quirks(bus.now, unpowered=True)
    bus.run(20_000)
    bus.tell(show(3, "A001办理中"))
    bus.run(20_000)
    bus.tell(show(3, "请A002办理", Colour.RED, urgent=True))
    bus.run(5_000)
    assert bus.reports[-1] == SignSilent(3)
    bus.far.sign(3).set_quirks(bus.now, unpowered=False)
    bus.run(2_000 + 2_500)
    assert bus.reads(3) == "请A002办理"
    assert bus.reports[-2:] == [SignBack(3), SignAnswered(3)]


def test_a_dead_node_leaves_no_number_standing() -> None:
    """When nobody refreshes them any more the signs go dark by themselves, 15 s after the last refresh at the latest."""
    bus = Bus()
    bus.tell(show(2, "请A001办理", Colour.RED, urgent=True), show(3, "暂停服务", Colour.YELLOW))
    bus.run(60_000)
    assert bus.reads(2) == "请A001办理"
    bus.port.close()
    bus.run(9_000)
    assert bus.reads(2) == "请A001办理"
    bus.run(6_500)
    assert [bus.reads(address) for address in (2, 3)] == ["", ""]


def test_an_adapter_pulled_and_put_back() -> None:
    """In the middle of a request; the signs expire, and get their state when the wire is back."""
    bus = Bus(SLOW)
    bus.tell(show(2, "请A001办理", Colour.RED, urgent=True))
    bus.run(20)
    bus.line.unplug()
    bus.run(30_000)
    bus.tell(show(2, "A001办理中"))
    assert bus.reads(2) == ""
    bus.line.replug()
    bus.run(500)
    assert bus.reads(2) == "A001办理中"
    assert bus.reports == [BusBack(), BusLost("unplugged"), BusBack(), SignAnswered(2)]


def test_the_quirks_of_signs_one_by_one() -> None:
    """Half answers, noise, slow or lost answers, refusals: the text is there, or somebody is told."""
    quirks: dict[str, tuple[dict[str, object], list[object]]] = {
        "noise": ({"noise": b"\x00\xa5\x5b\xff"}, [SignAnswered(2)]),
        "slow": ({"delay_ms": 300}, [SignAnswered(2)]),
        "one lost answer": ({"silent_for": 1}, [SignAnswered(2)]),
        "every second refused": ({"nak_every": 2}, [SignAnswered(2)]),
        "all refused": ({"nak_every": 1}, [SignRefused(2, 3, "busy")]),
        "half answers": ({"half_reply": True}, [SignSilent(2)]),
        "too slow": ({"delay_ms": 1_500}, [SignSilent(2)]),
        "wrong baud": ({"wrong_baud": True}, [SignSilent(2)]),
    }
    for name, (changes, expected) in quirks.items():
        bus = Bus()
        bus.far.sign(2).set_quirks(bus.now, **changes)
        bus.tell(show(2, "请A001办理", Colour.RED, urgent=True))
        bus.run(4_000)
        assert bus.reports == [BusBack(), *expected], name
        assert bus.reads(2) == ("" if name in ("all refused", "wrong baud") else "请A001办理"), name
        bus.far.sign(2).set_quirks(bus.now, half_reply=False, delay_ms=0, wrong_baud=False, nak_every=0, noise=b"")
        bus.run(6_000)
        assert bus.reports[-1] == SignAnswered(2), name
        assert bus.reads(2) == "请A001办理", name


def test_a_text_with_bytes_that_need_escapes_is_read_as_it_was_written() -> None:
    """去, 处 and 单 hold the bytes of lead-in and escape."""
    bus = Bus()
    bus.tell(show(2, "去处单力功应庭师"))
    bus.run(300)
    assert bus.reads(2) == "去处单力功应庭师"


def test_the_dots_are_those_of_the_call_in_its_colour(tmp_path: Path) -> None:
    """Red dots only, centred, nothing cut off at the edges; another number gives another picture."""
    bus = Bus()
    bus.tell(show(2, "请A017办理", Colour.RED, urgent=True), show(3, "请A071办理", Colour.RED), show(4, "12号 不动产缴税"))
    bus.run(500)
    dots = {address: bus.far.sign(address).dots(bus.now) for address in (2, 3, 4)}
    assert {value for _, value in dots[2].getcolors() or []} == {0, 1}
    assert {value for _, value in dots[4].getcolors() or []} == {0, 2}
    left, _, right, _ = dots[2].getbbox() or (0, 0, 0, 0)
    assert abs(left - (128 - right)) <= 8
    assert dots[2].tobytes() != dots[3].tobytes()
    picture: Image.Image = bus.far.sign(2).image(bus.now)
    picture.save(tmp_path / "sign.png")
    assert picture.width > picture.height


def test_no_two_requests_are_ever_under_way() -> None:
    """Half duplex: on a good bus every request waits for the answer to the one before."""
    bus = Bus(SLOW)
    draw = random.Random(3)
    for number in range(300):
        bus.tell(show(draw.choice((2, 3, 4)), f"请A{number:03}办理", Colour.RED, urgent=draw.random() < 0.5))
        bus.run(draw.randint(0, 200))
    times = [at for at, _ in bus.sent]
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 60
    assert not bus.far.collisions
