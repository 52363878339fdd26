"""Hand-overs of a post before its main person leaves: made, read, prompted, skipped (AB-4.2a)."""

from typing import Any

import pytest

from broker.rules import facts as f
from contracts import messages as m
from contracts.values import (
    CounterId,
    HallTime,
    HandoverAct,
    HandoverKind,
    ListedKind,
    PunchIntent,
    Refusal,
    StaffNo,
    TaskKind,
)
from sim.handover_day import FIRST, PHONED, SECOND, half_past_nine, handed_over, kept, no, notes, offers, told
from sim.rules_day import RulesDay


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at half past nine: S101 at W02, S102 at W03, S106 at W05, S107 at W06."""
    return half_past_nine()


# --- Written (AB-4.2a) ---------------------------------------------------------------------------------------------------


def test_written_before_leaving_and_acknowledged(day: RulesDay) -> None:
    """AB-4.2a: S101's outing 14:00: hand-over 13:52, S102 acknowledges 13:53; nothing was skipped."""
    handed_over(day)
    entry = day.hall.handovers.open[FIRST]
    assert (entry.post, entry.counter, entry.giver, entry.taker) == ("P02", "W02", "S101", "S102")
    assert (entry.kind, entry.at, entry.acknowledged_at) == (HandoverKind.WRITTEN, day.time("13:52"), day.time("13:53"))
    assert not kept(day, f.HandoverSkipped)
    assert len(kept(day, f.HandoverMade)) == 1


def test_list_is_what_the_hall_knows(day: RulesDay) -> None:
    """At the desk, held, led, today's appointments of the counter's groups, tasks put to A himself; nothing of others."""
    at = day.time("15:00")
    fields = {"actor": "S004", "contact": "00000000101"}
    mine = day.do("OPS-01", m.AppointmentRequested, group="A", at=at, **fields).answers[0][1]
    day.do("OPS-01", m.AppointmentRequested, group="D", at=at, **fields)
    assert isinstance(mine, m.AppointmentMade)
    day.login("W01", "S104")
    tickets = [day.take("A") for _ in range(3)]
    day.call("W02")
    held = day.hold("W02")
    day.call("W02")
    day.start("W02")
    answer = told(day, "TRM-W02", m.HandoverRequested, remarks="一人下午补章")
    assert [(one.what, one.no) for one in answer.listed] == [
        (ListedKind.AT_DESK, tickets[1].no),
        (ListedKind.HELD, held),
        (ListedKind.APPOINTMENT, mine.appointment.rpartition("/")[2]),
    ]
    day.lead("W02", "W01")
    again = told(day, "TRM-W02", m.HandoverRequested)
    assert [(one.what, one.no) for one in again.listed][:2] == [(ListedKind.HELD, held), (ListedKind.LED, tickets[1].no)]
    first, second = kept(day, f.HandoverMade)[-2:]
    assert second.replaces == first.entry.no
    assert first.entry.no not in day.hall.handovers.open


def test_tasks_put_to_the_main_person_are_listed(day: RulesDay) -> None:
    """S101 is the B of W03: when that is found empty he is asked, and hands the question over with his post."""
    day.pause("W03")
    day.at("09:40")
    (task,) = day.asked(TaskKind.VACANCY, "W03")
    answer = told(day, "TRM-W02", m.HandoverRequested)
    assert [(one.what, one.no) for one in answer.listed] == [(ListedKind.TASK, task.id.rpartition("/")[2])]


def test_remarks_stand_nowhere_in_clear(day: RulesDay) -> None:
    """What people write may name visitors: the fact holds a reference, and a terminal is told nothing of it."""
    answer = told(day, "TRM-W02", m.HandoverRequested, remarks="王某 13800000000")
    assert answer.remarks == ""
    (made,) = kept(day, f.HandoverMade)
    assert made.entry.remarks.startswith("~")
    shown = told(day, "OPS-01", m.HandoverShowRequested, actor="S102", no=FIRST)
    assert shown.remarks == made.entry.remarks
    assert day.submit_raw("TRM-W02", m.HandoverRequested(request_id=m_id("TRM-W02"), remarks="王某")).facts == ()


def m_id(node: str) -> Any:
    """A request id of this node."""
    return f"{node}/0000000000000000/777"


