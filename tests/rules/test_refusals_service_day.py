"""Why leaders, heads and clerks are refused what they ask of the hall's day; each scene names its rule."""

from typing import Any

import pytest

from broker.rules.asking import Decision
from contracts import messages as m
from contracts.values import HelpKind, Refusal
from sim.rules_day import RulesDay, hall_text
from sim.scenes import Scene, Scenes, check_refused

SCENES = Scenes()
refuses = SCENES.refuses


def ops(day: RulesDay, request: type[m.Request], actor: str = "S002", **fields: Any) -> Decision:
    """A person asks at the ops node."""
    return day.ask("OPS-01", request, actor=actor, **fields)


def held(day: RulesDay, clerk: str = "S108") -> str:
    """This clerk of W07 could not stay with D001."""
    day.login("W07", clerk)
    day.at("17:20")
    ticket = day.take("D", service="SV11")
    day.call("W07")
    day.start("W07")
    day.at("17:31")
    day.do("TRM-W07", m.ExtensionRefusalRequested, reason="接孩子")
    return ticket.id


@refuses(Refusal.CONFIRM_FIRST)
def confirmation_without_a_first_step(day: RulesDay) -> Decision:
    """HALL-8.2: two steps."""
    return ops(day, m.EmergencyRequested, confirmed=True)


@refuses(Refusal.CONFIRM_FIRST)
def confirmation_a_second_too_late(day: RulesDay) -> Decision:
    """HALL-8.2: within a minute."""
    day.do("OPS-01", m.EmergencyRequested, actor="S002")
    day.advance(type(day.now)(day.now + 60_001))
    return ops(day, m.EmergencyRequested, confirmed=True)


@refuses(Refusal.NOT_PERMITTED)
def emergency_by_a_guide(day: RulesDay) -> Decision:
    """HALL-8.2: duty leader or manager."""
    return ops(day, m.EmergencyRequested, actor="S004")


@refuses(Refusal.NOT_PERMITTED)
def end_of_an_emergency_by_a_clerk(day: RulesDay) -> Decision:
    """HALL-8.2: whoever may begin it may end it."""
    return ops(day, m.EmergencyEndRequested, actor="S101")


@refuses(Refusal.UNKNOWN_STAFF)
def emergency_by_nobody(day: RulesDay) -> Decision:
    """The person must exist."""
    return ops(day, m.EmergencyRequested, actor="S999")


@refuses(Refusal.NOT_PERMITTED)
def noon_service_by_a_clerk(day: RulesDay) -> Decision:
    """D8: the duty leader presses it."""
    return ops(day, m.NoonServiceRequested, actor="S101")


@refuses(Refusal.OUTSIDE_HOURS)
def noon_service_in_the_afternoon(day: RulesDay) -> Decision:
    """D8: today's break is over."""
    day.at("13:30")
    return ops(day, m.NoonServiceRequested)


@refuses(Refusal.REST_DAY)
def noon_service_on_a_rest_day(day: RulesDay) -> Decision:
    """D8: there is no noon break on a Sunday."""
    day.advance(type(day.now)(day.now + 5 * 86_400_000))
    return ops(day, m.NoonServiceRequested)


@refuses(Refusal.TOO_SOON)
def closing_plan_in_the_morning(day: RulesDay) -> Decision:
    """EXT-3.3: who stays is known from the announcement on."""
    return ops(day, m.ClosingPlanRequested, counters=("W02",))


@refuses(Refusal.OUTSIDE_HOURS)
def closing_plan_when_all_have_gone(day: RulesDay) -> Decision:
    """EXT-3.3: nobody waits any more."""
    day.at("17:31")
    return ops(day, m.ClosingPlanRequested, counters=("W02",))


@refuses(Refusal.UNKNOWN_COUNTER)
def closing_plan_with_no_such_counter(day: RulesDay) -> Decision:
    """EXT-3.3: a counter of this hall."""
    day.at("17:20")
    return ops(day, m.ClosingPlanRequested, counters=("W77",))


