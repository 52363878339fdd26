"""工作人员公出台账: what an auditor reads of the outings of a month (ATT-6)."""

from datetime import date, timedelta

import pytest

from broker.ledgers.outing import COLUMNS, ledger, table
from broker.ledgers.table import as_csv
from contracts import messages as m
from contracts.values import PunchIntent
from sim.outing_day import DEMO, OutingDay
from sim.rules_day import TUESDAY, refusal

VAULT = {"reason": "参加县局会议", "place": "县自然资源局"}


def rows(day: OutingDay, month: date = TUESDAY) -> list[dict[str, str]]:
    """The lines of a month, by column; every reference opens to the same reason and place."""
    made = table(ledger(day.facts), month, lambda _: VAULT)
    return [dict(zip(COLUMNS, one, strict=True)) for one in made.rows]


@pytest.fixture
def day() -> OutingDay:
    """The demo hall at one."""
    return OutingDay("13:00")


def test_the_line_of_the_rule_book(day: OutingDay) -> None:
    """ATT-6.1, ATT-6.2: 14:00-16:00, approved by S002, cover S102 who has a counter of her own, back at 16:20, over 20."""
    no = day.approved("S101", "14:00", "16:00")
    day.at("14:00")
    day.punch("S101", PunchIntent.OUTING)
    day.at("16:20")
    day.punch("S101", PunchIntent.RETURN)
    (line,) = rows(day)
    assert line == {
        "公出编号": no,
        "姓名": "张敏 S101",
        "岗位": "P02 2号窗口",
        "类别": "会议",
        "事由": "参加县局会议",
        "地点": "县自然资源局",
        "计划离岗": "2026-03-10 14:00",
        "计划返岗": "2026-03-10 16:00",
        "批准至": "2026-03-10 16:00",
        "批准人": "赵晓梅 S002",
        "批准时间": "2026-03-10 13:00",
        "实际离岗": "2026-03-10 14:00",
        "实际返岗": "2026-03-10 16:20",
        "返岗方式": "返岗打卡",
        "超出(分钟)": "20",
        "顶岗人": "李娜 S102(并岗)",
        "交接编号": "",
        "状态": "已返岗",
        "异常": "超出批准时间20分钟",
    }


def test_an_extension_takes_the_anomaly_away(day: OutingDay) -> None:
    """ATT-6.2: it needs the approver's extension, else the anomaly 超出批准时间; the plan stays as it was."""
    no = day.approved("S101", "14:00", "16:00")
    day.at("16:20")
    day.login("W02", "S101")
    assert rows(day)[0]["异常"] == "超出批准时间20分钟"
    day.tell(m.OutingExtendRequested, no, ends=day.time("16:30"), reason="会议延长")
    line = rows(day)[0]
    assert (line["计划返岗"][-5:], line["批准至"][-5:], line["异常"], line["返岗方式"]) == ("16:00", "16:30", "", "窗口登录")


def test_what_an_auditor_should_look_at(day: OutingDay) -> None:
    """Nobody back, gone before the approval, gone without one, nobody left behind, a time to be verified."""
    day.at("13:50")
    first = day.plan("S101", "14:00", "16:00")
    day.punch("S101", PunchIntent.OUTING)
    day.at("13:55")
    day.approve(first)
    second = day.plan("S102", "14:00", "16:00")
    assert refusal(day.approve(second, "S001", override="会议必须参加")) is None
    day.at("14:10")
    day.punch("S103", PunchIntent.OUTING)
    day.until("18:00")
    odd = {line["公出编号"]: (line["状态"], line["异常"]) for line in rows(day)}
    assert odd[first] == ("未登记返岗", "未登记返岗;先离岗后批准")
    assert odd[second] == ("未登记返岗", "未登记返岗;2号窗口、3号窗口无人在岗,经分管领导批准")
    assert odd[""] == ("未经批准", "公出打卡时无已批准的公出")
    gone = next(line for line in rows(day) if not line["公出编号"])
    assert (gone["姓名"], gone["实际离岗"]) == ("高洁 S103", "2026-03-10 14:10")


def test_a_month_holds_what_touches_it(day: OutingDay) -> None:
    """A trip over the end of March stands in both months; what was rejected or withdrawn stands with its state."""
    begins, ends = day.instant("09:00", date(2026, 3, 31)), day.instant("17:30", date(2026, 4, 2))
    trip = day.plan("S101", "09:00", "10:00", kind="trip", begins=begins, ends=ends)
    gone = day.plan("S102", "14:00", "16:00")
    day.tell(m.OutingWithdrawRequested, gone, "S102")
    no = day.plan("S103", "14:00", "16:00")
    day.tell(m.OutingRejectRequested, no, reason="人手不足")
    assert [(one["公出编号"], one["状态"]) for one in rows(day)] == [(trip, "待审批"), (gone, "已撤销"), (no, "未批准")]
    assert [one["公出编号"] for one in rows(day, date(2026, 4, 20))] == [trip]
    assert rows(day, date(2026, 2, 1)) == []
    assert rows(day)[0]["批准至"] == ""


def test_what_the_vault_no_longer_holds_is_said_to_be_sealed(day: OutingDay) -> None:
    """After its retention, or for somebody the keys are not for: the line stays, without reason and place."""
    day.approved("S101", "14:00", "16:00")
    (row,) = table(ledger(day.facts), TUESDAY, lambda _: None).rows
    line = dict(zip(COLUMNS, row, strict=True))
    assert (line["事由"], line["地点"]) == ("(已封存)", "(已封存)")


def test_the_ledger_agrees_with_the_rules_at_every_night() -> None:
    """Folded from the facts of all days or carried by DayBegan: the same entries."""
    day = OutingDay("13:00")
    day.approved("S101", "14:00", "16:00")
    day.plan(
        "S102",
        "09:00",
        "10:00",
        begins=day.instant("09:00", TUESDAY + timedelta(days=2)),
        ends=day.instant("10:00", TUESDAY + timedelta(days=2)),
    )
    day.until("09:20", TUESDAY + timedelta(days=1))
    day.punch("S101")
    lines = ledger(day.facts).lines
    assert {no: line.entry for no, line in lines.items()} == day.hall.outings.entries


def test_a_kind_of_the_hall_stands_as_it_was_written() -> None:
    """And the CSV opens in a spreadsheet."""
    text = DEMO.replace("[params.attendance]", '[params.attendance]\nouting_kinds = ["outing", "inspection"]', 1)
    own = OutingDay("13:00", text=text)
    own.approved("S101", "14:00", "16:00", kind="inspection")
    assert rows(own)[0]["类别"] == "inspection"
    made = as_csv(table(ledger(own.facts), TUESDAY, lambda _: VAULT)).decode("utf-8-sig")
    assert made.splitlines()[0] == ",".join(COLUMNS)
