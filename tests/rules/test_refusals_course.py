"""Every refusal on the course of a ticket, reached by the situation the rules name (1.0.5, CARE, FIRST, D9)."""

from typing import Any

import pytest

from broker.rules import facts as f
from broker.rules.asking import Decision
from broker.rules.hall import Ticket
from contracts import messages as m
from contracts.values import HallTime, Refusal, StaffNo, VisitorClass
from sim.rules_day import RulesDay, hall_text
from sim.scenes import Scene, Scenes, check_refused

SCENES = Scenes()
refuses = SCENES.refuses


def terminal(day: RulesDay, kind: type[m.Request], counter: str = "W02", **fields: Any) -> Decision:
    """A key at a counter."""
    return day.ask(f"TRM-{counter}", kind, **fields)


def called(day: RulesDay, *, care: bool = False) -> Ticket:
    """W02 has called a ticket at nine."""
    day.login("W02", "S102")
    day.at("09:00")
    ticket = day.take("A", care=care)
    assert day.call("W02") == ticket.no
    return ticket


def served(day: RulesDay) -> Ticket:
    """W02 is serving a ticket."""
    ticket = called(day)
    day.start("W02")
    return ticket


def missed(day: RulesDay) -> Ticket:
    """W02 has called a ticket in vain."""
    ticket = called(day)
    day.miss("W02")
    return ticket


def change(day: RulesDay, ticket: Ticket, **fields: Any) -> Decision:
    """The guide changes a class."""
    asked = {"actor": "S004", "ticket": ticket.id, "visitor_class": VisitorClass.CARE, "reason": "x", **fields}
    return day.ask("OPS-01", m.ClassChangeRequested, **asked)


def back(day: RulesDay, node: str = "TM-01", **fields: Any) -> Decision:
    """Somebody asks to wait again."""
    return day.ask(node, m.ReactivateRequested, **fields)


@refuses(Refusal.NOTHING_CALLED)
def hold_of_another_call(day: RulesDay) -> Decision:
    """A key pressed late never hits the next visitor."""
    called(day)
    return terminal(day, m.HoldRequested, call="2026-03-10/A404/c1")


@refuses(Refusal.NOTHING_CALLED)
def transfer_of_another_call(day: RulesDay) -> Decision:
    """Likewise."""
    served(day)
    return terminal(day, m.TransferRequested, call="2026-03-10/A404/c1", group="B")


@refuses(Refusal.NOTHING_CALLED)
def care_check_of_another_call(day: RulesDay) -> Decision:
    """Likewise."""
    called(day, care=True)
    return terminal(day, m.CareCheckRequested, call="2026-03-10/A404/c1", verified=True)


@refuses(Refusal.NOT_SERVING)
def transfer_of_somebody_who_has_not_come(day: RulesDay) -> Decision:
    """1.0.5: transfer is SERVING -> WAITING."""
    called(day)
    return terminal(day, m.TransferRequested, call=day.call_id("W02"), group="B")


@refuses(Refusal.NOT_SERVING)
def lead_of_somebody_who_has_not_come(day: RulesDay) -> Decision:
    """FIRST-4.2: only who is here can be led."""
    called(day)
    return terminal(day, m.LeadRequested, call=day.call_id("W02"), to="W03")


@refuses(Refusal.UNKNOWN_GROUP)
def transfer_to_no_group(day: RulesDay) -> Decision:
    """A letter that is no group of this hall."""
    served(day)
    return terminal(day, m.TransferRequested, call=day.call_id("W02"), group="Z")


@refuses(Refusal.UNKNOWN_SERVICE)
def transfer_to_a_service_of_another_group(day: RulesDay) -> Decision:
    """A service belongs to its group."""
    served(day)
    return terminal(day, m.TransferRequested, call=day.call_id("W02"), group="B", service="SV01")


