"""Real-name tickets and projects at a machine: one live ticket per person and group, and who is told of a project."""

from typing import Any

import pytest

from broker.rules import facts as f
from broker.rules.asking import Decision
from broker.rules.hall import Ticket
from broker.rules.hours import on_day
from contracts import messages as m
from contracts.values import Refusal, RequestId, StaffNo, TaskKind, VisitorClass
from sim.booking_day import BookingDay
from sim.rules_day import refusal

CARD, OTHER = "ab" * 32, "cd" * 32


def press(day: BookingDay, holder: str | None = CARD, group: str = "A", **fields: Any) -> Decision:
    """Somebody with an ID card takes a ticket."""
    return day.ask("TM-01", m.TicketRequested, group=group, holder=holder, **fields)


def hold(day: BookingDay, holder: str | None = CARD, group: str = "A", **fields: Any) -> Ticket:
    """And holds its paper."""
    answer = press(day, holder, group, **fields).answers[0][1]
    assert isinstance(answer, m.TicketIssued), answer
    day.do("TM-01", m.TicketPrinted, ticket=answer.ticket, copy=0, proof="confirmed")
    return day.hall.tickets[answer.ticket]


def test_the_ticket_held_already_is_named() -> None:
    """EXT-3.2: 「您已取得号码A001」; other groups, other people and people without a card are free."""
    day = BookingDay("09:00")
    hold(day)
    answer = press(day).answers[0][1]
    assert isinstance(answer, m.RequestRefused)
    assert (answer.reason, answer.values) == (Refusal.DUPLICATE_TICKET, {"no": "A001"})
    assert [hold(day, group="B").no, hold(day, OTHER).no, hold(day, None).no, hold(day, None).no] == [
        "B001",
        "A002",
        "A003",
        "A004",
    ]


@pytest.mark.parametrize("end", ["served", "missed", "given up"])
def test_whoever_is_through_may_come_again(end: str) -> None:
    """EXT-3.2: not a quota: only a live ticket stands in the way."""
    day = BookingDay("08:50")
    day.login("W02", "S101")
    day.at("09:00")
    mine = hold(day)
    if end == "given up":
        day.do("OPS-01", m.TicketCancelRequested, actor="S004", ticket=mine.id, reason="有事离开")
    else:
        day.call("W02")
        assert refusal(press(day)) is Refusal.DUPLICATE_TICKET
    if end == "served":
        day.start("W02")
        assert refusal(press(day)) is Refusal.DUPLICATE_TICKET
        day.finish("W02")
    if end == "missed":
        day.miss("W02")
    assert hold(day).no == "A002"


def test_an_appointment_is_a_ticket_of_that_person_too() -> None:
    """EXT-3.2: who has checked in with the card gets no ordinary ticket of that group beside it."""
    day = BookingDay()
    day.book("10:00", holder=CARD)
    day.at("09:45")
    day.do("TM-01", m.CheckInRequested, holder=CARD)
    assert refusal(press(day)) is Refusal.DUPLICATE_TICKET


def test_tickets_of_an_outage_count_where_their_holder_is_known() -> None:
    """Design 5: never refused, the paper is out; but the next one is. The online press of the same person tells whose."""
    day = BookingDay("09:00")
    taken: dict[str, Any] = {"group": "A", "care": False, "day": "2026-03-10"}
    day.do("TM-01", m.OfflineTicketTaken, no="A1-01", token="t" * 22, holder=CARD, **taken)
    answer = press(day).answers[0][1]
    assert isinstance(answer, m.RequestRefused)
    assert answer.values == {"no": "A1-01"}
    day.do("TM-01", m.OfflineTicketTaken, no="A1-02", token="u" * 22, holder=CARD, **taken)
    online = press(day, OTHER).answers[0][1]
    assert isinstance(online, m.TicketIssued)
    attempt = RequestId(str(online.request_id))
    day.do("TM-01", m.OfflineTicketTaken, no="A1-03", token="v" * 22, attempt_of=attempt, **taken)
    again = press(day, OTHER).answers[0][1]
    assert isinstance(again, m.RequestRefused)
    assert again.values == {"no": "A1-03"}


def test_a_day_later_nobody_is_known_any_more() -> None:
    """2.6: the key is of its day; the same card is another person tomorrow."""
    day = BookingDay("09:00")
    hold(day)
    day.advance(on_day(day.date.replace(day=11), "09:00"))
    assert hold(day).no == "A001"
    holders = [each.fact.holder for each in day.facts if isinstance(each.fact, f.TicketIssued)]
    assert len(set(holders)) == 2


def test_care_by_age_is_on_record_without_the_age() -> None:
    """CARE-2.2: that the machine offered it, and that it was accepted; declined it is nothing."""
    day = BookingDay("09:00")
    accepted, declined = hold(day, care=True, by_age=True), hold(day, OTHER, by_age=True)
    facts = {one.fact.ticket: one.fact for one in day.facts if isinstance(one.fact, f.TicketIssued)}
    assert (facts[accepted.id].by_age, facts[declined.id].by_age) == (True, False)
    assert (accepted.cares, declined.cares) == (True, False)
    assert not accepted.care_open


# --- Green channel --------------------------------------------------------------------------------------------------------


