"""PN532: the frames of the hardware notes byte for byte, a card told once, silence found, every quirk survived."""

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values import HallTime, Ms
from firmware.drivers.base import Port, Send
from firmware.drivers.card_reader import CardPresented, CardUnreadable, ReaderBack, ReaderLost
from firmware.drivers.pn532 import LIST_TARGETS, RF_CONFIGURATION, SAM_CONFIGURATION, Pn532
from firmware.drivers.pn532_frames import LONGEST, WAKE_UP, Ack, Answer, Failed, Incoming, command, take
from firmware.drivers.work_cards import reader_driver
from firmware.runtime import settings
from firmware.wire.base import BytesArrived, FromWire, WireLost, WireOpened
from punch_clock.config import ClockConfig
from sim.clock import Alarm, ManualClock, Scheduler
from sim.devices.pn532 import Pn532 as Module
from sim.devices.pn532 import Pn532Quirks, framed
from sim.solo import Solo
from sim.wires import Line, VirtualLine

FIRMWARE = bytes.fromhex("0000FF02FED4022A00")
SAM = bytes.fromhex("0000FF03FDD414011700")
SAM_DONE = bytes.fromhex("0000FF02FED5151600")
LOOK = bytes.fromhex("0000FF04FCD44A0100E100")
ONE_CARD = bytes.fromhex("0000FF0CF4D54B010100040804DEADBEEF9600")
NO_CARD = bytes.fromhex("0000FF03FDD54B00E000")
ACK = bytes.fromhex("0000FF00FF00")
TUNED = framed(b"\xd5\x33")
CARD = CardPresented("DEADBEEF")


# --- Frames --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frame", "code", "data"), [(FIRMWARE, 0x02, ""), (SAM, SAM_CONFIGURATION, "01"), (LOOK, LIST_TARGETS, "0100")]
)
def test_commands_of_the_hardware_notes(frame: bytes, code: int, data: str) -> None:
    """What we send is what the notes print, byte for byte."""
    assert command(code, bytes.fromhex(data)) == frame


@pytest.mark.parametrize(
    ("frame", "understood"),
    [
        (ACK, Ack()),
        (SAM_DONE, Answer(0x15, b"")),
        (ONE_CARD, Answer(0x4B, bytes.fromhex("010100040804DEADBEEF"))),
        (NO_CARD, Answer(0x4B, b"\x00")),
        (bytes.fromhex("0000FF06FAD50332010607E800"), Answer(0x03, bytes.fromhex("32010607"))),
        (bytes.fromhex("0000FF01FF7F8100"), Failed()),
    ],
)
def test_answers_of_the_hardware_notes(frame: bytes, understood: object) -> None:
    """Every printed answer is understood, however it is cut; the simulated module makes the same bytes."""
    for cut in range(len(frame)):
        incoming, first = take(Incoming(), frame[:cut])
        assert (*first, *take(incoming, frame[cut:])[1]) == (understood,)
    assert isinstance(understood, Ack) or framed(frame[5 : 5 + frame[3]]) == frame


@given(st.binary(max_size=200), st.binary(min_size=1, max_size=LONGEST - 2))
def test_a_good_frame_is_found_behind_noise(noise: bytes, data: bytes) -> None:
    """Noise delays by at most the longest frame it could have begun; then every good one is understood."""
    good = framed(b"\xd5\x4b" + data)
    _, found = take(take(Incoming(), noise)[0], bytes(LONGEST + 8) + good * 3)
    assert Answer(0x4B, data) in found


@given(st.integers(0, len(ONE_CARD) - 1), st.integers(0, 255))
def test_one_changed_byte_never_makes_another_card(place: int, byte: int) -> None:
    """Both checksums together catch every single wrong byte."""
    changed = ONE_CARD[:place] + bytes([byte]) + ONE_CARD[place + 1 :]
    _, found = take(Incoming(), changed)
    assert all(one in (Answer(0x4B, bytes.fromhex("010100040804DEADBEEF")), Ack()) for one in found)


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_nothing_that_arrives_is_kept_for_ever(pieces: list[bytes]) -> None:
    """I15: however long the noise, what waits to be understood is no longer than a frame."""
    incoming = Incoming()
    for piece in pieces:
        incoming, _ = take(incoming, piece)
        assert len(incoming.rest) < LONGEST + 6


# --- The driver alone ----------------------------------------------------------------------------------------------------


