"""What becomes of a ticket before it is called: numbers, papers, claims, and its end without service (1.0.5, design 5)."""

from typing import Any

import pytest

from broker.rules import facts as f
from broker.rules.asking import Decision
from broker.rules.hall import TicketState
from contracts import messages as m
from contracts.values import CounterPhase, HallPhase, HallTime, NodeName, PrintProof, StaffNo, VisitorClass
from sim.rules_day import RulesDay, hall_text, refusal


@pytest.fixture
def day() -> RulesDay:
    """The small hall on its demo day, at nine."""
    opened = RulesDay(hall_text("demo-small"))
    opened.at("09:00")
    return opened


def to_print(decision: Decision) -> list[m.TicketIssued]:
    """The papers somebody is asked to print."""
    return [message for _, message in decision.answers if isinstance(message, m.TicketIssued)]


def classes(ticket: Any) -> dict[str, HallTime]:
    """A ticket's claims: class and since."""
    return {one.visitor_class.value: one.since for one in ticket.claims}


def phase(day: RulesDay) -> HallPhase:
    """The part of the day the hall is in."""
    return day.hall.phase


# --- At the machine ------------------------------------------------------------------------------------------------------


def test_press_is_answered_with_the_ticket_to_print(day: RulesDay) -> None:
    """The answer carries number, place in the queue and the token drawn for it, under the id of the press."""
    day.take("A")
    decision = day.ask("TM-01", m.TicketRequested, group="A", service="SV02")
    node, answer = decision.answers[0]
    assert isinstance(answer, m.TicketIssued)
    assert node == "TM-01"
    assert (answer.no, answer.ticket, answer.service) == ("A002", "2026-03-10/A002", "SV02")
    assert (answer.waiting, answer.copy, answer.issued_at) == (1, 0, day.now)
    assert len(answer.token) == 22
    assert answer.request_id is not None
    assert answer.request_id.startswith("TM-01/")


def test_numbers_run_per_group_and_through_all_classes(day: RulesDay) -> None:
    """Words 3.2: per group from 001, all classes in one sequence, no letter for a class."""
    numbers = [day.take(group, care=care).no for group, care in [("A", False), ("B", False), ("A", True), ("A", False)]]
    assert numbers == ["A001", "B001", "A002", "A003"]


def test_there_is_no_last_number(day: RulesDay) -> None:
    """EXT-3.2: the thousandth ticket of a group is issued like any other."""
    day.hall.numbers[day.take("A").group] = 999
    assert day.press("A").no == "A1000"


def test_ticket_of_the_last_second_is_issued_and_served(day: RulesDay) -> None:
    """EXT-3.2: 17:29:58 issued, served at 18:20, and then the hall closes (EXT-3.3)."""
    day.login("W02", "S102")
    day.at("17:29:58")
    ticket = day.take("A")
    day.at("17:30")
    assert phase(day) is HallPhase.AFTER_CLOSING
    day.at("18:20")
    assert day.call_and_serve("W02") == ticket.no
    assert ticket.state is TicketState.DONE
    assert phase(day) is HallPhase.CLOSED


def test_machine_is_open_at_noon(day: RulesDay) -> None:
    """Opening hours for tickets run from 08:45 to 17:30, noon included."""
    day.at("12:30")
    assert day.hall.phase is HallPhase.NOON
    assert day.take("A").no == "A001"


def test_care_key_adds_a_claim_and_keeps_the_normal_one(day: RulesDay) -> None:
    """1.0.4: every ticket holds a normal claim; care is added to it, both since the issue."""
    assert classes(day.take("A", care=True)) == {"normal": day.now, "care": day.now}


# --- Papers --------------------------------------------------------------------------------------------------------------


def test_ticket_is_called_only_when_its_paper_is_out(day: RulesDay) -> None:
    """I9: not before the printer's word; then at once."""
    day.login("W02", "S102")
    ticket = day.press("A")
    assert day.call("W02") is None
    day.do("TM-01", m.TicketPrinted, ticket=ticket.id, copy=0, proof=PrintProof.DRAINED)
    assert day.call("W02") == ticket.no


def test_after_a_minute_a_paper_is_presumed(day: RulesDay) -> None:
    """Design 5: somebody may hold it, so it becomes callable, flagged."""
    text = hall_text("demo-small").replace("presumed_printed_after_s = 20", "presumed_printed_after_s = 60")
    day = RulesDay(text)
    day.at("09:00")
    day.login("W02", "S102")
    ticket = day.press("A")
    day.at("09:00:59")
    assert day.call("W02") is None
    day.at("09:01")
    assert isinstance(day.facts[-1].fact, f.TicketPresumedPrinted)
    assert day.call("W02") == ticket.no


