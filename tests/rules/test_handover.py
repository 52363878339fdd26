"""Hand-overs between A and B of a post: made, acknowledged, given back, confirmed; skipped and prompted (AB)."""

from typing import Any

import msgspec
import pytest

from broker.rules import facts as f
from broker.rules.facts.handover import HandoverEntry, Listed
from broker.rules.views import views
from contracts import messages as m
from contracts.codec import encode
from contracts.values import (
    CounterId,
    CoverMode,
    HallId,
    HallTime,
    HandoverAct,
    HandoverKind,
    HandoverNo,
    ListedKind,
    PunchIntent,
    Refusal,
    StaffNo,
    TaskKind,
)
from sim.rules_day import RulesDay, hall_text, refusal

FIRST, SECOND = HandoverNo("JJ-20260310-001"), HandoverNo("JJ-20260310-002")
PHONED = hall_text("demo-hall").replace('id = "S106", zh = "林涛",', 'id = "S106", phone = "000-0000 0106", zh = "林涛",')
WORK = {"W02": "S101", "W03": "S102", "W05": "S106", "W06": "S107"}


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at half past nine: S101 at W02, S102 at W03, S106 at W05, S107 at W06."""
    began = RulesDay(PHONED, "08:30")
    for counter, staff in WORK.items():
        began.login(counter, staff)
    began.at("09:30")
    return began


def told(day: RulesDay, node: str, kind: type[m.Request], **fields: Any) -> m.HandoverTold:
    """What is answered to something that must be done."""
    answer = day.do(node, kind, **fields).answers[0][1]
    assert isinstance(answer, m.HandoverTold)
    return answer


def no(day: RulesDay, node: str, kind: type[m.Request], **fields: Any) -> Refusal | None:
    """Why something is refused."""
    decision = day.ask(node, kind, **fields)
    assert not decision.facts
    return refusal(decision)


def handed_over(day: RulesDay) -> None:
    """S101 hands over to S102 at 13:52 for an outing at 14:00; she reads it at 13:53 and sits down there."""
    day.at("13:51")
    day.away("S101", "14:00", "16:00", "meeting")
    day.at("13:52")
    told(day, "TRM-W02", m.HandoverRequested)
    day.cover("W03", "W02", CoverMode.TAKEOVER)
    day.login("W02", "S101")
    day.at("13:53")
    told(day, "TRM-W03", m.HandoverAckRequested)
    day.login("W02", "S102")


def kept(day: RulesDay, kind: type[f.Fact]) -> list[Any]:
    """Every fact of a kind."""
    return [one.fact for one in day.facts if isinstance(one.fact, kind)]


def notes(day: RulesDay, counter: str) -> dict[str, dict[str, str]]:
    """The sentences on a terminal."""
    return {one.key: one.values for one in day.desk_state(counter).notes}


def offers(day: RulesDay, counter: str) -> list[tuple[HandoverAct, str]]:
    """What a terminal offers about hand-overs."""
    return [(one.act, one.name) for one in day.desk_state(counter).handovers]


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


# --- By telephone (AB-4.2b) ----------------------------------------------------------------------------------------------


def ill(day: RulesDay, taken_at: str = "10:06") -> None:
    """S106 falls ill at 10:05 and S107 serves W05 from her own counter."""
    day.at("10:05")
    day.login("W05", "S106")
    day.away("S106", "10:05", "17:30", "sick")
    day.at(taken_at)
    day.cover("W06", "W05")


def test_telephoned_within_a_quarter_of_an_hour(day: RulesDay) -> None:
    """AB-4.2b: S106 ill at 10:05, S107 sees the number and enters the hand-over by telephone at 10:12."""
    ill(day)
    assert (HandoverAct.SHOW, "林涛") in offers(day, "W06")
    shown = told(day, "TRM-W06", m.HandoverShowRequested, counter="W05")
    assert (shown.phone, shown.act, shown.giver_name) == ("000-0000 0106", HandoverAct.SHOW, "林涛")
    day.at("10:12")
    answer = told(day, "TRM-W06", m.HandoverPhoneRequested, counter="W05")
    made = kept(day, f.HandoverMade)[-1]
    assert (made.entry.kind, made.entry.at, made.actor) == (HandoverKind.PHONE, day.time("10:12"), "S107")
    assert made.entry.acknowledged_at == day.time("10:12")
    assert (answer.phone, answer.taker) == ("000-0000 0106", "S107")
    assert (HandoverAct.PHONE, "林涛") not in offers(day, "W06")
    day.at("11:00")
    assert not kept(day, f.HandoverUntold)


def test_nobody_told_anything_in_time(day: RulesDay) -> None:
    """The time to enter a call is over: kept for whoever asks later, and not offered any more; the number still is."""
    ill(day)
    assert (HandoverAct.PHONE, "林涛") in offers(day, "W06")
    day.at("10:21:01")
    assert [act for act, _ in offers(day, "W06")][:2] == [HandoverAct.SHOW, HandoverAct.OUT]
    told_nothing = f.HandoverUntold(counter=CounterId("W05"), post="P05", giver=StaffNo("S106"), staff=StaffNo("S107"))
    assert kept(day, f.HandoverUntold) == [told_nothing]


@pytest.mark.parametrize(("clock", "why"), [("10:21", None), ("10:21:01", Refusal.HANDOVER_LATE)])
def test_telephone_hand_over_has_its_time(day: RulesDay, clock: str, why: Refusal | None) -> None:
    """A quarter of an hour from taking over (10:06), to the second."""
    ill(day)
    day.at(clock)
    assert refusal(day.ask("OPS-01", m.HandoverPhoneRequested, actor="S107", counter="W05")) is why


def test_telephone_hand_over_is_of_who_acts(day: RulesDay) -> None:
    """Not before taking over, not by another, not for a counter that is none; and no stranger sees the number."""
    assert no(day, "OPS-01", m.HandoverPhoneRequested, actor="S107", counter="W05") is Refusal.NOT_PERMITTED
    ill(day)
    assert no(day, "OPS-01", m.HandoverPhoneRequested, actor="S102", counter="W05") is Refusal.NOT_PERMITTED
    assert no(day, "OPS-01", m.HandoverPhoneRequested, actor="S107", counter="W99") is Refusal.UNKNOWN_COUNTER
    assert no(day, "OPS-01", m.HandoverShowRequested, actor="S102", counter="W05") is Refusal.NOT_PERMITTED
    assert no(day, "OPS-01", m.HandoverShowRequested, actor="S102", no=FIRST) is Refusal.NOT_PERMITTED
    assert told(day, "OPS-01", m.HandoverShowRequested, actor="S002", no=FIRST).phone == ""


def test_number_is_on_no_board(day: RulesDay) -> None:
    """A's number is in the answer to B and in no retained state at all."""
    ill(day)
    assert b"000-0000" in encode(told(day, "TRM-W06", m.HandoverShowRequested, counter="W05"))
    assert not [topic for topic, state in views(day.hall, HallId("hall")).items() if b"000-0000" in encode(state)]


