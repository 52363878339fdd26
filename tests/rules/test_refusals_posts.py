"""What is refused of logins, covers and absences: each reason reached by the situation the rules name."""

import pytest

from broker.rules.asking import Decision
from contracts import messages as m
from contracts.values import CoverMode, Refusal, TaskKind
from sim.rules_day import RulesDay, hall_text
from sim.scenes import Scene, Scenes, check_refused

SCENES = Scenes()
refuses = SCENES.refuses


def cover(day: RulesDay, counter: str, covered: str, mode: CoverMode = CoverMode.MERGE) -> Decision:
    """The key at a terminal."""
    return day.ask(f"TRM-{counter}", m.CoverRequested, counter=covered, mode=mode)


@refuses(Refusal.ON_LEAVE)
def login_on_leave(day: RulesDay) -> Decision:
    """con.login.leave: the leave of the day has been entered."""
    day.away("S102", "09:00", "17:30")
    day.at("09:00")
    return day.try_login("W02", "S102")


@refuses(Refusal.NOT_QUALIFIED)
def login_without_a_skill(day: RulesDay) -> Decision:
    """con.login.skill."""
    return day.try_login("W03", "S102")


@refuses(Refusal.OWN_CASE)
def own_leave(day: RulesDay) -> Decision:
    """ATT-5.1: nobody decides his own request."""
    return day.try_away("S002", "09:00", "12:00", actor="S002")


@refuses(Refusal.NOT_PERMITTED)
def absence_by_a_guide(day: RulesDay) -> Decision:
    """Leaders enter absences."""
    return day.try_away("S101", "09:00", "12:00", actor="S004")


@refuses(Refusal.UNKNOWN_STAFF)
def absence_of_nobody(day: RulesDay) -> Decision:
    """The person must exist."""
    return day.try_away("S999", "09:00", "12:00")


@refuses(Refusal.BAD_VALUE)
def reversed_absence(day: RulesDay) -> Decision:
    """It ends before it begins."""
    return day.try_away("S101", "12:00", "09:00")


@refuses(Refusal.BAD_VALUE)
def overlapping_absence(day: RulesDay) -> Decision:
    """Nobody is away twice at once."""
    day.away("S101", "09:00", "12:00")
    return day.try_away("S101", "11:00", "14:00", "sick")


@refuses(Refusal.BAD_VALUE)
def absence_that_is_over(day: RulesDay) -> Decision:
    """What is over asks nothing of the queue; the leave ledger is another place."""
    day.at("13:00")
    return day.try_away("S101", "09:00", "12:00")


@refuses(Refusal.BAD_VALUE)
def absence_of_an_invented_kind(day: RulesDay) -> Decision:
    """ATT-4, ATT-6.1: the kinds of the hall."""
    return day.try_away("S101", "09:00", "12:00", "shopping")


@refuses(Refusal.BAD_VALUE)
def withdrawal_of_nothing(day: RulesDay) -> Decision:
    """There is no such absence."""
    return day.try_away("S101", "09:00", "12:00", withdraw=True)


@refuses(Refusal.NOT_LOGGED_IN)
def cover_from_an_empty_counter(day: RulesDay) -> Decision:
    """Somebody must be here to act."""
    return cover(day, "W01", "W02")


@refuses(Refusal.UNKNOWN_COUNTER)
def cover_of_no_counter(day: RulesDay) -> Decision:
    """The hall has three."""
    day.login("W01", "S101")
    return cover(day, "W01", "W09")


@refuses(Refusal.NOT_PERMITTED)
def cover_by_another_than_the_b(day: RulesDay) -> Decision:
    """AB-4.6: the B of P01 is S103, not S102."""
    day.login("W02", "S102")
    return cover(day, "W02", "W01")


@refuses(Refusal.NOT_PERMITTED)
def second_cover_of_one_person(day: RulesDay) -> Decision:
    """One counter beside the own, not two."""
    day.login("W01", "S101")
    cover(day, "W01", "W02")
    return cover(day, "W01", "W03")


@refuses(Refusal.COUNTER_OCCUPIED)
def merge_with_a_working_counter(day: RulesDay) -> Decision:
    """There is nobody to act for."""
    day.login("W01", "S101")
    day.login("W02", "S102")
    return cover(day, "W01", "W02")


@refuses(Refusal.COUNTER_PAUSED)
def merge_while_paused(day: RulesDay) -> Decision:
    """Who is away from the own counter cannot serve for another."""
    day.login("W01", "S101")
    day.pause("W01")
    return cover(day, "W01", "W02")


@refuses(Refusal.COUNTER_BUSY)
def takeover_with_a_visitor(day: RulesDay) -> Decision:
    """Nobody leaves a visitor."""
    day.login("W01", "S101")
    day.at("09:00")
    day.take("A")
    day.call("W01")
    return cover(day, "W01", "W02", CoverMode.TAKEOVER)


@refuses(Refusal.COUNTER_BUSY)
def end_of_a_takeover_with_a_visitor(day: RulesDay) -> Decision:
    """Nor to go back."""
    day.login("W01", "S101")
    day.at("09:00")
    cover(day, "W01", "W02", CoverMode.TAKEOVER)
    day.login("W02", "S101")
    day.take("A")
    day.call("W02")
    return day.ask("TRM-W02", m.CoverEndRequested)


@refuses(Refusal.LOGGED_IN_ELSEWHERE)
def b_at_a_counter_nobody_asked_them_to(day: RulesDay) -> Decision:
    """AB-4.5: before ten minutes of vacancy the B stays where they are, unless they have asked to take over."""
    day.login("W01", "S101")
    return day.try_login("W02", "S101")


@refuses(Refusal.UNKNOWN_TASK)
def acknowledgement_of_nothing(day: RulesDay) -> Decision:
    """There is no such task, or it is over."""
    return day.ask("OPS-01", m.TaskAckRequested, actor="S002", task="2026-03-10/T999")


@refuses(Refusal.NOT_PERMITTED)
def vacancy_closed_by_hand(day: RulesDay) -> Decision:
    """HALL-11.1: it is over when somebody sits there, not when somebody says so."""
    day.at("09:10")
    task = day.asked(TaskKind.VACANCY, "W02")[0]
    day.do("OPS-01", m.TaskAckRequested, actor="S101", task=task.id)
    return day.ask("OPS-01", m.TaskCloseRequested, actor="S101", task=task.id)


@pytest.mark.parametrize(("reason", "scene"), SCENES.found, ids=SCENES.names)
def test_post_situation_is_refused_with_its_reason_and_changes_nothing(reason: Refusal, scene: Scene) -> None:
    """Each scene's docstring names its rule."""
    check_refused(RulesDay(hall_text("demo-small")), reason, scene)
