"""What is refused of hand-overs: each reason reached by the situation the rules name."""

import pytest

from broker.rules.asking import Decision
from contracts import messages as m
from contracts.values import HandoverNo, Refusal
from sim.rules_day import RulesDay, hall_text
from sim.scenes import Scene, Scenes, check_refused

SCENES = Scenes()
refuses = SCENES.refuses
FIRST = HandoverNo("JJ-20260310-001")


@refuses(Refusal.UNKNOWN_HANDOVER)
def confirmed_without_one(day: RulesDay) -> Decision:
    """Nothing waits for S101."""
    return day.ask("TRM-W02", m.HandoverConfirmRequested)


@refuses(Refusal.HANDOVER_STATE)
def confirmed_before_it_came_back(day: RulesDay) -> Decision:
    """S101 has handed over and is not back."""
    day.do("TRM-W02", m.HandoverRequested)
    return day.ask("OPS-01", m.HandoverConfirmRequested, actor="S102", no=FIRST)


@refuses(Refusal.HANDOVER_LATE)
def telephoned_too_late(day: RulesDay) -> Decision:
    """S102 took W02 over at 09:30; at 09:46 it is too late for a hand-over by telephone (AB-4.2b)."""
    day.login("W02", "S101")
    day.login("W02", "S102")
    day.at("09:46")
    return day.ask("TRM-W02", m.HandoverPhoneRequested)


@refuses(Refusal.NOBODY_TO_ACT)
def handed_over_while_b_is_away(day: RulesDay) -> Decision:
    """S102 is ill: the duty leader names somebody first (AB-2)."""
    day.away("S102", "09:30", "17:30", "sick")
    return day.ask("TRM-W02", m.HandoverRequested)


@pytest.mark.parametrize(("reason", "scene"), SCENES.found, ids=SCENES.names)
def test_hand_over_situation_is_refused_with_its_reason_and_changes_nothing(reason: Refusal, scene: Scene) -> None:
    """Each scene's docstring names its rule."""
    day = RulesDay(hall_text("demo-hall"), "08:50")
    day.login("W02", "S101")
    day.at("09:30")
    check_refused(day, reason, scene)
