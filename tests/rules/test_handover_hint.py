"""Whom a clue may concern: A who told nothing, B who acted, or both (AB-5.1 to AB-5.3); and the ledger of a month."""

import csv
import io
from datetime import date

import pytest

from broker.ledgers import calls, handover
from broker.ledgers.table import as_csv
from broker.rules.hall import Ticket
from broker.rules.handover.hint import Why, counter_of, hint
from contracts import messages as m
from contracts.values import CounterId, CoverMode, StaffNo
from sim.rules_day import RulesDay, hall_text

W02, W03, A, B = CounterId("W02"), CounterId("W03"), StaffNo("S101"), StaffNo("S102")


@pytest.fixture
def day() -> RulesDay:
    """The demo hall: S101 at W02, S102 at W03."""
    began = RulesDay(hall_text("demo-hall"), "08:50")
    began.login("W02", "S101")
    began.login("W03", "S102")
    began.at("09:30")
    return began


def put_aside(day: RulesDay) -> Ticket:
    """A ticket held at W02 by S101."""
    ticket = day.take("A")
    day.call("W02")
    day.hold("W02")
    return ticket


def leave(day: RulesDay, *, handed_over: bool) -> None:
    """S101 goes at ten, with a hand-over or without, and S102 sits down at W02."""
    day.at("10:00")
    if handed_over:
        day.do("TRM-W02", m.HandoverRequested)
        day.do("OPS-01", m.HandoverAckRequested, actor="S102")
    day.cover("W03", "W02", CoverMode.TAKEOVER)
    day.login("W02", "S101")
    day.login("W02", "S102")


def test_nothing_on_record_points_to_the_main_person(day: RulesDay) -> None:
    """AB-5.1: S101 left without telling anybody of the ticket he had put aside."""
    ticket = put_aside(day)
    leave(day, handed_over=False)
    assert counter_of(day.hall, ticket.id) == W02
    assert hint(day.hall, W02, ticket.id) == (Why.NONE, A, None, None)


def test_acting_session_points_to_who_acted(day: RulesDay) -> None:
    """AB-5.2: S102 served it for S101, whatever was handed over; the counter she keeps is hers too."""
    leave(day, handed_over=False)
    ticket = day.take("A")
    day.call("W02")
    day.start("W02")
    found = hint(day.hall, W02, ticket.id)
    assert found is not None
    assert (found.why, found.a, found.b) == (Why.ACTING, A, B)
    day.finish("W02")
    assert hint(day.hall, W02, ticket.id) == found
    assert counter_of(day.hall, ticket.id) == W02
    assert hint(day.hall, W02) == found


def test_unlisted_thing_points_to_both(day: RulesDay) -> None:
    """AB-5.3: there is a hand-over of 03-10, but what the clue is about does not stand in its list (a case, say)."""
    leave(day, handed_over=True)
    found = hint(day.hall, W02, "a case of last week")
    assert found is not None
    assert (found.why, found.a, found.b) == (Why.BOTH, A, B)
    assert found.entry is not None
    assert found.entry.no == "JJ-20260310-001"


def test_listed_thing_is_the_takers(day: RulesDay) -> None:
    """What was handed over in the list is B's from then on (AB-5.2)."""
    ticket = put_aside(day)
    leave(day, handed_over=True)
    found = hint(day.hall, W02, ticket.id)
    assert found is not None
    assert (found.why, found.b) == (Why.LISTED, B)


def test_main_person_who_was_there_keeps_it(day: RulesDay) -> None:
    """His own session, and his counter while he sits there."""
    ticket = day.take("A")
    day.call_and_serve("W02")
    assert hint(day.hall, W02, ticket.id) == (Why.OWN, A, None, None)
    assert hint(day.hall, W02) == (Why.OWN, A, None, None)


def test_counter_without_a_post_has_no_hint() -> None:
    """Nobody is A there; nor where nobody may act (AB-3.1)."""
    small = RulesDay(hall_text("demo-small"), "09:00")
    without = [one for one in small.hall.in_force.counters if one not in small.hall.in_force.posts]
    assert [hint(small.hall, one) for one in without] == [None for _ in without]
    waiting = small.take("A")
    assert counter_of(small.hall, waiting.id) is None


