"""Virtual wires and pins."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values import HallTime, Ms
from firmware.wire.base import BytesArrived, EdgeSeen, FromWire, WireError, WireLost, WireOpened
from sim.clock import ManualClock, Scheduler
from sim.pins import VirtualPins
from sim.wires import Cut, Line, VirtualLine, Way


class Parrot:
    """A device that says everything back 20 ms after it heard it, and remembers when it heard what."""

    def __init__(self) -> None:
        self.wake_at: Ms | None = None
        self.heard: list[tuple[Ms, bytes]] = []
        self._send: Callable[[bytes], None] | None = None

    def connect(self, send: Callable[[bytes], None]) -> None:
        """Keep the way back."""
        self._send = send

    def hear(self, data: bytes, now: Ms) -> None:
        """Remember, and answer later."""
        self.heard.append((now, data))
        self.wake_at = now + 20

    def wake(self, now: Ms) -> None:
        """Answer."""
        assert self._send is not None
        self.wake_at = None
        self._send(self.heard[-1][1])


class Panel:
    """A pin device that remembers what it saw."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, bool, Ms]] = []
        self.drive: Callable[[int, bool], None] | None = None

    def connect(self, drive: Callable[[int, bool], None]) -> None:
        """Keep the way in."""
        self.drive = drive

    def saw(self, pin: int, now: Ms, *, active: bool) -> None:
        """Remember."""
        self.seen.append((pin, active, now))


class Bench:
    """A scheduler, a line with a parrot, and what the firmware's end was told."""

    def __init__(self, line: Line, seed: int = 1) -> None:
        self.scheduler = Scheduler(ManualClock(HallTime(0)))
        self.line = VirtualLine(self.scheduler, line, random.Random(seed))
        self.parrot = Parrot()
        self.line.plug(self.parrot)
        self.told: list[tuple[Ms, FromWire]] = []

    def post(self, happening: FromWire) -> None:
        """What the wire brings."""
        self.told.append((self.scheduler.now, happening))

    def bytes_told(self) -> bytes:
        """All bytes the firmware got."""
        return b"".join(happening.data for _, happening in self.told if isinstance(happening, BytesArrived))


def test_ten_bytes_at_9600_baud_take_10_4_ms_each_way() -> None:
    """10 bits a byte, rounded up to the next millisecond; the device's own time lies between."""
    bench = Bench(Line(baud=9600))
    wire = bench.line.open(bench.post)
    wire.write(b"0123456789")
    bench.scheduler.run_until(1000)
    assert bench.parrot.heard == [(11, b"0123456789")]
    assert bench.told == [(0, WireOpened()), (11 + 20 + 11, BytesArrived(b"0123456789"))]


def test_a_second_write_waits_for_the_first() -> None:
    """The line carries one byte after the other."""
    bench = Bench(Line(baud=9600))
    wire = bench.line.open(bench.post)
    wire.write(b"x" * 96)
    wire.write(b"y" * 96)
    bench.scheduler.run_until(1000)
    assert [at for at, _ in bench.parrot.heard] == [100, 200]


@given(data=st.binary(min_size=1, max_size=200), cut=st.sampled_from(list(Cut)), seed=st.integers(0, 9))
def test_a_cut_line_loses_nothing(data: bytes, cut: Cut, seed: int) -> None:
    """However the bytes are cut, all arrive, in order."""
    bench = Bench(Line(cut=cut), seed)
    bench.line.open(bench.post).write(data)
    bench.scheduler.run_until(10_000)
    assert b"".join(piece for _, piece in bench.parrot.heard) == data
    if cut is Cut.BYTES:
        assert all(len(piece) == 1 for _, piece in bench.parrot.heard)


def test_a_bad_line_is_bad_in_the_same_way_for_the_same_seed() -> None:
    """Loss and noise come from the seed alone."""

    def heard(seed: int) -> list[tuple[Ms, bytes]]:
        bench = Bench(Line(loss=100_000, noise=100_000, cut=Cut.RANDOM), seed)
        bench.line.open(bench.post).write(bytes(200))
        bench.scheduler.run_until(10_000)
        return bench.parrot.heard

    assert heard(1) == heard(1)
    assert heard(1) != heard(2)
    arrived = b"".join(piece for _, piece in heard(1))
    assert 150 < len(arrived) < 200
    assert any(arrived)


