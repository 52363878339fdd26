"""The terminal's list with the real rules behind it: held, handed on, led, looked at, and nobody lost."""

from collections.abc import Iterator

import pytest

from sim.hall import Hall
from sim.wires import Cut, Line


@pytest.fixture
def hall() -> Iterator[Hall]:
    """Three counters at nine, lines that bring one byte at a time, S101 and S103 at the first and the third."""
    with Hall.demo_small(seed=3, start="2026-03-10T08:59:50", quality={"*": Line(cut=Cut.BYTES)}) as hall:
        hall.card("W01", hall.card_of("S101"))
        hall.card("W03", hall.card_of("S103"))
        hall.run_until("09:00:01")
        yield hall


def visitor(hall: Hall, group: str = "A", *, care: bool = False) -> None:
    """Somebody takes a paper."""
    if care:
        hall.kiosk().press_care()
        hall.run_for(700)
    hall.kiosk().press(group)
    hall.run_for(6_000)


def glass(hall: Hall, counter: str = "W01") -> str:
    """The first row of the state of a counter, waited for while a note or a sentence stands there."""
    terminal = hall.counter(counter)
    words = ("窗口空闲", "呼叫", "正在办理", "暂停服务")
    assert hall.wait_until(lambda: terminal.text().startswith(words), within=30_000), terminal.text()
    hall.run_for(200)  # the rest of the row, byte by byte
    return terminal.text()


def served(hall: Hall, counter: str = "W01") -> None:
    """Call, start, and some work."""
    hall.keys(counter, "next", "start")
    hall.run_for(20_000)


def test_held_and_resumed(hall: Hall) -> None:
    """挂起 frees the counter for the next; 恢复办理 brings the one put aside back before all others (1.0.5)."""
    for _ in range(3):
        visitor(hall)
    served(hall)
    hall.choose("W01", "挂起 A001")
    assert glass(hall) == "窗口空闲 张敏\n等候2人 挂起1"
    hall.keys("W01", "next", "start")
    assert glass(hall).startswith("正在办理A002")
    hall.run_for(20_000)
    hall.keys("W01", "finish")
    hall.choose("W01", "恢复办理 A001")
    hall.keys("W01", "next")
    assert glass(hall).startswith("呼叫A001")
    assert hall.sign("W01").text() == "请A001办理"


def test_transferred_to_another_group(hall: Hall) -> None:
    """转移 to 社会事务: the counter is free, the visitor is called there to continue, under the same number (1.0.5)."""
    visitor(hall)
    served(hall)
    hall.choose("W01", "转移", "转移 社会事务")
    assert glass(hall).startswith("窗口空闲 张敏")
    hall.keys("W03", "next")
    assert glass(hall, "W03").startswith("呼叫A001")
    assert hall.sign("W03").text() == "请A001办理"
    hall.run_for(15_000)
    assert "请A零零一号到三号窗口继续办理" in ["".join(said).removeprefix("chime") for said in hall.voice()]


def test_a_group_without_an_open_counter_takes_nobody(hall: Hall) -> None:
    """The clerk reads why, and the visitor is still at the desk (FIRST-4.2)."""
    hall.card("W03", hall.card_of("S103"))
    hall.card("W01", hall.card_of("S101"))
    hall.run_for(1_000)
    hall.card("W02", hall.card_of("S102"))
    hall.run_for(1_000)
    visitor(hall)
    served(hall, "W02")
    hall.choose("W02", "转移", "转移 社会事务")
    assert hall.counter("W02").text() == "该业务暂无开放窗口,\n请选择其他窗口或预约"
    assert glass(hall, "W02").startswith("正在办理A001")


def test_led_to_another_counter_and_accepted_there(hall: Hall) -> None:
    """领办: until the other counter accepts, the visitor belongs to this one (FIRST-4.2)."""
    visitor(hall)
    served(hall)
    hall.choose("W01", "领办", "领办到3号窗口")
    assert glass(hall).startswith("正在办理A001")
    assert hall.wait_until(lambda: hall.counter("W03").text() == "A001领办到本窗口,\n请接办", within=15_000)
    hall.choose("W03", "接办A001")
    assert glass(hall, "W03").startswith("正在办理A001")
    assert glass(hall).startswith("窗口空闲 张敏")


def test_a_lead_taken_back(hall: Hall) -> None:
    """The one that leads serves on."""
    visitor(hall)
    served(hall)
    hall.choose("W01", "领办", "领办到3号窗口")
    hall.choose("W01", "结束领办")
    assert glass(hall).startswith("正在办理A001")
    hall.keys("W03", "more")
    assert "接办" not in hall.counter("W03").text()


