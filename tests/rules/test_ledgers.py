"""The ledgers of the queue (EXT-2, EXT-3.4, EXT-3.5, 1.0.5): what an auditor reads, made from the facts alone."""

import csv
import io

import pytest

from broker.cli.ledger import made
from broker.ledgers.table import Table, as_csv
from contracts import messages as m
from contracts.values import HallTime
from sim.rules_day import RulesDay, hall_text


@pytest.fixture
def day() -> RulesDay:
    """The demo hall before opening."""
    return RulesDay(hall_text("demo-hall"))


def ledger(day: RulesDay, kind: str) -> list[dict[str, str]]:
    """The lines as a spreadsheet reads them."""
    text = as_csv(made(kind, day.facts)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_extended_session_of_w08(day: RulesDay) -> None:
    """EXT-2, the example: at W08 17:12-18:05 gives 17:30-18:05, 35 min, S111."""
    day.login("W08", "S111")
    day.at("17:12")
    day.take("D")
    day.call("W08")
    day.start("W08")
    day.at("17:40")
    assert ledger(day, "extended")[0]["结束时间"] == "", "it lasts"
    day.at("18:05")
    day.finish("W08")
    assert ledger(day, "extended") == [
        {
            "窗口": "8号窗口",
            "工作人员": "唐磊 S111",
            "号码": "D001",
            "开始时间": "17:30:00",
            "结束时间": "18:05:00",
            "分钟": "35",
            "原因": "正在办理",
        }
    ]


def test_noon_session_counts_to_its_end_or_to_the_afternoon(day: RulesDay) -> None:
    """EXT-2: W07 until 12:09 are 9 min; one that runs to 14:00 is extended for the 90 min of the break."""
    for counter, staff in (("W07", "S108"), ("W08", "S111")):
        day.login(counter, staff)
    day.at("11:40")
    for counter, service in (("W07", "SV11"), ("W08", "SV13")):
        day.take("D", service=service)
        day.call(counter)
        day.start(counter)
    day.at("12:09")
    day.finish("W07")
    day.at("14:00")
    day.finish("W08")
    assert [(one["窗口"], one["结束时间"], one["分钟"]) for one in ledger(day, "extended")] == [
        ("7号窗口", "12:09:00", "9"),
        ("8号窗口", "13:30:00", "90"),
    ]


def test_handed_on_session_is_two_entries(day: RulesDay) -> None:
    """EXT-4: S108 until 17:31, S109 from 17:34 on."""
    day.login("W07", "S108")
    day.at("17:20")
    ticket = day.take("D", service="SV11")
    day.call("W07")
    day.start("W07")
    day.at("17:31")
    day.do("TRM-W07", m.ExtensionRefusalRequested, reason="接孩子")
    day.do("OPS-01", m.ExtensionAssignRequested, actor="S002", ticket=ticket.id, to="S109")
    day.login("W07", "S108")
    day.at("17:34")
    day.login("W07", "S109")
    day.call("W07")
    day.start("W07")
    day.at("17:50")
    day.finish("W07")
    found = [(one["工作人员"], one["开始时间"], one["结束时间"], one["分钟"]) for one in ledger(day, "extended")]
    assert found == [("梁宇 S108", "17:30:00", "17:31:00", "1"), ("宋佳 S109", "17:34:00", "17:50:00", "16")]


def test_window_ledger_tells_every_step(day: RulesDay) -> None:
    """EXT-3.4, EXT-3.5: raised, told again, taken, W12 joins and leaves; a surge that nobody joins stands there too."""
    for counter, staff in (("W01", "S103"), ("W02", "S101"), ("W03", "S102"), ("W05", "S106")):
        day.login(counter, staff)
    day.at("09:59:30")
    for _ in range(12):
        day.take("A")
    for _ in range(10):
        day.take("C")
    day.at("10:06")
    task = next(one for one in day.hall.tasks.open.values() if one.group == "A" and one.kind.value == "surge")
    day.do("OPS-01", m.TaskAckRequested, actor="S002", task=task.id)
    day.do("OPS-01", m.CounterAddRequested, actor="S002", counter="W12", group="A")
    day.at("11:00")
    day.do("OPS-01", m.CounterAddRequested, actor="S001", counter="W12", group="A", withdraw=True)
    first, second = ledger(day, "windows")
    assert first == {
        "业务队列": "企业开办与许可",
        "预警时间": "10:00:00",
        "等候人数": "12",
        "预计分钟": "60",
        "15分钟取号": "12",
        "再次提醒": "10:05:00",
        "提请分管领导": "",
        "接单人": "赵晓梅 S002",
        "接单时间": "10:06:00",
        "增开窗口": "12号窗口",
        "增开时间": "10:06:00",
        "批准人": "赵晓梅 S002",
        "撤回时间": "11:00:00",
        "预警解除": "",
    }
    assert (second["业务队列"], second["增开窗口"], second["提请分管领导"]) == ("社保医保", "", "10:10:00")


def test_counter_added_without_a_surge_is_an_entry(day: RulesDay) -> None:
    """EXT-3.4: a leader may see it coming."""
    day.at("09:00")
    day.do("OPS-01", m.CounterAddRequested, actor="S002", counter="W12", group="B")
    (line,) = ledger(day, "windows")
    assert (line["预警时间"], line["增开窗口"]) == ("", "12号窗口")


def test_call_ledger_has_every_call_of_every_ticket(day: RulesDay) -> None:
    """1.0.5: served, missed, given up, still waiting; a held ticket has a line for each call."""
    day.login("W02", "S101")
    day.at("09:00")
    day.take("A", service="SV03", care=True)
    missed, gone, held = day.take("A"), day.take("A"), day.take("A")
    day.call_and_serve("W02")
    day.call("W02")
    for second in (20, 40):
        day.at(f"09:00:{second}")
        day.do("TRM-W02", m.RecallRequested, call=day.call_id("W02"))
    day.at("09:01:40")
    day.do("TRM-W02", m.NoShowRequested, call=day.call_id("W02"))
    day.do("OPS-01", m.TicketCancelRequested, actor="S004", ticket=gone.id, reason="left")
    day.call("W02")
    day.start("W02")
    day.do("TRM-W02", m.HoldRequested, call=day.call_id("W02"))
    day.do("TRM-W02", m.HeldResumeRequested)
    day.advance(HallTime(day.now + 60_000))
    day.call_and_serve("W02")
    waiting = day.take("B")
    lines = ledger(day, "calls")
    assert [(one["号码"], one["结果"], one["呼叫次数"]) for one in lines] == [
        ("A001", "办结", "1"),
        (missed.no, "过号", "3"),
        (gone.no, "取消", ""),
        (held.no, "挂起", "1"),
        (held.no, "办结", "1"),
        (waiting.no, "", ""),
    ]
    assert (lines[0]["类别"], lines[0]["事项"], lines[0]["工作人员"]) == ("爱心通道", "食品经营许可新办", "张敏 S101")
    assert lines[1]["类别"] == "普通"


def test_text_that_looks_like_a_formula_stays_text() -> None:
    """A name or a reason typed as =HYPERLINK() is not carried out by the spreadsheet of whoever reads it."""
    written = as_csv(Table(("姓名",), (("=1+1",), ("张敏",)))).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(written))) == [["姓名"], ["'=1+1"], ["张敏"]]
