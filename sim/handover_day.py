"""Two posts of the demo hall and their people, for the tests of hand-overs (AB)."""

from typing import Any

from broker.rules import facts as f
from contracts import messages as m
from contracts.values import CoverMode, HandoverAct, HandoverNo, Refusal
from sim.rules_day import RulesDay, hall_text, refusal

FIRST, SECOND = HandoverNo("JJ-20260310-001"), HandoverNo("JJ-20260310-002")
PHONED = hall_text("demo-hall").replace('id = "S106", zh = "林涛",', 'id = "S106", phone = "000-0000 0106", zh = "林涛",')
WORK = {"W02": "S101", "W03": "S102", "W05": "S106", "W06": "S107"}


def half_past_nine() -> RulesDay:
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
