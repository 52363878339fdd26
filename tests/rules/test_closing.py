"""Near closing and closing (EXT-3.1 to EXT-3.3): what clerks are told, who stays, and that everyone is served."""

from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.rules.hall import TicketState
from broker.rules.views import views
from contracts import messages as m
from contracts.topics import Topics
from contracts.values import CounterId, CounterPhase, HallId, HallPhase, Refusal, TaskKind
from sim.rules_day import RulesDay, hall_text, refusal

HALL = HallId("yongan")


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at five in the afternoon, nobody logged in yet."""
    return RulesDay(hall_text("demo-hall"), "17:00")


def notes(day: RulesDay, counter: str) -> dict[str, dict[str, str]]:
    """The sentences a clerk reads, by their key."""
    found = views(day.hall, HALL)[Topics(HALL).desk(CounterId(counter))]
    assert isinstance(found, m.DeskState)
    return {note.key: note.values for note in found.notes}


def phase(day: RulesDay, counter: str) -> CounterPhase:
    """What the sign of a counter goes by."""
    found = views(day.hall, HALL)[Topics(HALL).counter_board(CounterId(counter))]
    assert isinstance(found, m.CounterBoard)
    return found.phase


def plan(day: RulesDay, *counters: str, actor: str = "S002") -> None:
    """The duty leader confirms who stays."""
    day.do("OPS-01", m.ClosingPlanRequested, actor=actor, counters=counters)


def test_w05_reads_how_long_it_will_take(day: RulesDay) -> None:
    """EXT-3.1, the example: 17:15 W05, 等候5人,预计20分钟 (5 x 8 min / 2 counters)."""
    day.login("W05", "S106")
    day.login("W06", "S107")
    for _ in range(5):
        day.take("C")
    day.at("17:14:59")
    assert "con.nearclose" not in notes(day, "W05")
    day.at("17:15")
    assert notes(day, "W05")["con.nearclose"] == {"m": "15", "n": "5", "t": "20"}
    day.at("17:20")
    day.call_and_serve("W05")
    assert notes(day, "W05")["con.nearclose"] == {"m": "10", "n": "4", "t": "16"}
    day.at("17:30")
    assert "con.nearclose" not in notes(day, "W05"), "now it is extended service"


def test_machine_goes_on_near_closing(day: RulesDay) -> None:
    """EXT-3.1, EXT-3.2: the announcement stops nobody from taking a ticket."""
    day.at("17:15")
    board = views(day.hall, HALL)[Topics(HALL).hall_board]
    assert isinstance(board, m.HallBoard)
    assert board.near_close_at == day.time("17:15")
    day.at("17:29:59")
    day.take("A")


def test_six_of_a_need_three_counters(day: RulesDay) -> None:
    """EXT-3.3, the example: 6 waiting x 15 min / 3 = 30 min, so W01, W02, W03 stay; the hall closes with the last."""
    for counter, staff in (("W01", "S103"), ("W02", "S101"), ("W03", "S102")):
        day.login(counter, staff)
    for _ in range(6):
        day.take("A")
    day.at("17:30")
    (task,) = day.hall.tasks.of(TaskKind.CLOSING_PLAN)
    assert task.values["w"] == "1、2、3"
    assert task.ladder[0].roles == ("duty_leader",)
    plan(day, "W01", "W02", "W03")
    assert not day.hall.tasks.of(TaskKind.CLOSING_PLAN)
    for counter in ("W01", "W02", "W03", "W01", "W02", "W03"):
        assert day.call_and_serve(counter) is not None
    assert day.hall.phase is HallPhase.CLOSED


def test_fewest_counters_are_proposed(day: RulesDay) -> None:
    """EXT-3.3: two people need one counter, and the one kept for care goes home first."""
    for counter, staff in (("W01", "S103"), ("W02", "S101"), ("W03", "S102")):
        day.login(counter, staff)
    day.take("A")
    day.take("A")
    day.at("17:30")
    assert day.hall.service_day.proposed == ("W02",)


def test_one_counter_may_do_for_two_groups(day: RulesDay) -> None:
    """EXT-3.3: W01 serves A, B and F; if it has to stay for B nobody else need stay for one of A."""
    for counter, staff in (("W01", "S103"), ("W02", "S101")):
        day.login(counter, staff)
    day.take("A")
    day.take("B")
    day.at("17:30")
    assert day.hall.service_day.proposed == ("W01",)


def test_nobody_waits_nobody_is_asked(day: RulesDay) -> None:
    """EXT-3.3: with only sessions running there is nothing to plan."""
    day.login("W02", "S101")
    day.take("A")
    day.call("W02")
    day.start("W02")
    day.at("17:40")
    assert not day.hall.tasks.of(TaskKind.CLOSING_PLAN)


def test_counter_that_need_not_stay_shows_closed(day: RulesDay) -> None:
    """EXT-3.3: the others have nothing to call and show it; a session on one of them is finished first."""
    for counter, staff in (("W02", "S101"), ("W03", "S102")):
        day.login(counter, staff)
    for _ in range(3):
        day.take("A")
    day.call("W03")
    day.start("W03")
    day.at("17:30")
    plan(day, "W02")
    assert phase(day, "W03") is CounterPhase.SERVING
    day.finish("W03")
    assert phase(day, "W03") is CounterPhase.CLOSED
    assert refusal(day.try_call("W03")) is Refusal.NOBODY_WAITING
    assert phase(day, "W02") is CounterPhase.FREE
    assert day.call_and_serve("W02") == "A002"


def test_counter_off_the_plan_helps_when_the_other_has_left(day: RulesDay) -> None:
    """EXT-3.3: a plan never caps: what no staying counter can serve any more, whoever is there calls."""
    for counter, staff in (("W02", "S101"), ("W03", "S102")):
        day.login(counter, staff)
    ticket = day.take("A")
    day.at("17:30")
    plan(day, "W02")
    day.login("W02", "S101")  # logs out
    assert day.call_and_serve("W03") == ticket.no


def test_plan_without_anybody_for_a_group_is_refused(day: RulesDay) -> None:
    """EXT-3.3: everyone is served, so somebody who can serve them must stay."""
    for counter, staff in (("W02", "S101"), ("W05", "S106")):
        day.login(counter, staff)
    day.take("A")
    day.take("C")
    day.at("17:30")
    asked = day.ask("OPS-01", m.ClosingPlanRequested, actor="S002", counters=("W02",))
    assert refusal(asked) is Refusal.NO_OPEN_COUNTER


def test_plan_may_be_made_from_the_announcement_on(day: RulesDay) -> None:
    """EXT-3.3: at 17:20 the leader knows already who stays; nobody is asked again at closing."""
    day.login("W02", "S101")
    day.take("A")
    assert refusal(day.ask("OPS-01", m.ClosingPlanRequested, actor="S002", counters=("W02",))) is Refusal.TOO_SOON
    day.at("17:20")
    plan(day, "W02")
    day.at("17:30")
    assert not day.hall.tasks.of(TaskKind.CLOSING_PLAN)


def test_ticket_the_leader_issues_after_closing_is_planned_for(day: RulesDay) -> None:
    """EXT-3.2: the duty leader may issue after 17:30; whoever holds it is served."""
    day.login("W02", "S101")
    day.at("17:45")
    ticket = day.enter("A", actor="S002")
    day.let_time_pass()
    assert day.hall.service_day.proposed == ("W02",)
    plan(day, "W02")
    assert day.call_and_serve("W02") == ticket.no


STAFF = {"W01": "S103", "W02": "S101", "W03": "S102", "W04": "S105", "W05": "S106", "W07": "S108", "W12": "S117"}


@settings(max_examples=30)
@given(
    waiting=st.lists(st.sampled_from("ABCDH"), min_size=1, max_size=25),
    manned=st.sets(st.sampled_from(sorted(STAFF)), min_size=1),
)
def test_whatever_is_proposed_everyone_is_served(waiting: list[str], manned: set[str]) -> None:
    """EXT-3.3: follow the proposal, and no ticket that anybody here can serve is left."""
    day = RulesDay(hall_text("demo-hall"), "17:00")
    for counter in sorted(manned):
        day.login(counter, STAFF[counter])
    for group in waiting:
        day.take(group)
    day.at("17:30")
    able = {pair.group for one in manned for pair in day.hall.in_force.pairs(CounterId(one), None)}
    proposed = day.hall.service_day.proposed
    assert proposed is not None
    if proposed:
        plan(day, *proposed)
    idle = 0
    for counter in cycle(sorted(manned)):
        idle = 0 if day.call_and_serve(counter) else idle + 1
        if idle > len(manned) or day.hall.phase is HallPhase.CLOSED:
            break
    left = {one.group for one in day.hall.tickets.values() if one.state is TicketState.WAITING}
    assert not left & able