# --- One tap (AB-1), and nobody asked (AB-4.5) ---------------------------------------------------------------------------


def test_one_tap_on_the_proposal_is_the_hand_over() -> None:
    """AB-1: S103 is on leave; S104, asked for W01 at 08:45, sits down there, and the ledger has it."""
    day = RulesDay(PHONED, "08:30")
    day.away("S103", "09:00", "17:30")
    day.at("08:46")
    day.login("W01", "S104")
    (made,) = kept(day, f.HandoverMade)
    assert (made.entry.kind, made.entry.giver, made.entry.taker, made.actor) == (
        HandoverKind.TAKEN,
        "S103",
        "S104",
        "S104",
    )
    day.at("08:50")
    told(day, "TRM-W01", m.HandoverPhoneRequested)
    assert kept(day, f.HandoverMade)[1].replaces == FIRST


def test_b_fills_in_without_a_hand_over(day: RulesDay) -> None:
    """AB-4.5: W02 is vacant at 10:10, S102 sits down by herself; no hand-over stands in the ledger."""
    day.at("10:00")
    day.pause("W02")
    day.at("10:10")
    day.login("W02", "S102")
    login = kept(day, f.StaffLoggedIn)[-1]
    assert (login.self_initiated, login.post_owner) == (True, "S101")
    assert not kept(day, f.HandoverMade)