@refuses(Refusal.BAD_VALUE)
def closing_plan_of_nobody(day: RulesDay) -> Decision:
    """EXT-3.3: at least one counter stays."""
    day.at("17:20")
    return ops(day, m.ClosingPlanRequested, counters=())


@refuses(Refusal.NO_OPEN_COUNTER)
def closing_plan_that_leaves_somebody(day: RulesDay) -> Decision:
    """EXT-3.3: everyone is served."""
    day.login("W02", "S101")
    day.login("W05", "S106")
    day.at("17:20")
    day.take("A")
    return ops(day, m.ClosingPlanRequested, counters=("W05",))


@refuses(Refusal.UNKNOWN_COUNTER)
def adding_no_such_counter(day: RulesDay) -> Decision:
    """EXT-3.4: a counter of this hall."""
    return ops(day, m.CounterAddRequested, counter="W77", group="A")


@refuses(Refusal.UNKNOWN_GROUP)
def adding_for_no_such_group(day: RulesDay) -> Decision:
    """EXT-3.4: a group of this hall."""
    return ops(day, m.CounterAddRequested, counter="W12", group="Z")


@refuses(Refusal.BAD_VALUE)
def adding_for_another_group(day: RulesDay) -> Decision:
    """EXT-3.4: W12 has the surge groups A, B and G."""
    return ops(day, m.CounterAddRequested, counter="W12", group="D")


@refuses(Refusal.NOT_QUALIFIED)
def adding_somebody_unqualified(day: RulesDay) -> Decision:
    """EXT-3.4: S116 at W12 can do enquiries and results, not permits."""
    day.login("W12", "S116")
    return ops(day, m.CounterAddRequested, counter="W12", group="A")


@refuses(Refusal.NOT_PERMITTED)
def adding_by_a_guide(day: RulesDay) -> Decision:
    """EXT-3.4: the duty leader opens counters."""
    return ops(day, m.CounterAddRequested, actor="S004", counter="W12", group="A")


@refuses(Refusal.NOT_PERMITTED)
def groups_changed_by_a_clerk(day: RulesDay) -> Decision:
    """HALL-19.3: with audit, by a leader."""
    return ops(day, m.CounterGroupsRequested, actor="S101", counter="W12", groups=("H", "B"))


@refuses(Refusal.UNKNOWN_COUNTER)
def groups_of_no_such_counter(day: RulesDay) -> Decision:
    """HALL-19.3: a counter of this hall."""
    return ops(day, m.CounterGroupsRequested, counter="W77", groups=("A",))


@refuses(Refusal.UNKNOWN_GROUP)
def groups_that_do_not_exist(day: RulesDay) -> Decision:
    """HALL-19.3: groups of this hall."""
    return ops(day, m.CounterGroupsRequested, counter="W12", groups=("H", "Z"))


@refuses(Refusal.BAD_VALUE)
def counter_without_groups(day: RulesDay) -> Decision:
    """HALL-19.3: a counter serves something, or its clerk logs out."""
    return ops(day, m.CounterGroupsRequested, counter="W12", groups=())


@refuses(Refusal.NO_OPEN_COUNTER)
def last_counter_of_a_group(day: RulesDay) -> Decision:
    """HALL-19.3: W09 alone serves E; its tickets would be unreachable."""
    return ops(day, m.CounterGroupsRequested, counter="W09", groups=("F",))


@refuses(Refusal.NOT_QUALIFIED)
def groups_the_clerk_cannot_do(day: RulesDay) -> Decision:
    """HALL-19.3: S117 has no skill for E."""
    day.login("W12", "S117")
    return ops(day, m.CounterGroupsRequested, counter="W12", groups=("E",))


@refuses(Refusal.NOT_LOGGED_IN)
def refusal_at_an_empty_counter(day: RulesDay) -> Decision:
    """EXT-4: a clerk refuses, not a counter."""
    day.at("17:31")
    return day.ask("TRM-W07", m.ExtensionRefusalRequested, reason="接孩子")


