"""Laws of the sign bus that hold for any order of commands, noise, losses and time."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.values import Ms
from firmware.drivers.base import Output, Send, TimeReached, WakeAt
from firmware.drivers.bx5k import Decoder, Frame
from firmware.drivers.led_sign import AwaitingReply, Quiet, SignBus, State, Unplugged
from firmware.drivers.sign_commands import Brightness, Clear, Release, Show
from firmware.drivers.sign_text import Colour
from firmware.wire.base import BytesArrived, WireLost, WireOpened

ADDRESSES = st.integers(1, 4)
HAPPENINGS = st.one_of(
    st.builds(
        Show, ADDRESSES, st.sampled_from(["请A001办理", "暂停服务", "𠮷", ""]), st.sampled_from(Colour), st.booleans()
    ),
    st.builds(Clear, ADDRESSES),
    st.builds(Brightness, ADDRESSES, st.integers(0, 15)),
    st.builds(Release, ADDRESSES),
    st.builds(BytesArrived, st.binary(max_size=40)),
    st.builds(
        lambda address, data: BytesArrived(Frame(0x8000, address, data).to_bytes()),
        ADDRESSES,
        st.sampled_from([bytes.fromhex("A000000000"), bytes.fromhex("A001030000"), b"\xa0", bytes.fromhex("A102000000")]),
    ),
    st.just(WireOpened()),
    st.just(WireLost("pulled")),
)
STORY = st.lists(st.tuples(st.integers(0, 1_500), HAPPENINGS), max_size=40)


class Watched:
    """A driver whose every step is checked against the laws."""

    def __init__(self) -> None:
        self.driver = SignBus()
        self.now: Ms = 0
        self.wake_at: Ms | None = None
        self.sent: list[tuple[Ms, Frame]] = []
        self.state: State
        self.state, outputs = self.driver.begin(0)
        self.check(outputs)

    def give(self, happening: Any) -> None:
        """One step."""
        self.state, outputs = self.driver.step(self.state, happening, self.now)
        self.check(outputs)

    def check(self, outputs: Sequence[Output]) -> None:
        """At most one request a step, never without a wire, and never waiting for nothing."""
        sends = [output.data for output in outputs if isinstance(output, Send)]
        assert len(sends) <= 1
        for output in outputs:
            if isinstance(output, WakeAt):
                self.wake_at = output.at
        for data in sends:
            assert isinstance(self.state, AwaitingReply)
            (frame,) = Decoder().feed(data)[1]
            assert frame.destination == self.state.address
            self.sent.append((self.now, frame))
        match self.state:
            case Unplugged():
                assert not sends
                assert self.wake_at is None
            case AwaitingReply(until=until):
                assert self.wake_at == until
                assert until - self.now <= 400
            case Quiet(signs):
                due = [sign.due for sign in signs.values()]
                assert self.wake_at == min(due, default=None)
                assert all(at >= self.now for at in due)

    def until(self, then: Ms) -> None:
        """Let time pass."""
        while self.wake_at is not None and self.wake_at <= then:
            self.now, self.wake_at = self.wake_at, None
            self.give(TimeReached())
        self.now = then


@given(STORY)
@settings(max_examples=300)
def test_the_bus_is_never_stuck_and_never_speaks_twice_at_once(story: list[tuple[Ms, Any]]) -> None:
    """Whatever happens, the driver waits for exactly one thing, and only as long as it should."""
    bus = Watched()
    for pause, happening in story:
        bus.until(bus.now + pause)
        bus.give(happening)
    bus.until(bus.now + 20_000)


@given(STORY)
@settings(max_examples=300)
def test_when_the_trouble_is_over_every_sign_is_told_what_it_should_show(story: list[tuple[Ms, Any]]) -> None:
    """After any story: with a wire and answering signs, the last text sent to each sign is the one wanted, within 4 s."""
    bus = Watched()
    wanted: dict[int, Show | Clear] = {}
    for pause, happening in story:
        bus.until(bus.now + pause)
        bus.give(happening)
        if isinstance(happening, Release):
            wanted.pop(happening.address, None)
        elif isinstance(happening, (Show, Clear)):
            wanted[happening.address] = happening
    bus.give(WireLost("pulled"))
    bus.give(WireOpened())
    end = bus.now + 4_000
    while bus.now < end:
        if isinstance(bus.state, AwaitingReply):
            bus.until(bus.now + 50)
            bus.give(BytesArrived(Frame(0x8000, bus.state.address, bytes.fromhex("A000000000")).to_bytes()))
        bus.until(bus.now + 10)
    for address, command in wanted.items():
        telling = [frame.data for _, frame in bus.sent if frame.destination == address and frame.data[:2] != b"\xa2\x00"]
        texts = [data for data in telling if data[:2] in (b"\xa3\x06", b"\xa3\x10")]
        dark = isinstance(command, Clear) or command.text == "𠮷"
        if dark:
            assert texts[-1][:2] == b"\xa3\x10"
        else:
            assert isinstance(command, Show)
            assert texts[-1].endswith(command.colour.value + command.text.encode("gb2312"))
