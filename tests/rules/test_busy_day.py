"""Whole working days of the demo hall, played on the rules alone from a seed: everybody who came is accounted for."""

import random

import pytest

from broker.rules import facts as f
from broker.rules.hours import SECOND
from contracts import messages as m
from contracts.values import CounterPhase, HallPhase, HallTime
from sim.rules_day import RulesDay, hall_text, refusal

POSTS = {"W01": "S103", "W02": "S101", "W03": "S102", "W04": "S105", "W05": "S106", "W06": "S107", "W07": "S108"}
POSTS |= {"W08": "S111", "W09": "S112", "W10": "S114", "W11": "S116", "W12": "S117"}


def work(day: RulesDay, counter: str, chance: random.Random) -> None:
    """One act at a counter. Whoever holds a number that ends in 7 has left."""
    desk = next(one for one in day.hall.desks.values() if one.counter == counter)
    node = f"TRM-{counter}"
    match desk.phase:
        case CounterPhase.FREE:
            day.try_call(counter)
        case CounterPhase.CALLED if not (desk.ticket or "").endswith("7"):
            day.start(counter)
        case CounterPhase.CALLED:
            day.ask(node, m.RecallRequested, call=day.call_id(counter))
            day.ask(node, m.NoShowRequested, call=day.call_id(counter))
        case CounterPhase.SERVING:
            session = day.finish(counter)
            if chance.random() < 0.7:
                day.ask(f"PAD-{counter}", m.RatingSubmitted, session=session, level=chance.randint(1, 5))
        case CounterPhase.CLOSED | CounterPhase.PAUSED:
            return


@pytest.mark.parametrize("seed", range(3))
def test_everyone_who_took_a_ticket_is_served_or_missed_and_the_hall_closes(seed: int) -> None:
    """EXT-3.3, 1.0.5: with the counters staffed, no ticket of a busy day is left over and the last one closes the hall."""
    chance = random.Random(seed)
    day = RulesDay(hall_text("demo-hall"))
    for counter, staff in POSTS.items():
        day.login(counter, staff)
    day.at("08:45")
    groups = [one for one in "ABCDEFGH" for _ in range(1 + (one in "ACD"))]
    while day.hall.phase is not HallPhase.CLOSED:
        if chance.random() < 0.35 and day.now < day.time("17:30"):
            day.take(chance.choice(groups), care=chance.random() < 0.2)
        for counter in chance.sample(sorted(POSTS), 4):
            work(day, counter, chance)
        day.advance(HallTime(day.now + chance.randint(20, 90) * SECOND))
        assert day.now < day.hall.today.over - SECOND
    issued = [one.fact for one in day.facts if isinstance(one.fact, f.TicketIssued)]
    done = [one.fact for one in day.facts if isinstance(one.fact, f.ServiceFinished)]
    missed = [one.fact for one in day.facts if isinstance(one.fact, f.TicketMissed)]
    assert len(issued) == len(done) + len(missed) > 150
    assert missed
    assert day.folded() == day.hall
    assert refusal(day.ask("TM-01", m.TicketRequested, group="A")) is not None