def test_pulling_the_plug_loses_what_is_on_its_way_and_is_told() -> None:
    """Half a frame on the line is gone; bytes written while it is out are dropped; then the wire opens again."""
    bench = Bench(Line(baud=9600))
    wire = bench.line.open(bench.post)
    wire.write(b"x" * 96)
    bench.scheduler.run_until(50)
    bench.line.unplug()
    wire.write(b"lost")
    bench.scheduler.run_until(200)
    bench.line.replug()
    wire.write(b"kept")
    bench.scheduler.run_until(500)
    assert [data for _, data in bench.parrot.heard] == [b"kept"]
    assert [happening for _, happening in bench.told[:3]] == [WireOpened(), WireLost("unplugged"), WireOpened()]


def test_a_killed_firmware_hears_nothing_more_but_its_bytes_still_arrive() -> None:
    """What left before the kill is printed; the next process gets the line afresh."""
    bench = Bench(Line(baud=9600))
    first = bench.line.open(bench.post)
    first.write(b"paper")
    first.close()
    told_second: list[FromWire] = []
    second = bench.line.open(told_second.append)
    first.write(b"ghost")
    bench.scheduler.run_until(500)
    second.close()
    assert [data for _, data in bench.parrot.heard] == [b"paper"]
    assert bench.told == []
    assert told_second == [WireOpened(), BytesArrived(b"paper")]


def test_a_tap_sees_both_ways_when_bytes_set_out() -> None:
    """A tap is told the moment of the first byte, not of the last."""
    bench = Bench(Line(baud=9600))
    seen: list[tuple[Way, bytes, Ms]] = []
    bench.line.taps.append(lambda way, data, now: seen.append((way, data, now)))
    bench.line.open(bench.post).write(b"0123456789")
    bench.scheduler.run_until(500)
    assert seen == [(Way.TO_DEVICE, b"0123456789", 0), (Way.TO_FIRMWARE, b"0123456789", 31)]


def test_a_line_of_bytes_refuses_pins() -> None:
    """Setting a pin of a serial line is a mistake that shows at once."""
    bench = Bench(Line())
    with pytest.raises(WireError, match="carries bytes"):
        bench.line.open(bench.post).set(4, active=True)


@pytest.fixture
def pins() -> VirtualPins:
    """Two inputs, one output."""
    return VirtualPins(Scheduler(ManualClock(HallTime(0))), inputs=[5, 6], outputs=[17])


def run(pins: VirtualPins) -> None:
    """Let what is due happen."""
    scheduler = pins._timetable
    assert isinstance(scheduler, Scheduler)
    scheduler.run_until(scheduler.now + 10)


def test_keys_become_edges_and_lamps_are_seen(pins: VirtualPins) -> None:
    """A contact that closes is an edge; an output that rises is a lamp; the same level again is nothing."""
    panel = Panel()
    pins.plug(panel)
    told: list[FromWire] = []
    wire = pins.open(told.append)
    pins.drive(5, active=True)
    pins.drive(5, active=True)
    pins.drive(5, active=False)
    wire.set(17, active=True)
    run(pins)
    assert told == [WireOpened(), EdgeSeen(5, active=True), EdgeSeen(5, active=False)]
    assert panel.seen == [(17, True, 0)]


def test_a_key_held_while_the_node_starts_is_seen_as_closed(pins: VirtualPins) -> None:
    """A stuck key shows when the pins are opened."""
    pins.drive(6, active=True)
    told: list[FromWire] = []
    pins.open(told.append)
    run(pins)
    assert told == [WireOpened(), EdgeSeen(6, active=True)]


def test_lamps_go_dark_when_the_process_is_gone(pins: VirtualPins) -> None:
    """A dead process holds no output up."""
    panel = Panel()
    pins.plug(panel)
    wire = pins.open(lambda _: None)
    wire.set(17, active=True)
    wire.close()
    assert [active for _, active, _ in panel.seen] == [True, False]


@pytest.mark.parametrize("pin", [17, 99])
def test_driving_what_is_no_input_is_refused(pins: VirtualPins, pin: int) -> None:
    """Neither an output nor an unknown pin can be driven."""
    with pytest.raises(ValueError, match="no input"):
        pins.drive(pin, active=True)


@pytest.mark.parametrize("pin", [5, 99])
def test_switching_what_is_no_output_is_refused(pins: VirtualPins, pin: int) -> None:
    """Neither an input nor an unknown pin can be switched."""
    with pytest.raises(WireError, match="no output"):
        pins.open(lambda _: None).set(pin, active=True)
