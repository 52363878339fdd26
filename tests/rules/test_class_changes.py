"""A class opened or taken away during the visit, and the look at a priority (CARE-1 to 3, GUID-3.2, GREEN-2, HALL-23)."""

from typing import Any

import msgspec
import pytest

from broker.rules import facts as f
from broker.rules.hall import Ticket, TicketState
from broker.rules.views import views
from contracts import codec
from contracts import messages as m
from contracts.topics import Topics
from contracts.values import HallId, HallTime, Refusal, VisitorClass
from sim.rules_day import RulesDay, hall_text, refusal

HALL = HallId("yongan-small")


@pytest.fixture
def day() -> RulesDay:
    """The small hall at nine with W02 staffed."""
    opened = RulesDay(hall_text("demo-small"))
    opened.login("W02", "S102")
    opened.at("09:00")
    return opened


def classes(ticket: Ticket) -> dict[str, HallTime]:
    """A ticket's claims: class and since."""
    return {one.visitor_class.value: one.since for one in ticket.claims}


def desk(day: RulesDay) -> m.DeskState:
    """What the terminal of W02 sees."""
    state = views(day.hall, HALL)[f"{Topics(HALL).root}/desk/W02"]
    assert isinstance(state, m.DeskState)
    return state


def checked(day: RulesDay, *, verified: bool = False, to_queue: bool = False) -> f.CareOutcome:
    """The clerk says what they saw; what is on record."""
    decision = day.do("TRM-W02", m.CareCheckRequested, call=day.call_id("W02"), verified=verified, to_queue=to_queue)
    (fact,) = decision.facts
    assert isinstance(fact, f.CareChecked)
    return fact.outcome


# --- Opened --------------------------------------------------------------------------------------------------------------


def test_guide_turns_a_ticket_into_care_from_the_next_call_on(day: RulesDay) -> None:
    """GUID-3.2, CARE-3.1: A007 at 09:12: with its original issue time, and an entry that names who."""
    others = [day.take("A") for _ in range(6)]
    seventh = day.take("A")
    day.at("09:10")
    assert day.call_and_serve("W02") == others[0].no
    day.at("09:12")
    day.change_class(seventh)
    assert classes(seventh) == {"normal": seventh.since, "care": seventh.since}
    assert day.call("W02") == seventh.no
    changes = [one.fact for one in day.facts if isinstance(one.fact, f.ClassChanged)]
    assert [(one.actor, one.visitor_class, one.withdrawn) for one in changes] == [("S004", VisitorClass.CARE, False)]


@pytest.mark.parametrize("reason", ["病弱", "携带婴幼儿", "紧急"])
def test_reasons_of_care_reach_no_fact(day: RulesDay, reason: str) -> None:
    """CARE-2.2c, CARE-2.3, HALL-23: why somebody gets care is sensitive: neither the code nor the words are stored."""
    ticket = day.take("A")
    day.change_class(ticket, reason=reason, basis="ill")
    stored = msgspec.json.encode([one.fact for one in day.facts[1:]]).decode()
    assert "ClassChanged" in stored
    assert reason not in stored
    assert "ill" not in [one for one in stored.split('"') if one]


def test_public_state_tells_nothing_of_it(day: RulesDay) -> None:
    """CARE-2.2c: public topics of the ticket carry no class; the desk says care, never the basis."""
    ticket = day.take("A")
    day.change_class(ticket, basis="visible")
    day.call("W02")
    states = {topic: codec.encode(one).decode() for topic, one in views(day.hall, HALL).items()}
    assert not [topic for topic, text in states.items() if "/board/" in topic and "care" in text]
    assert desk(day).care
    assert not [topic for topic, text in states.items() if "visible" in text]


def test_clerk_who_notices_may_open_care(day: RulesDay) -> None:
    """CARE-3.1: guide and counter; the other classes are not a clerk's to give."""
    ticket = day.take("A")
    day.change_class(ticket, actor="S102")
    assert ticket.cares
    fields = {"actor": "S102", "ticket": ticket.id, "reason": "x", "project": "YA2026-007"}
    decision = day.ask("OPS-01", m.ClassChangeRequested, visitor_class=VisitorClass.GREEN, **fields)
    assert refusal(decision) is Refusal.NOT_PERMITTED


def test_green_needs_its_project(day: RulesDay) -> None:
    """GREEN-2: registered and valid; the project is on record, its name nowhere."""
    ticket = day.take("A")
    day.change_class(ticket, VisitorClass.GREEN, project="YA2026-007")
    assert classes(ticket)["green"] == ticket.since
    fact = next(one.fact for one in reversed(day.facts) if isinstance(one.fact, f.ClassChanged))
    assert (fact.project, fact.reason) == ("YA2026-007", "看到需要")


def test_urgent_needs_a_leaders_approval_and_comes_first(day: RulesDay) -> None:
    """GREEN-2: approved by S002 for this visit; the tier counts from the next call on."""
    first, urgent = day.take("A", care=True), day.take("A")
    day.change_class(urgent, VisitorClass.URGENT, actor="S004", project="YA2026-011", approved_by="S002")
    assert day.call_and_serve("W02") == urgent.no
    assert day.call("W02") == first.no


def test_urgent_taken_away_again_stands_where_it_stood(day: RulesDay) -> None:
    """Withdrawn, the ticket is an ordinary one with its own issue time."""
    ticket = day.take("A")
    day.at("09:01")
    other = day.take("A")
    day.change_class(ticket, VisitorClass.URGENT, actor="S002", project="YA2026-011", approved_by="S001")
    day.change_class(ticket, VisitorClass.URGENT, withdraw=True)
    assert classes(ticket) == {"normal": ticket.since}
    assert [day.call_and_serve("W02") for _ in range(2)] == [ticket.no, other.no]


