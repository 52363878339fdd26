"""Every reason there is to refuse, each reached by the situation the rules name; none is unreachable."""

import re
from pathlib import Path
from typing import Any

import pytest

from broker.rules import facts as f
from broker.rules.asking import Decision
from contracts import messages as m
from contracts.values import Condition, HallTime, PrintProof, Refusal, RequestId, StaffNo, VisitorClass
from sim.rules_day import RulesDay, hall_text, refusal
from sim.scenes import Scene, Scenes, check_refused

SCENES = Scenes()
refuses = SCENES.refuses


def entry(day: RulesDay, **fields: Any) -> Decision:
    """Somebody asks for a ticket at the ops node."""
    return day.ask("OPS-01", m.TicketEntryRequested, **{"actor": "S002", "group": "A", **fields})


def called(day: RulesDay, *, care: bool = False) -> RulesDay:
    """W02 has called a ticket at 09:00."""
    day.login("W02", "S102")
    day.at("09:00")
    day.take("A", care=care)
    assert day.call("W02")
    return day


def terminal(day: RulesDay, kind: type[m.Request], counter: str = "W02", **fields: Any) -> Decision:
    """A key at a counter."""
    return day.ask(f"TRM-{counter}", kind, **fields)


@refuses(Refusal.EXPIRED)
def press_that_came_too_late(day: RulesDay) -> Decision:
    """Design 5: a request that a person can repeat is refused after its time."""
    return day.ask("TM-01", m.TicketRequested, group="A", expires_at=HallTime(day.at("09:00") - 1))


@refuses(Refusal.EXPIRED)
def entry_by_staff_that_came_too_late(day: RulesDay) -> Decision:
    """What staff enter expires as well."""
    return entry(day, expires_at=HallTime(day.at("09:00") - 1))


@refuses(Refusal.NODE_NOT_DECLARED)
def stranger_asks(day: RulesDay) -> Decision:
    """Design 4: a node the hall does not declare is refused."""
    return day.ask("TM-09", m.TicketRequested, group="A")


@refuses(Refusal.WRONG_NODE)
def pad_asks_for_a_ticket(day: RulesDay) -> Decision:
    """A node may ask only what its kind may ask."""
    return day.ask("PAD-W01", m.TicketRequested, group="A")


@refuses(Refusal.WRONG_NODE)
def other_counters_pad_rates(day: RulesDay) -> Decision:
    """EVAL-3: a session is rated at its own counter."""
    called(day)
    session = day.serve("W02")
    return day.ask("PAD-W01", m.RatingSubmitted, session=session, level=5)


@refuses(Refusal.MALFORMED)
def request_id_of_somebody_else(day: RulesDay) -> Decision:
    """A node makes request ids under its own name only: nobody can use up another's."""
    return day.submit_raw("TRM-W01", m.CallNextRequested(request_id=RequestId("TRM-W02/0000000000000000/1")))


@refuses(Refusal.NOT_PERMITTED)
def clerk_enters_a_ticket(day: RulesDay) -> Decision:
    """GUID-3.2: tickets are entered by guides, agents, leaders and ops."""
    day.at("09:00")
    return entry(day, actor="S101")


@refuses(Refusal.NOT_PERMITTED)
def urgent_without_approval(day: RulesDay) -> Decision:
    """GREEN-2: urgent takes a leader's approval of this visit."""
    day.at("09:00")
    return entry(day, visitor_class=VisitorClass.URGENT, project="YA2026-011")


@refuses(Refusal.NOT_PERMITTED)
def urgent_approved_by_a_guide(day: RulesDay) -> Decision:
    """GREEN-2: and of a leader, nobody else."""
    day.at("09:00")
    return entry(day, visitor_class=VisitorClass.URGENT, project="YA2026-011", approved_by="S004")


@refuses(Refusal.NOT_PERMITTED)
def urgent_for_a_project_that_is_not(day: RulesDay) -> Decision:
    """GREEN-2: only projects registered as urgent."""
    day.at("09:00")
    return entry(day, visitor_class=VisitorClass.URGENT, project="YA2026-007", approved_by="S002")


@refuses(Refusal.REST_DAY)
def ticket_on_sunday(day: RulesDay) -> Decision:
    """1.0.1: a rest day; the sentence names the day the hall reopens."""
    day.advance(HallTime(day.at("12:00") + 5 * 86_400_000))
    return day.ask("TM-01", m.TicketRequested, group="A")