@refuses(Refusal.NOT_SERVING)
def refusal_without_a_visitor(day: RulesDay) -> Decision:
    """EXT-4: nobody to hand on and nobody waits; the clerk may leave."""
    day.login("W07", "S108")
    day.at("17:31")
    return day.ask("TRM-W07", m.ExtensionRefusalRequested, reason="接孩子")


def leaving(day: RulesDay) -> None:
    """S108 sits free at W07 with somebody waiting, and cannot stay."""
    day.login("W07", "S108")
    day.at("17:29")
    day.take("D")
    day.at("17:31")
    day.do("TRM-W07", m.ExtensionRefusalRequested, reason="接孩子")


@refuses(Refusal.OWN_CASE)
def chief_picks_for_his_own_counter(day: RulesDay) -> Decision:
    """CREP-4.0: S108 is the chief of ZR and cannot stay himself."""
    leaving(day)
    return ops(day, m.ExtensionAssignRequested, actor="S108", counter="W07", to="S109")


@refuses(Refusal.NOT_PERMITTED)
def clerk_picks_for_a_counter(day: RulesDay) -> Decision:
    """EXT-4: whoever was not asked picks nobody."""
    leaving(day)
    return ops(day, m.ExtensionAssignRequested, actor="S101", counter="W07", to="S109")


@refuses(Refusal.BAD_VALUE)
def picked_for_a_counter_and_a_ticket(day: RulesDay) -> Decision:
    """EXT-4: one of the two."""
    leaving(day)
    return ops(day, m.ExtensionAssignRequested, actor="S002", counter="W07", ticket="2026-03-10/D001", to="S109")


@refuses(Refusal.BAD_VALUE)
def picked_is_who_cannot_stay(day: RulesDay) -> Decision:
    """EXT-4: another."""
    leaving(day)
    return ops(day, m.ExtensionAssignRequested, actor="S002", counter="W07", to="S108")


@refuses(Refusal.NOT_SERVING)
def picked_for_a_counter_whose_clerk_stays(day: RulesDay) -> Decision:
    """EXT-4: nobody has refused there."""
    return ops(day, m.ExtensionAssignRequested, actor="S002", counter="W07", to="S109")


@refuses(Refusal.UNKNOWN_COUNTER)
def picked_for_no_counter(day: RulesDay) -> Decision:
    """EXT-4: a counter of this hall."""
    return ops(day, m.ExtensionAssignRequested, actor="S002", counter="W99", to="S109")


@refuses(Refusal.UNKNOWN_STAFF)
def nobody_of_this_hall_is_picked_for_a_counter(day: RulesDay) -> Decision:
    """EXT-4: a person of this hall."""
    leaving(day)
    return ops(day, m.ExtensionAssignRequested, actor="S002", counter="W07", to="S999")


@refuses(Refusal.NOT_QUALIFIED)
def picked_for_a_counter_without_its_skill(day: RulesDay) -> Decision:
    """EXT-4: with the skill."""
    leaving(day)
    return ops(day, m.ExtensionAssignRequested, actor="S002", counter="W07", to="S101")


@refuses(Refusal.BAD_VALUE)
def refusal_in_hours(day: RulesDay) -> Decision:
    """EXT-4: extended service begins when hours end."""
    day.login("W07", "S108")
    day.take("D")
    day.call("W07")
    return day.ask("TRM-W07", m.ExtensionRefusalRequested, reason="接孩子")


@refuses(Refusal.BAD_VALUE)
def refusal_without_a_reason(day: RulesDay) -> Decision:
    """EXT-4: 无法延时 + reason."""
    day.login("W07", "S108")
    day.at("17:29")
    day.take("D")
    day.call("W07")
    day.at("17:31")
    return day.ask("TRM-W07", m.ExtensionRefusalRequested, reason="  ")


@refuses(Refusal.OWN_CASE)
def chief_hears_his_own_refusal(day: RulesDay) -> Decision:
    """CREP-4.0: S108 is the chief of ZR and has refused himself."""
    return ops(day, m.ExtensionAssignRequested, actor="S108", ticket=held(day), to="S109")