def test_b_is_told_and_offered_until_acknowledged(day: RulesDay) -> None:
    """The terminal of B says that something waits; afterwards it does not, and A is not offered it twice."""
    assert offers(day, "W02") == [(HandoverAct.OUT, "李娜")]
    told(day, "TRM-W02", m.HandoverRequested)
    assert (HandoverAct.ACK, "张敏") in offers(day, "W03")
    assert notes(day, "W03")["con.handover.given"] == {"w": "2", "name": "张敏"}
    assert offers(day, "W02") == []
    told(day, "TRM-W03", m.HandoverAckRequested)
    assert "con.handover.given" not in notes(day, "W03")
    assert [act for act, _ in offers(day, "W03")] == [HandoverAct.OUT]


def test_acknowledging_twice_is_once(day: RulesDay) -> None:
    """A double press stores one fact; a third person, and a number that is none, are refused."""
    told(day, "TRM-W02", m.HandoverRequested)
    assert no(day, "OPS-01", m.HandoverAckRequested, actor="S103", no=FIRST) is Refusal.NOT_PERMITTED
    assert no(day, "OPS-01", m.HandoverAckRequested, actor="S103") is Refusal.UNKNOWN_HANDOVER
    assert no(day, "OPS-01", m.HandoverAckRequested, actor="S102", no=SECOND) is Refusal.UNKNOWN_HANDOVER
    assert no(day, "OPS-01", m.HandoverAckRequested, actor="S999", no=FIRST) is Refusal.UNKNOWN_STAFF
    for _ in range(2):
        told(day, "OPS-01", m.HandoverAckRequested, actor="S102", no=FIRST)
    assert len(kept(day, f.HandoverAcknowledged)) == 1


def test_only_the_main_person_hands_over(day: RulesDay) -> None:
    """S102 does not hand S101's post over, nobody hands over from an empty terminal, and W13 is no counter."""
    assert no(day, "OPS-01", m.HandoverRequested, actor="S102", counter="W02") is Refusal.NOT_PERMITTED
    assert no(day, "OPS-01", m.HandoverRequested, actor="S004") is Refusal.NOT_PERMITTED
    assert no(day, "OPS-01", m.HandoverRequested) is Refusal.UNKNOWN_STAFF
    assert no(day, "OPS-01", m.HandoverRequested, actor="S101", counter="W99") is Refusal.UNKNOWN_COUNTER
    assert no(day, "TRM-W07", m.HandoverRequested) is Refusal.NOT_LOGGED_IN
    day.login("W02", "S101")
    day.login("W02", "S104")
    assert no(day, "TRM-W02", m.HandoverRequested) is Refusal.NOT_PERMITTED


EXEMPT = PHONED.replace(
    'services = ["SV01", "SV02", "SV03", "SV04", "SV05"], mutual = true },\n    { id = "P03"',
    'services = ["SV01", "SV02", "SV03", "SV04", "SV05"], mutual = true, ab_exempt = true, ab_exempt_reason = "涉密" },\n'
    '    { id = "P03"',
)


def test_exempt_post_is_not_handed_over() -> None:
    """AB-3.1: nobody takes it over, nobody is prompted or recorded for leaving it; the duty leader sees to it."""
    assert EXEMPT != PHONED
    day = RulesDay(EXEMPT, "08:30")
    day.login("W02", "S101")
    day.away("S101", "10:00", "11:00", "meeting")
    day.at("09:50")
    assert no(day, "TRM-W02", m.HandoverRequested) is Refusal.NOT_PERMITTED
    assert offers(day, "W02") == []
    assert "con.handover.first" not in notes(day, "W02")
    day.login("W02", "S101")
    assert not kept(day, f.HandoverPrompted)
    assert not kept(day, f.HandoverSkipped)
    assert no(day, "OPS-01", m.SubstituteRequested, actor="S002", counter="W02", staff="S117") is Refusal.NOT_PERMITTED


