"""Nothing is forgotten: every request has a rule, every fact an effect, every call can be computed again."""

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from broker.rules import evolve as evolve_module
from broker.rules import facts as f
from broker.rules.decide import RULES, Submission, decide
from broker.rules.evolve import evolve
from broker.rules.hall import Hall, empty_hall
from broker.rules.invariants import check_fully
from broker.rules.recheck import recheck
from broker.schema import DeviceKind
from contracts import messages as m
from contracts.topics import ROWS, TABLE, Way
from contracts.values import GroupId, HallTime, NodeName, Refusal, RequestId, TicketId
from sim.rules_day import RulesDay, hall_text, refusal

UP = [row.message for row in TABLE if row.way is Way.UP]
SAMPLES: dict[DeviceKind, str] = {
    "ticket_machine": "TM-01",
    "counter_terminal": "TRM-W02",
    "rating_pad": "PAD-W02",
    "attendance_clock": "CLK-01",
    "ops": "OPS-01",
    "main_display": "LED-00",
    "speaker": "SPK-01",
    "window_led": "LED-W02",
}


def test_every_message_that_travels_up_has_a_rule() -> None:
    """The topic table and the rules name the same requests."""
    assert set(RULES) == set(UP)


def golden(kind: type[m.Message]) -> dict[str, object]:
    """The fields of its golden sample."""
    path = Path(__file__).parents[1] / "golden" / "messages" / f"{kind.__name__}.v{ROWS[kind].schema}.json"
    fields: dict[str, object] = msgspec.json.decode(path.read_bytes())
    return {name: value for name, value in fields.items() if name != "schema"}


@pytest.mark.parametrize("kind", UP, ids=lambda one: one.__name__)
def test_nodes_of_another_kind_are_turned_down(kind: type[m.Request]) -> None:
    """A node may ask only what its kind may ask, and nothing changes if it tries."""
    day = RulesDay(hall_text("demo-small"), "09:00")
    for device, node in SAMPLES.items():
        if RULES[kind].kinds and device not in RULES[kind].kinds:
            request = msgspec.convert({**golden(kind), "request_id": f"{node}/x/1"}, kind)
            decision = day.submit_raw(node, request)
            assert (refusal(decision), decision.facts) == (Refusal.WRONG_NODE, ())


@pytest.mark.parametrize("kind", [one for one in UP if issubclass(one, m.Perishable)], ids=lambda one: one.__name__)
def test_every_repeatable_request_perishes(kind: type[m.Request]) -> None:
    """Design 5: what a person can press again is refused after its time, whatever it is."""
    day = RulesDay(hall_text("demo-small"), "09:00")
    device = RULES[kind].kinds[0]
    fields = {**golden(kind), "request_id": f"{SAMPLES[device]}/x/1"}
    request = msgspec.convert({**fields, "expires_at": day.now - 1}, kind)
    assert refusal(day.submit_raw(SAMPLES[device], request)) is Refusal.EXPIRED
    on_time = msgspec.convert({**fields, "expires_at": day.now}, kind)
    assert refusal(day.submit_raw(SAMPLES[device], on_time)) is not Refusal.EXPIRED


@pytest.mark.parametrize("kind", [one for one in UP if issubclass(one, m.Kept)], ids=lambda one: one.__name__)
def test_what_nobody_can_repeat_never_expires(kind: type[m.Request]) -> None:
    """Kept requests have no time to expire at."""
    assert "expires_at" not in {field.name for field in msgspec.structs.fields(kind)}


def test_messages_that_travel_the_other_way_change_nothing() -> None:
    """An answer or a state sent up is not decided."""
    day = RulesDay(hall_text("demo-small"), "09:00")
    for message in (
        m.QueueBoard(epoch=0, fact=0, group=GroupId("A"), waiting=3),
        m.RequestDone(request_id=RequestId("x/y/1")),
    ):
        decision = decide(day.hall, Submission(NodeName("TM-01"), message), day.now)
        assert (decision.facts, decision.answers) == ((), ())


def test_union_of_facts_is_complete() -> None:
    """A new fact is in the union of one area, and evolve knows the area."""
    unions = [getattr(f, name) for name in f.__all__ if name.endswith("Fact") and name != "Fact"]
    kinds = [kind for union in unions for kind in get_args(union)]
    assert sorted(kind.__name__ for kind in kinds) == sorted(kind.__name__ for kind in f.Fact.__subclasses__())
    assert set(evolve_module._AREAS) == set(kinds)


def test_deciding_changes_nothing() -> None:
    """Decide reads: the same question twice has the same answer, and the hall is as before."""
    day = busy_day()
    before = day.folded()
    for node, kind in (("TM-01", m.TicketRequested(request_id=RequestId("TM-01/x/1"), group=GroupId("A"))),):
        first = decide(day.hall, Submission(NodeName(node), kind, "t"), day.now)
        assert decide(day.hall, Submission(NodeName(node), kind, "t"), day.now) == first
    call = m.CallNextRequested(request_id=RequestId("TRM-W01/x/1"))
    assert decide(day.hall, Submission(NodeName("TRM-W01"), call), day.now).facts
    assert day.hall == before


