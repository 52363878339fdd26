"""Whole days of many visitors who go every way there is, against the laws of 1.0.4 and 1.0.5; and the watchers are awake."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.rules import facts as f
from broker.rules.hall import LIVE, TicketState
from broker.rules.hours import MINUTE
from broker.rules.invariants import check_fully
from broker.rules.recheck import recheck
from contracts import messages as m
from contracts.values import CounterPhase, HallTime, PrintProof, VisitorClass
from sim.lawful_day import LawfulDay, call_breaks, rows_differ
from sim.rules_alone import BrokenPromiseError
from sim.rules_day import hall_text

COUNTERS = {"W01": "S101", "W02": "S102", "W03": "S103"}
VISITORS = 25


class _Crowd:
    """Twenty-five visitors in an hour, and three clerks who do with them whatever comes to mind."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.day = LawfulDay(hall_text("demo-small"))
        for counter, staff in COUNTERS.items():
            self.day.login(counter, staff)
        self.day.at(self.chance.choice(["09:00", "11:10", "16:40"]))

    def play(self) -> None:
        """Come, be served, and go; then the night."""
        day, chance = self.day, self.chance
        for _ in range(VISITORS):
            self.come()
            day.advance(HallTime(day.now + chance.randrange(4 * MINUTE)))
            for counter in COUNTERS:
                self.act(counter)
        for _ in range(6 * VISITORS):
            if not day.hall.live:
                break
            day.advance(HallTime(day.now + MINUTE))
            for counter in COUNTERS:
                self.act(counter, detours=0.05)

    def come(self) -> None:
        """A visitor at the machine or with the guide."""
        day, chance = self.day, self.chance
        group = chance.choice("AAB")
        if chance.random() < 0.2:
            kind = chance.choice([VisitorClass.GREEN, VisitorClass.URGENT, VisitorClass.CARE])
            project = None if kind is VisitorClass.CARE else "YA2026-011"
            leader = "S002" if kind is VisitorClass.URGENT else None
            fields: dict[str, Any] = {"group": group, "visitor_class": kind, "project": project, "approved_by": leader}
            day.ask("OPS-01", m.TicketEntryRequested, actor="S002", **fields)
            return
        answer = day.ask("TM-01", m.TicketRequested, group=group, care=chance.random() < 0.3).answers[0][1]
        if isinstance(answer, m.TicketIssued):
            day.ask("TM-01", m.TicketPrinted, ticket=answer.ticket, copy=0, proof=PrintProof.CONFIRMED)

    def act(self, counter: str, detours: float = 0.35) -> None:
        """The next thing a clerk does."""
        day, chance = self.day, self.chance
        desk = next(one for one in day.hall.desks.values() if one.counter == counter)
        node, call = f"TRM-{counter}", {"call": day.call_id(counter)}
        if chance.random() < 0.3:
            day.ask(node, m.HeldResumeRequested)
        if desk.phase is CounterPhase.FREE:
            day.ask(node, m.LeadAcceptRequested)
        if desk.phase is CounterPhase.FREE:
            day.try_call(counter)
        elif desk.phase is CounterPhase.CALLED:
            if chance.random() < 0.25:
                day.miss(counter)
            else:
                self.check(counter)
        elif desk.phase is CounterPhase.SERVING and chance.random() < detours:
            other = chance.choice([one for one in COUNTERS if one != counter])
            kind, fields = chance.choice(
                [
                    (m.HoldRequested, {}),
                    (m.TransferRequested, {"group": chance.choice("AB")}),
                    (m.LeadRequested, {"to": other}),
                ]
            )
            day.ask(node, kind, **call, **fields)
        elif desk.phase is CounterPhase.SERVING:
            day.finish(counter)
        self.stir()

    def check(self, counter: str) -> None:
        """The visitor is here, and perhaps no care case at all."""
        call = {"call": self.day.call_id(counter)}
        if self.chance.random() < 0.2:
            self.day.ask(f"TRM-{counter}", m.CareCheckRequested, **call, verified=False, to_queue=self.chance.random() < 0.5)
        self.day.ask(f"TRM-{counter}", m.StartRequested, **call)

    def stir(self) -> None:
        """Somebody comes back, or turns out to be of another class, or goes home."""
        day, chance = self.day, self.chance
        if chance.random() < 0.8:
            return
        ticket = chance.choice(sorted(day.hall.tickets))
        match chance.randrange(4):
            case 0:
                missed = [one.no for one in day.hall.tickets.values() if one.state is TicketState.NO_SHOW]
                day.ask("TM-01", m.ReactivateRequested, no=chance.choice([*missed, "A404"]))
            case 1:
                fields: dict[str, Any] = {"actor": "S004", "ticket": ticket, "withdraw": chance.random() < 0.4}
                day.ask("OPS-01", m.ClassChangeRequested, visitor_class=VisitorClass.CARE, reason="x", **fields)
            case 2:
                day.ask("OPS-01", m.TicketCancelRequested, actor="S004", ticket=ticket, reason="left")
            case _:
                counter, staff = chance.choice(list(COUNTERS.items()))
                card = next(one.card for one in day.hall.in_force.config.staff if one.id == staff)
                day.ask(f"TRM-{counter}", m.LoginRequested, card=card)


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_day_of_detours_keeps_every_law(seed: int) -> None:
    """Heads equal a full scan, order and overtaking bound hold, nobody is on two desks, each ends, tables equal the fold."""
    crowd = _Crowd(seed)
    crowd.play()
    day = crowd.day
    assert list(rows_differ(day)) == []
    assert day.folded() == day.hall
    tickets = list(day.hall.tickets)
    day.advance(day.hall.today.over)
    states = Counter(one.state for one in day.hall.tickets.values())
    assert not any(states[one] for one in LIVE)
    ends = [
        one.fact.ticket for one in day.facts if isinstance(one.fact, f.ServiceFinished | f.TicketMissed | f.TicketCancelled)
    ]
    assert set(tickets) <= set(ends)


