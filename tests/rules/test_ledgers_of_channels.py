"""The ledgers of care (CARE-7), green (GREEN-9), appointments (APPT-9) and first persons (FIRST-3): no visitor's name."""

import csv
import io
from collections.abc import Mapping

from broker.appointment_ledger import ledger as history
from broker.cli.ledger import made
from broker.ledgers import appointments, care
from broker.ledgers.table import Table, as_csv
from broker.rules import facts as f
from contracts import messages as m
from contracts.values import ContactOutcome, HallTime, Initiator, InquiryKind, StaffNo, TicketId, VisitorClass
from sim.booking_day import BookingDay
from sim.rules_day import RulesDay, hall_text

NAMES = {StaffNo("S004"): "刘芳", StaffNo("S101"): "张敏"}
Lines = list[dict[str, str]]


def lines(table: Table) -> Lines:
    """As a spreadsheet reads them."""
    return list(csv.DictReader(io.StringIO(as_csv(table).decode("utf-8-sig"))))


def cared(day: RulesDay, bases: Mapping[TicketId, str] | None = None) -> Lines:
    """The care ledger."""
    return lines(care.table(day.facts, NAMES, {} if bases is None else bases))


def day_at_nine() -> RulesDay:
    """The demo hall with S101 at W02."""
    day = RulesDay(hall_text("demo-hall"), "08:50")
    day.login("W02", "S101")
    day.at("09:00")
    return day


def check(day: RulesDay, **fields: bool) -> None:
    """The clerk has looked at the priority."""
    day.do("TRM-W02", m.CareCheckRequested, call=day.call_id("W02"), **fields)


def test_a_visitor_by_key_is_verified_and_served() -> None:
    """CARE-7: number, how, who verified when, and how long they waited; an ordinary ticket is in no line."""
    day = day_at_nine()
    day.take("A")
    day.take("A", care=True)
    day.at("09:04:30")
    day.call("W02")
    check(day, verified=True)
    day.serve("W02")
    assert cared(day) == [
        {
            "号码": "A002",
            "取号时间": "09:00:00",
            "开通方式": "自助申报",
            "开通人": "",
            "依据": "",
            "核验结果": "已核验",
            "核验人": "张敏 S101",
            "核验时间": "09:04:30",
            "叫号时间": "09:04:30",
            "等候分钟": "4",
            "结果": "办结",
        }
    ]


def test_back_in_line_the_wait_goes_on() -> None:
    """CARE-2.1: not eligible, back to normal; its call and wait are those of the ordinary ticket it is now."""
    day = day_at_nine()
    day.take("A", care=True)
    day.call("W02")
    check(day, verified=False, to_queue=True)
    (line,) = cared(day)
    assert (line["核验结果"], line["叫号时间"], line["等候分钟"]) == ("恢复普通排队", "", "")
    day.at("09:10")
    day.call("W02")
    (line,) = cared(day)
    assert (line["叫号时间"], line["等候分钟"]) == ("09:10:00", "10")


def test_the_code_of_why_is_there_on_the_day_and_gone_after_it() -> None:
    """CARE-2.2c: opened by staff with a basis; the vault gives it or has destroyed it. An age on a card is no secret."""
    day = day_at_nine()
    ticket = day.take("A")
    day.change_class(ticket)
    card = {"group": "A", "care": True, "by_age": True}
    day.do("TM-01", m.TicketRequested, **card)
    opened, aged = cared(day, {ticket.id: "visible"})
    assert (opened["开通方式"], opened["开通人"], opened["依据"]) == ("工作人员开通", "刘芳 S004", "visible")
    assert (aged["开通方式"], aged["依据"]) == ("身份证年龄", "age")
    later = lines(care.table(day.facts, NAMES, None))
    assert [one["依据"] for one in later] == ["已按期销毁", "age"]
    day.change_class(ticket, withdraw=True)
    assert cared(day)[0]["结果"] == "取消优先"


def test_green_ledger_has_code_manager_approver_and_wait() -> None:
    """GREEN-9: visits of projects, entered as such or opened later; urgent ones with who approved."""
    day = day_at_nine()
    later = day.take("A")
    day.enter("A", visitor_class=VisitorClass.GREEN, project="YA2026-007")
    day.at("09:02")
    urgent = {"project": "YA2026-011", "approved_by": "S002"}
    day.change_class(later, VisitorClass.URGENT, **urgent)
    day.at("09:05")
    day.call_and_serve("W02")
    first, second = lines(made("green", day.facts))
    assert (first["号码"], first["项目代码"], first["通道"], first["批准人"]) == (
        "A001",
        "YA2026-011",
        "紧急",
        "赵晓梅 S002",
    )
    assert (first["取号时间"], first["开通时间"], first["等候分钟"], first["结果"]) == ("09:00:00", "09:02:00", "5", "办结")
    assert (second["项目代码"], second["项目类别"], second["通道"]) == ("YA2026-007", "重大招商引资项目", "绿色通道")
    assert (second["项目专员"].endswith("S005"), second["结果"], second["窗口"]) == (True, "", "")
    assert "永安智" not in as_csv(made("green", day.facts)).decode(), "neither name nor unit (GREEN-8)"