def test_reborn_kiosk_prints_again_what_was_not_confirmed(day: RulesDay) -> None:
    """Design 5: the lost paper as copy 1, marked; what was confirmed is left alone. The next life gets copy 2."""
    lost, safe = day.press("A"), day.take("A")
    again = to_print(day.born("TM-01"))
    assert [(one.ticket, one.copy) for one in again] == [(lost.id, 1)]
    assert again[0].request_id == lost.press
    assert again[0].for_boot == day.hall.nodes[NodeName("TM-01")].boot
    assert [(one.ticket, one.copy) for one in to_print(day.born("TM-01"))] == [(lost.id, 2)]
    day.do("TM-01", m.TicketPrinted, ticket=lost.id, copy=2, proof=PrintProof.CONFIRMED)
    assert not to_print(day.born("TM-01"))
    assert safe.papers == ["TM-01"]


def test_kiosk_that_only_connects_again_prints_nothing_twice(day: RulesDay) -> None:
    """The same life still knows what it was printing."""
    day.press("A")
    day.died("TM-01")
    assert not to_print(day.born("TM-01", again=True))


def test_called_ticket_is_not_printed_again_by_a_rebirth(day: RulesDay) -> None:
    """Who was called does not need a paper any more."""
    day.login("W02", "S102")
    day.press("A")
    day.at("09:02")
    day.call("W02")
    assert not to_print(day.born("TM-01"))


def test_late_word_of_the_first_paper_still_counts(day: RulesDay) -> None:
    """A kept report may arrive after the reprint was ordered; either paper makes the ticket callable."""
    lost = day.press("A")
    day.born("TM-01")
    day.do("TM-01", m.TicketPrinted, ticket=lost.id, copy=0, proof=PrintProof.CONFIRMED)
    assert lost.is_callable
    assert lost.awaits_paper


def test_late_word_of_a_paper_does_not_bring_a_called_ticket_back_in_line(day: RulesDay) -> None:
    """I8: presumed, called, and only then confirmed: it is never callable twice, and the paper is on record."""
    day.login("W02", "S102")
    ticket = day.press("A")
    day.at("09:02")
    day.call("W02")
    day.do("TM-01", m.TicketPrinted, ticket=ticket.id, copy=0, proof=PrintProof.CONFIRMED)
    assert ticket.printed == {0}
    day.serve("W02")
    assert day.call("W02") is None


def test_word_of_a_paper_twice_is_one_fact(day: RulesDay) -> None:
    """Said again under another id, it changes nothing."""
    ticket = day.take("A")
    decision = day.do("TM-01", m.TicketPrinted, ticket=ticket.id, copy=0, proof=PrintProof.CONFIRMED)
    assert decision.facts == ()


def test_number_never_printed_is_burnt_with_its_reason(day: RulesDay) -> None:
    """I2: void, with the reason; the number is not given again."""
    ticket = day.press("A")
    decision = day.do("TM-01", m.TicketUnprinted, ticket=ticket.id, reason="printer offline")
    assert decision.facts == (f.TicketCancelled(ticket=ticket.id, reason="not_printed: printer offline"),)
    assert ticket.state is TicketState.CANCELLED
    assert day.take("A").no == "A002"


def test_staff_reprint_is_sent_to_the_machine_as_the_next_copy(day: RulesDay) -> None:
    """补打: to the kiosk, with the old number and time; staff are answered first."""
    ticket = day.take("A")
    day.at("09:10")
    decision = day.do("OPS-01", m.ReprintRequested, actor="S004", ticket=ticket.id, print_at="TM-01")
    assert [node for node, _ in decision.answers] == ["OPS-01", "TM-01"]
    assert [(one.no, one.copy, one.issued_at) for one in to_print(decision)] == [("A001", 1, ticket.issued_at)]
    assert ticket.is_callable


# --- By staff ------------------------------------------------------------------------------------------------------------


def test_guide_enters_a_shown_ticket_that_is_callable_at_once(day: RulesDay) -> None:
    """GUID-3.2: without a printer the number is told to its holder."""
    day.login("W02", "S102")
    ticket = day.enter(visitor_class=VisitorClass.CARE)
    assert classes(ticket) == {"normal": day.now, "care": day.now}
    assert day.call("W02") == ticket.no


def test_entered_ticket_can_be_printed_at_a_machine(day: RulesDay) -> None:
    """The paper goes to the machine without a press to answer; callable once it is out."""
    day.born("TM-01")
    decision = day.do("OPS-01", m.TicketEntryRequested, actor="S004", group="A", print_at="TM-01")
    assert [node for node, _ in decision.answers] == ["OPS-01", "TM-01"]
    paper = to_print(decision)[0]
    assert (paper.request_id, paper.copy, paper.for_boot) == (None, 0, day.hall.nodes[NodeName("TM-01")].boot)
    assert not day.hall.tickets[paper.ticket].is_callable