def test_a_project_code_makes_a_green_ticket_and_brings_its_case_manager() -> None:
    """GREEN-2, GREEN-3: YA2026-007 is green at once; S005 hears of it in the same moment (within 5 s), then the leader."""
    day = BookingDay("09:00")
    ticket = hold(day, project="YA2026-007")
    assert [one.visitor_class for one in ticket.claims] == [VisitorClass.NORMAL, VisitorClass.GREEN]
    (task,) = day.tasks(TaskKind.GREEN_VISIT)
    assert (task.opened_at, task.ladder[0].staff, task.ticket) == (ticket.issued_at, ("S005",), ticket.id)
    assert task.values == {"code": "YA2026-007", "no": ticket.no}
    day.at("09:05")
    assert task.asks(StaffNo("S002"), "duty_leader")


def test_urgent_never_at_a_machine() -> None:
    """GREEN-2: YA2026-011 is urgent only with a leader's approval of the visit; at a machine it is green."""
    day = BookingDay("09:00")
    ticket = hold(day, project="YA2026-011")
    assert VisitorClass.URGENT not in {one.visitor_class for one in ticket.claims}
    approved = day.enter(visitor_class=VisitorClass.URGENT, project="YA2026-011", approved_by="S002")
    assert VisitorClass.URGENT in {one.visitor_class for one in approved.claims}


def test_an_expired_code_is_refused_and_a_normal_ticket_is_free() -> None:
    """GREEN-2: on 2026-04-01 YA2026-011 has expired."""
    day = BookingDay("09:00")
    day.advance(on_day(day.date.replace(month=3, day=31), "09:00"))
    assert refusal(press(day, project="YA2026-011")) is None
    day.advance(on_day(day.date.replace(month=4, day=1), "09:00"))
    assert refusal(press(day, project="YA2026-011")) is Refusal.UNKNOWN_PROJECT
    assert refusal(press(day)) is None


def test_an_absent_case_manager_is_not_waited_for() -> None:
    """GREEN-3: S005 is away and has no deputy: the duty leader is told at once."""
    day = BookingDay("09:00")
    entry = m.AbsenceEntryRequested(
        request_id=RequestId("OPS-01/0000000000000000/900"),
        actor=StaffNo("S002"),
        staff=StaffNo("S005"),
        begins=day.now,
        ends=day.time("17:30"),
        kind="other",
    )
    assert refusal(day.submit_raw("OPS-01", entry)) is None
    hold(day, project="YA2026-007")
    (task,) = day.tasks(TaskKind.GREEN_VISIT)
    assert (task.ladder[0].roles, task.ladder[0].staff) == (("duty_leader",), ())


def test_an_appointment_of_a_project_brings_its_case_manager_and_is_green_at_check_in() -> None:
    """GREEN-3, GREEN-4: once when it is made, once when its visitor is here."""
    day = BookingDay()
    one = day.book("10:00", project="YA2026-007")
    (task,) = day.tasks(TaskKind.GREEN_VISIT)
    assert (task.appointment, task.values) == (one.id, {"code": "YA2026-007", "no": "P001"})
    day.at("09:45")
    ticket = day.check_in(one)
    assert VisitorClass.GREEN in {claim.visitor_class for claim in ticket.claims}
    assert [each.ticket for each in day.tasks(TaskKind.GREEN_VISIT)] == [None, ticket.id]


def test_nothing_of_a_project_is_public() -> None:
    """GREEN-8: neither name nor unit in any message or fact but the configuration; the code on staff topics alone."""
    day = BookingDay("09:00")
    day.login("W02", "S101")
    hold(day, project="YA2026-007")
    day.call("W02")
    project = day.hall.in_force.projects["YA2026-007"]
    facts = [repr(one.fact) for one in day.facts if not isinstance(one.fact, f.ConfigurationAdopted)]
    states = day.states()
    for secret in (project.zh, project.unit):
        assert not any(secret in text for text in (*facts, *states.values()))
    assert [topic for topic, text in states.items() if project.code in text] == [day.topics.task_board]


def test_a_class_change_to_green_brings_the_case_manager_too() -> None:
    """GREEN-3: also where a guide gives the class to a ticket that is out already."""
    day = BookingDay("09:00")
    ticket = hold(day)
    change = {"actor": "S004", "ticket": ticket.id, "visitor_class": VisitorClass.GREEN, "reason": "重点项目"}
    day.do("OPS-01", m.ClassChangeRequested, project="YA2026-007", **change)
    (task,) = day.tasks(TaskKind.GREEN_VISIT)
    assert (task.ticket, task.ladder[0].staff) == (ticket.id, ("S005",))


def test_public_topics_carry_no_class_and_nothing_carries_the_basis() -> None:
    """CARE-2.2c, CARE-3.3: boards say nothing of care, the desk says that it is care, and why is said to nobody."""
    day = BookingDay("08:50")
    day.login("W02", "S101")
    day.at("09:00")
    ticket = hold(day)
    change = {"actor": "S004", "ticket": ticket.id, "visitor_class": VisitorClass.CARE, "reason": "引导员开通"}
    day.do("OPS-01", m.ClassChangeRequested, basis="pregnant-basis", **change)
    assert day.call("W02") == ticket.no
    states = day.states()
    assert not [topic for topic, text in states.items() if "pregnant" in text]
    assert not [topic for topic, text in states.items() if "/board/" in topic and ("care" in text or ticket.token in text)]
    assert day.desk_state("W02").care
    assert "pregnant" not in repr(day.facts)
