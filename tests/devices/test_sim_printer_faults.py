"""The simulated printer in trouble: paper, cover, cutter, power, lost answers, and clones."""

import pytest

from sim.devices.bench import Bench
from sim.devices.paper import Cut
from sim.devices.printer_kinds import Model, Quirks
from sim.devices.thermal_printer import ThermalPrinter

TICKET = b"\x1b@" + b"one\ntwo\nthree\n" + b"\x1dV\x42\x00"
BARRIER = b"\x1dr\x01"


def on_bench(**quirks: object) -> tuple[ThermalPrinter, Bench]:
    """A printer with these quirks on a bench."""
    printer = ThermalPrinter(quirks=Quirks(**quirks))  # type: ignore[arg-type]  # the fields of Quirks
    return printer, Bench(printer)


def status(bench: Bench) -> list[int]:
    """The four DLE EOT answers of this moment."""
    before = len(bench.replies)
    bench.tell(b"".join(bytes((0x10, 4, kind)) for kind in (1, 2, 3, 4)))
    return [reply[0] for reply in bench.replies[before:]]


def test_an_idle_printer_answers_12_four_times() -> None:
    """Idle, all four status bytes are 12 hex: only the fixed bits are set."""
    _, bench = on_bench()
    assert status(bench) == [0x12, 0x12, 0x12, 0x12]


@pytest.mark.parametrize(
    ("quirks", "answers"),
    [
        ({"near_end": True}, [0x12, 0x12, 0x12, 0x1E]),
        ({"paper_out": True}, [0x1A, 0x32, 0x12, 0x72]),
        ({"paper_out": True, "near_end": True}, [0x1A, 0x32, 0x12, 0x7E]),
        ({"cover_open": True}, [0x1A, 0x16, 0x12, 0x12]),
    ],
)
def test_trouble_shows_in_the_status_bits(quirks: dict[str, bool], answers: list[int]) -> None:
    """Near end, end and cover set the bits of the data sheets; end and cover also mean offline."""
    _, bench = on_bench(**quirks)
    assert status(bench) == answers


def test_paper_near_end_is_told_by_the_barrier_too() -> None:
    """GS r 1 answers 03 when the roll is nearly used up."""
    _, bench = on_bench(near_end=True)
    bench.tell(TICKET + BARRIER)
    bench.rest()
    assert bench.replies == [b"\x03"]


def test_paper_out_in_the_middle_of_a_ticket() -> None:
    """The roll ends after two lines: no barrier; a new roll brings the rest, and neither piece counts as a ticket."""
    printer, bench = on_bench(paper_out_after_lines=2)
    bench.tell(TICKET + BARRIER)
    bench.wait(5000)
    assert (printer.papers, bench.replies, status(bench)) == ([], [], [0x1A, 0x32, 0x12, 0x72])
    bench.heard.clear()
    printer.load_paper(bench.now)
    bench.rest()
    assert [(paper.lines, paper.cut, paper.complete) for paper in printer.papers] == [
        (["one", "two"], Cut.TORN, False),
        (["three"], Cut.PARTIAL, False),
    ]
    assert bench.replies == [b"\x00"]


def test_paper_that_ends_with_the_cut_still_falls() -> None:
    """When the roll ends on the last line of a ticket the ticket is complete, and the printer offline afterwards."""
    printer, bench = on_bench(paper_out_after_lines=6)
    bench.tell(TICKET + BARRIER)
    bench.wait(5000)
    assert [paper.complete for paper in printer.papers] == [True]
    assert (bench.replies, printer.is_online) == ([], False)


def test_an_open_cover_stops_and_goes_on() -> None:
    """The head stops at the line, DLE EOT says why, and closing the cover finishes the ticket."""
    printer, bench = on_bench()
    bench.tell(TICKET + BARRIER)
    bench.wait(40)
    printer.open_cover(bench.now)
    bench.wait(60_000)
    assert (printer.papers, status(bench)[:2]) == ([], [0x1A, 0x16])
    bench.heard.clear()
    printer.close_cover(bench.now)
    assert printer.wake_at is not None
    bench.rest()
    assert (printer.papers[0].lines, printer.papers[0].complete, bench.replies) == (["one", "two", "three"], True, [b"\x00"])
    assert printer.papers[0].at > 60_000


