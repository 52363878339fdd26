"""Inquiries (GUID-3.1): who is asked first answers for the matter (FIRST-3.1), also for one of others (FIRST-4.3)."""

from typing import Any

import pytest

from broker.rules import facts as f
from broker.rules.asking import Decision
from broker.rules.hall import Ticket
from contracts import messages as m
from contracts.values import InquiryChannel, InquiryKind, InquiryNo, Refusal
from sim.rules_day import RulesDay, hall_text
from sim.scenes import Scene, Scenes, check_refused

SCENES = Scenes()
refuses = SCENES.refuses
FIRST = "ZX-20260310-001"


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at ten past nine; S101 sits at W02, S114 at W10."""
    began = RulesDay(hall_text("demo-hall"), "08:50")
    began.login("W02", "S101")
    began.login("W10", "S114")
    began.at("09:10")
    return began


def ask(day: RulesDay, **fields: Any) -> Decision:
    """Somebody asks; S004 records it unless said otherwise."""
    return day.ask("OPS-01", m.InquiryRequested, **{"actor": "S004", "topic": "个体工商户设立", **fields})


def record(day: RulesDay, **fields: Any) -> dict[str, str]:
    """Likewise; it must be taken."""
    answer = ask(day, **fields).answers[0][1]
    assert isinstance(answer, m.RequestDone), answer
    return answer.values


def link(day: RulesDay, ticket: Ticket, inquiry: str = FIRST, actor: str = "S004") -> dict[str, str]:
    """The person who asked has this ticket."""
    answer = day.do("OPS-01", m.InquiryLinkRequested, actor=actor, inquiry=inquiry, ticket=ticket.id).answers[0][1]
    assert isinstance(answer, m.RequestDone)
    return answer.values


def test_the_first_person_asked_is_the_first_asker_of_the_ticket(day: RulesDay) -> None:
    """FIRST-3.1, the example: S004's inquiry of 09:10 linked to A001; FIRST-4.2: chain S004, S101, S114."""
    assert record(day) == {"inquiry": FIRST, "first_asker": "S004"}
    ticket = day.take("A")
    assert not ticket.chain, "a ticket machine alone makes no first asker"
    assert link(day, ticket) == {"inquiry": FIRST, "first_asker": "S004"}
    day.call("W02")
    day.start("W02")
    assert (ticket.first_asker, ticket.first_handler, ticket.chain) == ("S004", "S101", ("S004", "S101"))
    day.lead("W02", "W10")
    day.accept("W10")
    assert ticket.chain == ("S004", "S101", "S114")


def test_a_ticket_named_at_once_is_linked_at_once(day: RulesDay) -> None:
    """GUID-3.1: record and link in one step, e.g. by a clerk in passing."""
    ticket = day.take("A")
    assert record(day, actor="S101", ticket=ticket.id)["first_asker"] == "S101"
    assert (ticket.first_asker, ticket.chain) == ("S101", ("S101",))


def test_the_first_asker_is_written_once(day: RulesDay) -> None:
    """FIRST-3.1: who served or entered the ticket, or was asked before, stays; the answer says who it is."""
    served, entered, asked = day.take("A"), day.enter("A", actor="S002"), day.take("A")
    day.call("W02")
    day.start("W02")
    record(day)
    assert link(day, served)["first_asker"] == "S101"
    record(day)
    assert link(day, entered, "ZX-20260310-002")["first_asker"] == "S002"
    record(day, actor="S004", ticket=asked.id)
    assert record(day, actor="S005", ticket=asked.id)["first_asker"] == "S004"
    assert [one.first_asker for one in (served, entered, asked)] == ["S101", "S002", "S004"]


def test_linking_twice_is_linking_once(day: RulesDay) -> None:
    """The same two again change nothing."""
    record(day)
    ticket = day.take("A")
    link(day, ticket)
    facts = len(day.facts)
    assert link(day, ticket, actor="S101")["first_asker"] == "S004"
    assert len(day.facts) == facts


