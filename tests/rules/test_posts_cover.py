"""One person for two counters: merged at the own one, or taken over at the other; how each serves and ends (AB-4.6)."""

import pytest

from broker.rules import facts as f
from contracts import messages as m
from contracts.values import CounterPhase, CoverMode, Refusal, TaskKind
from sim.rules_day import RulesDay, hall_text, refusal


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at nine: S102 sits at W03, S117 at W12, nobody at W02 and W11."""
    began = RulesDay(hall_text("demo-hall"), "08:50")
    began.login("W03", "S102")
    began.login("W12", "S117")
    began.at("09:00")
    return began


def ends(day: RulesDay) -> list[str]:
    """Why covers ended so far."""
    return [one.fact.why for one in day.facts if isinstance(one.fact, f.CoverEnded)]


def try_cover(day: RulesDay, counter: str, covered: str, mode: CoverMode = CoverMode.MERGE) -> Refusal | None:
    """Ask for it; why not, if so."""
    return refusal(day.ask(f"TRM-{counter}", m.CoverRequested, counter=covered, mode=mode))


# --- What is served -----------------------------------------------------------------------------------------------------


def test_merged_counter_calls_the_groups_of_both(day: RulesDay) -> None:
    """S117 at W12 (H) covers W11 (G): both lines are called at W12, and on record for whose post it is."""
    collect, ask = day.take("G"), day.take("H")
    assert day.desk_state("W12").waiting == 1
    day.cover("W12", "W11")
    assert (day.desk_state("W12").waiting, day.desk_state("W12").covers) == (2, "W11")
    assert (day.board("W11").go_to, day.board("W11").phase) == ("W12", CounterPhase.CLOSED)
    owners = {}
    for _ in range(2):
        no = day.call_and_serve("W12")
        started = next(one.fact for one in reversed(day.facts) if isinstance(one.fact, f.ServiceStarted))
        owners[no] = started.post_owner
    assert owners == {collect.no: "S116", ask.no: None}


def test_covered_counters_surge_groups_are_called_too(day: RulesDay) -> None:
    """Group A was added at W12: S116 at W11 who covers W12 has no skill for A, but calls H and G."""
    day.login("W12", "S117")
    day.login("W11", "S116")
    day.do("OPS-01", m.CounterAddRequested, actor="S002", counter="W12", group="B")
    day.cover("W11", "W12")
    day.take("H")
    day.take("G")
    day.take("B")
    assert day.desk_state("W11").waiting == 2
    day.login("W11", "S116")
    day.login("W11", "S117")
    assert day.desk_state("W11").waiting == 1
    day.login("W11", "S117")
    day.login("W12", "S117")
    day.cover("W12", "W11")
    assert day.desk_state("W12").waiting == 3


def test_reserve_stays_that_of_the_counter_that_calls(day: RulesDay) -> None:
    """S104 at W01 (normal counts 20 there) covers W04: an ordinary B counts 20 of 100 there too."""
    day.login("W01", "S104")
    day.cover("W01", "W04")
    day.take("B", service="SV06")
    day.at("09:05")
    day.call("W01")
    called = day.facts[-1].fact
    assert isinstance(called, f.TicketCalled)
    assert called.compared[0].reserve == 20


def test_taken_over_counter_serves_the_visitors_of_both(day: RulesDay) -> None:
    """S117 goes to W11, whoever comes for W12 is sent there and called there; sessions of H are of her own post."""
    day.cover("W12", "W11", CoverMode.TAKEOVER)
    assert (day.board("W12").phase, day.board("W12").go_to) == (CounterPhase.PAUSED, "W11")
    day.login("W11", "S117")
    assert (day.board("W12").phase, day.board("W12").go_to) == (CounterPhase.CLOSED, "W11")
    assert (day.desk_state("W11").covers, day.desk_state("W11").a_name) == ("W12", "曾荣")
    collect, ask = day.take("G"), day.take("H")
    owners = {}
    for _ in range(2):
        no = day.call_and_serve("W11")
        started = next(one.fact for one in reversed(day.facts) if isinstance(one.fact, f.ServiceStarted))
        owners[no] = started.post_owner
    assert owners == {collect.no: "S116", ask.no: None}
    day.at("09:30")
    assert not [one for one in day.asked(TaskKind.VACANCY) if one.counter in ("W11", "W12")]


def test_who_logs_out_first_is_still_on_the_way(day: RulesDay) -> None:
    """Between the two terminals she sits nowhere; the cover holds."""
    day.cover("W12", "W11", CoverMode.TAKEOVER)
    day.login("W12", "S117")
    day.login("W11", "S117")
    assert ends(day) == []
    assert day.board("W12").go_to == "W11"


# --- How it ends --------------------------------------------------------------------------------------------------------


def test_merge_ends_with_a_login_there(day: RulesDay) -> None:
    """S101 logs in at W02: LED-W02 sends nobody away any more; the ticket at W03 goes on."""
    day.cover("W03", "W02")
    ticket = day.take("A")
    day.call("W03")
    day.login("W02", "S101")
    assert ends(day) == ["returned"]
    assert day.board("W02").go_to is None
    assert day.desk_state("W03").ticket == ticket.no


def test_merge_ends_on_request_and_when_she_leaves(day: RulesDay) -> None:
    """Asked twice is the same as once; logging out ends it too."""
    day.cover("W03", "W02")
    day.cover("W03", "W02")
    day.end_cover("W03")
    day.end_cover("W03")
    assert ends(day) == ["request"]
    day.cover("W03", "W02")
    day.login("W03", "S102")
    assert ends(day) == ["request", "left"]
    assert day.hall.posts.covers == {}


def test_paused_cover_leaves_both_empty(day: RulesDay) -> None:
    """She covers W02 and pauses W03 at 10:00: ten minutes later both are found empty."""
    day.cover("W03", "W02")
    day.at("10:00")
    day.pause("W03")
    day.at("10:09:59")
    assert not day.asked(TaskKind.VACANCY, "W02")
    day.at("10:10")
    assert {one.counter for one in day.asked(TaskKind.VACANCY)} >= {"W02", "W03"}
    day.resume("W03")
    assert not {one.counter for one in day.asked(TaskKind.VACANCY)} & {"W02", "W03"}
    assert ends(day) == []


def test_takeover_ends_on_request_between_two_tickets(day: RulesDay) -> None:
    """With a visitor on the desk it must wait; then she is free to log in at her own counter again."""
    day.cover("W12", "W11", CoverMode.TAKEOVER)
    day.login("W11", "S117")
    day.take("G")
    day.call("W11")
    assert refusal(day.ask("TRM-W11", m.CoverEndRequested)) is Refusal.COUNTER_BUSY
    day.serve("W11")
    day.end_cover("W11")
    assert (ends(day), day.board("W11").phase) == (["request"], CounterPhase.CLOSED)
    day.login("W12", "S117")


def test_takeover_not_begun_is_taken_back_by_working_on(day: RulesDay) -> None:
    """She has not gone yet: 恢复服务 at her own counter, or the end of the cover, and everything is as before."""
    for undo in (day.resume, day.end_cover):
        day.cover("W12", "W11", CoverMode.TAKEOVER)
        undo("W12")
        assert day.board("W12").phase is CounterPhase.FREE
        assert day.hall.posts.covers == {}


def test_own_card_at_the_own_counter_ends_a_takeover(day: RulesDay) -> None:
    """She comes back to W12 without logging out at W11; with a visitor at W11 she may not."""
    day.cover("W12", "W11", CoverMode.TAKEOVER)
    day.login("W11", "S117")
    day.take("G")
    day.call("W11")
    assert refusal(day.try_login("W12", "S117")) is Refusal.LOGGED_IN_ELSEWHERE
    day.serve("W11")
    day.login("W12", "S117")
    assert (ends(day), day.board("W11").phase, day.board("W12").phase) == (
        ["left"],
        CounterPhase.CLOSED,
        CounterPhase.FREE,
    )


def test_main_person_back_before_the_b_has_come(day: RulesDay) -> None:
    """S101 pauses, S102 is asked to take over, S101 works on: S102's counter is open again at once."""
    day.login("W02", "S101")
    day.pause("W02")
    day.cover("W03", "W02", CoverMode.TAKEOVER)
    assert day.board("W03").phase is CounterPhase.PAUSED
    day.resume("W02")
    assert (ends(day), day.board("W03").phase) == (["returned"], CounterPhase.FREE)