# --- Prompted and skipped (AB-4.2a) --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "ends", "asked"),
    [("14:00", "16:00", "13:45"), ("13:30", "16:00", "11:45"), ("12:10", "16:00", "11:45"), ("10:00", "10:30", "09:45")],
)
def test_main_person_is_asked_before_leaving(day: RulesDay, begins: str, ends: str, asked: str) -> None:
    """A quarter of an hour before A leaves, which for an absence from noon on is the end of the morning."""
    day.away("S101", begins, ends, "meeting")
    day.advance(HallTime(day.time(asked) - 1))
    assert "con.handover.first" not in notes(day, "W02")
    day.at(asked)
    assert "con.handover.first" in notes(day, "W02")
    assert [one.begins for one in kept(day, f.HandoverPrompted)] == [day.time(begins)]
    told(day, "TRM-W02", m.HandoverRequested)
    assert "con.handover.first" not in notes(day, "W02")


def test_leave_from_tomorrow_is_asked_about_tonight(day: RulesDay) -> None:
    """Leave from Wednesday morning on: S101 is asked at 17:15 on Tuesday; leave from Thursday on, not yet."""
    tomorrow = day.time("09:00") + 24 * 3_600_000
    request = {"actor": "S002", "kind": "annual", "ends": tomorrow + 40 * 3_600_000}
    day.do("OPS-01", m.AbsenceEntryRequested, staff="S101", begins=tomorrow, **request)
    day.do("OPS-01", m.AbsenceEntryRequested, staff="S102", begins=tomorrow + 24 * 3_600_000, **request)
    day.at("17:15")
    assert [one.staff for one in kept(day, f.HandoverPrompted)] == ["S101"]
    day.at("17:31")
    day.login("W02", "S101")
    day.login("W03", "S102")
    assert [(one.staff, one.why) for one in kept(day, f.HandoverSkipped)] == [("S101", "logout")]


def test_leaving_without_is_allowed_and_recorded(day: RulesDay) -> None:
    """A logout in working hours without a hand-over: recorded once, and the empty terminal asks; a login ends that."""
    day.login("W02", "S101")
    assert kept(day, f.HandoverSkipped) == [
        f.HandoverSkipped(counter=CounterId("W02"), post="P02", staff=StaffNo("S101"), why="logout")
    ]
    assert "con.handover.first" in notes(day, "W02")
    day.login("W02", "S101")
    assert "con.handover.first" not in notes(day, "W02")


def test_going_home_and_b_beside_are_no_skipping(day: RulesDay) -> None:
    """At noon and after closing nobody is asked; nor is who leaves B sitting there."""
    day.at("12:05")
    day.login("W02", "S101")
    day.at("17:40")
    day.login("W05", "S106")
    assert not kept(day, f.HandoverSkipped)


def test_outing_punch_without_is_recorded(day: RulesDay) -> None:
    """公出 at the clock without a hand-over: recorded once; with one, and for others' punches, nothing."""
    for _ in range(2):
        punched(day, "S101")
    assert [(one.staff, one.why) for one in kept(day, f.HandoverSkipped)] == [("S101", "punch")]
    told(day, "TRM-W05", m.HandoverRequested)
    punched(day, "S106")
    punched(day, "S107", PunchIntent.OUT)
    punched(day, "S004")
    assert len(kept(day, f.HandoverSkipped)) == 1


def punched(day: RulesDay, staff: str, intent: PunchIntent = PunchIntent.OUTING) -> None:
    """A punch of this person now."""
    day.do("CLK-01", m.PunchMade, card=None, staff=staff, intent=intent, stamp=None)


def test_who_is_not_going_after_all_is_not_asked(day: RulesDay) -> None:
    """The outing is withdrawn: the note is gone, and going home in the evening is no skipping."""
    day.away("S101", "16:00", "17:30", "meeting")
    day.at("15:46")
    assert "con.handover.first" in notes(day, "W02")
    day.away("S101", "16:00", "17:30", "meeting", withdraw=True)
    assert "con.handover.first" not in notes(day, "W02")
    day.at("17:31")
    day.login("W02", "S101")
    assert not kept(day, f.HandoverSkipped)


def test_two_absences_are_asked_about_once_each(day: RulesDay) -> None:
    """A meeting and another right after it: one question each, and time goes on."""
    day.away("S101", "09:40", "09:50", "meeting")
    day.away("S101", "09:55", "10:30", "meeting")
    day.at("09:45")
    assert sorted(one.begins for one in kept(day, f.HandoverPrompted)) == [day.time("09:40"), day.time("09:55")]
    assert len(kept(day, f.HandoverPrompted)) == 2