def test_third_person_is_named_when_b_is_away_too(day: RulesDay) -> None:
    """AB-2: both of P02 away: the duty leader names S117, who is asked, sits down, and has it on record."""
    name = {"actor": "S002", "counter": "W02", "staff": "S117"}
    assert no(day, "OPS-01", m.SubstituteRequested, **name) is Refusal.NOT_PERMITTED
    day.away("S102", "09:35", "17:30", "sick")
    day.away("S101", "10:00", "12:00", "meeting")
    day.at("09:40")
    assert no(day, "TRM-W02", m.HandoverRequested) is Refusal.NOBODY_TO_ACT
    day.login("W02", "S101")
    day.at("10:01")
    for wrong, why in (
        ({"actor": "S101"}, Refusal.NOT_PERMITTED),
        ({"staff": "S113"}, Refusal.NOT_QUALIFIED),
        ({"staff": "S118"}, Refusal.NOT_ONBOARDED),
        ({"staff": "S102"}, Refusal.NOT_PERMITTED),
        ({"staff": "S999"}, Refusal.UNKNOWN_STAFF),
        ({"counter": "W99"}, Refusal.UNKNOWN_COUNTER),
    ):
        assert no(day, "OPS-01", m.SubstituteRequested, **{**name, **wrong}) is why
    for _ in range(2):
        day.do("OPS-01", m.SubstituteRequested, **name)
    assert kept(day, f.SubstituteNamed) == [
        f.SubstituteNamed(counter=CounterId("W02"), post="P02", staff=StaffNo("S117"), actor=StaffNo("S002"))
    ]
    (task,) = day.asked(TaskKind.ACT, "W02")
    assert task.ladder == (f.Rung(after=0, staff=(StaffNo("S117"),)),)
    day.login("W02", "S117")
    assert kept(day, f.HandoverMade)[-1].entry.taker == "S117"
    assert not day.asked(TaskKind.ACT, "W02")


# --- Back (AB-4.4) -------------------------------------------------------------------------------------------------------


def test_given_back_after_the_ticket_and_confirmed_by_both(day: RulesDay) -> None:
    """AB-4.4: S101 back 16:20, S102 finishes 16:24: they change, the list is made; both have confirmed at 16:26."""
    handed_over(day)
    served = day.take("A")
    day.at("14:30")
    day.call_and_serve("W02")
    day.at("16:10")
    last = day.take("A")
    day.call("W02")
    day.start("W02")
    day.at("16:20")
    day.login("W02", "S101")
    assert "con.ab.wait" in notes(day, "W02")
    assert no(day, "OPS-01", m.HandoverConfirmRequested, actor="S101", no=FIRST) is Refusal.HANDOVER_STATE
    day.at("16:24")
    day.finish("W02")
    assert day.desk_state("W02").staff == "S101"
    entry = day.hall.handovers.open[FIRST]
    assert (entry.returned_at, entry.done, entry.served, entry.still) == (
        day.time("16:24"),
        (served.id, last.id),
        2,
        (),
    )
    assert notes(day, "W02")["con.handover.back"] == {"w": "2", "name": "李娜"}
    assert no(day, "OPS-01", m.HandoverConfirmRequested, actor="S103", no=FIRST) is Refusal.NOT_PERMITTED
    day.at("16:25")
    told(day, "TRM-W02", m.HandoverConfirmRequested)
    assert no(day, "TRM-W02", m.HandoverConfirmRequested) is Refusal.UNKNOWN_HANDOVER
    told(day, "OPS-01", m.HandoverConfirmRequested, actor="S101", no=FIRST)
    day.login("W03", "S102")
    assert (HandoverAct.CONFIRM, "张敏") in offers(day, "W03")
    day.at("16:26")
    told(day, "TRM-W03", m.HandoverConfirmRequested)
    assert [one.staff for one in kept(day, f.HandoverConfirmed)] == ["S101", "S102"]
    assert day.hall.handovers.open == {}


