"""无法延时 at a free counter (EXT-4, EXT-3.3): people wait for it, and its clerk cannot stay for them."""

import pytest

from broker.rules import facts as f
from contracts import messages as m
from contracts.values import CounterId, CounterPhase, StaffNo, TaskKind
from sim.rules_day import RulesDay, hall_text

KIND = TaskKind.EXTENSION_COUNTER


@pytest.fixture
def day() -> RulesDay:
    """The demo hall before opening."""
    return RulesDay(hall_text("demo-hall"))


def cannot_stay(day: RulesDay, counter: str = "W07") -> None:
    """Press 无法延时."""
    day.do(f"TRM-{counter}", m.ExtensionRefusalRequested, reason="接孩子")


def waits_for_w07(day: RulesDay, staff: str = "S109", numbers: int = 1) -> list[str]:
    """Somebody sits free at W07 when hours end, and so many wait for group D."""
    day.login("W07", staff)
    day.at("17:29")
    found = [day.take("D").no for _ in range(numbers)]
    day.at("17:31")
    return [str(one) for one in found]


def plans_for_a(day: RulesDay) -> str:
    """Somebody waits for group A when hours end, and W02 and W03 are to stay for it."""
    for counter, staff in (("W02", "S101"), ("W03", "S102")):
        day.login(counter, staff)
    day.at("17:29")
    first = day.take("A").no
    day.at("17:31")
    day.do("OPS-01", m.ClosingPlanRequested, actor="S002", counters=("W02", "W03"))
    return str(first)


def test_a_free_clerk_is_offered_the_key_while_people_wait(day: RulesDay) -> None:
    """EXT-4: after hours, and only with somebody to stay for; once it is said it is not asked again."""
    day.login("W07", "S109")
    day.at("17:29")
    day.take("D")
    assert not day.desk_state("W07").goes_home
    day.at("17:30")
    assert day.desk_state("W07").goes_home
    cannot_stay(day)
    assert not day.desk_state("W07").goes_home
    facts = len(day.facts)
    cannot_stay(day)
    assert len(day.facts) == facts, "said twice is said once"


def test_nobody_need_stay_for_an_empty_line(day: RulesDay) -> None:
    """EXT-4: nobody waits for group D."""
    day.login("W07", "S109")
    day.at("17:31")
    assert not day.desk_state("W07").goes_home


def test_noon_needs_nobody_to_stay_unless_it_is_served(day: RulesDay) -> None:
    """D8: at noon the line waits for the afternoon; with 午间延时 it is called through, and a clerk may be unable to."""
    day.login("W07", "S109")
    day.at("11:59")
    day.take("D")
    day.at("12:01")
    assert not day.desk_state("W07").goes_home
    day.do("OPS-01", m.NoonServiceRequested, actor="S002")
    assert day.desk_state("W07").goes_home
    cannot_stay(day)
    day.at("13:29")
    assert day.asked(KIND)
    day.at("13:30")
    assert (day.asked(KIND), day.hall.service_day.leaving) == ([], {}), "the afternoon calls them"


def test_the_window_head_is_asked_then_the_leader(day: RulesDay) -> None:
    """EXT-4: the chief representative of the clerk's department, five minutes later the duty leader; B is suggested."""
    waits_for_w07(day, numbers=2)
    cannot_stay(day)
    (task,) = day.asked(KIND)
    assert (task.ladder[0].staff, task.ladder[1].roles) == (("S108",), ("duty_leader",))
    assert task.values == {"w": "7", "n": "2", "suggested": "S108"}
    day.at("17:36")
    assert task.level == 1