def test_paused_main_person_is_logged_out_by_the_b_who_was_asked(day: RulesDay) -> None:
    """S101 hands over and pauses without logging out: S102's card at W02 puts her in his place."""
    day.login("W02", "S101")
    day.cover("W03", "W02", CoverMode.TAKEOVER)
    assert refusal(day.try_login("W02", "S102")) is Refusal.COUNTER_OCCUPIED
    day.pause("W02")
    day.login("W02", "S102")
    outs = [(one.fact.staff, one.fact.why) for one in day.facts if isinstance(one.fact, f.StaffLoggedOut)]
    assert outs == [("S102", "takeover"), ("S101", "hand_over")]


def test_covers_end_with_the_day_and_with_the_counter(day: RulesDay) -> None:
    """Nothing of it is left in the morning, nor when the configuration knows the counter no more."""
    day.cover("W12", "W11")
    day.advance(day.hall.today.over)
    assert day.hall.posts.covers == {}
    assert day.folded() == day.hall


# --- What is refused ----------------------------------------------------------------------------------------------------


def test_only_one_covers_a_counter_and_only_its_b(day: RulesDay) -> None:
    """AB-4.6: S102 covers W02; nobody else, nor for a second one."""
    day.cover("W03", "W02")
    assert try_cover(day, "W03", "W02", CoverMode.TAKEOVER) is Refusal.COUNTER_OCCUPIED
    assert try_cover(day, "W03", "W05") is Refusal.NOT_PERMITTED
    assert try_cover(day, "W03", "W03") is Refusal.NOT_PERMITTED
    assert try_cover(day, "W03", "W99") is Refusal.UNKNOWN_COUNTER
    assert try_cover(day, "W02", "W03") is Refusal.NOT_LOGGED_IN


