"""The driver against the simulated printer, which was written from the data sheets by somebody who had not seen it."""

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from contracts.messages import GroupInfo, KioskSettings, TicketIssued
from contracts.values import Condition, CounterId, GroupId, HallTime, Ms, PrintProof, TicketId, TicketNo
from firmware.drivers.base import Port
from firmware.drivers.document import Document, Text
from firmware.drivers.thermal_printer import Confirm, JobFailed, Model, Print, Printed, PrinterChanged, ThermalPrinter
from firmware.wire.base import FromWire
from kiosk.layout import ticket
from sim.clock import Alarm, ManualClock, Scheduler
from sim.devices.paper import Cut as PaperCut
from sim.devices.paper import Paper
from sim.devices.printer_kinds import Model as Kind
from sim.devices.printer_kinds import Quirks
from sim.devices.thermal_printer import ThermalPrinter as SimulatedPrinter
from sim.wires import Cut, Line, VirtualLine

URL = "https://hall.example/r/abcdefghijklmnopqrstuv"
OK = PrinterChanged(Condition.OK, "ok")


class Joined:
    """A port and a simulated printer on one virtual line."""

    def __init__(self, model: Model, *, cut: Cut = Cut.WHOLE, quirks: Quirks | None = None) -> None:
        self.scheduler = Scheduler(ManualClock(HallTime(0)))
        self.device = SimulatedPrinter(Kind(width=model.width_dots), quirks)
        self.line = VirtualLine(self.scheduler, Line(baud=model.baud, cut=cut), random.Random(7))
        self.plugged = self.line.plug(self.device)
        self.reports: list[object] = []
        self._alarm = Alarm(self.scheduler, self._wake)
        self.port = Port(ThermalPrinter(model), self.line.open(self._post))
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

    def give(self, document: Document, job: str = "job") -> None:
        """Print this."""
        self._took(self.port.handle(Print(job, document), self.now))

    def wait(self, ms: Ms) -> None:
        """Let time pass; the printer was perhaps handled just before."""
        self.plugged.settle()
        self.scheduler.run_until(self.now + ms)

    def wait_for(self, report: object, within: Ms = 15_000) -> None:
        """Run until the driver has reported this."""
        self.plugged.settle()
        assert self.scheduler.run_until_true(lambda: report in self.reports, within=within), self.reports

    def take_reports(self) -> list[object]:
        """The reports since last asked."""
        taken, self.reports = self.reports, []
        return taken


def ready(model: Model | None = None, *, cut: Cut = Cut.WHOLE, quirks: Quirks | None = None) -> Joined:
    """A pair that has found each other."""
    joined = Joined(model or Model(baud=19_200), cut=cut, quirks=quirks)
    joined.wait_for(OK)
    joined.take_reports()
    return joined


def full_ticket(*, copy: int = 0, long: bool = False) -> Document:
    """A ticket as the kiosk lays it out; ``long`` with the longest place and names, one of them with a rare character."""
    counters = tuple(CounterId(f"W{number:02}") for number in (range(1, 13) if long else (1, 2, 3)))
    name = "公共场所卫生许可与建筑工程施工许可证核发及变更延续注销(朱𬭎镇)" if long else "企业开办与许可"
    group = GroupInfo(id=GroupId("A"), zh=name, en="", zone="综合受理区", counters=counters)
    settings = KioskSettings(
        hash="h",
        hall_name_zh="永安县政务服务中心",
        hall_name_en="",
        hotline="0000-12345678",
        ordinal=1,
        groups=(group,),
        rating_url="https://hall.example/r",
        rating_days=30,
    )
    issued = TicketIssued(
        request_id=None,
        ticket=TicketId("2026-03-10/A007"),
        no=TicketNo("A007"),
        group=GroupId("A"),
        service=None,
        issued_at=HallTime(1_773_104_820_000),
        waiting=5,
        token="abcdefghijklmnopqrstuv",
    )
    return ticket(issued, settings, copy=copy)