def test_a_jammed_cutter_is_an_error_until_freed() -> None:
    """The cut fails: error bits in DLE EOT 2 and 3, no paper, no barrier; freed, the cut is made."""
    printer, bench = on_bench(cutter_jammed=True)
    bench.tell(TICKET + BARRIER)
    bench.wait(5000)
    assert (printer.papers, status(bench)) == ([], [0x1A, 0x52, 0x1A, 0x12])
    bench.heard.clear()
    printer.free_cutter(bench.now)
    bench.rest()
    assert ([paper.complete for paper in printer.papers], bench.replies) == ([True], [b"\x00"])


def test_a_silent_printer_prints() -> None:
    """Silence on the wire says nothing about the paper: the ticket comes out."""
    printer, bench = on_bench(silent=True)
    bench.tell(TICKET + BARRIER + b"\x10\x04\x01")
    bench.rest()
    assert (bench.replies, len(printer.papers)) == ([], 1)


def test_a_dead_printer_does_nothing() -> None:
    """It hears nothing, prints nothing and says nothing."""
    printer, bench = on_bench(dead=True)
    bench.tell(TICKET + BARRIER + b"\x10\x04\x01")
    bench.rest()
    assert (bench.replies, printer.papers) == ([], [])


def test_a_clone_ignores_the_barrier_but_answers_status() -> None:
    """no_barrier: GS r is swallowed without an answer and without being called unknown."""
    printer, bench = on_bench(no_barrier=True)
    bench.tell(TICKET + BARRIER + b"\x10\x04\x04")
    bench.rest()
    assert (bench.replies, printer.unknown, len(printer.papers)) == ([b"\x12"], [], 1)


def test_a_slow_printer_is_slow() -> None:
    """Slowness 3 makes everything mechanical take three times as long."""
    times = []
    for slowness in (1, 3):
        printer, bench = on_bench(slowness=slowness)
        bench.tell(TICKET)
        bench.rest()
        times.append(printer.papers[0].at)
    assert 3 * times[0] - 15 <= times[1] <= 3 * times[0]


def test_answers_get_lost_and_noise_comes_before_them() -> None:
    """Every second answer is lost; noise precedes the others."""
    _, bench = on_bench(drop_reply_every=2, noise=b"\xff\x00")
    bench.tell(b"\x10\x04\x01" * 4)
    assert bench.replies == [b"\xff\x00\x12"] * 2


def test_power_loss_forgets_the_buffer_and_spoils_the_paper() -> None:
    """After power returns nothing goes on by itself; the half ticket hangs before the next one, which is not complete."""
    printer, bench = on_bench()
    bench.tell(TICKET + BARRIER)
    bench.wait(40)
    printer.power_off(bench.now)
    bench.tell(b"\x10\x04\x01")
    bench.wait(1000)
    printer.power_on(bench.now)
    bench.rest()
    assert (bench.replies, printer.papers) == ([], [])
    bench.tell(TICKET)
    bench.rest()
    (paper,) = printer.papers
    assert paper.lines[-3:] == ["one", "two", "three"]
    assert paper.lines[0] == "one"
    assert not paper.complete


def test_a_torn_off_roll_ends_a_piece() -> None:
    """What hangs out when a new roll is put in comes away torn."""
    printer, bench = on_bench()
    bench.tell(b"half\n")
    bench.rest()
    printer.load_paper(bench.now)
    assert [(paper.lines, paper.cut, paper.complete) for paper in printer.papers] == [(["half"], Cut.TORN, False)]


def test_a_full_buffer_loses_commands_and_says_so() -> None:
    """A printer that cannot print fills up; what does not fit is lost and stands in the history."""
    printer = ThermalPrinter(Model(buffer_bytes=20), Quirks(cover_open=True))
    bench = Bench(printer)
    bench.tell(b"0123456789\n0123456789\n")
    assert printer.waiting_bytes == 12
    assert "buffer full: text lost" in str(printer.history)


def test_automatic_status_speaks_when_something_changes() -> None:
    """GS a sends four bytes at once and again at every change, also while offline."""
    printer, bench = on_bench()
    bench.tell(b"\x1da\xff")
    printer.open_cover(bench.now)
    printer.close_cover(bench.now)
    printer.set_quirks(bench.now, near_end=True)
    assert bench.replies == [bytes.fromhex(hexes) for hexes in ("10000000", "38000000", "10000000", "10000300")]