def test_such_a_day_goes_every_way() -> None:
    """A law nobody tries guards nothing: in a few days every step of the course is taken."""
    seen: set[str] = set()
    tiers: set[str] = set()
    for seed in range(8):
        crowd = _Crowd(seed)
        crowd.play()
        seen |= {type(one.fact).__name__ for one in crowd.day.facts}
        tiers |= {one.fact.tier.value for one in crowd.day.facts if isinstance(one.fact, f.TicketCalled)}
    assert {one.__name__ for one in msgspec_kinds()} <= seen
    assert tiers == {one.value for one in f.Tier}


def msgspec_kinds() -> tuple[type[f.Fact], ...]:
    """Every kind of step."""
    return f.CourseFact.__args__


# --- The watchers are awake ----------------------------------------------------------------------------------------------


def stepped() -> LawfulDay:
    """A day on which every step was taken once."""
    day = LawfulDay(hall_text("demo-small"))
    for counter, staff in COUNTERS.items():
        day.login(counter, staff)
    day.at("09:00")
    day.take("A", care=True)
    day.take("B")
    day.call("W02")
    day.do("TRM-W02", m.CareCheckRequested, call=day.call_id("W02"), verified=False, to_queue=True)
    day.call("W02")
    day.start("W02")
    day.hold("W02")
    day.resume_held("W02")
    day.call("W02")
    day.start("W02")
    day.at("09:02")
    day.transfer("W02", "B")
    ticket = day.hall.tickets[next(iter(day.hall.tickets))]
    day.call("W03")
    day.start("W03")
    day.lead("W03", "W01")
    day.do("TRM-W03", m.LeadEndRequested, call=day.call_id("W03"))
    day.lead("W03", "W01")
    day.at("09:04")
    day.accept("W01")
    day.hold("W01")
    day.login("W01", "S101")
    day.at("09:20")
    assert ticket.state is TicketState.WAITING
    day.change_class(ticket)
    day.call("W03")
    day.miss("W03")
    day.reactivate(ticket)
    return day