@refuses(Refusal.BAD_VALUE)
def transfer_to_the_own_group(day: RulesDay) -> Decision:
    """That would only cost the visitor their turn."""
    served(day)
    return terminal(day, m.TransferRequested, call=day.call_id("W02"), group="A")


@refuses(Refusal.NO_OPEN_COUNTER)
def transfer_to_a_group_nobody_serves_now(day: RulesDay) -> Decision:
    """FIRST-4.2: another counter or an appointment."""
    served(day)
    return terminal(day, m.TransferRequested, call=day.call_id("W02"), group="B")


@refuses(Refusal.NO_OPEN_COUNTER)
def lead_to_an_empty_counter(day: RulesDay) -> Decision:
    """FIRST-4.2: nobody there could accept."""
    served(day)
    return terminal(day, m.LeadRequested, call=day.call_id("W02"), to="W03")


@refuses(Refusal.UNKNOWN_COUNTER)
def lead_to_no_counter(day: RulesDay) -> Decision:
    """A counter this hall does not have."""
    served(day)
    return terminal(day, m.LeadRequested, call=day.call_id("W02"), to="W77")


@refuses(Refusal.BAD_VALUE)
def lead_to_oneself(day: RulesDay) -> Decision:
    """The visitor is here already."""
    served(day)
    return terminal(day, m.LeadRequested, call=day.call_id("W02"), to="W02")


@refuses(Refusal.NOT_LED)
def lead_that_is_none_is_taken_back(day: RulesDay) -> Decision:
    """Nothing was announced."""
    served(day)
    return terminal(day, m.LeadEndRequested, call=day.call_id("W02"))


@refuses(Refusal.NOT_SERVING)
def lead_taken_back_before_the_visitor_came(day: RulesDay) -> Decision:
    """There can be none yet."""
    called(day)
    return terminal(day, m.LeadEndRequested, call=day.call_id("W02"))


def led(day: RulesDay, to: str = "W03", staff: str = "S103") -> Ticket:
    """W02 leads its visitor to another counter."""
    day.login(to, staff)
    ticket = served(day)
    day.lead("W02", to)
    return ticket


@refuses(Refusal.NOT_LED)
def nobody_is_led_here(day: RulesDay) -> Decision:
    """Accepting takes an announcement."""
    day.login("W01", "S101")
    led(day)
    return terminal(day, m.LeadAcceptRequested, "W01")


@refuses(Refusal.NOT_LED)
def somebody_else_is_led_here(day: RulesDay) -> Decision:
    """The one named is not on the way to this counter."""
    led(day)
    return terminal(day, m.LeadAcceptRequested, "W03", ticket="2026-03-10/A404")


@refuses(Refusal.NOT_LOGGED_IN)
def accepting_at_an_empty_counter(day: RulesDay) -> Decision:
    """Nobody is there to take over."""
    led(day)
    return terminal(day, m.LeadAcceptRequested, "W01")


@refuses(Refusal.COUNTER_BUSY)
def accepting_with_somebody_on_the_desk(day: RulesDay) -> Decision:
    """I3: one visitor a counter."""
    led(day)
    day.take("B")
    day.call("W03")
    return terminal(day, m.LeadAcceptRequested, "W03")


@refuses(Refusal.COUNTER_PAUSED)
def accepting_while_paused(day: RulesDay) -> Decision:
    """First resume, then take over."""
    led(day)
    terminal(day, m.PauseRequested, "W03")
    return terminal(day, m.LeadAcceptRequested, "W03")


@refuses(Refusal.EMERGENCY)
def accepting_in_an_emergency(day: RulesDay) -> Decision:
    """HALL-8.2: everybody leaves; all goes on afterwards."""
    led(day)
    day.record(f.EmergencyBegan(actor=StaffNo("S002")))
    return terminal(day, m.LeadAcceptRequested, "W03")


@refuses(Refusal.NOTHING_HELD)
def nothing_is_held(day: RulesDay) -> Decision:
    """There is nobody to go on with."""
    served(day)
    return terminal(day, m.HeldResumeRequested)


