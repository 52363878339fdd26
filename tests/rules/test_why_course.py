"""``hall-broker why`` follows a ticket through its whole course, in one sentence a language (1.0.4, 1.0.5)."""

import pytest

from broker.rules.hall import Ticket
from broker.why import why
from contracts import messages as m
from contracts.values import VisitorClass
from sim.rules_day import RulesDay, hall_text


@pytest.fixture
def day() -> RulesDay:
    """The small hall at nine, everybody at work."""
    opened = RulesDay(hall_text("demo-small"))
    for counter, staff in (("W01", "S101"), ("W02", "S102"), ("W03", "S103")):
        opened.login(counter, staff)
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


def served(day: RulesDay) -> Ticket:
    """A ticket of group A being served at W02."""
    ticket = day.take("A")
    day.call("W02")
    day.start("W02")
    return ticket


def test_resumed_ticket(day: RulesDay) -> None:
    """The hold decided, alone in line or not."""
    ticket = served(day)
    day.at("09:05")
    day.hold("W02")
    day.at("09:12")
    day.resume_held("W02")
    day.at("09:13")
    day.call("W02")
    zh, en = told(day, ticket)
    assert zh == (
        "A001号09:00取号,09:05在2号窗口挂起,09:12在2号窗口恢复办理,09:13被2号窗口叫到,"
        "因为它在该窗口挂起后恢复办理,优先于其他号。"
    )
    assert en == (
        "A001, issued at 09:00 (at 09:05 it was put on hold at counter 2; at 09:12 it was resumed at counter 2), was called "
        "to counter 2 at 09:13 because it was held at this counter and resumed, before all others."
    )


def test_held_ticket(day: RulesDay) -> None:
    """Nothing more has happened yet."""
    ticket = served(day)
    day.at("09:05")
    day.hold("W02")
    assert told(day, ticket)[0].endswith(";09:05在2号窗口挂起。")
    day.login("W02", "S102")
    day.at("09:15")
    zh, en = told(day, ticket)
    assert zh.endswith(";09:15因2号窗口无人继续办理而回到队列,正在等候。")
    assert en.endswith("it went back to its line because nobody at counter 2 could go on with it and is waiting.")


def test_transferred_ticket(day: RulesDay) -> None:
    """Where it was sent, and the points since its issue that decided there."""
    ticket = served(day)
    day.at("09:10")
    day.transfer("W02", "B")
    assert told(day, ticket)[0].endswith(";09:10由2号窗口转至B类队列,正在等候。")
    day.take("B", care=True)
    day.at("09:50")
    day.call("W03")
    day.serve("W03")
    day.call("W03")
    zh, en = told(day, ticket)
    assert "A001号09:00取号,09:10由2号窗口转至B类队列,09:50被3号窗口叫到,因为它排在队首,积50.0分" in zh
    assert "(at 09:10 counter 2 transferred it to group B)" in en


def test_led_ticket(day: RulesDay) -> None:
    """From counter to counter; a lead nobody accepted is no step."""
    ticket = served(day)
    day.at("09:30")
    day.lead("W02", "W03")
    assert "领办" not in told(day, ticket)[0]
    day.at("09:31")
    day.accept("W03")
    zh, en = told(day, ticket)
    assert zh.endswith(";09:31由2号窗口领办至3号窗口。")
    assert en.endswith("; at 09:31 it was led from counter 2 to counter 3.")


def test_reactivated_ticket(day: RulesDay) -> None:
    """The no-show and the return come before the second call."""
    ticket = day.take("A")
    day.call("W02")
    day.miss("W02")
    day.at("09:05")
    day.reactivate(ticket)
    assert told(day, ticket)[0].endswith(";呼叫3次未到,09:00过号;09:05恢复排队,正在等候。")
    day.at("09:09")
    day.call("W02")
    zh, en = told(day, ticket)
    assert zh == (
        "A001号09:00取号,呼叫3次未到,09:00过号,09:05恢复排队,09:09被2号窗口叫到,"
        "因为它排在队首,积4.0分(普通,计时4分钟),该窗口当时没有其他队列等候。"
    )
    assert "(announced 3 times in vain, it was a no-show at 09:00; at 09:05 it rejoined the line)" in en


def test_class_changes(day: RulesDay) -> None:
    """From when it counted as what; never why (CARE-2.2c)."""
    ticket, other = day.take("A"), day.take("A")
    day.at("09:12")
    day.change_class(ticket, reason="病弱", basis="ill")
    assert "09:12起按爱心通道计,正在等候" in told(day, ticket)[0]
    day.at("09:13")
    day.change_class(ticket, withdraw=True)
    day.change_class(other, VisitorClass.URGENT, actor="S002", project="YA2026-011", approved_by="S002")
    day.call("W02")
    day.serve("W02")
    day.call("W02")
    zh, en = told(day, ticket)
    assert "09:00取号,09:12起按爱心通道计,09:13起不再按爱心通道计,09:13被2号窗口叫到" in zh
    assert "from 09:12 on it counted as care channel; from 09:13 on it no longer counted as care channel" in en
    assert "病弱" not in zh + en
    assert "09:13起按紧急计" in told(day, other)[0]
    assert "YA2026" not in "".join(told(day, other))


def test_unfounded_priority(day: RulesDay) -> None:
    """CARE-2.1: back as a normal ticket; a verified one is not worth a word."""
    ticket = day.take("A", care=True)
    day.call("W02")
    day.do("TRM-W02", m.CareCheckRequested, call=day.call_id("W02"), verified=False, to_queue=True)
    assert told(day, ticket)[0].endswith(";09:00经2号窗口核验按普通号回到队列,正在等候。")
    verified = day.take("A", care=True)
    day.at("09:40")
    day.call("W02")
    day.do("TRM-W02", m.CareCheckRequested, call=day.call_id("W02"), verified=True)
    assert "核验" not in told(day, verified)[0]


def test_given_up_after_a_hold(day: RulesDay) -> None:
    """How it ended follows how it was called."""
    ticket = served(day)
    day.hold("W02")
    day.at("09:20")
    day.do("OPS-01", m.TicketCancelRequested, actor="S004", ticket=ticket.id, reason="改天再来")
    assert told(day, ticket)[0].endswith(";09:00在2号窗口挂起;09:20被取消(改天再来)。")


def test_given_up_after_a_class_change_before_any_call(day: RulesDay) -> None:
    """Never called, and yet something had happened."""
    ticket = day.take("A")
    day.change_class(ticket)
    day.at("09:20")
    day.do("OPS-01", m.TicketCancelRequested, actor="S004", ticket=ticket.id, reason="改天再来")
    assert told(day, ticket)[0] == "A001号09:00取号,09:00起按爱心通道计,没有被叫到:09:20被取消(改天再来)。"