def test_a_priority_is_looked_at(hall: Hall) -> None:
    """请核验优先资格 stands there until the clerk has said what came of it (CARE-2.1)."""
    visitor(hall, care=True)
    hall.keys("W01", "next", "start")
    assert hall.wait_until(lambda: hall.counter("W01").text().startswith("请核验优先资格"), within=15_000)
    hall.choose("W01", "请核验优先资格", "已核验")
    hall.keys("W01", "more")
    assert "核验" not in hall.counter("W01").text()


def test_not_eligible_goes_back_in_line_and_is_called_again(hall: Hall) -> None:
    """不符合,恢复普通排队: an ordinary ticket with its original time; nobody is lost (CARE-2.1)."""
    visitor(hall, care=True)
    hall.keys("W01", "next", "start")
    hall.choose("W01", "请核验优先资格", "不符合")
    assert glass(hall) == "窗口空闲 张敏\n等候1人"
    hall.keys("W01", "next")
    assert glass(hall).startswith("呼叫A001 第1次\n")


def test_a_short_break(hall: Hall) -> None:
    """短暂离开 as the reason; the pause key takes it back (HALL-11.1)."""
    hall.choose("W01", "暂停服务 短暂离开")
    assert glass(hall).startswith("暂停服务")
    assert hall.sign("W01").text() in ("暂停服务", "请到3号窗口")
    hall.keys("W01", "pause")
    assert glass(hall).startswith("窗口空闲")
    assert any("短暂离开" in line for line in hall.events.of("mqtt") if "PauseRequested" in line)


def test_every_byte_of_it_was_understood(hall: Hall) -> None:
    """The lists stand on a real text line: nothing overflowed."""
    visitor(hall)
    served(hall)
    hall.keys("W01", *["more"] * 6, pause=300)
    display = hall.counter("W01").display
    assert (display.unknown, display.refused, display.overflows) == ([], [], [])


# --- For the neighbour, and after hours ----------------------------------------------------------------------------------


def test_acting_for_the_neighbour_from_the_own_counter(hall: Hall) -> None:
    """并岗: who sits at 1 calls for 2 as well, whose sign sends its visitors there; and the end of it (AB-4.6)."""
    hall.choose("W01", "并岗兼办2号窗口")
    assert glass(hall).startswith("窗口空闲 张敏")
    assert hall.sign("W02").text() == "请到1号窗口"
    assert hall.wait_until(lambda: hall.counter("W01").text().startswith("正在为2号窗口顶岗"), within=15_000)
    visitor(hall)
    hall.keys("W01", "next")
    assert glass(hall).startswith("呼叫A001")
    hall.keys("W01", "start")
    hall.run_for(20_000)
    hall.keys("W01", "finish")
    hall.choose("W01", "结束顶岗")
    hall.keys("W01", "more")
    while "返回" not in hall.counter("W01").text():
        assert "结束顶岗" not in hall.counter("W01").text()
        hall.keys("W01", "more")


def test_acting_at_the_neighbours_counter(hall: Hall) -> None:
    """顶岗: the own counter sends its visitors to 2, where the same card logs in: 协岗值守 (AB-4.3, -4.6)."""
    hall.choose("W01", "到2号窗口顶岗")
    hall.card("W02", hall.card_of("S101"))
    hall.run_for(2_000)
    assert glass(hall, "W02").startswith("窗口空闲 张敏")
    assert hall.sign("W02").text() == "协岗值守"
    assert hall.sign("W01").text() == "请到2号窗口"


def test_a_clerk_who_cannot_stay_says_so_and_the_visitor_is_kept() -> None:
    """无法延时 with a reason: the visitor is on hold, a task asks for somebody else (EXT-4)."""
    with Hall.demo_small(seed=3, start="2026-03-10T17:29:00") as hall:
        hall.card("W01", hall.card_of("S101"))
        hall.run_for(1_500)
        visitor(hall)
        served(hall)
        hall.run_until("17:30:05")
        assert hall.wait_until(lambda: "延时服务" in hall.counter("W01").text(), within=15_000)
        hall.choose("W01", "无法延时", "接送家人")
        assert glass(hall).startswith("窗口空闲 张敏")
        assert any("extension_refused" in line for line in hall.events.of("mqtt") if "TaskBoard" in line)


def test_assistance_is_asked_for_the_visitor_at_the_desk(hall: Hall) -> None:
    """请求帮办 opens a task with the number of the visitor (AGENT-4.1)."""
    visitor(hall)
    served(hall)
    hall.choose("W01", "请求帮办")
    assert any('"agent"' in line and "A001" in line for line in hall.events.of("mqtt") if "TaskBoard" in line)