@refuses(Refusal.NOTHING_HELD)
def somebody_else_is_held(day: RulesDay) -> Decision:
    """1.0.5: at its own counter."""
    day.login("W01", "S101")
    ticket = served(day)
    day.hold("W02")
    return terminal(day, m.HeldResumeRequested, "W01", ticket=ticket.id)


@refuses(Refusal.NOT_LOGGED_IN)
def held_is_resumed_at_an_empty_counter(day: RulesDay) -> Decision:
    """Nobody is there to go on."""
    served(day)
    day.hold("W02")
    day.login("W02", "S102")
    return terminal(day, m.HeldResumeRequested)


@refuses(Refusal.NOT_QUALIFIED)
def held_is_resumed_by_somebody_who_cannot(day: RulesDay) -> Decision:
    """1.0.4: of a service the person is qualified for."""
    day.login("W01", "S101")
    day.at("09:00")
    day.take("B")
    day.call("W01")
    day.hold("W01")
    day.login("W01", "S101")
    day.login("W01", "S102")
    return terminal(day, m.HeldResumeRequested, "W01")


@refuses(Refusal.WRONG_TICKET_STATE)
def care_check_of_an_ordinary_ticket(day: RulesDay) -> Decision:
    """There is no priority to look at."""
    called(day)
    return terminal(day, m.CareCheckRequested, call=day.call_id("W02"), verified=True)


@refuses(Refusal.BAD_VALUE)
def care_check_that_contradicts_itself(day: RulesDay) -> Decision:
    """Verified and back in line."""
    called(day, care=True)
    return terminal(day, m.CareCheckRequested, call=day.call_id("W02"), verified=True, to_queue=True)


@refuses(Refusal.BAD_VALUE)
def class_that_is_not_given(day: RulesDay) -> Decision:
    """An appointment is made, not opened."""
    return change(day, called(day), visitor_class=VisitorClass.APPOINTMENT_DUE)


@refuses(Refusal.BAD_VALUE)
def class_without_a_reason(day: RulesDay) -> Decision:
    """GUID-3.2: the guide cannot jump the queue except with a reason."""
    return change(day, called(day), reason=" ")


@refuses(Refusal.BAD_VALUE)
def class_with_a_novel(day: RulesDay) -> Decision:
    """A reason has at most 200 characters."""
    return change(day, called(day), reason="x" * 201)


@refuses(Refusal.BAD_VALUE)
def care_with_a_project(day: RulesDay) -> Decision:
    """GREEN-8: projects belong to green and urgent tickets."""
    return change(day, called(day), project="YA2026-007")


@refuses(Refusal.UNKNOWN_PROJECT)
def green_without_a_project(day: RulesDay) -> Decision:
    """GREEN-2: no self-declaration."""
    return change(day, called(day), visitor_class=VisitorClass.GREEN)


@refuses(Refusal.NOT_PERMITTED)
def urgent_without_approval(day: RulesDay) -> Decision:
    """GREEN-2: a leader's approval of this visit."""
    return change(day, called(day), visitor_class=VisitorClass.URGENT, project="YA2026-011")


@refuses(Refusal.NOT_PERMITTED)
def class_by_an_inspector(day: RulesDay) -> Decision:
    """CARE-3.1: staff at the counters and guides."""
    text = hall_text("demo-small").replace('role = "guide"', 'role = "inspector"')
    day.adopt(text)
    return change(day, called(day))


@refuses(Refusal.UNKNOWN_STAFF)
def class_by_nobody(day: RulesDay) -> Decision:
    """A number that is no person."""
    return change(day, called(day), actor="S999")


@refuses(Refusal.UNKNOWN_TICKET)
def class_of_no_ticket(day: RulesDay) -> Decision:
    """A number that was never issued."""
    day.at("09:00")
    fields = {"actor": "S004", "visitor_class": VisitorClass.CARE, "reason": "x"}
    return day.ask("OPS-01", m.ClassChangeRequested, ticket="2026-03-10/A404", **fields)