def test_green_and_urgent_tickets_carry_project_and_approval(day: RulesDay) -> None:
    """GREEN-2: the fact names the project and who approved; nothing of it stands on the paper."""
    day.enter(actor="S002", visitor_class=VisitorClass.GREEN, project="YA2026-007")
    ticket = day.enter(actor="S003", visitor_class=VisitorClass.URGENT, project="YA2026-011", approved_by="S001")
    fact = next(one.fact for one in reversed(day.facts) if isinstance(one.fact, f.TicketIssued))
    assert (fact.project, fact.approved_by, fact.actor) == ("YA2026-011", "S001", "S003")
    assert set(classes(ticket)) == {"normal", "urgent"}


def test_project_is_valid_to_the_end_of_its_last_day() -> None:
    """GREEN-2: YA2026-011 is good on 31 March and refused on 1 April."""
    text = hall_text("demo-small").replace(
        'valid_to = 2026-12-31, approved_by = "S001", urgent', 'valid_to = 2026-03-10, approved_by = "S001", urgent'
    )
    day = RulesDay(text)
    day.at("17:29")
    fields = {"actor": "S002", "group": "A", "visitor_class": VisitorClass.GREEN, "project": "YA2026-011"}
    assert refusal(day.ask("OPS-01", m.TicketEntryRequested, **fields)) is None
    day.advance(HallTime(day.now + 86_400_000))
    assert refusal(day.ask("OPS-01", m.TicketEntryRequested, **fields)) is not None


def test_appointment_counts_from_its_agreed_time(day: RulesDay) -> None:
    """APPT-4.3, 1.0.4: checked in at 09:41 for 10:00 its claim begins at 10:00; at 10:12 for 10:00 it begins at once."""
    day.at("09:41")
    early = day.enter(appointment_at=day.time("10:00"), visitor_class=VisitorClass.APPOINTMENT_DUE)
    day.at("10:12")
    late = day.enter(appointment_at=day.time("10:00"), visitor_class=VisitorClass.CARE)
    assert classes(early)["appointment_due"] == day.time("10:00")
    assert classes(late) == dict.fromkeys(("normal", "care", "appointment_due"), day.now)


def test_agreed_time_shifts_with_an_emergency(day: RulesDay) -> None:
    """HALL-8.2: twelve minutes of evacuation move 10:00 to 10:12, for those already there and for those who come later."""
    day.at("09:40")
    before = day.enter(appointment_at=day.time("10:00"), visitor_class=VisitorClass.APPOINTMENT_DUE)
    day.record(f.EmergencyBegan(actor=StaffNo("S002")))
    day.at("09:52")
    day.record(f.EmergencyEnded(actor=StaffNo("S002")))
    after = day.enter(appointment_at=day.time("10:00"), visitor_class=VisitorClass.APPOINTMENT_DUE)
    due_at = [day.hall.hall_time(classes(one)["appointment_due"]) for one in (before, after)]
    assert due_at == [day.time("10:12"), day.time("10:12")]


def test_duty_leader_issues_after_closing_and_the_hall_closes_again(day: RulesDay) -> None:
    """EXT-3.2: a ticket after 17:30 opens the closed hall until it is done."""
    day.login("W02", "S102")
    day.at("17:40")
    assert phase(day) is HallPhase.CLOSED
    ticket = day.enter(actor="S002")
    assert phase(day) is HallPhase.AFTER_CLOSING
    assert day.call_and_serve("W02") == ticket.no
    assert phase(day) is HallPhase.CLOSED


def test_holder_gives_up(day: RulesDay) -> None:
    """弃号: the ticket ends, the next one is called, and the reason is kept with who entered it."""
    day.login("W02", "S102")
    first, second = day.take("A"), day.take("A")
    decision = day.do("OPS-01", m.TicketCancelRequested, actor="S004", ticket=first.id, reason=" left the hall ")
    assert decision.facts == (f.TicketCancelled(ticket=first.id, reason="left the hall", actor=StaffNo("S004")),)
    assert day.call("W02") == second.no


def test_last_one_giving_up_after_hours_closes_the_hall(day: RulesDay) -> None:
    """EXT-3.3: the hall closes with the last visitor, served or not."""
    day.at("17:29")
    ticket = day.take("A")
    day.at("17:45")
    day.do("OPS-01", m.TicketCancelRequested, actor="S004", ticket=ticket.id, reason="left")
    assert day.hall.phase is HallPhase.CLOSED
    assert all(desk.phase is CounterPhase.CLOSED for desk in day.hall.desks.values())