Change = Callable[[Any], dict[str, object]]
WRONG: dict[str, tuple[type[f.Fact], Change]] = {
    "held elsewhere": (f.TicketHeld, lambda _: {"counter": "W03"}),
    "another session interrupted": (f.TicketHeld, lambda _: {"session": "x"}),
    "resumed out of nothing": (f.HeldResumed, lambda _: {"ticket": "2026-03-10/B001"}),
    "released by another counter": (f.HeldReleased, lambda _: {"counter": "W02"}),
    "transferred from another counter": (f.TicketTransferred, lambda _: {"counter": "W01"}),
    "a session of two minutes not rated": (f.TicketTransferred, lambda _: {"rate_until": None}),
    "a longer rating window": (f.TicketTransferred, lambda fact: {"rate_until": fact.rate_until + 1}),
    "led from nowhere": (f.LeadBegan, lambda _: {"counter": "W02"}),
    "a lead ended that is another's": (f.LeadEnded, lambda _: {"counter": "W02"}),
    "accepted elsewhere": (f.LeadAccepted, lambda _: {"counter": "W02"}),
    "accepted by somebody who is not there": (f.LeadAccepted, lambda _: {"staff": "S102"}),
    "a call with another number": (f.LeadAccepted, lambda _: {"call": "x"}),
    "back in a better place": (
        f.TicketReactivated,
        lambda fact: {"claims": tuple(msgspec.structs.replace(one, since=0) for one in fact.claims)},
    ),
    "care since the morning": (
        f.ClassChanged,
        lambda fact: {"claims": tuple(msgspec.structs.replace(one, since=0) for one in fact.claims)},
    ),
    "a priority kept": (f.CareChecked, lambda _: {"outcome": f.CareOutcome.VERIFIED}),
    "a ticket nobody knows": (f.CareChecked, lambda _: {"ticket": "2026-03-10/A404"}),
}


@pytest.mark.parametrize("what", WRONG)
def test_step_the_rules_would_not_take_is_found(what: str) -> None:
    """I5: ``hall-broker verify`` recomputes each step; a changed one is named."""
    kind, change = WRONG[what]
    day = stepped()
    place = next(n for n, one in enumerate(day.facts) if isinstance(one.fact, kind))
    hall, recorded = day.folded(day.facts[:place]), day.facts[place]
    assert recheck(hall, recorded) is None
    tampered = msgspec.structs.replace(recorded.fact, **change(recorded.fact))
    found = recheck(hall, msgspec.structs.replace(recorded, fact=tampered))
    assert found is not None
    assert kind.__name__ in found


def test_call_out_of_turn_breaks_the_law() -> None:
    """The second wording of the laws sees a wrong call by itself."""
    day = LawfulDay(hall_text("demo-small"))
    day.login("W02", "S102")
    day.at("09:00")
    first = day.take("A")
    day.at("09:01")
    second = day.take("A")
    day.at("09:05")
    day.call("W02")
    right = day.facts.pop().fact
    assert isinstance(right, f.TicketCalled)
    day.hall = day.folded()
    wrong = msgspec.structs.replace(right, ticket=second.id)
    broken = list(call_breaks(day, wrong))
    assert f"a full scan finds {first.id}" in broken
    assert f"{first.id} of the same class came before it" in broken
    with pytest.raises(BrokenPromiseError):
        day.record(wrong)


def test_overtaking_beyond_the_bound_is_seen() -> None:
    """1.0.4: a care ticket of now before somebody who has waited an hour."""
    day = LawfulDay(hall_text("demo-small"))
    day.login("W02", "S102")
    day.at("09:00")
    old = day.take("A")
    day.at("10:00")
    care = day.take("A", care=True)
    day.at("10:00:10")
    day.call("W02")
    right = day.facts.pop().fact
    assert isinstance(right, f.TicketCalled)
    day.hall = day.folded()
    wrong = msgspec.structs.replace(right, ticket=care.id, compared=right.compared[::-1])
    assert f"{old.id} was overtaken beyond the bound" in list(call_breaks(day, wrong))


def tampers() -> dict[str, Callable[[Any], None]]:
    """Halls that cannot be."""

    def held_on_no_list(hall: Any) -> None:
        hall.course.held.clear()

    def resumed_and_gone(hall: Any) -> None:
        hall.course.resumed[next(iter(hall.course.held))] = next(iter(hall.course.held.values()))

    def led_by_nobody(hall: Any) -> None:
        hall.course.leads[next(iter(hall.tickets))] = type("L", (), {"by": "W01", "to": "W02"})()

    def old_place(hall: Any) -> None:
        hall.tickets[next(iter(hall.queue)).ticket].claims = ()

    return {one.__name__: one for one in (held_on_no_list, resumed_and_gone, led_by_nobody, old_place)}


@pytest.mark.parametrize("what", sorted(tampers()))
def test_invariants_see_a_course_that_cannot_be(what: str) -> None:
    """A watcher that never barks guards nothing."""
    day = LawfulDay(hall_text("demo-small"))
    day.login("W02", "S102")
    day.at("09:00")
    for _ in range(2):
        day.take("A")
    day.call("W02")
    day.hold("W02")
    hall = day.folded()
    assert check_fully(hall) == []
    tampers()[what](hall)
    assert check_fully(hall) != []