@refuses(Refusal.REST_DAY)
def call_on_sunday(day: RulesDay) -> Decision:
    """Nobody is called on a rest day."""
    day.advance(HallTime(day.at("12:00") + 5 * 86_400_000))
    day.login("W02", "S102")
    return day.try_call("W02")


@refuses(Refusal.NOT_OPEN_YET)
def ticket_before_a_quarter_to_nine(day: RulesDay) -> Decision:
    """EXT-3.2: machines open 15 min before the start."""
    day.at("08:44:59")
    return day.ask("TM-01", m.TicketRequested, group="A")


@refuses(Refusal.CLOSED_TODAY)
def ticket_at_half_past_five(day: RulesDay) -> Decision:
    """EXT-3.2: after 17:30 there are no new tickets."""
    day.at("17:30")
    return day.ask("TM-01", m.TicketRequested, group="A")


@refuses(Refusal.CLOSED_TODAY)
def guide_enters_after_closing(day: RulesDay) -> Decision:
    """EXT-3.2: after closing only the duty leader and the manager may issue."""
    day.at("17:31")
    return entry(day, actor="S004")


@refuses(Refusal.NOON_BREAK)
def call_at_noon(day: RulesDay) -> Decision:
    """D8: at noon the current visitor is finished and nobody new is called."""
    day.login("W02", "S102")
    day.at("11:59")
    day.take("A")
    day.at("12:00")
    return day.try_call("W02")


@refuses(Refusal.EMERGENCY)
def ticket_in_an_emergency(day: RulesDay) -> Decision:
    """HALL-8.2: ticket machines stop."""
    day.at("09:00")
    day.record(f.EmergencyBegan(actor=StaffNo("S002")))
    return day.ask("TM-01", m.TicketRequested, group="A")


@refuses(Refusal.EMERGENCY)
def call_in_an_emergency(day: RulesDay) -> Decision:
    """HALL-8.2: the queue is frozen."""
    day.login("W02", "S102")
    day.at("09:00")
    day.record(f.EmergencyBegan(actor=StaffNo("S002")))
    return day.try_call("W02")


@refuses(Refusal.EMERGENCY)
def recall_in_an_emergency(day: RulesDay) -> Decision:
    """HALL-8.2: nobody is called back into the hall."""
    called(day)
    day.record(f.EmergencyBegan(actor=StaffNo("S002")))
    day.at("09:01")
    return terminal(day, m.RecallRequested, call=day.call_id("W02"))


@refuses(Refusal.EMERGENCY)
def no_show_in_an_emergency(day: RulesDay) -> Decision:
    """HALL-8.2: nobody is missed for having left as told."""
    called(day)
    day.record(f.EmergencyBegan(actor=StaffNo("S002")))
    day.at("09:10")
    return terminal(day, m.NoShowRequested, call=day.call_id("W02"))


@refuses(Refusal.UNKNOWN_GROUP)
def ticket_for_no_group(day: RulesDay) -> Decision:
    """A key for a group this hall does not have."""
    day.at("09:00")
    return day.ask("TM-01", m.TicketRequested, group="Z")


@refuses(Refusal.UNKNOWN_SERVICE)
def ticket_for_another_groups_service(day: RulesDay) -> Decision:
    """A service belongs to one group."""
    day.at("09:00")
    return day.ask("TM-01", m.TicketRequested, group="A", service="SV07")


@refuses(Refusal.UNKNOWN_PROJECT)
def green_without_a_code(day: RulesDay) -> Decision:
    """GREEN-2: no self-declaration."""
    day.at("09:00")
    return entry(day, visitor_class=VisitorClass.GREEN)


@refuses(Refusal.UNKNOWN_PROJECT)
def green_with_an_invented_code(day: RulesDay) -> Decision:
    """GREEN-2: the project must be registered."""
    day.at("09:00")
    return entry(day, visitor_class=VisitorClass.GREEN, project="YA2026-999")


@refuses(Refusal.BAD_VALUE)
def care_ticket_with_a_project(day: RulesDay) -> Decision:
    """A project belongs to green and urgent tickets."""
    day.at("09:00")
    return entry(day, visitor_class=VisitorClass.CARE, project="YA2026-007")


@refuses(Refusal.BAD_VALUE)
def appointment_without_a_time(day: RulesDay) -> Decision:
    """APPT-1: an appointment is a point in time."""
    day.at("09:00")
    return entry(day, visitor_class=VisitorClass.APPOINTMENT_DUE)


@refuses(Refusal.BAD_VALUE)
def appointment_of_tomorrow(day: RulesDay) -> Decision:
    """APPT-4.3: one checks in on the day."""
    return entry(day, appointment_at=HallTime(day.at("09:00") + 86_400_000))


