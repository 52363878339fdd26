"""The driver against the simulated reader, written from the same notes by itself: good lines, bad lines, every quirk."""

import random
from typing import Any

import pytest

from contracts.values import HallTime, Ms
from firmware.drivers.base import Port
from firmware.drivers.id_reader import CardFailed, CardRead, IdReader, ReaderTrouble, ReaderWell
from firmware.wire.base import FromWire
from sim.clock import Alarm, ManualClock, Scheduler
from sim.devices.id_cards import ADULT_F, ELDER, FOREIGNER, FOREIGNER_2023, PEOPLE, PERMIT, SENIOR, Card
from sim.devices.id_reader import IdReader as SimulatedReader
from sim.devices.id_reader import IdReaderQuirks, framed, reading
from sim.wires import Cut, Line, VirtualLine

WELL = ReaderWell()


class Joined:
    """A port and a simulated reader on one virtual line of 115200 baud."""

    def __init__(self, line: Line | None = None, **quirks: Any) -> None:
        self.scheduler = Scheduler(ManualClock(HallTime(0)))
        self.device = SimulatedReader(IdReaderQuirks(**quirks))
        self.line = VirtualLine(self.scheduler, line or Line(baud=115_200), random.Random(7))
        self.plugged = self.line.plug(self.device)
        self.reports: list[object] = []
        self._alarm = Alarm(self.scheduler, self._wake)
        self.port = Port(IdReader(), self.line.open(self._post))
        self._took(self.port.begin(self.now))

    @property
    def now(self) -> Ms:
        """Virtual time."""
        return self.scheduler.now

    def _post(self, happening: FromWire) -> None:
        self.scheduler.after(0, lambda: self._took(self.port.handle(happening, self.now)))

    def _wake(self) -> None:
        self._took(self.port.wake(self.now))

    def _took(self, reports: list[object]) -> None:
        self.reports += reports
        self._alarm.set(self.port.wake_at)

    def lay(self, card: Card, ms: Ms = 4_000) -> list[object]:
        """Lay a card on the reader for so long, take it away, wait four seconds; what was told of it."""
        before = len(self.reports)
        self.device.lay(card, self.now, hold_ms=ms)
        self.wait(ms + 4_000)
        return self.reports[before:]

    def wait(self, ms: Ms) -> None:
        """Let time pass."""
        self.plugged.settle()
        self.scheduler.run_until(self.now + ms)


def numbers(reports: list[object]) -> list[str]:
    """Whose cards were read."""
    return [one.card.number for one in reports if isinstance(one, CardRead)]


@pytest.mark.parametrize("cut", list(Cut))
@pytest.mark.parametrize("finds_again", [False, True])
def test_every_card_of_the_demo_day_is_read_once(cut: Cut, finds_again: bool) -> None:
    """Whole frames, single bytes, random pieces; a reader that denies a card that was read, and one that does not."""
    joined = Joined(Line(baud=115_200, cut=cut), finds_again=finds_again)
    for card in (*PEOPLE, PERMIT, FOREIGNER, FOREIGNER_2023):
        assert numbers(joined.lay(card)) == [card.number]
    assert joined.device.unknown == []
    assert joined.reports[0] == WELL


@pytest.mark.parametrize(("finds_again", "bad"), [(True, 100), (False, 30)])
def test_a_bad_line_costs_attempts_and_tells_no_lies(finds_again: bool, bad: int) -> None:
    """Bytes lost and changed: nearly every card is read, the others are told as failed, nobody is taken for another.

    A reader that denies a card after it has sent it once gives no second attempt, so there the line may be less bad.
    """
    joined = Joined(Line(baud=115_200, cut=Cut.RANDOM, loss=bad, noise=bad), finds_again=finds_again)
    for card in PEOPLE * 3:
        told = joined.lay(card, 10_000)
        assert numbers(told) in ([], [card.number])
        assert numbers(told) or any(isinstance(one, CardFailed) for one in told)
    assert len(numbers(joined.reports)) >= 18


