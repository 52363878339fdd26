"""A card at a terminal: who may sit down, two at a counter, who is really serving, and the main person who comes back."""

import pytest

from broker.rules import facts as f
from contracts import messages as m
from contracts.values import CounterId, CounterPhase, CoverMode, HallTime, Refusal, StaffNo, TaskKind
from sim.rules_day import RulesDay, hall_text, refusal

TWO_SEATS = hall_text("demo-hall").replace('groups = ["D"], post = "P07"', 'groups = ["D"], post = "P07", seats = 2')


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at 08:50, nobody logged in."""
    began = RulesDay(hall_text("demo-hall"), "08:50")
    assert hall_text("demo-hall") != TWO_SEATS
    return began


@pytest.fixture
def pair() -> RulesDay:
    """W07 has two seats: S108 does transfers, S111 the tax."""
    began = RulesDay(TWO_SEATS, "08:50")
    began.login("W07", "S108")
    began.login("W07", "S111")
    began.at("09:00")
    return began


def served_by(day: RulesDay, counter: str) -> tuple[str, str | None]:
    """Who started the last session, and for whom."""
    started = next(one.fact for one in reversed(day.facts) if isinstance(one.fact, f.ServiceStarted))
    assert started.counter == counter
    return started.staff, started.post_owner


# --- Who may ------------------------------------------------------------------------------------------------------------


def test_nobody_works_before_formalities_and_training(day: RulesDay) -> None:
    """ROT-5, TRN-6: S118 is refused at W02, and let in once the hall's file says that all is passed."""
    assert refusal(day.try_login("W02", "S118")) is Refusal.NOT_ONBOARDED
    text = hall_text("demo-hall")
    old = next(line for line in text.splitlines() if '"S118"' in line)
    passed = old.replace("onboarded = false", 'skills = ["SV01"]').replace("skills = [], skills", "skills")
    day.adopt(text.replace(old, passed))
    day.login("W02", "S118")
    assert day.board("W02").staff == "S118"


def test_skills_open_a_counter(day: RulesDay) -> None:
    """HALL-8: nobody sits where no service of the counter is theirs."""
    assert refusal(day.try_login("W02", "S113")) is Refusal.NOT_QUALIFIED
    day.login("W09", "S113")


def test_leave_closes_every_counter_until_it_is_over_or_withdrawn(day: RulesDay) -> None:
    """con.login.leave: S101 is on leave in the morning; at noon it is over."""
    day.away("S101", "09:00", "12:00", "personal")
    day.at("09:00")
    assert refusal(day.try_login("W02", "S101")) is Refusal.ON_LEAVE
    assert refusal(day.try_login("W03", "S101")) is Refusal.ON_LEAVE
    day.at("11:59:59")
    assert refusal(day.try_login("W02", "S101")) is Refusal.ON_LEAVE
    day.at("12:00")
    day.login("W02", "S101")


def test_leave_from_nine_refuses_at_ten_to_nine(day: RulesDay) -> None:
    """ATT-5, AB-1: from when the B is asked to act, who will be on leave in the half that comes may not log in.

    Whoever is only on an outing by then may, and so may somebody who is here until noon and on leave in the afternoon.
    """
    day.away("S101", "09:00", "17:30", kind="annual")
    day.away("S102", "09:00", "10:00", kind="meeting")
    day.away("S104", "13:30", "17:30", kind="sick")
    assert refusal(day.try_login("W02", "S101")) is Refusal.ON_LEAVE
    assert refusal(day.try_login("W02", "S102")) is None
    assert refusal(day.try_login("W01", "S104")) is None


def test_withdrawn_leave_lets_in(day: RulesDay) -> None:
    """Whoever comes after all, works, once a leader has taken the leave back."""
    day.away("S101", "08:00", "17:30")
    assert refusal(day.try_login("W02", "S101")) is Refusal.ON_LEAVE
    day.away("S101", "08:00", "17:30", withdraw=True)
    day.login("W02", "S101")


