"""The printer's driver, happening by happening: what it sends, reports and refuses."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values import Condition, Ms, PrintProof
from firmware.drivers.base import Report, Send, TimeReached, WakeAt
from firmware.drivers.document import Text
from firmware.drivers.escpos_encoder import encode
from firmware.drivers.printer_situations import Checking, Clearing, Printing, Situation, Watching
from firmware.drivers.thermal_printer import (
    FILLER,
    Confirm,
    JobFailed,
    Model,
    Print,
    Printed,
    PrinterChanged,
    ThermalPrinter,
)
from firmware.wire.base import BytesArrived, WireLost, WireOpened

MODEL = Model(baud=19_200)
CLONE = replace(MODEL, confirm=Confirm.DRAIN)
DOCUMENT = (Text("请A012号"),)
JOB = Print("A012", DOCUMENT)
TICKET = encode(DOCUMENT, MODEL)
BARRIER = b"\x1dr\x01"
CUT_OFF = b"\x1b@\x1bd\x06\x1dV\x00"
ASKED = [bytes([0x10, 4, n]) for n in (1, 2, 3, 4)]
CLEAN = b"\x12"
OK = PrinterChanged(Condition.OK, "ok")


def fault(code: str) -> PrinterChanged:
    """The report of a fault."""
    return PrinterChanged(Condition.FAULT, code)


@dataclass
class Bench:
    """Runs the driver and keeps what it put out; time is moved by hand, to its wishes."""

    model: Model = MODEL
    now: Ms = 0
    sent: list[bytes] = field(default_factory=list)
    reports: list[object] = field(default_factory=list)
    wish: Ms | None = None

    def __post_init__(self) -> None:
        self.driver = ThermalPrinter(self.model)
        self.state: Situation
        self.state, _ = self.driver.begin(0)

    def give(self, happening: object) -> list[bytes]:
        """One happening; returns what was sent for it."""
        self.state, outputs = self.driver.step(self.state, happening, self.now)
        new = [output.data for output in outputs if isinstance(output, Send)]
        self.sent += new
        self.reports += [output.what for output in outputs if isinstance(output, Report)]
        self.wish = [output.at for output in outputs if isinstance(output, WakeAt)][-1]
        return new

    def hear(self, data: bytes) -> list[bytes]:
        """Bytes come in 1 ms."""
        self.now += 1
        return self.give(BytesArrived(data))

    def wake(self) -> list[bytes]:
        """The wished time comes."""
        assert self.wish is not None
        self.now = max(self.now, self.wish)
        return self.give(TimeReached())

    def wait(self, ms: Ms, answers: dict[bytes, bytes] | None = None) -> None:
        """Let time pass; each request found in ``answers`` is answered at once."""
        end = self.now + ms
        while self.wish is not None and self.wish <= end:
            self.answer(self.wake(), answers or {})
        self.now = max(self.now, end)

    def answer(self, requests: Iterable[bytes], answers: dict[bytes, bytes]) -> None:
        """Answer these requests, and those that follow from the answers."""
        for request in requests:
            if request in answers:
                self.answer(self.hear(answers[request]), answers)

    def take_reports(self) -> list[object]:
        """The reports since last asked."""
        taken, self.reports = self.reports, []
        return taken


WELL = dict.fromkeys(ASKED, CLEAN) | {BARRIER: b"\x00"}


def ready(model: Model = MODEL) -> Bench:
    """A printer that was found well and cleared."""
    bench = Bench(model)
    bench.answer(bench.give(WireOpened()), WELL)
    bench.wait(1_500, WELL)
    assert bench.take_reports() == [OK]
    bench.sent.clear()
    return bench


def printing(model: Model = MODEL) -> Bench:
    """A printer with a ticket under way."""
    bench = ready(model)
    bench.give(JOB)
    assert isinstance(bench.state, Printing)
    return bench


def test_start_asks_all_status_then_clears_then_is_ready() -> None:
    """DLE EOT 1 to 4, each after the answer to the one before; then GS r 1; 1 s after its answer the printer is well.

    What somebody before us may have left on the paper is cut off then.
    """
    bench = Bench()
    assert bench.give(WireOpened()) == [ASKED[0]]
    assert [bench.hear(CLEAN) for _ in range(4)] == [[ASKED[1]], [ASKED[2]], [ASKED[3]], [BARRIER]]
    assert bench.reports == []
    bench.hear(b"\x00")
    assert bench.wish == bench.now + 1_000
    assert bench.wake() == [CUT_OFF]
    assert bench.reports == [OK]


def test_ready_printer_gets_the_ticket_at_once() -> None:
    """On the hot path the first thing sent is the whole ticket with its barrier: no status before it."""
    bench = ready()
    assert bench.give(JOB) == [TICKET + BARRIER]


def test_ticket_leaves_at_once_even_in_the_middle_of_a_question() -> None:
    """An idle question that is out does not hold a ticket up, and its late answer is not taken for anything."""
    bench = ready()
    while bench.wake() != [ASKED[0]]:
        pass
    assert bench.give(JOB) == [TICKET + BARRIER]
    bench.hear(b"\x16")
    assert bench.reports == []
    assert isinstance(bench.state, Printing)


def test_printed_means_barrier_then_clean_status_two_and_four() -> None:
    """Barrier answered, DLE EOT 2 and 4 clean, in this order, and only then Printed."""
    bench = printing()
    assert bench.hear(b"\x00") == [ASKED[1]]
    assert bench.hear(CLEAN) == [ASKED[3]]
    assert bench.reports == []
    bench.hear(CLEAN)
    assert bench.take_reports() == [Printed("A012", PrintProof.CONFIRMED)]


def test_low_paper_after_the_cut_is_printed_with_a_warning() -> None:
    """Near end does not make a paper doubtful; it is told as a warning and printing goes on."""
    bench = printing()
    bench.hear(b"\x03")
    bench.hear(CLEAN)
    bench.hear(b"\x1e")
    assert bench.take_reports() == [Printed("A012", PrintProof.CONFIRMED), PrinterChanged(Condition.WARNING, "paper_low")]
    assert bench.give(JOB) == [TICKET + BARRIER]


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([0x16, 0x12], "cover_open"),
        ([0x52, 0x12], "printer_error"),
        ([0x12, 0x72], "paper_out"),
        ([0x32, 0x72], "paper_out"),
    ],
)
def test_trouble_right_after_the_cut_is_no_proof(answers: list[int], code: str) -> None:
    """If the last look finds a fault the paper is not confirmed, though it may be out."""
    bench = printing()
    bench.hear(b"\x00")
    for answer in answers:
        bench.hear(bytes([answer]))
    assert bench.take_reports() == [fault(code), JobFailed("A012", code, anything_printed=True)]


@pytest.mark.parametrize(("answer", "code"), [(0x32, "paper_out"), (0x16, "cover_open"), (0x52, "printer_error")])
def test_trouble_while_printing_is_found_by_asking(answer: int, code: str) -> None:
    """A printer that stops says so within about a second: the fault first, then the failed job."""
    bench = printing()
    assert bench.wake() == [ASKED[1]]
    bench.hear(bytes([answer]))
    assert bench.take_reports() == [fault(code), JobFailed("A012", code, anything_printed=True)]
    assert bench.now < 1_500 + 1_000


def test_nothing_is_asked_while_the_ticket_is_on_the_line() -> None:
    """No DLE EOT before all bytes of the ticket have had their time on the line: none can fall into a picture."""
    slow = Model(baud=1_200)
    bench = ready(slow)
    start = bench.now
    bench.give(Print("long", (Text("一" * 500),)))
    assert bench.wake() == [ASKED[1]]
    assert bench.now - start >= 1_000 * 10_000 // 1_200


def test_silence_while_printing_is_borne_until_the_deadline() -> None:
    """Clones that answer nothing while they print are given the line time and 3 s, then the ticket is not confirmed."""
    bench = printing()
    start = bench.now
    bench.wait(2_900)
    assert bench.reports == []
    bench.wait(200)
    assert bench.take_reports() == [fault("unconfirmed"), JobFailed("A012", "unconfirmed", anything_printed=True)]
    assert bench.now - start <= 3_200


def test_a_late_barrier_never_confirms_the_next_ticket() -> None:
    """Paper out, paper refilled, the rest of the old ticket and its barrier come late: the printer is cleared first."""
    bench = printing()
    bench.wake()
    bench.hear(b"\x32")
    assert bench.give(JOB) == []
    assert bench.take_reports()[-1] == JobFailed("A012", "not_ready", anything_printed=False)
    bench.wait(600, dict.fromkeys(ASKED, CLEAN))
    assert isinstance(bench.state, Clearing)
    bench.hear(b"\x00")
    bench.hear(b"\x00")
    assert bench.reports == []
    bench.wake()
    assert bench.take_reports() == [OK]
    assert bench.give(Print("next", DOCUMENT)) == [TICKET + BARRIER]


def test_status_fine_but_barrier_never_answered_prints_nothing_more() -> None:
    """A model that does not know GS r 1 but is set to barrier: one ticket, then a fault for good, no endless papers."""
    bench = printing()
    bench.wait(60_000, dict.fromkeys(ASKED, CLEAN))
    assert bench.take_reports() == [fault("unconfirmed"), JobFailed("A012", "unconfirmed", anything_printed=True)]
    assert sum(TICKET in data for data in bench.sent) == 1


def test_drained_clone_is_confirmed_by_time_and_status() -> None:
    """Without a barrier: no GS r 1 is sent, and the proof is DRAINED after line time and drain time with clean status."""
    bench = Bench(CLONE)
    bench.answer(bench.give(WireOpened()), WELL)
    assert bench.take_reports() == [OK]
    assert bench.give(JOB) == [TICKET]
    start = bench.now
    bench.wait(4_000, WELL)
    assert bench.take_reports() == [Printed("A012", PrintProof.DRAINED)]
    assert not any(BARRIER in data for data in bench.sent)
    assert bench.now - start >= CLONE.print_ms


def test_unplugged_in_the_middle_fails_the_ticket() -> None:
    """The wire goes: fault, failed job, and nothing is sent until it is back."""
    bench = printing()
    assert bench.give(WireLost("gone")) == []
    assert bench.take_reports() == [fault("unplugged"), JobFailed("A012", "unplugged", anything_printed=True)]
    assert bench.wish is None
    assert bench.give(WireOpened()) == [ASKED[0]]


def test_wire_lost_in_every_other_situation_is_told_once() -> None:
    """At rest, clearing or never opened: unplugged, once."""
    bench = Bench()
    bench.give(WireLost("refused"))
    bench.give(WireLost("refused"))
    assert bench.take_reports() == [fault("unplugged")]


def test_unplugged_while_the_last_look_is_out() -> None:
    """Between barrier and clean status a lost wire leaves the paper unconfirmed."""
    bench = printing()
    bench.hear(b"\x00")
    assert isinstance(bench.state, Checking)
    bench.give(WireLost("gone"))
    assert bench.take_reports()[-1] == JobFailed("A012", "unplugged", anything_printed=True)


def test_silence_at_rest_is_a_fault_within_five_seconds() -> None:
    """Idle questions go unanswered three times: silent; the filler that ends a cut-off picture is sent once."""
    bench = ready()
    bench.wait(5_000)
    assert bench.take_reports() == [fault("silent")]
    bench.wait(60_000)
    assert bench.take_reports() == []
    assert bench.sent.count(FILLER) == 1


def test_silent_printer_that_comes_back_is_cleared_and_told() -> None:
    """Switched on again it is asked, cleared and reported well, and prints."""
    bench = ready()
    bench.wait(20_000)
    bench.take_reports()
    bench.wait(4_000, WELL)
    assert bench.take_reports() == [OK]
    assert bench.give(JOB) == [TICKET + BARRIER]


def test_silence_after_the_barrier_leaves_the_ticket_unconfirmed() -> None:
    """The barrier was answered but the last look is not: no proof."""
    bench = printing()
    bench.hear(b"\x00")
    bench.wait(1_000)
    assert bench.take_reports() == [fault("silent"), JobFailed("A012", "silent", anything_printed=True)]


@pytest.mark.parametrize(
    ("position", "answer", "expected"),
    [
        (1, 0x16, fault("cover_open")),
        (3, 0x1E, PrinterChanged(Condition.WARNING, "paper_low")),
        (3, 0x72, fault("paper_out")),
        (2, 0x1A, fault("cutter_error")),
        (0, 0x1A, fault("offline")),
    ],
)
def test_trouble_at_rest_is_told_before_anyone_presses(position: int, answer: int, expected: PrinterChanged) -> None:
    """Idle questions every 3 s find each trouble; it is told once, and once more when it is over."""
    bench = ready()
    ill = WELL | {ASKED[position]: bytes([answer])}
    bench.wait(3_500, ill)
    assert bench.take_reports() == [expected]
    bench.wait(10_000, ill)
    assert bench.take_reports() == []
    bench.wait(3_500, WELL)
    assert bench.take_reports() == [OK]


def test_one_job_at_a_time() -> None:
    """A second ticket while one is under way is refused without a byte."""
    bench = printing()
    assert bench.give(Print("B001", DOCUMENT)) == []
    assert bench.take_reports() == [JobFailed("B001", "busy", anything_printed=False)]


def test_before_the_printer_is_known_nothing_is_printed() -> None:
    """A ticket for a printer nobody has heard of yet is refused without a byte."""
    bench = Bench()
    assert bench.give(JOB) == []
    assert bench.take_reports() == [JobFailed("A012", "not_ready", anything_printed=False)]


def test_what_cannot_be_printed_is_refused_without_a_byte() -> None:
    """A document beyond the printer fails as unprintable, and the printer stays ready."""
    bench = ready()
    assert bench.give(Print("bad", (Text("A", size=99),))) == []
    assert bench.take_reports() == [JobFailed("bad", "unprintable", anything_printed=False)]
    assert bench.give(JOB) == [TICKET + BARRIER]


def test_two_status_bytes_at_once_are_both_distrusted() -> None:
    """What came with or before an answer cannot be the answer to the next question: pause, then ask again."""
    bench = ready()
    while bench.wake() != [ASKED[0]]:
        pass
    assert bench.hear(b"\x12\x16") == []
    assert bench.hear(b"\x16") == []
    assert bench.wake() == [ASKED[0]]


def test_unsolicited_bytes_at_rest_change_nothing() -> None:
    """Status or barrier bytes that nobody asked for are not believed."""
    bench = ready()
    bench.hear(b"\x72\x00\xff\x13")
    assert bench.take_reports() == []
    assert bench.give(JOB) == [TICKET + BARRIER]


@given(st.lists(st.binary(min_size=1, max_size=12), max_size=20), st.booleans())
def test_any_noise_then_good_answers_recover(noise: list[bytes], lost: bool) -> None:
    """Whatever the line brings, with or without a lost wire, once it answers again a ticket can be printed and confirmed."""
    bench = ready()
    bench.give(JOB)
    for piece in noise:
        bench.hear(piece)
        bench.wait(130)
    if lost:
        bench.give(WireLost("noise"))
        bench.answer(bench.give(WireOpened()), WELL)
    bench.wait(30_000, WELL)
    bench.take_reports()
    assert isinstance(bench.state, Watching)
    bench.answer([data[-3:] for data in bench.give(Print("after", DOCUMENT))], WELL)
    bench.wait(2_000, WELL)
    assert Printed("after", PrintProof.CONFIRMED) in bench.take_reports()


ANSWERS = st.sampled_from([b"\x12", b"\x16", b"\x32", b"\x00", b"\x72", b"\xff", b""])


@given(st.lists(ANSWERS, max_size=40), st.integers(0, 400))
def test_a_failed_paper_is_always_preceded_by_its_fault(answers: list[bytes], step: Ms) -> None:
    """However the answers fall: a job fails only after a fault was told, and each job ends at most once."""
    bench = printing()
    for answer in answers:
        if answer:
            bench.hear(answer)
        bench.wait(step)
    ends = [what for what in bench.reports if isinstance(what, Printed | JobFailed)]
    assert len(ends) <= 1
    for index, what in enumerate(bench.reports):
        if isinstance(what, JobFailed):
            told = [one for one in bench.reports[:index] if isinstance(one, PrinterChanged)]
            assert told
            assert told[-1].condition is Condition.FAULT