def test_papers_go_back_with_the_list(day: RulesDay) -> None:
    """S102 names papers: the list is made anew and both confirm it anew; only she makes it."""
    handed_over(day)
    day.at("16:20")
    day.login("W02", "S101")
    told(day, "TRM-W02", m.HandoverConfirmRequested)
    wrong = no(day, "OPS-01", m.HandoverReturnRequested, actor="S101", no=FIRST, documents="执照")
    assert wrong is Refusal.NOT_PERMITTED
    answer = told(day, "OPS-01", m.HandoverReturnRequested, actor="S102", no=FIRST, documents="执照副本一份")
    assert answer.documents.startswith("~")
    assert day.hall.handovers.open[FIRST].confirmed == ()


def test_resuming_at_the_own_counter_is_coming_back(day: RulesDay) -> None:
    """A who only paused, while B served for both at W03, is back with 恢复服务."""
    told(day, "TRM-W02", m.HandoverRequested)
    day.pause("W02")
    day.cover("W03", "W02")
    day.at("10:30")
    day.resume("W02")
    assert day.hall.handovers.open[FIRST].returned_at == day.time("10:30")


def test_open_hand_overs_outlive_the_night(day: RulesDay) -> None:
    """A is on leave for days: the entry goes on, the count of what was done with it; numbers start anew."""
    handed_over(day)
    day.take("A")
    day.at("14:30")
    day.call_and_serve("W02")
    day.advance(HallTime(day.time("08:00") + 24 * 3_600_000))
    day.let_time_pass()
    assert day.hall.today.date.isoformat() == "2026-03-11"
    entry = day.hall.handovers.open[FIRST]
    assert (entry.served, entry.returned_at) == (1, None)
    begins = max(n for n, one in enumerate(day.facts) if isinstance(one.fact, f.DayBegan))
    assert day.folded([day.facts[0], *day.facts[begins:]]) == day.hall
    day.login("W05", "S106")
    assert told(day, "TRM-W05", m.HandoverRequested).handover == "JJ-20260311-001"
    day.login("W02", "S101")
    assert day.hall.handovers.open[FIRST].served == 1


def test_unconfirmed_lists_are_dropped_after_a_month(day: RulesDay) -> None:
    """Nobody confirms: asked about for thirty days, then only in the ledger; what carries over the night stays small."""
    handed_over(day)
    day.at("16:20")
    day.login("W02", "S101")
    for n in (29, 31):
        day.advance(HallTime(day.time("00:00:01") + n * 24 * 3_600_000))
        day.let_time_pass()
        assert (FIRST in day.hall.handovers.open) is (n == 29)


def test_entry_is_the_same_after_being_stored() -> None:
    """An entry of the ledger survives its JSON."""
    entry = HandoverEntry(
        no=FIRST,
        post="P02",
        counter=CounterId("W02"),
        giver=StaffNo("S101"),
        taker=StaffNo("S102"),
        kind=HandoverKind.WRITTEN,
        at=RulesDay(PHONED).now,
        listed=(Listed(what=ListedKind.HELD, ref="2026-03-10/A003"),),
    )
    assert msgspec.json.decode(msgspec.json.encode(entry), type=HandoverEntry) == entry
