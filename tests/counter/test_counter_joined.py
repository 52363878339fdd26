"""A counter terminal at its real far ends: bouncing keys, a reader and a text line one byte at a time, the real service."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.values import NodeName
from counter.config import CounterConfig
from firmware.runtime import settings
from sim.devices.card_reader import CardReader
from sim.hall import Hall
from sim.wires import Cut, Line

HERE = "W01"
NODE = NodeName("TRM-W01")


@pytest.fixture
def hall() -> Iterator[Hall]:
    """Three counters at nine, lines that bring one byte at a time, S101 at the first counter."""
    with Hall.demo_small(seed=3, start="2026-03-10T08:59:50", quality={"*": Line(cut=Cut.BYTES)}) as hall:
        hall.card(HERE, hall.card_of("S101"))
        hall.run_until("09:00:01")
        yield hall


def take_ticket(hall: Hall) -> None:
    """A visitor comes."""
    hall.kiosk().press("A")
    hall.run_for(6_000)


def press(hall: Hall, key: str) -> None:
    """A clerk's finger on a key that bounces at both ends."""
    counter = hall.counter(HERE)
    counter.panel.press(counter.KEYS[key], hall.scheduler.now, bounce_ms=20)
    counter._soldered.settle()
    hall.run_for(500)


def asked(hall: Hall, message: str) -> int:
    """How often the terminal asked for this."""
    return sum(f"{NODE}/up/{message} " in line for line in hall.events.of("mqtt"))


def test_one_visit_with_bouncing_keys(hall: Hall) -> None:
    """Login, call, start, finish: one request a press, and the glass says each step; no byte was wrong."""
    assert hall.counter(HERE).text() == "窗口空闲 张敏\n等候0人"
    take_ticket(hall)
    press(hall, "next")
    assert hall.counter(HERE).text().startswith("呼叫A001 第1次\n等候0人 ")
    assert hall.counter(HERE).panel.is_lit(hall.counter(HERE).LAMP)
    press(hall, "start")
    assert hall.counter(HERE).text() == "正在办理A001\n等候0人"
    assert not hall.counter(HERE).panel.is_lit(hall.counter(HERE).LAMP)
    press(hall, "finish")
    assert hall.counter(HERE).text() == "窗口空闲 张敏\n等候0人 未评价"
    assert [asked(hall, f"{name}Requested") for name in ("Login", "CallNext", "Start", "Finish")] == [1, 1, 1, 1]
    display = hall.counter(HERE).display
    assert (display.unknown, display.refused, display.overflows) == ([], [], [])
    reader = hall.counter(HERE).reader
    assert isinstance(reader, CardReader)
    assert reader.heard == b""


def test_nobody_waiting_is_told_and_passes(hall: Hall) -> None:
    """The service refuses; the clerk reads why, then the state again."""
    press(hall, "next")
    assert hall.counter(HERE).text() == "当前无人等候\n"
    hall.run_for(4_000)
    assert hall.counter(HERE).text() == "窗口空闲 张敏\n等候0人"


def test_an_unknown_card_is_told(hall: Hall) -> None:
    """Somebody else's card opens nothing."""
    hall.card("W02", "0A00944C78")
    hall.run_for(500)
    assert hall.counter("W02").text() == "未识别的工作卡,\n请联系管理人员"


def test_a_dead_service_is_told_after_one_and_a_half_seconds_and_the_press_is_not_done_later(hall: Hall) -> None:
    """The last will had not come yet; when the service is back, nobody has been called behind the clerk's back."""
    take_ticket(hall)
    service = f"service-{hall.id}"
    hall.server.cut(service)
    press(hall, "next")
    hall.run_for(1_100)
    assert hall.counter(HERE).text() == "系统无应答,请重试\n"
    hall.run_for(20_000)
    assert hall.counter(HERE).text() == "系统恢复中,请稍候\n"
    hall.server.mend(service)
    hall.run_for(30_000)
    assert hall.counter(HERE).text() == "窗口空闲 张敏\n等候1人"


def test_a_stuck_key_is_reported_and_the_others_work(hall: Hall) -> None:
    """30 s down is no finger: the clerk reads it page by page, and calls the next one all the same."""
    take_ticket(hall)
    counter = hall.counter(HERE)
    counter.panel.stick(counter.KEYS["recall"], hall.scheduler.now)
    counter._soldered.settle()
    hall.run_for(31_000)
    assert any("key.recall" in line for line in hall.events.of("mqtt") if "HealthReported" in line)
    assert hall.wait_until(lambda: counter.text() == "重呼键卡住,请报修\n", within=4_000)
    press(hall, "next")
    assert counter.text().startswith("呼叫A001")
    assert asked(hall, "RecallRequested") == 0


def test_an_unplugged_text_line_is_written_again_when_it_is_back(hall: Hall) -> None:
    """What happened meanwhile stands there."""
    line = hall.world.lines[f"{NODE}/text"]
    line.unplug()
    hall.run_for(10)
    hall.counter(HERE).display.power_on()
    press(hall, "next")
    hall.run_for(5_000)
    assert hall.counter(HERE).text() == "\n"
    line.replug()
    hall.run_for(500)
    assert hall.counter(HERE).text() == "窗口空闲 张敏\n等候0人"


def test_a_display_that_was_switched_off_shows_its_text_within_half_a_minute(hall: Hall) -> None:
    """It cannot say so; it is simply written again."""
    hall.counter(HERE).display.power_on()
    hall.run_for(30_100)
    assert hall.counter(HERE).text() == "窗口空闲 张敏\n等候0人"


def test_a_terminal_that_was_killed_comes_back_to_its_desk(hall: Hall) -> None:
    """The retained state puts it back where it was."""
    take_ticket(hall)
    press(hall, "next")
    hall.nodes[NODE].restart()
    hall.run_for(1_000)
    assert hall.counter(HERE).text().startswith("呼叫A001 第1次")


def test_a_wrong_key_in_node_toml_names_the_right_one() -> None:
    """A misspelt pin is refused with the section and a suggestion."""
    text = (
        'hall = "h"\nnode = "TRM-W01"\ndata_dir = "d"\n'
        "[pins]\nnext = 5\nrecal = 6\nstart = 12\nfinish = 13\nno_show = 16\npause = 19\nlamp = 26\n"
        '[wires]\nreader = "serial:/dev/ttyUSB0?baud=9600"\ntext_line = "serial:/dev/ttyUSB1?baud=9600"\n'
    )
    with pytest.raises(settings.SettingsError, match=r"section \[pins\], key recal.*did you mean recall"):
        settings.parse(text, Path("node.toml"), CounterConfig)
    config = settings.parse(text.replace("recal ", "recall "), Path("node.toml"), CounterConfig)
    assert config.pins.recall == 6
    assert config.wires.pins == "gpio:"