# --- The ledger ---------------------------------------------------------------------------------------------------------


def lines(day: RulesDay, month: date) -> list[dict[str, str]]:
    """The ledger of hand-overs as a spreadsheet reads it."""
    names = {one.id: one.zh for one in day.hall.in_force.staff.values()}
    found = handover.of_month(handover.entries(day.facts), month)
    return list(csv.DictReader(io.StringIO(as_csv(handover.table(found, names)).decode("utf-8-sig"))))


def test_ledger_tells_the_whole_of_a_hand_over(day: RulesDay) -> None:
    """From, to, time, kind, list, acknowledgement, return, both confirmations; remarks only as sealed."""
    ticket = put_aside(day)
    day.at("10:00")
    day.do("TRM-W02", m.HandoverRequested, remarks="王某下午补章")
    leave(day, handed_over=True)
    served = day.take("A")
    day.call_and_serve("W02")
    day.at("11:00")
    day.login("W02", "S101")
    for staff in ("S101", "S102"):
        day.at("11:01" if staff == "S101" else "11:02")
        day.do("OPS-01", m.HandoverConfirmRequested, actor=staff)
    first, second = lines(day, date(2026, 3, 1))
    assert (first["编号"], first["更正编号"], first["备注"]) == ("JJ-20260310-001", "JJ-20260310-002", "有,已封存")
    assert {
        "编号": "JJ-20260310-002",
        "时间": "2026-03-10 10:00",
        "岗位": "P02",
        "窗口": "2号窗口",
        "方式": "书面",
        "交接人": "张敏 S101",
        "接收人": "李娜 S102",
        "登记人": "张敏 S101",
        "交接清单": f"挂起{ticket.no}",
        "接收确认": "2026-03-10 10:00",
        "交还时间": "2026-03-10 11:00",
        "已办结": served.no,
        "累计办理": "1",
        "主岗确认": "2026-03-10 11:01",
        "协岗确认": "2026-03-10 11:02",
    }.items() <= second.items()
    assert lines(day, date(2026, 4, 1)) == []
    assert "王某" not in str(first)


def test_ledger_has_what_was_left_out(day: RulesDay) -> None:
    """Skipped, nothing told in time, a third person: each a line without a number."""
    day.away("S102", "09:31", "17:30", "sick")
    day.away("S101", "10:00", "12:00", "sick")
    day.at("10:00")
    day.login("W02", "S101")
    day.do("OPS-01", m.SubstituteRequested, actor="S002", counter="W02", staff="S117")
    day.login("W02", "S117")
    day.at("10:16")
    found = [(one["编号"], one["方式"], one["交接人"], one["接收人"]) for one in lines(day, date(2026, 3, 31))]
    mine = [one for one in found if one[3] in ("", "肖敏 S117")]
    assert mine == [
        ("", "未交接离岗", "张敏 S101", ""),
        ("", "指定顶岗", "", "肖敏 S117"),
        ("JJ-20260310-001", "接到提醒顶岗", "张敏 S101", "肖敏 S117"),
        ("", "顶岗后未登记电话交接", "张敏 S101", "肖敏 S117"),
    ]


def test_ledger_of_calls_tells_for_whom(day: RulesDay) -> None:
    """AB-4.3: the row of a session S102 held at W02 names S101 as the main person; his own rows name nobody."""
    day.take("A")
    day.call_and_serve("W02")
    leave(day, handed_over=True)
    day.take("A")
    day.call_and_serve("W02")
    names = {one.id: one.zh for one in day.hall.in_force.staff.values()}
    made = calls.table(day.facts, {}, {}, names)
    at = made.columns.index("代主岗")
    assert [(row[at - 1], row[at]) for row in made.rows] == [("张敏 S101", ""), ("李娜 S102", "张敏 S101")]