@refuses(Refusal.NOT_PERMITTED)
def pick_by_somebody_who_was_not_asked(day: RulesDay) -> Decision:
    """EXT-4: the head of another department was not asked."""
    return ops(day, m.ExtensionAssignRequested, actor="S112", ticket=held(day), to="S109")


@refuses(Refusal.NOT_QUALIFIED)
def pick_of_somebody_unqualified(day: RulesDay) -> Decision:
    """EXT-4: a person with the skill; S111 collects taxes."""
    return ops(day, m.ExtensionAssignRequested, ticket=held(day), to="S111")


@refuses(Refusal.NOT_ONBOARDED)
def pick_of_somebody_in_training(day: RulesDay) -> Decision:
    """EXT-4: S118 has not completed training."""
    return ops(day, m.ExtensionAssignRequested, ticket=held(day), to="S118")


@refuses(Refusal.ON_LEAVE)
def pick_of_somebody_on_leave(day: RulesDay) -> Decision:
    """EXT-4: S109 is away this afternoon."""
    times = {"begins": day.time("13:30"), "ends": day.time("20:00")}
    day.do("OPS-01", m.AbsenceEntryRequested, actor="S002", staff="S109", kind="annual", **times)
    return ops(day, m.ExtensionAssignRequested, ticket=held(day), to="S109")


@refuses(Refusal.BAD_VALUE)
def pick_of_the_one_who_refused(day: RulesDay) -> Decision:
    """EXT-4: another person."""
    return ops(day, m.ExtensionAssignRequested, ticket=held(day), to="S108")


@refuses(Refusal.UNKNOWN_STAFF)
def pick_of_nobody(day: RulesDay) -> Decision:
    """EXT-4: a person of this hall."""
    return ops(day, m.ExtensionAssignRequested, ticket=held(day), to="S999")


@refuses(Refusal.UNKNOWN_STAFF)
def pick_by_nobody(day: RulesDay) -> Decision:
    """EXT-4: by a person of this hall."""
    return ops(day, m.ExtensionAssignRequested, actor="S999", ticket=held(day), to="S109")


@refuses(Refusal.UNKNOWN_TICKET)
def pick_for_no_ticket(day: RulesDay) -> Decision:
    """EXT-4: there is no such number today."""
    return ops(day, m.ExtensionAssignRequested, ticket="2026-03-10/D999", to="S109")


@refuses(Refusal.WRONG_TICKET_STATE)
def pick_for_a_ticket_nobody_refused(day: RulesDay) -> Decision:
    """EXT-4: it waits like any other."""
    return ops(day, m.ExtensionAssignRequested, ticket=day.take("D").id, to="S109")


@refuses(Refusal.WRONG_TICKET_STATE)
def pick_for_a_ticket_that_is_taken_up_again(day: RulesDay) -> Decision:
    """EXT-4: the clerk has gone on with it after all."""
    ticket = held(day)
    day.do("TRM-W07", m.HeldResumeRequested)
    return ops(day, m.ExtensionAssignRequested, ticket=ticket, to="S109")


@refuses(Refusal.UNKNOWN_TICKET)
def help_for_no_ticket(day: RulesDay) -> Decision:
    """AGENT-4.1: a number of today."""
    return day.ask("TM-01", m.HelpRequested, kind=HelpKind.ASSIST, ticket="2026-03-10/A999")


@refuses(Refusal.UNKNOWN_STAFF)
def help_asked_by_nobody(day: RulesDay) -> Decision:
    """AGENT-4.1: a person of this hall."""
    return ops(day, m.HelpRequested, actor="S999", kind=HelpKind.GUIDE)


@pytest.mark.parametrize(("reason", "scene"), SCENES.found, ids=SCENES.names)
def test_hall_day_situation_is_refused_and_changes_nothing(reason: Refusal, scene: Scene) -> None:
    """Each scene's docstring names its rule; every one of them begins at ten in the demo hall."""
    check_refused(RulesDay(hall_text("demo-hall"), "10:00"), reason, scene)