def test_who_was_picked_sits_down_and_serves(day: RulesDay) -> None:
    """EXT-4: S109 cannot stay, S108 takes the counter over and everybody is served."""
    first, second = waits_for_w07(day, numbers=2)
    cannot_stay(day)
    day.do("OPS-01", m.ExtensionAssignRequested, actor="S108", counter="W07", to="S108")
    assert not day.asked(KIND)
    assert day.hall.service_day.leaving[CounterId("W07")].to == StaffNo("S108")
    day.login("W07", "S109")  # the same card again: she leaves
    day.login("W07", "S108")
    assert day.hall.service_day.leaving == {}
    assert [day.call_and_serve("W07"), day.call_and_serve("W07")] == [first, second]


def test_a_counter_that_cannot_stay_leaves_its_line_to_those_who_do(day: RulesDay) -> None:
    """EXT-3.3: W01, W02 and W03 stay for group A; W02 cannot after all, so its line is called at the others."""
    first = plans_for_a(day)
    cannot_stay(day, "W02")
    assert day.hall.service_day.staying == ("W03",)
    assert (day.board("W02").phase, day.call("W02")) == (CounterPhase.CLOSED, None)
    assert day.call_and_serve("W03") == first
    assert not day.asked(KIND), "nobody waits any more"


def test_the_counter_stays_again_with_another_person(day: RulesDay) -> None:
    """EXT-4: the plan named W02; with somebody else there it calls as planned, and W03, which she has left, does not."""
    first = plans_for_a(day)
    cannot_stay(day, "W02")
    day.login("W03", "S102")
    day.login("W02", "S101")
    day.login("W02", "S102")
    assert day.hall.service_day.staying == ("W02",)
    assert day.call_and_serve("W02") == first


def test_a_clerk_who_calls_after_all_stays(day: RulesDay) -> None:
    """Whoever serves on needs nobody else; the task ends."""
    (no,) = waits_for_w07(day)
    cannot_stay(day)
    assert day.call("W07") == no
    assert (day.asked(KIND), day.hall.service_day.leaving) == ([], {})


def test_who_sits_elsewhere_stays_there(day: RulesDay) -> None:
    """EXT-4: the person picked sits at W03, which was not to stay; it does now."""
    for counter, staff in (("W02", "S101"), ("W03", "S102")):
        day.login(counter, staff)
    day.at("17:29")
    first = day.take("A").no
    day.at("17:31")
    day.do("OPS-01", m.ClosingPlanRequested, actor="S002", counters=("W02",))
    cannot_stay(day, "W02")
    day.do("OPS-01", m.ExtensionAssignRequested, actor="S002", counter="W02", to="S102")
    assert day.hall.service_day.staying == ("W03",)
    assert day.call_and_serve("W03") == first


def test_midnight_ends_what_nobody_took_over(day: RulesDay) -> None:
    """1.0.5: every ticket ends; the case is gone with the day."""
    waits_for_w07(day)
    cannot_stay(day)
    day.advance(day.hall.today.over)
    assert day.hall.service_day.leaving == {}
    assert any(isinstance(one.fact, f.CounterExtensionRefused) and one.fact.reason == "接孩子" for one in day.facts)


def test_who_logs_out_after_hours_and_leaves_somebody_has_said_so(day: RulesDay) -> None:
    """EXT-3.3, EXT-4: nobody holding a ticket is forgotten because the last clerk went home (storm 1279)."""
    waits_for_w07(day)
    day.login("W07", "S109")  # the same card again: she leaves
    (task,) = day.asked(KIND)
    assert (task.counter, task.values["n"]) == ("W07", "1")
    day.do("OPS-01", m.ExtensionAssignRequested, actor="S108", counter="W07", to="S108")
    day.login("W07", "S108")
    assert day.call_and_serve("W07") is not None
    assert not day.asked(KIND)


def test_who_logs_out_while_another_counter_calls_leaves_nobody(day: RulesDay) -> None:
    """EXT-3.3: W03 still calls group A, so W02's clerk may go; the last one of them is asked about."""
    plans_for_a(day)
    day.login("W02", "S101")
    assert not day.asked(KIND)
    day.login("W03", "S102")
    assert [task.counter for task in day.asked(KIND)] == ["W03"]