@refuses(Refusal.WRONG_TICKET_STATE)
def class_of_a_ticket_that_has_ended(day: RulesDay) -> Decision:
    """Missed: first it has to come back."""
    return change(day, missed(day))


@refuses(Refusal.WRONG_TICKET_STATE)
def ticket_that_waits_comes_back(day: RulesDay) -> Decision:
    """1.0.5: only a no-show."""
    day.at("09:00")
    return back(day, no=day.take("A").no)


@refuses(Refusal.UNKNOWN_TICKET)
def number_that_never_was_comes_back(day: RulesDay) -> Decision:
    """A slip of the finger."""
    day.at("09:00")
    return back(day, no="A404")


@refuses(Refusal.ALREADY_REACTIVATED)
def second_return(day: RulesDay) -> Decision:
    """D9: once."""
    ticket = missed(day)
    day.reactivate(ticket)
    day.call("W02")
    day.miss("W02")
    return back(day, no=ticket.no)


@refuses(Refusal.BAD_VALUE)
def return_of_nobody(day: RulesDay) -> Decision:
    """Neither number nor card."""
    missed(day)
    return back(day)


@refuses(Refusal.BAD_VALUE)
def return_by_number_and_card(day: RulesDay) -> Decision:
    """One of them."""
    return back(day, no=missed(day).no, holder="f" * 64)


@refuses(Refusal.BAD_VALUE)
def return_by_staff_who_do_not_say_who(day: RulesDay) -> Decision:
    """Every act of staff names a person."""
    return back(day, "OPS-01", no=missed(day).no)


@refuses(Refusal.NOT_PERMITTED)
def return_by_staff_at_a_machine(day: RulesDay) -> Decision:
    """A machine speaks for whoever stands there."""
    return back(day, no=missed(day).no, actor="S002")


@refuses(Refusal.NOT_PERMITTED)
def return_by_a_clerk(day: RulesDay) -> Decision:
    """1.0.5: at a ticket machine or by the guide."""
    return back(day, "OPS-01", no=missed(day).no, actor="S101")


@refuses(Refusal.EMERGENCY)
def return_in_an_emergency(day: RulesDay) -> Decision:
    """HALL-8.2: everybody leaves."""
    ticket = missed(day)
    day.record(f.EmergencyBegan(actor=StaffNo("S002")))
    return back(day, no=ticket.no)


@refuses(Refusal.CLOSED_TODAY)
def return_after_everybody_has_gone(day: RulesDay) -> Decision:
    """EXT-3.3: nobody is there to call."""
    ticket = missed(day)
    day.at("17:31")
    return back(day, no=ticket.no)


@refuses(Refusal.REST_DAY)
def return_on_sunday(day: RulesDay) -> Decision:
    """1.0.1: nobody works."""
    day.advance(HallTime(day.at("12:00") + 5 * 86_400_000))
    return back(day, no="A001")


@refuses(Refusal.UNKNOWN_GROUP)
def return_to_a_group_that_is_no_more(day: RulesDay) -> Decision:
    """The configuration has changed meanwhile."""
    day.login("W01", "S101")
    day.at("09:00")
    ticket = day.take("B")
    day.call("W01")
    day.miss("W01")
    text = hall_text("demo-small").replace('{ id = "B"', '{ id = "C"').replace('group = "B"', 'group = "C"')
    day.adopt(text.replace('groups = ["A", "B"]', 'groups = ["A", "C"]').replace('groups = ["B"]', 'groups = ["C"]'))
    return back(day, no=ticket.no)


@pytest.mark.parametrize(("reason", "scene"), SCENES.found, ids=SCENES.names)
def test_scene_is_refused(reason: Refusal, scene: Scene) -> None:
    """Refused for the reason named, nothing changed, and everybody reads a whole sentence."""
    check_refused(RulesDay(hall_text("demo-small")), reason, scene)