def woken() -> Solo:
    """A driver whose reader has answered everything and now looks for a card."""
    run = Solo(Pn532())
    run.at(0, WireOpened())
    run.at(10, BytesArrived(ACK + SAM_DONE))
    run.at(20, BytesArrived(ACK + TUNED))
    return run


def test_it_wakes_the_reader_and_sets_it_up() -> None:
    """The wake-up before the first command, then normal mode, few retries, and the first look."""
    run = woken()
    assert [one for _, one in run.history if isinstance(one, Send)] == [
        Send(WAKE_UP + SAM),
        Send(command(RF_CONFIGURATION, b"\x05\xff\x01\x02")),
        Send(LOOK),
    ]
    assert WAKE_UP.startswith(b"\x55\x55")
    assert len(WAKE_UP) - 2 >= 14
    assert run.reports() == [(20, ReaderBack())]


def test_a_card_is_told_at_once_and_once() -> None:
    """While it stays it is the same presentation; 2.5 s after its last sighting it is a new one."""
    run = woken()
    for now in range(100, 5_000, 200):
        run.at(now, BytesArrived(ACK + ONE_CARD))
    assert run.reports()[1:] == [(100, CARD)]
    for now in range(5_000, 8_200, 200):
        run.at(now, BytesArrived(ACK + NO_CARD))
    run.at(8_300, BytesArrived(ACK + ONE_CARD))
    assert run.reports()[-1] == (8_300, CARD)


def test_it_looks_eight_times_a_second() -> None:
    """The pause between an answer and the next look is an eighth of a second."""
    run = woken()
    run.at(100, BytesArrived(ACK + NO_CARD))
    assert run.until(224) == []
    assert run.until(225) == [Send(LOOK)]


def test_silence_is_a_lost_reader_and_is_told_once() -> None:
    """Three commands without an answer; it is woken again until it answers, which is told as well."""
    run = woken()
    run.until(30_000)
    told = run.reports()[1:]
    assert [what for _, what in told] == [ReaderLost("no answer")]
    assert told[0][0] <= 2_000
    run.at(30_010, BytesArrived(ACK + SAM_DONE), BytesArrived(ACK + TUNED))
    assert run.reports()[-1] == (30_010, ReaderBack())


def test_a_reader_that_was_never_there_is_told() -> None:
    """Nobody ever answers: the clock must say that it is out of service."""
    run = Solo(Pn532())
    run.at(0, WireOpened())
    run.until(10_000)
    assert [what for _, what in run.reports()] == [ReaderLost("no answer")]


def test_a_lost_wire_forgets_half_a_frame() -> None:
    """Two halves with an unplugging between them are no card."""
    run = woken()
    run.at(100, BytesArrived(ONE_CARD[:9]), WireLost("unplugged"), WireOpened(), BytesArrived(ONE_CARD[9:]))
    assert [what for _, what in run.reports()[1:]] == [ReaderLost("unplugged")]


def test_late_answers_are_nobodys_card() -> None:
    """An answer to a look that was given up does not end the wake-up that follows."""
    run = woken()
    run.until(600)
    run.at(610, BytesArrived(ONE_CARD))
    assert run.reports()[1:] == []


@given(st.lists(st.tuples(st.integers(0, 700), st.binary(max_size=40)), max_size=30))
def test_no_bytes_can_stop_it(pieces: list[tuple[int, bytes]]) -> None:
    """Whatever arrives, it goes on asking, and tells only cards whose frame was good."""
    run = Solo(Pn532())
    run.at(0, WireOpened())
    now = 0
    for wait, data in pieces:
        now += wait
        run.at(now, BytesArrived(data))
    before = len(run.history)
    run.until(now + 3_000)
    assert any(isinstance(one, Send) for _, one in run.history[before:])


# --- Driver and module on one line ---------------------------------------------------------------------------------------