def read_qr(paper: Paper, folder: Path) -> str:
    """What an independent reader finds in the picture of this paper."""
    if shutil.which("zbarimg") is None:
        if os.environ.get("HALL_REQUIRE_MOSQUITTO") == "1":
            pytest.fail("zbarimg is required where mosquitto is")
        pytest.skip("zbarimg is not installed")
    picture = folder / "ticket.png"
    paper.image.save(picture)
    return subprocess.run(
        ["zbarimg", "-q", "--raw", str(picture)], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.parametrize("width", [384, 576])
@pytest.mark.parametrize("native_qr", [True, False])
@pytest.mark.parametrize("long", [False, True])
def test_a_full_ticket_comes_out_whole_and_its_code_reads_back(
    width: int, native_qr: bool, long: bool, tmp_path: Path
) -> None:
    """On both papers, with and without native QR: every line is on the paper, one clean cut, and zbarimg reads the URL."""
    joined = ready(Model(width_dots=width, native_qr=native_qr, baud=115_200))
    joined.give(full_ticket(long=long, copy=1))
    joined.wait_for(Printed("job", PrintProof.CONFIRMED))
    [paper] = joined.device.papers
    assert paper.complete
    assert paper.cut is PaperCut.FULL
    said = "".join(paper.lines).replace(" ", "")
    for line in full_ticket(long=long, copy=1):
        if isinstance(line, Text) and "𬭎" not in line.text:
            assert line.text.replace(" ", "") in said
    assert (len(paper.pictures) > 0) is (long or not native_qr)
    assert list(joined.device.unknown) == []
    assert list(joined.device.refused) == []
    assert read_qr(paper, tmp_path) == URL


@pytest.mark.parametrize("cut", list(Cut))
def test_any_cut_of_the_line_prints_the_same(cut: Cut) -> None:
    """Whole, byte by byte or in random pieces: the same paper and the same proof."""
    joined = ready(cut=cut)
    joined.give(full_ticket(long=True))
    joined.wait_for(Printed("job", PrintProof.CONFIRMED))
    assert len(joined.device.papers) == 1
    assert joined.device.papers[0].complete


def test_proof_comes_only_after_the_cut() -> None:
    """When Printed is reported the paper has already left the printer, however slow its motor is within the time allowed."""
    joined = ready(Model(baud=115_200, print_ms=20_000), quirks=Quirks(slowness=4))
    joined.give(full_ticket())
    while not joined.device.papers:
        assert joined.take_reports() == []
        joined.wait(10)
    joined.wait_for(Printed("job", PrintProof.CONFIRMED))


def test_status_asked_during_a_slow_paper_does_not_confirm_it() -> None:
    """A printer too slow for its time-out answers DLE EOT all along; the paper is still not confirmed."""
    joined = ready(Model(baud=115_200), quirks=Quirks(slowness=8))
    joined.give(full_ticket())
    joined.wait_for(JobFailed("job", "unconfirmed", anything_printed=True))
    joined.wait_for(OK, within=60_000)
    assert len(joined.device.papers) == 1


@pytest.mark.parametrize("lines", [0, 1, 5, 9, 12])
def test_paper_out_at_any_line_then_refilled_and_reprinted(lines: int) -> None:
    """Out at line n: fault, failed job; a new roll: cleared, well, and the reprint comes out complete and confirmed."""
    joined = ready(quirks=Quirks(paper_out_after_lines=lines))
    joined.give(full_ticket())
    joined.wait_for(JobFailed("job", "paper_out", anything_printed=True))
    assert joined.take_reports()[0] == PrinterChanged(Condition.FAULT, "paper_out")
    joined.wait(20_000)
    joined.device.load_paper(joined.now)
    joined.wait_for(OK, within=20_000)
    joined.give(full_ticket(copy=1), "again")
    joined.wait_for(Printed("again", PrintProof.CONFIRMED))
    last = joined.device.papers[-1]
    assert last.complete
    assert "补打1" in last.text


def test_cover_opened_in_the_middle_and_closed() -> None:
    """The cover opens at any moment of the ticket: never confirmed by mistake, and well again after it is closed."""
    for moment in range(0, 1_600, 100):
        joined = ready()
        joined.give(full_ticket())
        joined.wait(moment)
        joined.device.open_cover(joined.now)
        joined.wait(6_000)
        reports = joined.take_reports()
        if Printed("job", PrintProof.CONFIRMED) in reports:
            assert joined.device.papers
        else:
            assert JobFailed("job", "cover_open", anything_printed=True) in reports
        assert PrinterChanged(Condition.FAULT, "cover_open") in reports
        joined.device.close_cover(joined.now)
        joined.wait_for(OK, within=20_000)
        joined.give(full_ticket(copy=1), "again")
        joined.wait_for(Printed("again", PrintProof.CONFIRMED))
        assert "补打1" in joined.device.papers[-1].text


def test_cutter_jam() -> None:
    """A cutter that jams leaves the ticket unconfirmed and is told as what it is; freed, the printer works."""
    joined = ready(quirks=Quirks(cutter_jammed=True))
    joined.give(full_ticket())
    joined.wait(8_000)
    reports = joined.take_reports()
    assert [type(one) for one in reports if isinstance(one, Printed | JobFailed)] == [JobFailed]
    assert PrinterChanged(Condition.FAULT, "cutter_error") in reports
    joined.device.free_cutter(joined.now)
    joined.wait_for(OK, within=20_000)


def test_unplugged_at_every_moment_of_a_ticket_with_pictures() -> None:
    """The wire goes at any moment, even inside a picture: the ticket fails; plugged in again the next one prints."""
    for moment in (0, 1, 5, 20, 60, 120, 200, 400, 800, 1_500, 2_500):
        joined = ready(Model(native_qr=False, baud=19_200), cut=Cut.BYTES)
        joined.give(full_ticket(long=True))
        joined.wait(moment)
        joined.line.unplug()
        joined.wait(100)
        assert JobFailed("job", "unplugged", anything_printed=True) in joined.take_reports()
        joined.wait(3_000)
        joined.line.replug()
        joined.wait_for(OK, within=60_000)
        joined.give(full_ticket(copy=1), "again")
        joined.wait_for(Printed("again", PrintProof.CONFIRMED), within=30_000)
        assert "补打1" in joined.device.papers[-1].text


def test_power_cut_in_the_middle() -> None:
    """At any moment the printer loses its power and its buffer: what there is of the ticket is cut off before the next.

    Whatever came out before, the next one is a whole paper with its own words and no others.
    """
    halves = 0
    for moment in range(100, 1_700, 100):
        joined = ready()
        joined.give(full_ticket())
        joined.wait(moment)
        joined.device.power_off(joined.now)
        joined.wait(10_000)
        reports = joined.take_reports()
        assert len([one for one in reports if isinstance(one, Printed | JobFailed)]) == 1
        joined.device.power_on(joined.now)
        joined.wait_for(OK, within=30_000)
        joined.give(full_ticket(copy=1), "again")
        joined.wait_for(Printed("again", PrintProof.CONFIRMED))
        *before, last = joined.device.papers
        assert last.complete
        assert last.text.count("A007") == 1
        halves += any(not one.complete for one in before)
    assert halves > 3, "some of the cuts fell into the ticket"


def test_a_clone_without_the_barrier_is_confirmed_by_draining() -> None:
    """GS r is not answered: as a barrier model it is a fault that prints nothing, as a drain model it works."""
    joined = Joined(Model(baud=19_200), quirks=Quirks(no_barrier=True))
    joined.wait(20_000)
    assert joined.take_reports() == [PrinterChanged(Condition.FAULT, "unconfirmed")]
    drained = ready(Model(baud=19_200, confirm=Confirm.DRAIN), quirks=Quirks(no_barrier=True))
    drained.give(full_ticket())
    drained.wait_for(Printed("job", PrintProof.DRAINED))
    assert len(drained.device.papers) == 1


@pytest.mark.parametrize("quirks", [Quirks(silent=True), Quirks(dead=True)])
def test_a_silent_printer_is_a_fault(quirks: Quirks) -> None:
    """It prints but never answers, or is dead: a fault within seconds, and no ticket is begun."""
    joined = Joined(Model(baud=19_200), quirks=quirks)
    joined.wait_for(PrinterChanged(Condition.FAULT, "silent"))
    joined.give(full_ticket())
    assert joined.reports[-1] == JobFailed("job", "not_ready", anything_printed=False)
    assert joined.device.papers == []


@pytest.mark.parametrize("every", [2, 3, 5, 7])
def test_lost_answers_do_not_stop_the_machine_for_good(every: int) -> None:
    """Every n-th answer is lost: a ticket said to be printed is out, and once it answers again all is well."""
    joined = Joined(Model(baud=19_200), quirks=Quirks(drop_reply_every=every))
    joined.wait(20_000)
    joined.give(full_ticket())
    joined.wait(10_000)
    if Printed("job", PrintProof.CONFIRMED) in joined.take_reports():
        assert joined.device.papers
    joined.device.set_quirks(joined.now, drop_reply_every=0)
    joined.wait(20_000)
    joined.give(full_ticket(), "healed")
    joined.wait_for(Printed("healed", PrintProof.CONFIRMED))


def test_near_end_and_paper_out_at_rest_are_noticed_before_a_press() -> None:
    """The roll runs low, then out, with nobody there: told within seconds each time, and well after a new roll."""
    joined = ready()
    joined.device.set_quirks(joined.now, near_end=True)
    joined.wait_for(PrinterChanged(Condition.WARNING, "paper_low"), within=4_000)
    joined.device.set_quirks(joined.now, paper_out=True)
    joined.wait_for(PrinterChanged(Condition.FAULT, "paper_out"), within=4_000)
    joined.device.load_paper(joined.now)
    joined.wait_for(OK, within=4_000)
