"""Posts taken over by telephone, at one tap, by a third person; and given back (AB-1, AB-2, AB-4.2b, AB-4.4)."""

import msgspec
import pytest

from broker.rules import facts as f
from broker.rules.facts.handover import HandoverEntry, Listed
from broker.rules.views import views
from contracts import messages as m
from contracts.codec import encode
from contracts.values import (
    CounterId,
    HallId,
    HallTime,
    HandoverAct,
    HandoverKind,
    ListedKind,
    Refusal,
    StaffNo,
    TaskKind,
)
from sim.handover_day import FIRST, PHONED, half_past_nine, handed_over, kept, no, notes, offers, told
from sim.rules_day import RulesDay, refusal


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at half past nine: S101 at W02, S102 at W03, S106 at W05, S107 at W06."""
    return half_past_nine()


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


# --- What B sees and does (AB-4.1, AB-4.3) -------------------------------------------------------------------------------


def test_b_sees_and_goes_on_with_what_a_put_aside(day: RulesDay) -> None:
    """AB-4.1: merged at W03, S102 has the tickets held at W02 on her terminal and resumes one; nothing of A's ratings."""
    held = day.take("A")
    day.call("W02")
    day.hold("W02")
    day.pause("W02")
    day.cover("W03", "W02")
    assert day.desk_state("W03").held == (held.no,)
    day.resume_held("W03", held)
    assert day.call("W03") == held.no
    called = kept(day, f.TicketCalled)[-1]
    assert (called.staff, called.counter) == ("S102", "W03")
    day.serve("W03")
    day.end_cover("W03")
    assert day.desk_state("W03").held == ()


def test_every_act_tells_who_and_for_whom(day: RulesDay) -> None:
    """AB-4.3: S102 at W02: the call, the session and the rating name S102, and S101 as the main person."""
    handed_over(day)
    day.take("A")
    day.at("14:30")
    day.call("W02")
    session = day.serve("W02")
    day.do("PAD-W02", m.RatingSubmitted, session=session, level=2)
    acts = [*kept(day, f.TicketCalled), *kept(day, f.ServiceStarted), *kept(day, f.RatingRecorded)]
    assert [(one.staff, one.post_owner) for one in acts] == [("S102", "S101")] * 3


def test_coming_over_from_the_own_counter_is_one_hand_over(day: RulesDay) -> None:
    """S101 has not come to W02 in the afternoon: S102, asked at 13:40, sits down there from W03; one entry, one number."""
    day.at("12:05")
    day.login("W02", "S101")
    day.at("13:40")
    assert day.asked(TaskKind.ACT, "W02")
    day.login("W02", "S102")
    mine = [one.entry for one in kept(day, f.HandoverMade) if one.entry.counter == "W02"]
    assert [(one.kind, one.taker) for one in mine] == [(HandoverKind.TAKEN, "S102")]