@pytest.mark.parametrize("situation", ["unprinted", "called", "serving", "held"])
def test_class_can_be_opened_at_any_time_of_the_visit(day: RulesDay, situation: str) -> None:
    """A live ticket in any state; one without paper still waits for it."""
    ticket = day.press("A") if situation == "unprinted" else day.take("A")
    if situation != "unprinted":
        day.call("W02")
    if situation in ("serving", "held"):
        day.start("W02")
    if situation == "held":
        day.hold("W02")
    day.change_class(ticket)
    assert ticket.cares
    if situation in ("unprinted", "held"):
        assert day.call("W02") is None


def test_called_ticket_gets_the_longer_calls(day: RulesDay) -> None:
    """1.0.5: care tickets are announced five times, from the moment they are such."""
    ticket = day.take("A")
    day.call("W02")
    day.change_class(ticket)
    assert day.hall.calls_allowed(ticket) == 5


def test_asking_twice_is_the_same_as_once(day: RulesDay) -> None:
    """A second tap stores nothing."""
    ticket = day.take("A")
    day.change_class(ticket)
    before = len(day.facts)
    day.change_class(ticket)
    assert len(day.facts) == before


def test_declined_care_is_on_record(day: RulesDay) -> None:
    """CARE-3.1: the person may decline, also what was never given; nobody asks again."""
    claimed, asked = day.take("A", care=True), day.take("A")
    for ticket in (claimed, asked):
        day.change_class(ticket, withdraw=True)
        assert ticket.care_declined
        assert not ticket.cares
    before = len(day.facts)
    day.change_class(asked, withdraw=True)
    assert len(day.facts) == before
    day.change_class(asked)
    assert asked.cares
    assert not asked.care_declined


def test_class_of_a_returned_ticket_counts_from_its_new_place(day: RulesDay) -> None:
    """Decision 20: care does not undo what a missed call cost."""
    ticket = day.take("A")
    day.call("W02")
    day.miss("W02")
    day.at("09:30")
    day.reactivate(ticket)
    day.change_class(ticket)
    assert classes(ticket) == {"normal": day.now, "care": day.now}


# --- Looked at -----------------------------------------------------------------------------------------------------------


def test_claim_by_key_is_to_be_looked_at(day: RulesDay) -> None:
    """CARE-2.1: self-declared at the machine: the terminal asks, until the clerk has answered."""
    day.take("A", care=True)
    assert not desk(day).care_open
    day.call("W02")
    assert desk(day).care_open
    assert checked(day, verified=True) is f.CareOutcome.VERIFIED
    assert not desk(day).care_open
    assert desk(day).care


@pytest.mark.parametrize("way", ["entered", "opened"])
def test_what_staff_have_seen_is_not_asked_again(day: RulesDay, way: str) -> None:
    """CARE-2.2c: visible need is enough; a guide's word is not doubted at the counter."""
    ticket = day.enter("A", visitor_class=VisitorClass.CARE) if way == "entered" else day.take("A", care=True)
    if way == "opened":
        day.change_class(ticket)
    day.call("W02")
    assert not desk(day).care_open
    assert not day.do("TRM-W02", m.CareCheckRequested, call=day.call_id("W02"), verified=True).facts


def test_age_on_the_card_is_not_asked_again(day: RulesDay) -> None:
    """CARE-2.2a: the machine has read it."""
    since = day.hall.queue_clock(day.now)
    claims = tuple(f.Claim(visitor_class=one, since=since) for one in (VisitorClass.NORMAL, VisitorClass.CARE))
    fields: dict[str, Any] = {"ticket": "2026-03-10/A001", "no": "A001", "group": "A", "service": None, "token": "x"}
    day.record(f.TicketIssued(claims=claims, request_id=None, by_age=True, **fields))
    assert day.call("W02") == "A001"
    assert not desk(day).care_open


@pytest.mark.parametrize("served", [True, False])
def test_unverified_is_served_at_once_and_recorded(day: RulesDay, served: bool) -> None:
    """CARE-2.1, the default: no penalty, no second look."""
    ticket = day.take("A", care=True)
    day.call("W02")
    if served:
        day.start("W02")
    assert checked(day) is f.CareOutcome.UNVERIFIED
    assert f.CareOutcome.UNVERIFIED.value == "care_unverified"
    assert ticket.state is (TicketState.SERVING if served else TicketState.CALLED)
    assert not desk(day).care_open


@pytest.mark.parametrize("served", [True, False])
def test_unfounded_goes_back_as_normal_with_its_own_time(day: RulesDay, served: bool) -> None:
    """CARE-2.1: A018 self-declared at 09:14, document missing: class NORMAL, still 09:14; no call is held against them."""
    day.at("09:14")
    ticket = day.take("A", care=True)
    day.at("09:16")
    other = day.take("A")
    day.at("09:20")
    assert day.call("W02") == ticket.no
    if served:
        day.start("W02")
    assert checked(day, to_queue=True) is f.CareOutcome.RETURNED
    assert (ticket.state, classes(ticket)) == (TicketState.WAITING, {"normal": day.time("09:14")})
    assert ticket.reactivations == 0
    assert not day.hall.windows
    assert [day.call_and_serve("W02") for _ in range(2)] == [ticket.no, other.no]


def test_unfounded_over_noon_stays_carried_over(day: RulesDay) -> None:
    """D8: they waited since the morning, whatever they called themselves."""
    day.at("11:50")
    ticket = day.take("A", care=True)
    day.at("13:30")
    day.call("W02")
    checked(day, to_queue=True)
    day.take("A", care=True)
    assert day.call("W02") == ticket.no