@pytest.mark.parametrize(("authority", "phone"), [("县法院", "0000-5550101"), ("无法确定", "")])
def test_a_matter_of_another_authority_names_it(day: RulesDay, authority: str, phone: str) -> None:
    """FIRST-4.3: name and telephone of the authority, or 无法确定; channel and slip are on record (GUID-3.1)."""
    record(day, kind=InquiryKind.OUT_OF_SCOPE, authority=authority, phone=phone, channel=InquiryChannel.PHONE, slip=True)
    fact = day.facts[-1].fact
    assert isinstance(fact, f.InquiryRecorded)
    assert (fact.authority, fact.phone, fact.channel, fact.slip) == (authority, phone, "phone", True)


def test_inquiries_are_numbered_by_day_and_forgotten_at_midnight(day: RulesDay) -> None:
    """A number is of its day; the next day begins with 001 and knows none of the day before."""
    assert [record(day)["inquiry"] for _ in range(2)] == [FIRST, "ZX-20260310-002"]
    day.advance(day.hall.today.over)
    assert day.hall.inquiries.all == {}
    assert record(day)["inquiry"] == "ZX-20260311-001"


# --- What is refused -----------------------------------------------------------------------------------------------------


@refuses(Refusal.AUTHORITY_MISSING)
def out_of_scope_without_an_authority(day: RulesDay) -> Decision:
    """FIRST-4.3: nobody is sent away without being told where."""
    return ask(day, kind=InquiryKind.OUT_OF_SCOPE)


@refuses(Refusal.AUTHORITY_MISSING)
def out_of_scope_without_a_telephone(day: RulesDay) -> Decision:
    """FIRST-4.3: name and contact."""
    return ask(day, kind=InquiryKind.OUT_OF_SCOPE, authority="县法院")


@refuses(Refusal.BAD_VALUE)
def an_authority_for_a_matter_of_the_hall(day: RulesDay) -> Decision:
    """FIRST-4.3: only what is out of scope has one."""
    return ask(day, authority="县法院", phone="0000-5550101")


@refuses(Refusal.BAD_VALUE)
def a_topic_of_nothing(day: RulesDay) -> Decision:
    """GUID-3.1: what it was about."""
    return ask(day, topic="  ")


@refuses(Refusal.BAD_VALUE)
def a_topic_with_a_number_of_a_person(day: RulesDay) -> Decision:
    """GUID-3.1: no personal data is needed, and none is taken into the facts."""
    return ask(day, topic="张某 13900001234")


@refuses(Refusal.UNKNOWN_SERVICE)
def a_service_nobody_offers(day: RulesDay) -> Decision:
    """GUID-3.1: a service of the catalogue, or none."""
    return ask(day, service="SV99")


@refuses(Refusal.UNKNOWN_TICKET)
def an_inquiry_about_no_ticket(day: RulesDay) -> Decision:
    """FIRST-3.1: a ticket of today."""
    return ask(day, ticket="2026-03-10/A404")


@refuses(Refusal.UNKNOWN_INQUIRY)
def linking_what_was_never_asked(day: RulesDay) -> Decision:
    """FIRST-3.1: an inquiry of today."""
    return day.ask("OPS-01", m.InquiryLinkRequested, actor="S004", inquiry=FIRST, ticket=day.take("A").id)


@refuses(Refusal.BAD_VALUE)
def linking_one_inquiry_to_two_tickets(day: RulesDay) -> Decision:
    """FIRST-3.1: one person asked."""
    record(day, ticket=day.take("A").id)
    return day.ask("OPS-01", m.InquiryLinkRequested, actor="S004", inquiry=InquiryNo(FIRST), ticket=day.take("A").id)


@refuses(Refusal.NOT_PERMITTED)
def recorded_by_the_administrator(day: RulesDay) -> Decision:
    """FIRST-3.1: whoever runs the machines is asked nothing."""
    ops = next(one.id for one in day.hall.in_force.config.staff if one.role == "ops")
    return ask(day, actor=ops)


@refuses(Refusal.UNKNOWN_STAFF)
def recorded_by_nobody(day: RulesDay) -> Decision:
    """FIRST-3.1: a person of this hall."""
    return ask(day, actor="S999")


@pytest.mark.parametrize(("reason", "scene"), SCENES.found, ids=SCENES.names)
def test_an_inquiry_is_refused_and_changes_nothing(reason: Refusal, scene: Scene) -> None:
    """Each scene's docstring names its rule."""
    check_refused(RulesDay(hall_text("demo-hall"), "10:00"), reason, scene)