def test_login_ends_an_outing(day: RulesDay) -> None:
    """ATT-6.2: a login at a counter is the return; the rest of the outing does not count any more."""
    day.away("S101", "09:00", "11:00", "meeting")
    day.at("10:20")
    day.login("W02", "S101")
    ended = [one.fact for one in day.facts if isinstance(one.fact, f.AbsenceEnded)]
    assert [(one.why, one.absence.kind, one.absence.staff) for one in ended] == [("login", "meeting", "S101")]
    assert day.hall.posts.absences == []


# --- Two at a counter ---------------------------------------------------------------------------------------------------


def test_two_serve_all_that_either_can(pair: RulesDay) -> None:
    """The lines of W07 are the union of both; who serves is the one whose skill fits."""
    assert (pair.desk_state("W07").staff, pair.desk_state("W07").second) == ("S108", "S111")
    tax, transfer = pair.take("D", service="SV13"), pair.take("D", service="SV11")
    assert pair.call("W07") == tax.no
    assert isinstance(pair.facts[-1].fact, f.TicketCalled)
    assert pair.facts[-1].fact.staff == "S111"
    pair.serve("W07")
    assert served_by(pair, "W07") == ("S111", None)
    assert pair.call("W07") == transfer.no
    session = pair.serve("W07")
    assert served_by(pair, "W07") == ("S108", None)
    assert next(one for key, one in pair.hall.sessions.items() if key == session).staff == "S108"


def test_whoever_came_last_serves_what_both_can(pair: RulesDay) -> None:
    """A ticket that carries only its group: S111 logged in after S108."""
    pair.take("D")
    pair.call("W07")
    pair.serve("W07")
    assert served_by(pair, "W07")[0] == "S111"


def test_third_finds_no_seat(pair: RulesDay) -> None:
    """A counter has two seats at most."""
    assert refusal(pair.try_login("W07", "S109")) is Refusal.COUNTER_OCCUPIED


def test_first_leaves_and_the_second_is_first(pair: RulesDay) -> None:
    """A card logs its own person out; then the same card sits down again as second."""
    pair.login("W07", "S108")
    assert (pair.desk_state("W07").staff, pair.desk_state("W07").second) == ("S111", None)
    pair.login("W07", "S108")
    assert (pair.desk_state("W07").staff, pair.desk_state("W07").second) == ("S111", "S108")


def test_only_who_does_not_serve_may_leave_a_visitor(pair: RulesDay) -> None:
    """S111 serves: she stays with her visitor, S108 may go."""
    pair.take("D", service="SV13")
    pair.call("W07")
    pair.start("W07")
    assert refusal(pair.try_login("W07", "S111")) is Refusal.COUNTER_BUSY
    pair.login("W07", "S108")
    assert pair.desk_state("W07").staff == "S111"
    assert refusal(pair.try_login("W07", "S111")) is Refusal.COUNTER_BUSY


def test_two_persons_end_with_the_day(pair: RulesDay) -> None:
    """At midnight both are logged out, and the facts fold to the same hall."""
    pair.advance(pair.hall.today.over)
    assert pair.hall.sits_at == {}
    assert pair.folded() == pair.hall


# --- The main person comes back ------------------------------------------------------------------------------------------


def test_main_person_waits_for_the_ticket_and_no_longer(day: RulesDay) -> None:
    """AB-4.4: S103 comes at 10:00 while S104 serves; they change at 10:07 when the ticket ends, before any other call."""
    day.login("W01", "S104")
    day.at("09:55")
    first, second = day.take("A", care=True), day.take("A", care=True)
    day.call("W01")
    day.start("W01")
    day.at("10:00")
    day.login("W01", "S103")
    assert not day.try_login("W01", "S103").facts
    assert day.desk_state("W01").notes[0] == m.DeskNote(key="con.ab.wait")
    assert day.desk_state("W01").ticket == first.no
    day.at("10:07")
    day.finish("W01")
    assert day.call("W01") == second.no
    assert day.desk_state("W01").staff == "S103"
    called = day.facts[-1].fact
    assert isinstance(called, f.TicketCalled)
    assert called.staff == "S103"
    why = [one.fact.why for one in day.facts if isinstance(one.fact, f.StaffLoggedOut)]
    assert why == ["hand_back"]