@refuses(Refusal.BAD_VALUE)
def paper_from_a_sign(day: RulesDay) -> Decision:
    """Tickets are printed by ticket machines."""
    day.at("09:00")
    return entry(day, print_at="LED-00")


@refuses(Refusal.BAD_VALUE)
def paper_from_a_dead_machine(day: RulesDay) -> Decision:
    """A machine that is offline would print it later, for nobody."""
    day.at("09:00")
    day.died("TM-01")
    return entry(day, print_at="TM-01")


@refuses(Refusal.BAD_VALUE)
def pause_with_an_invented_reason(day: RulesDay) -> Decision:
    """HALL-11.1: a reason of the hall's list, or none."""
    day.login("W02", "S102")
    return terminal(day, m.PauseRequested, reason="shopping")


@refuses(Refusal.BAD_VALUE)
def cancel_without_a_reason(day: RulesDay) -> Decision:
    """0.3: nothing ends without who, when and why."""
    day.at("09:00")
    ticket = day.take("A")
    return day.ask("OPS-01", m.TicketCancelRequested, actor="S004", ticket=ticket.id, reason=" ")


@refuses(Refusal.BAD_VALUE)
def paper_of_a_copy_never_ordered(day: RulesDay) -> Decision:
    """A kiosk reports only papers it was asked for."""
    day.at("09:00")
    ticket = day.take("A")
    return day.ask("TM-01", m.TicketPrinted, ticket=ticket.id, copy=1, proof=PrintProof.CONFIRMED)


@refuses(Refusal.BAD_VALUE)
def rating_of_six(day: RulesDay) -> Decision:
    """EVAL-4: five levels."""
    session = called(day).serve("W02")
    return day.ask("PAD-W02", m.RatingSubmitted, session=session, level=6)


@refuses(Refusal.BAD_VALUE)
def health_of_a_novel(day: RulesDay) -> Decision:
    """I15: part and code are stable words, not texts."""
    return day.ask("TM-01", m.HealthReported, part="printer" * 20, condition=Condition.FAULT, code="x")


@refuses(Refusal.UNKNOWN_CARD)
def unknown_card(day: RulesDay) -> Decision:
    """A card nobody has."""
    return terminal(day, m.LoginRequested, card="04AFFFFFFF")


@refuses(Refusal.NOT_ONBOARDED)
def new_arrival_logs_in(day: RulesDay) -> Decision:
    """TRN: before formalities and training are complete nobody serves."""
    return terminal(day, m.LoginRequested, card="04A1000118")


@refuses(Refusal.NOT_QUALIFIED)
def clerk_of_another_trade_logs_in(day: RulesDay) -> Decision:
    """1.0.4: at least one service of the counter must be among the person's skills."""
    return terminal(day, m.LoginRequested, "W03", card="04A1000102")


@refuses(Refusal.LOGGED_IN_ELSEWHERE)
def clerk_in_two_places(day: RulesDay) -> Decision:
    """One person sits at one counter."""
    day.login("W02", "S101")
    return terminal(day, m.LoginRequested, "W01", card="04A1000101")


@refuses(Refusal.COUNTER_OCCUPIED)
def second_clerk_at_a_counter(day: RulesDay) -> Decision:
    """The first has to log out."""
    day.login("W02", "S102")
    return terminal(day, m.LoginRequested, card="04A1000101")


@refuses(Refusal.NOT_LOGGED_IN)
def call_from_an_empty_counter(day: RulesDay) -> Decision:
    """Somebody qualified must be logged in."""
    day.at("09:00")
    return day.try_call("W02")


@refuses(Refusal.NOT_LOGGED_IN)
def pause_of_an_empty_counter(day: RulesDay) -> Decision:
    """An empty counter is closed, not paused."""
    return terminal(day, m.PauseRequested)


@refuses(Refusal.NOT_LOGGED_IN)
def resume_of_an_empty_counter(day: RulesDay) -> Decision:
    """Nor can it be resumed."""
    return terminal(day, m.ResumeRequested)


@refuses(Refusal.NOBODY_WAITING)
def call_without_a_queue(day: RulesDay) -> Decision:
    """Nobody waits for this counter; a ticket of the other group does not count."""
    day.login("W02", "S102")
    day.at("09:00")
    day.take("B")
    return day.try_call("W02")


@refuses(Refusal.NOBODY_WAITING)
def call_while_only_an_unprinted_ticket_waits(day: RulesDay) -> Decision:
    """I9: a number that nobody holds is not called."""
    day.login("W02", "S102")
    day.at("09:00")
    day.press("A")
    return day.try_call("W02")