@pytest.mark.parametrize("quirk", ["no_select", "unreadable", "half_frames", "bad_checksum"])
def test_a_card_that_cannot_be_read_is_told_and_the_next_one_is_read(quirk: str) -> None:
    """Told at most once for each card; the reader is not stuck."""
    joined = Joined()
    joined.wait(1_000)
    joined.device.set_quirks(**{quirk: True})
    told = joined.lay(SENIOR, 12_000)
    assert not numbers(told)
    failed = [one for one in told if isinstance(one, CardFailed)]
    assert len(failed) == (1 if quirk in {"no_select", "unreadable"} else 0)
    if quirk in {"half_frames", "bad_checksum"}:
        assert ReaderTrouble("silent") in told
    joined.device.set_quirks(**{quirk: False})
    joined.wait(3_000)
    assert numbers(joined.lay(ELDER)) == [ELDER.number]


def test_a_slow_reader_and_a_noisy_one_are_understood() -> None:
    """Half a second late, or with a truck passing by before every answer."""
    assert numbers(Joined(slow_ms=500).lay(ADULT_F, 6_000)) == [ADULT_F.number]
    assert numbers(Joined(noise=b"\xaa\xaa\x00\xff\x96").lay(ADULT_F)) == [ADULT_F.number]


def test_dead_unplugged_and_failed_readers_are_reported_and_come_back() -> None:
    """Silent after three questions; the wire gone; the security module failed: one report each, and one when it is well."""
    joined = Joined()
    joined.wait(1_000)
    for quirk, code in (("dead", "silent"), ("sam_failed", "sam_60"), ("", "unplugged")):
        joined.reports.clear()
        joined.device.set_quirks(**{quirk: True}) if quirk else joined.line.unplug()
        joined.wait(6_000)
        joined.device.set_quirks(**{quirk: False}) if quirk else joined.line.replug()
        joined.wait(6_000)
        assert [one.code for one in joined.reports if isinstance(one, ReaderTrouble)] == [code]
        assert joined.reports[-1] == WELL
    assert numbers(joined.lay(SENIOR)) == [SENIOR.number]


def test_the_simulated_reader_answers_with_the_bytes_of_the_notes() -> None:
    """Its own golden frames: the table of section 4, byte for byte."""
    assert framed(b"\x00\x00\x90").hex() == "aaaaaa9669000400009094"
    assert framed(b"\x00\x00\x9f\x00\x00\x00\x00").hex() == "aaaaaa9669000800009f0000000097"
    assert framed(b"\x00\x00\x80").hex() == "aaaaaa9669000400008084"
    assert framed(b"\x00\x00\x90" + bytes(8)).hex() == "aaaaaa9669000c000090" + "00" * 8 + "9c"
    assert framed(b"\x00\x00\x41").hex() == "aaaaaa9669000400004145"
    whole = reading(SENIOR.text())
    assert len(whole) == 1295
    assert whole[:14].hex() == "aaaaaa9669" + "0508" + "000090" + "0100" + "0400"


def test_the_simulated_reader_refuses_what_a_real_one_refuses() -> None:
    """Reading without selecting, an unknown command, a frame with a wrong check: 41, 21, nothing."""
    device = SimulatedReader()
    said: list[bytes] = []
    device.connect(said.append)
    device.lay(SENIOR, 0)
    for body in (b"\x30\x01", b"\x77\x01"):
        device.hear(framed(body), 0)
        device.wake(100)
    assert said == [framed(b"\x00\x00\x41"), framed(b"\x00\x00\x21")]
    device.hear(framed(b"\x20\x01")[:-1] + b"\x00" + b"noise", 200)
    device.wake(300)
    assert len(said) == 2
    assert len(device.unknown) == 3
    with pytest.raises(ValueError, match="256"):
        device.lay(b"short", 0)