def test_appointment_ledger_tells_every_change_in_words() -> None:
    """APPT-9: made, moved, called, checked in, burnt, checked in again; every fact has its word."""
    day = BookingDay()
    one = day.book("10:00")
    day.ask_change(one, "10:30")
    day.at("11:00:01")
    day.contact(one, ContactOutcome.COMING, "11:30")
    answer = day.ask_check_in(one).answers[0][1]
    assert isinstance(answer, m.TicketIssued)
    day.do("TM-01", m.TicketUnprinted, ticket=answer.ticket, reason="jam")
    day.check_in(one)
    day.login("W02", "S101")
    day.at("11:20")
    day.call("W02")
    found = lines(appointments.table(history(day.facts, day.date), {}, {}, NAMES))
    assert [row["变更"] for row in found] == [
        "预约",
        "改期(本人提出)",
        "到时未确认,视为确认",
        "超时未到",
        "联系(稍后到)",
        "签到",
        "号票未打印,恢复待签到",
        "签到",
        "超过约定时间等候",
    ]
    assert (found[0]["经办人"], found[-1]["当前状态"], found[-1]["号码"]) == ("刘芳 S004", "已签到", "A002")


def test_every_change_and_state_of_an_appointment_has_its_word() -> None:
    """A new fact of appointments is not shown to an auditor by the name of its class."""
    quiet = {"AppointmentConfirmAsked", "AppointmentReminded"}
    facts = {one.__name__ for one in f.AppointmentFact.__args__} - quiet
    assert set(appointments.CHANGES) == facts
    assert set(appointments.STATES) == {one.value for one in f.AppointmentState}
    assert {each.value for each in (*ContactOutcome, *Initiator)} <= set(appointments._DETAILS)


def test_first_ledger_has_inquiries_with_their_tickets_and_the_chain() -> None:
    """FIRST-3, FIRST-4.2: S004 was asked, S101 handled; out of scope with the authority; a ticket without an inquiry too."""
    day = day_at_nine()
    day.do("OPS-01", m.InquiryRequested, actor="S004", topic="设立登记", service="SV01")
    asked, alone = day.take("A"), day.take("A")
    day.do("OPS-01", m.InquiryLinkRequested, actor="S004", inquiry="ZX-20260310-001", ticket=asked.id)
    scope = {"kind": InquiryKind.OUT_OF_SCOPE, "authority": "县法院", "phone": "0000-5550101"}
    day.do("OPS-01", m.InquiryRequested, actor="S004", topic="涉诉房产", **scope)
    for _ in (asked, alone):
        day.call("W02")
        day.start("W02")
        day.advance(HallTime(day.now + 60_000))
        day.finish("W02")
    first, court, other = lines(made("first", day.facts))
    assert (first["首问负责人"][-4:], first["首办负责人"][-4:], first["号码"]) == ("S004", "S101", asked.no)
    assert first["交接链"].count("→") == 1
    assert (court["答复"], court["主管部门"], court["号码"]) == ("非本大厅事项,已告知主管部门", "县法院", "")
    assert (other["登记号"], other["号码"], other["首问负责人"][-4:]) == ("", alone.no, "S101")


def test_call_ledger_says_for_whom_and_what_goes_first() -> None:
    """AB-4.3: B for the main person; CARE-1, GREEN-5: a finished care visit is to be expedited, a returned one is not."""
    day = RulesDay(hall_text("demo-hall"), "08:50")
    day.login("W02", "S102")
    day.at("09:00")
    day.take("A", care=True)
    day.take("A")
    for _ in range(2):
        day.call_and_serve("W02")
    served, plain = lines(made("calls", day.facts))
    assert (served["代主岗"], served["加急"]) == ("张敏 S101", "是")
    assert (plain["代主岗"], plain["加急"]) == ("张敏 S101", "")
    finished = [one.fact.expedite for one in day.facts if isinstance(one.fact, f.ServiceFinished)]
    assert finished == [True, False]
