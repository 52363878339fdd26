"""``hall-broker why``: one sentence in each language, from the stored facts alone."""

import pytest

from broker.rules import facts as f
from broker.rules.hall import Ticket
from broker.why import why
from contracts import messages as m
from contracts.values import HallTime, StaffNo, TicketId, VisitorClass
from sim.rules_day import RulesDay, hall_text


@pytest.fixture
def day() -> RulesDay:
    """The small hall at nine, W01 and W02 staffed."""
    opened = RulesDay(hall_text("demo-small"))
    opened.login("W01", "S101")
    opened.login("W02", "S102")
    opened.at("09:00")
    return opened


def told(day: RulesDay, ticket: Ticket) -> tuple[str, str]:
    """The sentence about a ticket, in both languages; each is one sentence."""
    found = why(day.facts, ticket.id)
    assert found is not None
    assert found.zh.count("。") == 1
    assert found.zh.endswith("。")
    assert found.en.endswith(".")
    assert ". " not in found.en
    return found.zh, found.en


def test_points_decided(day: RulesDay) -> None:
    """Who had more, how many were compared, and who was next."""
    normal, care = day.take("A"), day.take("A", care=True)
    day.at("09:12")
    day.call("W02")
    zh, en = told(day, care)
    assert zh == (
        "A002号09:00取号,09:12被2号窗口叫到,因为它积54.0分(爱心通道,计时12分钟),"
        "在比较的2个号中最高,其次是A001号,积12.0分(普通,计时12分钟)。"
    )
    assert en == (
        "A002, issued at 09:00, was called to counter 2 at 09:12 because it had 54.0 points (care channel for 12 min), "
        "the most of the 2 compared; next was A001 with 12.0 points (normal for 12 min)."
    )
    assert "尚未被叫到" in told(day, normal)[0]


def test_reserve_of_the_counter_is_named(day: RulesDay) -> None:
    """At W01 a normal ticket counts a fifth, and the sentence says so."""
    day.take("A")
    day.take("B")
    day.at("09:10")
    day.call("W01")
    zh, en = told(day, day.hall.tickets[TicketId("2026-03-10/A001")])
    assert "积2.0分(普通,计时10分钟,本窗口按20%计)" in zh
    assert "与B001号同分而取号在先" in zh
    assert "as many as B001, and was issued earlier" in en
    assert "counted at 20 % here" in en


def test_alone_in_line(day: RulesDay) -> None:
    """Nobody to compare with; those behind in the same line are not denied."""
    first = day.take("A")
    day.take("A")
    day.call("W02")
    assert "它排在队首,积0.0分" in told(day, first)[0]
    assert "no other line of this counter had anyone waiting" in told(day, first)[1]


def test_urgent_tier(day: RulesDay) -> None:
    """The approval decided, not the points; nothing is said of the project."""
    day.take("A")
    ticket = day.enter(actor="S002", visitor_class=VisitorClass.URGENT, project="YA2026-011", approved_by="S002")
    day.call("W02")
    zh, en = told(day, ticket)
    assert "经批准的紧急号" in zh
    assert "approved urgent ticket" in en
    assert "YA2026" not in zh + en


def test_carried_over_tier(day: RulesDay) -> None:
    """D8: the noon decided, and among those carried over the points."""
    day.at("11:50")
    first = day.take("A")
    day.at("11:55")
    day.take("A", care=True)
    day.at("12:30")
    day.take("A", care=True)
    day.at("13:30")
    day.call("W02")
    zh, en = told(day, day.hall.tickets[TicketId("2026-03-10/A002")])
    assert "午间顺延,下午先叫;其中它积220.0分" in zh
    assert f"其次是{first.no}号" in zh
    assert "waited over noon" in en


def test_minutes_are_those_of_the_queue_clock(day: RulesDay) -> None:
    """HALL-8.2: an emergency is not counted as waiting."""
    ticket = day.take("A")
    day.record(f.EmergencyBegan(actor=StaffNo("S002")))
    day.at("09:12")
    day.record(f.EmergencyEnded(actor=StaffNo("S002")))
    day.at("09:20")
    day.call("W02")
    assert "计时8分钟" in told(day, ticket)[0]


def test_no_show(day: RulesDay) -> None:
    """What came of the call belongs to the answer: how often, until when."""
    ticket = day.take("A")
    day.call("W02")
    for seconds in (4, 8):
        day.at(f"09:00:0{seconds}")
        day.do("TRM-W02", m.RecallRequested, call=day.call_id("W02"))
    day.at("09:05")
    day.do("TRM-W02", m.NoShowRequested, call=day.call_id("W02"))
    zh, en = told(day, ticket)
    assert zh.endswith(";呼叫3次未到,09:05过号。")
    assert en.endswith("; announced 3 times in vain, it was a no-show at 09:05.")


def test_tickets_that_were_never_called(day: RulesDay) -> None:
    """Given up, burnt, being printed, still waiting, and left over at midnight: each says what it is."""
    given_up, burnt, printing = day.take("A"), day.press("A"), day.press("A")
    day.do("OPS-01", m.TicketCancelRequested, actor="S004", ticket=given_up.id, reason="改天再来")
    day.do("TM-01", m.TicketUnprinted, ticket=burnt.id, reason="paper out")
    assert told(day, given_up)[0] == "A001号09:00取号,没有被叫到:09:00被取消(改天再来)。"
    assert "因未能打印而作废" in told(day, burnt)[0]
    assert "尚未被叫到:号票还没有确认打印" in told(day, printing)[0]
    day.at("09:01")
    assert "正在等候" in told(day, printing)[0]
    day.advance(HallTime(day.hall.today.over))
    found = why(day.facts, printing.id)
    assert found is not None
    assert found.en == "A003, issued at 09:00, was never called: at 00:00 the day was over."


def test_ticket_that_never_was(day: RulesDay) -> None:
    """There is nothing to say."""
    assert why(day.facts, TicketId("2026-03-10/A404")) is None