@refuses(Refusal.COUNTER_BUSY)
def second_call_before_the_first_is_done(day: RulesDay) -> Decision:
    """I3: one ticket on a desk."""
    called(day).take("A")
    return day.try_call("W02")


@refuses(Refusal.COUNTER_BUSY)
def logout_with_a_ticket(day: RulesDay) -> Decision:
    """Nobody leaves a visitor."""
    return terminal(called(day), m.LoginRequested, card="04A1000102")


@refuses(Refusal.COUNTER_BUSY)
def pause_with_a_ticket(day: RulesDay) -> Decision:
    """Nor pauses before them."""
    return terminal(called(day), m.PauseRequested)


@refuses(Refusal.COUNTER_PAUSED)
def call_while_paused(day: RulesDay) -> Decision:
    """Resume first."""
    day.login("W02", "S102")
    day.at("09:00")
    day.take("A")
    terminal(day, m.PauseRequested, reason="短暂离开")
    return day.try_call("W02")


@refuses(Refusal.NOTHING_CALLED)
def recall_of_nothing(day: RulesDay) -> Decision:
    """There is no such call at this counter."""
    day.login("W02", "S102")
    return terminal(day, m.RecallRequested, call="2026-03-10/A001/c1")


@refuses(Refusal.NOTHING_CALLED)
def start_of_another_counters_call(day: RulesDay) -> Decision:
    """I3: a call belongs to one counter."""
    called(day).login("W01", "S101")
    return terminal(day, m.StartRequested, "W01", call=day.call_id("W02"))


@refuses(Refusal.NOTHING_CALLED)
def no_show_of_a_visitor_who_is_served(day: RulesDay) -> Decision:
    """A late press on no-show does not end a session."""
    call = called(day).call_id("W02")
    day.start("W02")
    day.at("09:30")
    return terminal(day, m.NoShowRequested, call=call)


@refuses(Refusal.NOT_SERVING)
def finish_before_start(day: RulesDay) -> Decision:
    """There is no session yet."""
    return terminal(called(day), m.FinishRequested, session="2026-03-10/A001/s1")


@refuses(Refusal.NOT_SERVING)
def finish_twice(day: RulesDay) -> Decision:
    """The first press has ended it."""
    session = called(day).serve("W02")
    return terminal(day, m.FinishRequested, session=session)


@refuses(Refusal.TOO_SOON)
def call_before_nine(day: RulesDay) -> Decision:
    """The hall opens at nine."""
    day.login("W02", "S102")
    day.at("08:59:30")
    day.take("A")
    return day.try_call("W02")


@refuses(Refusal.TOO_SOON)
def recall_after_nineteen_seconds(day: RulesDay) -> Decision:
    """D9: announcements are at least 20 s apart."""
    called(day).at("09:00:19")
    return terminal(day, m.RecallRequested, call=day.call_id("W02"))


@refuses(Refusal.TOO_SOON)
def no_show_before_all_calls(day: RulesDay) -> Decision:
    """D9: only after three announcements, however long ago the first was."""
    called(day).at("09:20")
    return terminal(day, m.NoShowRequested, call=day.call_id("W02"))


@refuses(Refusal.TOO_SOON)
def no_show_a_second_too_early(day: RulesDay) -> Decision:
    """D9: and 60 s after the last."""
    called(day)
    for clock in ("09:00:20", "09:00:40"):
        day.at(clock)
        assert refusal(terminal(day, m.RecallRequested, call=day.call_id("W02"))) is None
    day.at("09:01:39")
    return terminal(day, m.NoShowRequested, call=day.call_id("W02"))


@refuses(Refusal.NO_CALLS_LEFT)
def fourth_call(day: RulesDay) -> Decision:
    """D9: three announcements."""
    called(day)
    for clock in ("09:00:20", "09:00:40"):
        day.at(clock)
        assert refusal(terminal(day, m.RecallRequested, call=day.call_id("W02"))) is None
    day.at("09:01:00")
    return terminal(day, m.RecallRequested, call=day.call_id("W02"))


@refuses(Refusal.NO_CALLS_LEFT)
def sixth_call_of_a_care_ticket(day: RulesDay) -> Decision:
    """D9: five for care."""
    called(day, care=True)
    for minute in range(1, 5):
        day.at(f"09:0{minute}")
        assert refusal(terminal(day, m.RecallRequested, call=day.call_id("W02"))) is None
    day.at("09:05")
    return terminal(day, m.RecallRequested, call=day.call_id("W02"))


