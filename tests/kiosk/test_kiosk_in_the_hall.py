"""The real ticket machine with its drivers, its simulated parts and the real rules service, in virtual time."""

from collections.abc import Iterator

import pytest

from contracts.values import GroupId, NodeName
from sim.devices.printer_kinds import Quirks
from sim.hall import Hall

NAME = NodeName("TM-01")


@pytest.fixture
def hall() -> Iterator[Hall]:
    """The small hall at ten to nine: tickets are given, everything is switched on."""
    with Hall.demo_small() as small:
        small.run_until("08:50")
        yield small


def shown(hall: Hall) -> str:
    """What stands on the machine's text line."""
    return "".join(str(line).strip() for line in hall.kiosk().display.lines())


def numbers(hall: Hall) -> list[str]:
    """The numbers on the papers that have come out complete, with their 补打 mark."""
    found = []
    for paper in hall.papers():
        if paper.complete:
            [no] = [line for line in paper.lines if len(line) == 4 and line[0] in "AB" and line[1:].isdigit()]
            found.append(no + "".join(line for line in paper.lines if line.startswith("补打")))
    return found


def is_lit(hall: Hall, group: str) -> bool:
    """Whether the lamp of this key is on now."""
    return hall.kiosk().panel.is_lit(hall.kiosk().lamps[GroupId(group)])


def test_a_bouncing_press_gives_one_paper(hall: Hall) -> None:
    """One finger on a worn key: one paper, with the number the service gave, and the thanks."""
    hall.kiosk().press("A", bounce_ms=60)
    assert hall.wait_until(lambda: numbers(hall) == ["A001"])
    hall.run_for(1_000)
    assert shown(hall).startswith("请取走您的号票")
    hall.run_for(20_000)
    assert numbers(hall) == ["A001"]
    assert shown(hall) == "永安县政务服务中心请选择您要办理的业务"


def test_two_keys_at_once_give_two_papers_one_after_the_other(hall: Hall) -> None:
    """A and B together: both lamps answer, two papers, nobody is forgotten."""
    hall.kiosk().press("A")
    hall.kiosk().press("B")
    hall.run_for(50)
    assert is_lit(hall, "A")
    assert is_lit(hall, "B")
    hall.run_for(10_000)
    assert sorted(numbers(hall)) == ["A001", "B001"]
    assert not is_lit(hall, "A")
    assert not is_lit(hall, "B")


@pytest.mark.parametrize("after_ms", [1, 30, 100, 300, 600, 900, 1_200, 1_500, 1_800])
def test_killed_between_byte_and_confirmation(hall: Hall, after_ms: int) -> None:
    """Kill -9 at any moment after the press: the paper is out or comes out as 补打1, never under a second number."""
    hall.kiosk().press("A")
    hall.run_for(after_ms)
    hall.nodes[NAME].kill()
    hall.run_for(2_000)
    hall.nodes[NAME].start()
    hall.run_for(30_000)
    assert set(numbers(hall)) <= {"A001", "A001补打1"}
    hall.kiosk().press("A")
    hall.run_for(10_000)
    expected = "A002" if any(no.startswith("A001") for no in numbers(hall)) else "A001"
    assert numbers(hall)[-1] == expected


def test_paper_out_in_the_middle_of_a_ticket(hall: Hall) -> None:
    """The person reads where to go; with a new roll the same number comes out as 补打1, then the machine serves again."""
    machine = hall.kiosk()
    machine.printer.set_quirks(hall.scheduler.now, paper_out_after_lines=4)
    machine.press("A")
    hall.run_for(8_000)
    assert shown(hall).startswith("本机暂停使用")
    machine.press("B")
    hall.run_for(1_000)
    machine.printer.load_paper(hall.scheduler.now)
    machine.printer_plug.settle()
    hall.run_for(20_000)
    assert numbers(hall)[-1] == "A001补打1"
    machine.press("B")
    hall.run_for(10_000)
    assert numbers(hall)[-1] == "B001"


def test_a_silent_printer_stops_the_machine_and_nothing_else(hall: Hall) -> None:
    """A dead printer: out of service within seconds, no number is used up; repaired, the first number is A001."""
    hall.kiosk().printer.set_quirks(hall.scheduler.now, dead=True)
    hall.run_for(6_000)
    assert shown(hall).startswith("本机暂停使用")
    hall.kiosk().press("A")
    hall.run_for(3_000)
    hall.kiosk().printer.set_quirks(hall.scheduler.now, dead=Quirks().dead)
    hall.run_for(30_000)
    hall.kiosk().press("A")
    hall.run_for(5_000)
    assert numbers(hall) == ["A001"]