class Joined:
    """A port and a simulated module on one virtual line of 115200 baud."""

    def __init__(self, line: Line | None = None, **quirks: Any) -> None:
        self.scheduler = Scheduler(ManualClock(HallTime(0)))
        self.module = Module(Pn532Quirks(**quirks))
        self.line = VirtualLine(self.scheduler, line or Line(baud=115_200), random.Random(7))
        self.plugged = self.line.plug(self.module)
        self.told: list[object] = []
        self._alarm = Alarm(self.scheduler, lambda: self._took(self.port.wake(self.now)))
        self.port = Port(Pn532(), self.line.open(self._post))
        self._took(self.port.begin(self.now))

    @property
    def now(self) -> Ms:
        """Virtual time."""
        return self.scheduler.now

    def _post(self, happening: FromWire) -> None:
        self.scheduler.after(0, lambda: self._took(self.port.handle(happening, self.now)))

    def _took(self, reports: list[object]) -> None:
        self.told += reports
        self._alarm.set(self.port.wake_at)

    def wait(self, ms: Ms) -> list[object]:
        """Let time pass; what was told meanwhile."""
        before = len(self.told)
        self.plugged.settle()
        self.scheduler.run_until(self.now + ms)
        return self.told[before:]

    def hold(self, uid: str, ms: Ms = 400) -> list[object]:
        """Hold a card to the reader, and wait until a new presentation would be one."""
        self.module.present(uid, self.now, hold_ms=ms)
        return self.wait(ms + 3_000)


@pytest.mark.parametrize("uid", ["DEADBEEF", "04A1B2C3D4E5F6", "00112233445566778899"])
def test_cards_of_every_length_are_read(uid: str) -> None:
    """4, 7 and 10 bytes; held for less than half a second, told once; the module understood every byte we said."""
    hall = Joined()
    assert hall.wait(1_000) == [ReaderBack()]
    assert hall.hold(uid) == [CardPresented(uid)]
    assert hall.hold(uid) == [CardPresented(uid)]
    assert hall.module.wrong == []


def test_a_card_is_told_within_a_third_of_a_second() -> None:
    """Whoever holds a card out does not wait: pause, look and answer together."""
    hall = Joined()
    hall.wait(1_000)
    hall.module.present("DEADBEEF", hall.now)
    assert hall.wait(333) == [CARD]


def test_a_power_failure_of_the_module_heals_by_itself() -> None:
    """It sleeps again and has forgotten its settings; the driver wakes it and nobody is told."""
    hall = Joined()
    hall.wait(1_000)
    hall.module.power_fails()
    assert hall.wait(3_000) == []
    assert hall.hold("DEADBEEF") == [CARD]
    assert hall.module.wrong == []


@pytest.mark.parametrize(
    ("quirks", "told"),
    [
        ({"noise": b"\x00\xff\x00\x00\xff"}, [CARD]),
        ({"no_ack": True}, [CARD]),
        ({"broken_card": True}, [CardUnreadable()]),
        ({"errors": True}, [CardUnreadable()]),
        ({"bad_checksum": True}, [ReaderLost("no answer")]),
        ({"half_answers": True}, [ReaderLost("no answer")]),
        ({"dead": True}, [ReaderLost("no answer")]),
    ],
)
def test_every_quirk_ends_in_the_card_or_in_a_sentence(quirks: dict[str, Any], told: list[object]) -> None:
    """A module that misbehaves while a card is held out: read all the same, or said to be unreadable, or lost."""
    hall = Joined()
    hall.wait(1_000)
    hall.module.set_quirks(**quirks)
    hall.module.present("DEADBEEF", hall.now)
    assert hall.wait(2_600) == told
    hall.module.remove(hall.now)
    hall.module.set_quirks(**dict.fromkeys(quirks, False) | ({"noise": b""} if "noise" in quirks else {}))
    hall.wait(6_000)
    assert hall.hold("CAFEBABE")[-1] == CardPresented("CAFEBABE")


# --- In a room -----------------------------------------------------------------------------------------------------------

NODE_TOML = """
hall = "yongan"
node = "CLK-02"
data_dir = "data"
card_key_file = "card.key"
reader = "{reader}"
[pins]
green = 17
red = 27
beeper = 18
[wires]
reader = "serial:/dev/ttyUSB0?baud=115200"
text_line = "serial:/dev/ttyUSB1?baud=9600"
"""


def test_node_toml_names_the_reader() -> None:
    """``reader = "pn532"`` is all a clock or a terminal needs to be told; a misspelt model is refused naming both."""
    config = settings.parse(NODE_TOML.format(reader="pn532"), Path("node.toml"), ClockConfig)
    assert isinstance(reader_driver(config.reader), Pn532)
    with pytest.raises(settings.SettingsError, match="rdm6300"):
        settings.parse(NODE_TOML.format(reader="pn523"), Path("node.toml"), ClockConfig)