@refuses(Refusal.CHECKIN_NOT_OPEN)
def check_in_before_half_an_hour(day: RulesDay) -> Decision:
    """APPT-4.3: T=10:00, check-in 09:25 refused with 09:30."""
    day.at("09:25")
    return entry(day, appointment_at=day.time("10:00"))


@refuses(Refusal.UNKNOWN_TICKET)
def cancel_of_nothing(day: RulesDay) -> Decision:
    """There is no such number today."""
    return day.ask("OPS-01", m.TicketCancelRequested, actor="S004", ticket="2026-03-10/A999", reason="left")


@refuses(Refusal.UNKNOWN_TICKET)
def paper_of_yesterday(day: RulesDay) -> Decision:
    """Yesterday's tickets have all ended."""
    day.at("17:29")
    ticket = day.press("A")
    day.advance(HallTime(day.now + 86_400_000))
    return day.ask("TM-01", m.TicketPrinted, ticket=ticket.id, copy=0, proof=PrintProof.CONFIRMED)


@refuses(Refusal.UNKNOWN_TICKET)
def reprint_of_nothing(day: RulesDay) -> Decision:
    """There is no such number today."""
    return day.ask("OPS-01", m.ReprintRequested, actor="S004", ticket="2026-03-10/A999", print_at="TM-01")


@refuses(Refusal.WRONG_TICKET_STATE)
def cancel_of_a_called_ticket(day: RulesDay) -> Decision:
    """1.0.5: the holder gives up a waiting ticket; a called one is the counter's."""
    called(day)
    return day.ask("OPS-01", m.TicketCancelRequested, actor="S004", ticket="2026-03-10/A001", reason="left")


@refuses(Refusal.WRONG_TICKET_STATE)
def burning_of_a_printed_number(day: RulesDay) -> Decision:
    """Design 5: a paper somebody holds is never called void by a printer."""
    day.at("09:00")
    ticket = day.take("A")
    return day.ask("TM-01", m.TicketUnprinted, ticket=ticket.id, reason="jam")


@refuses(Refusal.WRONG_TICKET_STATE)
def reprint_of_a_served_ticket(day: RulesDay) -> Decision:
    """A number that has been served is not given out again."""
    called(day).serve("W02")
    return day.ask("OPS-01", m.ReprintRequested, actor="S004", ticket="2026-03-10/A001", print_at="TM-01")


@refuses(Refusal.UNKNOWN_SESSION)
def rating_of_nothing(day: RulesDay) -> Decision:
    """D10: there was no such session, or it is not over."""
    called(day).start("W02")
    return day.ask("PAD-W02", m.RatingSubmitted, session="2026-03-10/A001/s1", level=5)


@refuses(Refusal.RATING_CLOSED)
def rating_after_the_window(day: RulesDay) -> Decision:
    """EVAL-6.1: the pad asks for 60 s; 3 s of grace for a press on the last moment."""
    session = called(day).serve("W02")
    day.at("09:01:04")
    return day.ask("PAD-W02", m.RatingSubmitted, session=session, level=5)


@refuses(Refusal.ALREADY_RATED)
def second_rating(day: RulesDay) -> Decision:
    """D10: the first valid rating counts."""
    session = called(day).serve("W02")
    day.do("PAD-W02", m.RatingSubmitted, session=session, level=5)
    return day.ask("PAD-W02", m.RatingSubmitted, session=session, level=1)


@refuses(Refusal.UNKNOWN_STAFF)
def entry_by_nobody(day: RulesDay) -> Decision:
    """The person named must exist."""
    day.at("09:00")
    return entry(day, actor="S999")


@pytest.mark.parametrize(("reason", "scene"), SCENES.found, ids=SCENES.names)
def test_situation_is_refused_with_its_reason_and_changes_nothing(reason: Refusal, scene: Scene) -> None:
    """Each scene's docstring names its rule. A refusal is an answer; only a refused rating and a stranger leave a fact."""
    text_of_hall = hall_text("demo-small").replace("recall_gap_s = 4", "recall_gap_s = 20").replace("noshow_after_s = 6", "")
    check_refused(RulesDay(text_of_hall), reason, scene)


def test_every_refusal_has_a_situation() -> None:
    """No reason is left that nothing leads to; the scenes of every area's tests count."""
    found: set[str] = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        found |= set(re.findall(r"^@refuses\(Refusal\.(\w+)\)", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert found == {reason.name for reason in Refusal}