def test_exempt_post_is_covered_by_nobody() -> None:
    """AB-3.1: secret matters stay with the main person."""
    text = hall_text("demo-hall")
    old = next(line for line in text.splitlines() if '"P02"' in line and "counter" in line and "a =" in line)
    secret = old.replace("mutual = true", 'mutual = true, ab_exempt = true, ab_exempt_reason = "涉密"')
    assert secret != old
    day = RulesDay(text.replace(old, secret), "08:50")
    day.login("W03", "S102")
    day.at("09:00")
    assert try_cover(day, "W03", "W02") is Refusal.NOT_PERMITTED
    day.at("09:10")
    (task,) = day.asked(TaskKind.VACANCY, "W02")
    assert task.ladder == (f.Rung(after=0, roles=("duty_leader",)),)
    assert not day.asked(TaskKind.ACT, "W02")


def test_nobody_merges_with_a_counter_that_works(day: RulesDay) -> None:
    """S101 sits at W02 and serves; and a paused counter has to work again first."""
    day.login("W02", "S101")
    assert try_cover(day, "W03", "W02") is Refusal.COUNTER_OCCUPIED
    day.pause("W02")
    day.pause("W03")
    assert try_cover(day, "W03", "W02") is Refusal.COUNTER_PAUSED


def test_nobody_leaves_a_visitor_to_take_over(day: RulesDay) -> None:
    """First the ticket on the desk; merging disturbs nobody."""
    day.take("A")
    day.call("W03")
    assert try_cover(day, "W03", "W02", CoverMode.TAKEOVER) is Refusal.COUNTER_BUSY
    assert try_cover(day, "W03", "W02") is None


# --- What is offered ----------------------------------------------------------------------------------------------------


def test_terminal_offers_the_counters_that_need_its_b(day: RulesDay) -> None:
    """W02 is empty: offered at W03; not once S101 works there; again when he has an outing this morning (AB-4.2)."""
    assert day.desk_state("W03").may_cover == ("W02",)
    day.login("W02", "S101")
    assert day.desk_state("W03").may_cover == ()
    day.away("S101", "11:00", "12:00", "meeting")
    assert day.desk_state("W03").may_cover == ("W02",)
    day.cover("W03", "W02", CoverMode.TAKEOVER)
    assert (day.desk_state("W03").may_cover, day.desk_state("W03").covers) == ((), "W02")
