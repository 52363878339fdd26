"""At the counter: who may sit down, who is called, how often, and what a finished visit leaves behind (1.0.4, 1.0.5, D9)."""

import pytest

from broker.rules import facts as f
from broker.rules.hall import TicketState
from contracts import messages as m
from contracts.values import CounterPhase, StaffNo
from sim.rules_day import RulesDay, hall_text, refusal


@pytest.fixture
def day() -> RulesDay:
    """The small hall at nine, with the rule book's own waits."""
    text = hall_text("demo-small").replace("recall_gap_s = 4\n", "").replace("noshow_after_s = 6\n", "")
    opened = RulesDay(text)
    opened.at("09:00")
    return opened


def phase(day: RulesDay, counter: str) -> CounterPhase:
    """What is going on at a counter."""
    return next(desk.phase for desk in day.hall.desks.values() if desk.counter == counter)


def test_same_card_logs_in_and_out(day: RulesDay) -> None:
    """A person sits down with the card and leaves with it; then they may sit elsewhere."""
    day.login("W01", "S101")
    assert phase(day, "W01") is CounterPhase.FREE
    day.login("W01", "S101")
    assert phase(day, "W01") is CounterPhase.CLOSED
    day.login("W02", "S101")
    assert any(isinstance(one.fact, f.StaffLoggedOut) for one in day.facts)


def test_card_is_read_in_any_case(day: RulesDay) -> None:
    """A reader that reports small letters is the same card."""
    day.do("TRM-W01", m.LoginRequested, card="04a1000101")
    assert phase(day, "W01") is CounterPhase.FREE


def test_paused_clerk_may_leave(day: RulesDay) -> None:
    """Logging out ends a pause; whoever comes next finds an open counter."""
    day.login("W02", "S102")
    day.do("TRM-W02", m.PauseRequested, reason="短暂离开")
    day.login("W02", "S102")
    day.login("W02", "S101")
    assert phase(day, "W02") is CounterPhase.FREE


def test_pause_and_resume_are_the_same_twice(day: RulesDay) -> None:
    """A second press changes nothing and is answered as done."""
    day.login("W02", "S102")
    assert day.do("TRM-W02", m.PauseRequested).facts
    assert not day.do("TRM-W02", m.PauseRequested).facts
    assert phase(day, "W02") is CounterPhase.PAUSED
    assert day.do("TRM-W02", m.ResumeRequested).facts
    assert not day.do("TRM-W02", m.ResumeRequested).facts
    assert phase(day, "W02") is CounterPhase.FREE


def test_clerk_is_given_only_what_they_can_do() -> None:
    """1.0.4: W01 serves A, B and F, but S102's skills are of A; a ticket that carries only group A is theirs too."""
    day = RulesDay(hall_text("demo-hall"))
    day.login("W01", "S102")
    day.at("09:00")
    day.take("B", care=True)
    day.take("F")
    with_service, without = day.take("A", service="SV05"), day.take("A")
    assert [day.call_and_serve("W01") for _ in range(3)] == [with_service.no, without.no, None]


def test_service_outside_the_skills_stays_for_others() -> None:
    """1.0.4: in group D, S108 does transfers but not the tax, S111 only the tax; both do tickets without a service."""
    day = RulesDay(hall_text("demo-hall"))
    day.login("W07", "S108")
    day.login("W08", "S111")
    day.at("09:00")
    tax, transfer, whatever = day.take("D", service="SV13"), day.take("D", service="SV11"), day.take("D")
    assert day.call_and_serve("W07") == transfer.no
    assert day.call_and_serve("W08") == tax.no
    assert day.call_and_serve("W08") == whatever.no


def test_call_stores_all_it_compared(day: RulesDay) -> None:
    """1.0.4: heads, scores, queue clock, configuration and reason, best first."""
    day.login("W02", "S102")
    normal, care = day.take("A"), day.take("A", care=True)
    day.take("A")
    day.at("09:10")
    day.call("W02")
    fact = day.facts[-1].fact
    assert isinstance(fact, f.TicketCalled)
    assert (fact.call, fact.counter, fact.staff, fact.tier) == (f"{care.id}/c1", "W02", "S102", f.Tier.SCORE)
    assert [one.ticket for one in fact.compared] == [care.id, normal.id]
    assert [one.score for one in fact.compared] == [(30 + 20) * 6_000_000 * 100, 10 * 6_000_000 * 100]
    assert fact.queue_clock == day.now
    assert fact.configuration == day.hall.in_force.hash


def test_three_calls_and_a_minute_then_no_show(day: RulesDay) -> None:
    """D9: announcements at 0, 20 and 40 s; from 60 s after the last the clerk may give the number up."""
    day.login("W02", "S102")
    ticket = day.take("A")
    day.call("W02")
    for clock in ("09:00:20", "09:00:40"):
        day.at(clock)
        day.do("TRM-W02", m.RecallRequested, call=day.call_id("W02"))
    day.at("09:01:40")
    day.do("TRM-W02", m.NoShowRequested, call=day.call_id("W02"))
    assert ticket.state is TicketState.NO_SHOW
    assert phase(day, "W02") is CounterPhase.FREE
    assert day.call("W02") is None


def test_too_early_no_show_says_when(day: RulesDay) -> None:
    """D9: after the first call: 20 s, 20 s and 60 s are still to come."""
    day.login("W02", "S102")
    day.take("A")
    day.call("W02")
    answer = day.ask("TRM-W02", m.NoShowRequested, call=day.call_id("W02")).answers[0][1]
    assert isinstance(answer, m.RequestRefused)
    assert answer.values["s"] == "100"


def test_emergency_stops_the_timers_of_a_call(day: RulesDay) -> None:
    """HALL-8.2: time in an evacuation is not time to come to the counter."""
    day.login("W02", "S102")
    day.take("A")
    day.call("W02")
    day.at("09:00:10")
    day.record(f.EmergencyBegan(actor=StaffNo("S002")))
    day.at("09:12:10")
    day.record(f.EmergencyEnded(actor=StaffNo("S002")))
    day.at("09:12:19")
    assert refusal(day.ask("TRM-W02", m.RecallRequested, call=day.call_id("W02"))) is not None
    day.at("09:12:20")
    day.do("TRM-W02", m.RecallRequested, call=day.call_id("W02"))


def test_visit_in_hand_is_finished_at_noon_and_after_closing(day: RulesDay) -> None:
    """D8, EXT-1: who was called before the bound is served to the end."""
    day.login("W02", "S102")
    day.take("A")
    day.at("11:59:50")
    day.call("W02")
    day.at("12:00:05")
    day.start("W02")
    day.at("12:09")
    day.finish("W02")
    assert phase(day, "W02") is CounterPhase.FREE


def test_finished_visit_arms_the_pad_for_a_minute(day: RulesDay) -> None:
    """EVAL-6.1: the fact names the end of the window; after it the session is no longer on the desk."""
    day.login("W02", "S102")
    day.take("A")
    day.call("W02")
    session = day.serve("W02")
    fact = day.facts[-1].fact
    assert isinstance(fact, f.ServiceFinished)
    assert (fact.session, fact.rate_until) == (session, day.time("09:01"))
    day.at("09:01:03")
    assert day.facts[-1].fact == f.RatingWindowClosed(session=fact.session)


def test_each_press_of_call_next_serves_one_person(day: RulesDay) -> None:
    """I3: a second terminal's press never gets the same ticket."""
    day.login("W01", "S101")
    day.login("W02", "S102")
    numbers = {day.take("A").no for _ in range(2)}
    assert {day.call("W01"), day.call("W02")} == numbers