def test_main_person_sits_down_at_once_where_nobody_is_served(day: RulesDay) -> None:
    """AB-4.4: between two tickets nobody is disturbed."""
    day.login("W01", "S104")
    day.login("W01", "S103")
    assert (day.desk_state("W01").staff, day.board("W01").acting) == ("S103", False)


def test_main_person_who_went_elsewhere_does_not_wait_any_more(day: RulesDay) -> None:
    """S102 waits at W03 for the third person's ticket, then sits down at W02 instead."""
    day.login("W03", "S117")
    day.at("09:00")
    day.take("A")
    day.call("W03")
    day.login("W03", "S102")
    day.login("W02", "S102")
    day.start("W03")
    day.finish("W03")
    assert (day.desk_state("W03").staff, day.desk_state("W02").staff) == ("S117", "S102")
    assert day.hall.posts.awaits == {}


def test_b_is_not_a_main_person(day: RulesDay) -> None:
    """S104 may not send S103 away from his own counter."""
    day.login("W01", "S103")
    assert refusal(day.try_login("W01", "S104")) is Refusal.COUNTER_OCCUPIED


def test_third_person_serves_for_the_main_person_without_being_b(day: RulesDay) -> None:
    """AB-1: B away too, S117 can do it: on record for the post's main person, and no 协岗 on the pad."""
    day.login("W02", "S117")
    day.at("09:00")
    day.take("A")
    day.call("W02")
    day.serve("W02")
    assert served_by(day, "W02") == ("S117", "S101")
    assert (day.board("W02").acting, day.desk_state("W02").a_name) == (False, None)


def test_b_fills_in_by_himself_once_the_counter_is_vacant(day: RulesDay) -> None:
    """AB-4.5: W02 paused since 10:00; S102's card is refused at 10:09:59 and let in at 10:10, her own counter sends to 2."""
    day.login("W02", "S101")
    day.login("W03", "S102")
    day.at("10:00")
    day.pause("W02")
    day.at("10:09:59")
    assert refusal(day.try_login("W02", "S102")) is Refusal.LOGGED_IN_ELSEWHERE
    day.at("10:10")
    day.login("W02", "S102")
    login = next(one.fact for one in reversed(day.facts) if isinstance(one.fact, f.StaffLoggedIn))
    assert login == f.StaffLoggedIn(
        counter=CounterId("W02"), staff=StaffNo("S102"), post_owner=StaffNo("S101"), acting=True, self_initiated=True
    )
    assert (day.board("W03").phase, day.board("W03").go_to) == (CounterPhase.CLOSED, "W02")
    assert not day.asked(TaskKind.VACANCY, "W02")
    assert [one.mode for one in day.hall.posts.covers.values()] == [CoverMode.TAKEOVER]


def test_rating_kept_over_the_night_still_knows_the_main_person(day: RulesDay) -> None:
    """EVAL-3, AB-4.3: a pad that was cut off sends it in the morning; the fold of that morning alone knows for whom."""
    day.login("W01", "S104")
    day.at("17:00")
    day.take("A", care=True)
    day.call("W01")
    session = day.serve("W01")
    day.at("17:00:30")
    pressed = day.now
    day.advance(HallTime(day.hall.today.over + 9 * 3_600_000))
    begins = max(n for n, one in enumerate(day.facts) if isinstance(one.fact, f.DayBegan))
    assert day.folded([day.facts[0], *day.facts[begins:]]) == day.hall
    stamp = m.Stamp(boot=day.boot("PAD-W01"), monotonic_ms=9, wall_at=pressed, age_ms=day.now - pressed)
    day.do("PAD-W01", m.RatingSubmitted, session=session, level=4, stamp=stamp)
    rated = day.facts[-1].fact
    assert isinstance(rated, f.RatingRecorded)
    assert (rated.staff, rated.post_owner) == ("S104", "S103")


def test_terminals_alone_take_cards(day: RulesDay) -> None:
    """Cover keys and cards belong to counters."""
    decision = day.ask("OPS-01", m.CoverRequested, counter="W02")
    assert refusal(decision) is Refusal.WRONG_NODE