def busy_day() -> RulesDay:
    """Two counters, a few visits of several classes, one waiting on W01."""
    day = RulesDay(hall_text("demo-small"))
    day.login("W01", "S101")
    day.login("W02", "S102")
    day.at("09:00")
    for group, care in (("A", False), ("B", True), ("A", True), ("A", False), ("B", False)):
        day.take(group, care=care)
    day.at("09:10")
    day.call_and_serve("W02")
    day.take("A", care=True)
    day.call("W02")
    return day


def test_facts_survive_being_stored() -> None:
    """Written as JSON and read back, the facts of a day give an equal hall."""
    day = busy_day()
    encoder = msgspec.json.Encoder()
    hall = empty_hall()
    for one in day.facts:
        fact = msgspec.json.decode(encoder.encode(one.fact), type=type(one.fact))
        assert fact == one.fact
        evolve(hall, f.Recorded(number=one.number, at=one.at, request_id=one.request_id, fact=fact))
    assert hall == day.hall


# --- Recomputing calls ----------------------------------------------------------------------------------------------------


def last_call(day: RulesDay) -> tuple[Hall, f.Recorded]:
    """The hall just before the last call, and the call."""
    place = max(n for n, one in enumerate(day.facts) if isinstance(one.fact, f.TicketCalled))
    return day.folded(day.facts[:place]), day.facts[place]


def test_every_call_is_what_the_rules_say() -> None:
    """I5: recomputed from the facts before it, nothing differs."""
    assert recheck(*last_call(busy_day())) is None


Change = Callable[[f.TicketCalled], dict[str, object]]
TAMPERED: dict[str, tuple[Change, str]] = {
    "somebody behind": (lambda call: {"ticket": call.compared[1].ticket, "compared": call.compared[::-1]}, "call is"),
    "points": (
        lambda call: {"compared": (msgspec.structs.replace(call.compared[0], points=1), *call.compared[1:])},
        "comparison",
    ),
    "a head left out": (lambda call: {"compared": call.compared[:1]}, "comparison"),
    "tier": (lambda _: {"tier": f.Tier.URGENT}, "computed is"),
    "person": (lambda _: {"staff": "S103"}, "staff is S103"),
    "queue clock": (lambda call: {"queue_clock": call.queue_clock - 1}, "queue_clock is"),
    "configuration": (lambda _: {"configuration": "0" * 64}, "configuration is"),
    "counter": (lambda _: {"counter": "W09"}, "knows no"),
    "ticket": (lambda _: {"ticket": TicketId("2026-03-10/A404")}, "knows no"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_tampered_call_is_found(what: str) -> None:
    """Verify names the call and what is wrong with it."""
    hall, recorded = last_call(busy_day())
    assert isinstance(recorded.fact, f.TicketCalled)
    change, says = TAMPERED[what]
    tampered = msgspec.structs.replace(recorded.fact, **change(recorded.fact))
    found = recheck(hall, msgspec.structs.replace(recorded, fact=tampered))
    assert found is not None
    assert says in found
    assert recorded.fact.call in found


def test_call_made_without_anybody_waiting_is_found() -> None:
    """A call out of nothing: the queue was empty."""
    day = busy_day()
    hall, recorded = last_call(day)
    for ticket in [one.ticket for one in hall.queue]:
        hall.queue.leave(ticket)
    assert "nobody could be called" in str(recheck(hall, recorded))


# --- The watchers are awake -----------------------------------------------------------------------------------------------


def tamper_two_desks(hall: Hall) -> None:
    """One ticket on two desks."""
    desks = list(hall.desks.values())
    desks[0].ticket, desks[0].call = desks[1].ticket, desks[1].call


def tamper_unprinted(hall: Hall) -> None:
    """A callable ticket that is still waited for at the printer."""
    hall.unprinted[next(iter(hall.queue)).ticket] = HallTime(0)


def tamper_queue(hall: Hall) -> None:
    """A waiting ticket out of line."""
    hall.queue.leave(next(iter(hall.queue)).ticket)


def tamper_counts(hall: Hall) -> None:
    """A count that lost somebody."""
    hall.waiting[next(iter(hall.waiting))] += 1


def tamper_live(hall: Hall) -> None:
    """The hall believes that nobody is left."""
    hall.live = 0


def tamper_people(hall: Hall) -> None:
    """A person forgotten at a counter."""
    hall.sits_at.clear()


def tamper_number(hall: Hall) -> None:
    """Two tickets of one number."""
    tickets = list(hall.tickets.values())
    tickets[0].no = tickets[-1].no


TAMPERS = [tamper_two_desks, tamper_unprinted, tamper_queue, tamper_counts, tamper_live, tamper_people, tamper_number]


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda one: one.__name__)
def test_invariants_see_a_hall_that_cannot_be(tamper: Callable[[Hall], None]) -> None:
    """A watcher that never barks guards nothing."""
    hall = busy_day().folded()
    assert check_fully(hall) == []
    tamper(hall)
    assert check_fully(hall) != []
