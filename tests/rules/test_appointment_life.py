"""Appointments from the booking to the ticket, or to being given up: the examples of APPT, one by one, and their edges."""

import pytest

from broker.rules import facts as f
from broker.rules.appointments.state import Appointment
from broker.rules.facts import AppointmentState
from contracts import messages as m
from contracts.values import (
    Channel,
    ContactOutcome,
    HallTime,
    Initiator,
    Refusal,
    StaffNo,
    TaskKind,
    TicketId,
    VisitorClass,
)
from sim.booking_day import BookingDay
from sim.rules_day import hall_text, refusal

HALF_HOUR = 30 * 60_000
DAY = 24 * 3_600_000


def claims_due(day: BookingDay, ticket: TicketId) -> HallTime | None:
    """Since when the ticket is due as an appointment, ``None`` if it is not."""
    claims = day.hall.tickets[ticket].claims
    return next((one.since for one in claims if one.visitor_class is VisitorClass.APPOINTMENT_DUE), None)


def state(one: Appointment) -> AppointmentState:
    """Where it is in its life now."""
    return one.state


# --- Making (APPT-1 to APPT-4.2) ------------------------------------------------------------------------------------------


def test_a_full_half_hour_offers_the_next_free_time() -> None:
    """APPT-1: four people are promised each half hour of a group; the fifth hears of the next one, and it can be had."""
    day = BookingDay()
    for at in ("10:00", "10:05", "10:10", "10:25"):
        day.book(at)
    decision = day.ask_book("10:20")
    answer = decision.answers[0][1]
    assert isinstance(answer, m.RequestRefused)
    assert (answer.reason, answer.values, decision.facts) == (Refusal.SLOT_FULL, {"time": "10:30"}, ())
    assert day.book("10:30").state is AppointmentState.REQUESTED
    assert day.book("10:20", "B").state is AppointmentState.REQUESTED


def test_the_next_free_time_may_be_another_day() -> None:
    """APPT-1: behind the last half hour of a day the next working day is offered, with its date."""
    day = BookingDay(text=hall_text("demo-hall").replace("slot_capacity = 4", "slot_capacity = 1"))
    day.book("17:10")
    answer = day.ask_book("17:25").answers[0][1]
    assert isinstance(answer, m.RequestRefused)
    assert answer.values == {"time": "2026-03-11 09:00"}


def test_capacity_limits_promises_not_applications() -> None:
    """APPT-1: who has no promised time may take a ticket all the same, and a cancelled promise makes room."""
    day = BookingDay("08:50")
    four = [day.book("10:00") for _ in range(4)]
    assert day.take("A").no == "A001"
    assert refusal(day.ask_book("10:00")) is Refusal.SLOT_FULL
    assert refusal(day.ask_cancel(four[0], Initiator.PERSON)) is None
    assert day.book("10:00").id == "2026-03-10/P005"


def test_numbers_are_of_the_day_the_appointment_is_for() -> None:
    """An appointment keeps its number for ever, also when it moves to another day; none is given twice."""
    day = BookingDay()
    one, other = day.book("10:00"), day.book(HallTime(day.time("10:00") + DAY))
    assert (one.id, other.id) == ("2026-03-10/P001", "2026-03-11/P001")
    assert refusal(day.ask_change(other, "11:00")) is None
    assert day.book("15:00").id == "2026-03-10/P002"
    assert other.id == "2026-03-11/P001"


@pytest.mark.parametrize("channel", list(Channel))
def test_an_import_may_be_repeated(channel: Channel) -> None:
    """APPT-3: the same booking of an online channel is one appointment, however often it is imported."""
    day = BookingDay()
    first = day.book("10:00", channel=channel, source_id="APP-7")
    facts = len(day.facts)
    again = day.book("10:00", channel=channel, source_id="APP-7")
    assert (again.id, len(day.facts)) == (first.id, facts)
    assert day.book("10:00", channel=channel, source_id="APP-8").id != first.id


def test_staff_are_asked_to_confirm_and_the_notice_is_on_record() -> None:
    """APPT-4.2: a task until it is confirmed with the number of the one-off notice."""
    day = BookingDay()
    one = day.book("10:00")
    (task,) = day.tasks(TaskKind.APPOINTMENT_CONFIRM, one)
    assert task.values == {"time": "10:00"}
    day.do("OPS-01", m.AppointmentConfirmRequested, actor="S004", appointment=one.id, notice_id="GZ-20260310-001")
    assert state(one) is AppointmentState.CONFIRMED
    assert not day.tasks(TaskKind.APPOINTMENT_CONFIRM)
    assert any(isinstance(each.fact, f.AppointmentConfirmed) and each.fact.notice_id for each in day.facts)


def test_confirming_escalates_to_the_duty_leader() -> None:
    """A task nobody takes goes on to the next person, after the time the hall has set."""
    day = BookingDay("09:00")
    one = day.book("15:00")
    day.at("10:00")
    assert day.tasks(TaskKind.APPOINTMENT_CONFIRM, one)[0].level == 1


def test_silence_counts_as_confirmation() -> None:
    """APPT-4.2: unconfirmed at the agreed time, the person must be served: it counts as confirmed."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("09:59:59")
    assert state(one) is AppointmentState.REQUESTED
    day.at("10:00")
    assert state(one) is AppointmentState.CONFIRMED
    assert not day.tasks(TaskKind.APPOINTMENT_CONFIRM)
    assert claims_due(day, day.check_in(one).id) == day.time("10:00")


# --- Coming (APPT-4.3, APPT-5) --------------------------------------------------------------------------------------------


def test_check_in_opens_half_an_hour_before() -> None:
    """APPT-4.3: T=10:00; at 09:25 「可于09:30起签到」, at 09:41 it is done, with the agreed time on the paper (Q4)."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("09:25")
    early = day.ask_check_in(one).answers[0][1]
    assert isinstance(early, m.RequestRefused)
    assert (early.reason, early.values) == (Refusal.CHECKIN_NOT_OPEN, {"time": "09:30"})
    day.at("09:29:59")
    assert refusal(day.ask_check_in(one)) is Refusal.CHECKIN_NOT_OPEN
    day.at("09:41")
    ((node, paper),) = day.ask_check_in(one).answers
    assert isinstance(paper, m.TicketIssued)
    assert (node, paper.appointment_at, paper.request_id is not None) == ("TM-01", day.time("10:00"), True)
    assert claims_due(day, paper.ticket) == day.time("10:00")


def test_check_in_at_exactly_half_an_hour_before() -> None:
    """APPT-4.3: the window includes its first instant."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("09:30")
    assert day.check_in(one).no == "A001"


def test_early_comers_wait_by_check_in_and_are_due_at_their_time() -> None:
    """Q4: before the agreed time by order of check-in; from it with the head start of a due appointment."""
    day = BookingDay()
    day.login("W02", "S101")
    one = day.book("10:00")
    day.at("09:40")
    first = day.take("A")
    day.at("09:41")
    mine = day.check_in(one)
    day.at("09:42")
    last = day.take("A")
    day.at("09:45")
    assert day.call_and_serve("W02") == first.no
    day.at("09:50")
    assert day.call_and_serve("W02") == mine.no
    day.at("10:01")
    assert day.call_and_serve("W02") == last.no


def test_due_at_the_agreed_time_goes_before_who_came_earlier() -> None:
    """APPT-5: from T on the appointment is in practice the next call."""
    day = BookingDay()
    day.login("W02", "S101")
    one = day.book("10:00")
    day.at("09:00")
    waiting = day.take("A")
    day.at("09:45")
    mine = day.check_in(one)
    day.at("10:00")
    assert day.call_and_serve("W02") == mine.no
    assert day.call_and_serve("W02") == waiting.no


def test_an_id_card_checks_in_where_it_was_read_at_booking() -> None:
    """APPT-4.3: by the card, without any code."""
    day = BookingDay()
    one = day.book("10:00", holder="ab" * 32)
    day.at("09:45")
    paper = day.do("TM-01", m.CheckInRequested, holder="ab" * 32).answers[0][1]
    assert isinstance(paper, m.TicketIssued)
    assert one.ticket == paper.ticket


def test_the_first_of_several_appointments_of_one_person_is_meant() -> None:
    """A person with two appointments today checks in to the one that comes next."""
    day = BookingDay()
    later, sooner = day.book("10:20", "B", holder="ab" * 32), day.book("10:00", holder="ab" * 32)
    day.at("09:55")
    day.do("TM-01", m.CheckInRequested, holder="ab" * 32)
    assert (sooner.state, later.state) == (AppointmentState.CHECKED_IN, AppointmentState.REQUESTED)
    day.do("TM-01", m.CheckInRequested, holder="ab" * 32)
    assert later.state is AppointmentState.CHECKED_IN


def test_a_guide_checks_somebody_in_by_the_appointment() -> None:
    """APPT-4.3: without machine, card or code; the number is told, so it can be called at once."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("09:45")
    answer = day.do("OPS-01", m.CheckInRequested, appointment=one.id, actor="S004").answers[0][1]
    assert isinstance(answer, m.RequestDone)
    assert answer.values == {"no": "A001", "time": "10:00"}
    assert answer.ticket is not None
    assert day.hall.tickets[answer.ticket].is_callable


def test_who_took_a_ticket_because_it_was_too_early_keeps_it() -> None:
    """APPT-4.3, EXT-3.2: the earlier ticket of this queue gets the claim; there is no second one."""
    day = BookingDay()
    one = day.book("10:00", holder="ab" * 32)
    day.at("09:20")
    answer = day.do("TM-01", m.TicketRequested, group="A", holder="ab" * 32).answers[0][1]
    assert isinstance(answer, m.TicketIssued)
    day.do("TM-01", m.TicketPrinted, ticket=answer.ticket, copy=0, proof="confirmed")
    day.at("09:35")
    linked = day.do("TM-01", m.CheckInRequested, holder="ab" * 32).answers[0][1]
    assert isinstance(linked, m.RequestDone)
    assert (linked.ticket, linked.values) == (answer.ticket, {"no": "A001", "time": "10:00"})
    assert claims_due(day, answer.ticket) == day.time("10:00")
    assert (one.state, len(day.hall.tickets)) == (AppointmentState.CHECKED_IN, 1)
    day.login("W02", "S101")
    day.at("10:00")
    assert day.call("W02") == "A001"


def test_a_check_in_whose_paper_never_came_can_be_repeated() -> None:
    """Design 5: the machine gave up and the number is burnt; the person tries again and is due as agreed."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("09:45")
    answer = day.ask_check_in(one).answers[0][1]
    assert isinstance(answer, m.TicketIssued)
    day.do("TM-01", m.TicketUnprinted, ticket=answer.ticket, reason="came too late")
    again = day.check_in(one)
    assert (again.no, claims_due(day, again.id), one.ticket) == ("A002", day.time("10:00"), again.id)
    assert refusal(day.ask_check_in(one)) is Refusal.DUPLICATE_TICKET


def test_a_reprint_keeps_the_agreed_time() -> None:
    """slip.appt: also the paper marked 补打 says when the appointment is."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("09:45")
    ticket = day.check_in(one)
    decision = day.do("OPS-01", m.ReprintRequested, actor="S004", ticket=ticket.id, print_at="TM-01")
    papers = [answer for _, answer in decision.answers if isinstance(answer, m.TicketIssued)]
    assert [one.appointment_at for one in papers] == [day.time("10:00")]


def test_a_promise_of_today_outlasts_opening_hours() -> None:
    """EXT-3.3, D7: who is late but not given up is served, although no new tickets are given any more."""
    day = BookingDay()
    one = day.book("17:25")
    day.at("17:31")
    assert refusal(day.ask("TM-01", m.TicketRequested, group="A")) is Refusal.CLOSED_TODAY
    assert day.check_in(one).no == "A001"


# --- Counters prepare (APPT-5) --------------------------------------------------------------------------------------------


def notes(day: BookingDay, counter: str) -> list[tuple[str, dict[str, str]]]:
    """What the clerk of a counter reads of appointments."""
    desk = day.desk_state(counter)
    return [(one.key, one.values) for one in desk.notes if one.key.startswith("con.appt")]


def test_counters_are_reminded_quarter_of_an_hour_and_five_minutes_before() -> None:
    """APPT-5: at T-15 and T-5, where somebody sits who can serve it; nowhere else, and never who comes."""
    day = BookingDay()
    day.login("W02", "S101")
    day.login("W04", "S105")
    one = day.book("10:00")
    day.at("09:44:59")
    assert notes(day, "W02") == []
    day.at("09:45")
    assert notes(day, "W02") == [("con.appt", {"time": "10:00", "no": "P001"})]
    assert notes(day, "W04") == []
    mine = day.check_in(one)
    day.at("09:55")
    assert notes(day, "W02") == [("con.appt", {"time": "10:00", "no": mine.no})]
    reminders = [each.fact.minutes for each in day.facts if isinstance(each.fact, f.AppointmentReminded)]
    assert reminders == [15, 5]
    day.call("W02")
    assert notes(day, "W02") == []


@pytest.mark.parametrize(("began", "warned"), [("09:50", True), ("09:30", True), ("09:44", False)])
def test_five_minutes_before_a_session_that_may_overrun_is_warned_of(began: str, warned: bool) -> None:
    """APPT-5: SV02 takes 12 minutes; what began at 09:50 runs into 10:00, what is overdue already may, 09:44 does not."""
    day = BookingDay()
    day.login("W02", "S101")
    day.book("10:00")
    day.at(began)
    day.take("A", service="SV02")
    day.call("W02")
    day.start("W02")
    day.at("09:54:59")
    assert ("con.appt.overrun" in dict(notes(day, "W02"))) is False
    day.at("09:55")
    assert ("con.appt.overrun" in dict(notes(day, "W02"))) is warned


# --- The hall changes its mind (APPT-6) -----------------------------------------------------------------------------------


def test_the_hall_cancels_only_with_an_approver() -> None:
    """APPT-6.1: S101 without approver is refused, with S002 it is cancelled_by_hall; the next free time is offered."""
    day = BookingDay("09:10")
    one = day.book("10:00")
    assert refusal(day.ask_cancel(one, approved_by=None)) is Refusal.APPROVAL_MISSING
    answer = day.ask_cancel(one).answers[0][1]
    assert isinstance(answer, m.RequestDone)
    assert answer.values == {"time": "10:05"}
    assert state(one) is AppointmentState.CANCELLED_BY_HALL
    fact = next(each.fact for each in day.facts if isinstance(each.fact, f.AppointmentCancelled))
    assert (fact.approved_by, fact.notified_at, fact.late) == ("S002", day.time("09:10"), False)


def test_who_comes_although_the_hall_has_cancelled_is_served_as_agreed() -> None:
    """APPT-6.2: the class of a due appointment."""
    day = BookingDay("09:10")
    one = day.book("10:00")
    day.ask_cancel(one)
    day.at("10:03")
    assert claims_due(day, day.check_in(one).id) == day.time("10:03")


def test_nobody_who_was_cancelled_is_called_or_reminded_of() -> None:
    """APPT-6: a cancelled appointment asks nobody for anything any more."""
    day = BookingDay("09:10")
    day.login("W02", "S101")
    one = day.book("10:00")
    day.ask_cancel(one, Initiator.PERSON)
    day.at("10:31")
    assert (notes(day, "W02"), day.tasks(TaskKind.APPOINTMENT_CONTACT)) == ([], [])


def test_the_person_cancels_freely_at_any_time() -> None:
    """APPT-6.1: no reason, no approval, no notice; also when late, also when checked in (then the ticket goes too)."""
    day = BookingDay("09:00")
    planned, late, here = day.book("11:00"), day.book("09:30"), day.book("10:00")
    day.at("10:01")
    ticket = day.check_in(here)
    assert late.state is AppointmentState.OVERDUE
    for one in (planned, late, here):
        assert refusal(day.ask_cancel(one, Initiator.PERSON)) is None
        assert state(one) is AppointmentState.CANCELLED_BY_PERSON
    assert day.hall.tickets[ticket.id].state.value == "cancelled"
    assert not day.tasks(TaskKind.APPOINTMENT_CONTACT)


def test_the_hall_moves_only_with_approval_the_person_freely() -> None:
    """APPT-6.1: also a change that the person accepted by telephone needs it."""
    day = BookingDay("09:00")
    one = day.book("10:00")
    assert refusal(day.ask_change(one, "11:00", Initiator.HALL, approved_by=None)) is Refusal.APPROVAL_MISSING
    assert refusal(day.ask_change(one, "11:00", Initiator.HALL)) is None
    assert one.at == day.time("11:00")
    assert refusal(day.ask_change(one, "11:05")) is None
    assert (one.at, one.state) == (day.time("11:05"), AppointmentState.REQUESTED)


def test_in_an_emergency_the_notice_may_be_late_and_is_flagged() -> None:
    """APPT-6.2: power cut: the notice as soon as possible, on record as late; without an emergency it is refused."""
    day = BookingDay("09:00")
    one, other = day.book("10:00"), day.book("15:00")
    day.emergency("09:50", "10:20")
    assert refusal(day.ask_cancel(one, notified_at=day.time("10:10"))) is None
    assert refusal(day.ask_cancel(other, notified_at=day.time("10:15"))) is None
    late = [each.fact.late for each in day.facts if isinstance(each.fact, f.AppointmentCancelled)]
    assert late == [True, False]


# --- Not coming (APPT-7) --------------------------------------------------------------------------------------------------


def test_the_contact_task_opens_more_than_thirty_minutes_after() -> None:
    """APPT-7.1: exclusive: at 10:30:00 nothing, at 10:30:01 a task for the guide, with the time and never the number."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("10:30")
    assert (one.state, day.tasks(TaskKind.APPOINTMENT_CONTACT)) == (AppointmentState.CONFIRMED, [])
    day.at("10:30:01")
    (task,) = day.tasks(TaskKind.APPOINTMENT_CONTACT, one)
    assert (one.state, task.opened_at, task.values) == (AppointmentState.OVERDUE, day.now, {"time": "10:00"})
    assert task.asks(StaffNo("S004"), "guide")


@pytest.mark.parametrize("clock", ["10:30", "10:30:01", "10:35", "11:59"])
def test_who_comes_before_anything_is_given_up_keeps_the_appointment(clock: str) -> None:
    """APPT-7.1 (a): 10:30:00 is fine, 10:30:01 and 10:35 too: due from the check-in on, and the task is over."""
    day = BookingDay()
    one = day.book("10:00")
    day.at(clock)
    assert claims_due(day, day.check_in(one).id) == day.now
    assert not day.tasks(TaskKind.APPOINTMENT_CONTACT)


def test_case_b_cannot_come() -> None:
    """APPT-7.1 (b): 10:32 cannot come: forfeited 10:32; arrives 11:00: told so, and gets a normal ticket (APPT-7.2)."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("10:32")
    day.contact(one, ContactOutcome.CANNOT_COME)
    assert (one.state, day.tasks(TaskKind.APPOINTMENT_CONTACT)) == (AppointmentState.FORFEITED, [])
    day.at("11:00")
    assert refusal(day.ask_check_in(one)) is Refusal.APPOINTMENT_FORFEITED
    assert [claim.visitor_class for claim in day.take("A").claims] == [VisitorClass.NORMAL]


@pytest.mark.parametrize("outcome", [ContactOutcome.NO_ANSWER, ContactOutcome.WRONG_NUMBER])
def test_case_c_no_answer_twice(outcome: ContactOutcome) -> None:
    """APPT-7.1 (c): no answer 10:32 and 10:38: forfeited 10:38, not before; a wrong number is the same."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("10:32")
    day.contact(one, outcome)
    assert state(one) is AppointmentState.OVERDUE
    assert day.tasks(TaskKind.APPOINTMENT_CONTACT, one)
    day.at("10:38")
    day.contact(one, ContactOutcome.NO_ANSWER)
    assert state(one) is AppointmentState.FORFEITED
    gone = next(each for each in day.facts if isinstance(each.fact, f.AppointmentForfeited))
    assert gone.at == day.time("10:38")


def test_two_calls_count_only_five_minutes_apart() -> None:
    """APPT-7.1: 10:32 and 10:36:59 are one attempt; 10:37:00 is the second."""
    day = BookingDay()
    one = day.book("10:00")
    for clock, expected in (
        ("10:32", AppointmentState.OVERDUE),
        ("10:36:59", AppointmentState.OVERDUE),
        ("10:37", AppointmentState.FORFEITED),
    ):
        day.at(clock)
        day.contact(one, ContactOutcome.NO_ANSWER)
        assert state(one) is expected


def test_case_d_held_to_the_time_they_named() -> None:
    """APPT-7.1 (d): 10:33 「10:50到」: held to 10:50; not arrived: a second contact, earlier calls count no more."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("10:32")
    day.contact(one, ContactOutcome.NO_ANSWER)
    day.at("10:33")
    day.contact(one, ContactOutcome.COMING, "10:50")
    assert (one.state, day.tasks(TaskKind.APPOINTMENT_CONTACT)) == (AppointmentState.HELD, [])
    day.at("10:49:59")
    assert state(one) is AppointmentState.HELD
    day.at("10:50")
    (task,) = day.tasks(TaskKind.APPOINTMENT_CONTACT, one)
    assert (one.state, task.values) == (AppointmentState.OVERDUE, {"time": "10:50"})
    day.contact(one, ContactOutcome.NO_ANSWER)
    assert state(one) is AppointmentState.OVERDUE


def test_who_was_held_comes_in_time() -> None:
    """APPT-7.1 (d): 10:48 is in time: due from the check-in on."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("10:33")
    day.contact(one, ContactOutcome.COMING, "10:50")
    day.at("10:48")
    assert claims_due(day, day.check_in(one).id) == day.now
    day.at("11:30")
    assert not day.tasks(TaskKind.APPOINTMENT_CONTACT)


def test_nobody_is_given_up_without_contact() -> None:
    """D7: however late, without a recorded contact an appointment is never forfeited; the day ends it on record."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("17:29")
    assert state(one) is AppointmentState.OVERDUE
    day.advance(HallTime(day.hall.today.over + 1))
    assert not [each for each in day.facts if isinstance(each.fact, f.AppointmentForfeited)]
    ended = [each.fact.state for each in day.facts if isinstance(each.fact, f.AppointmentNotKept)]
    assert ended == [AppointmentState.OVERDUE]


def test_who_checked_in_never_forfeits() -> None:
    """APPT-7.3: checked in 09:50, T=10:00, called 10:34: still due; 15 minutes beyond T the duty leader hears of it."""
    day = BookingDay()
    day.login("W02", "S101")
    one = day.book("10:00")
    day.at("09:50")
    ticket = day.check_in(one)
    day.at("10:15")
    assert not day.tasks(TaskKind.APPOINTMENT_WAITING)
    day.at("10:15:01")
    (task,) = day.tasks(TaskKind.APPOINTMENT_WAITING, one)
    assert (task.values, task.ladder[0].roles) == ({"no": ticket.no, "m": "15"}, ("duty_leader",))
    day.at("10:34")
    assert day.call("W02") == ticket.no
    call = next(each.fact for each in day.facts if isinstance(each.fact, f.TicketCalled))
    assert call.compared[0].visitor_class is VisitorClass.APPOINTMENT_DUE
    day.let_time_pass()
    assert (one.state, day.tasks(TaskKind.APPOINTMENT_WAITING)) == (AppointmentState.CHECKED_IN, [])


def test_who_is_late_waits_from_the_check_in() -> None:
    """APPT-7.3: somebody who came at 10:35 has waited too long at 10:50, not at once."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("10:35")
    day.check_in(one)
    day.at("10:50")
    assert not day.tasks(TaskKind.APPOINTMENT_WAITING)
    day.at("10:50:01")
    assert day.tasks(TaskKind.APPOINTMENT_WAITING)


# --- Emergencies and nights -----------------------------------------------------------------------------------------------


def test_an_emergency_shifts_the_thirty_minutes() -> None:
    """HALL-8.2: 10:00-10:12; appointment 09:45 not arrived: the task opens at 10:27:01, not at 10:15:01."""
    day = BookingDay()
    one = day.book("09:45")
    day.emergency("10:00", "10:12")
    day.at("10:27")
    assert state(one) is AppointmentState.CONFIRMED
    day.at("10:27:01")
    (task,) = day.tasks(TaskKind.APPOINTMENT_CONTACT, one)
    assert task.opened_at == day.time("10:27:01")


def test_an_emergency_shifts_agreed_times_of_the_day_alone() -> None:
    """1.0.4: 11:00 becomes 11:12, and its check-in 10:42; what is promised afterwards, or for tomorrow, is not shifted."""
    day = BookingDay()
    one, tomorrow = day.book("11:00"), day.book(HallTime(day.time("11:00") + DAY))
    day.emergency("10:00", "10:12")
    after = day.book("11:30")
    day.at("10:41:59")
    early = day.ask_check_in(one).answers[0][1]
    assert isinstance(early, m.RequestRefused)
    assert early.values == {"time": "10:42"}
    day.at("10:42")
    paper = day.ask_check_in(one).answers[0][1]
    assert isinstance(paper, m.TicketIssued)
    assert paper.appointment_at == day.time("11:12")
    assert (day.hall.hall_time(after.agreed_q), tomorrow.agreed_q) == (day.time("11:30"), tomorrow.at)


def test_appointments_outlive_nights() -> None:
    """Decision 3: the fold that starts at DayBegan knows the future ones, their numbers, and what is still to confirm."""
    day = BookingDay()
    ahead = HallTime(day.time("10:00") + DAY)
    confirmed, asked, cancelled, own = (day.book(ahead, holder="ab" * 32), *(day.book(ahead) for _ in range(3)))
    day.do("OPS-01", m.AppointmentConfirmRequested, actor="S004", appointment=confirmed.id, notice_id="GZ-1")
    day.ask_cancel(cancelled)
    day.ask_cancel(own, Initiator.PERSON)
    day.advance(HallTime(day.hall.today.over + 8 * 3_600_000))
    known = day.hall.appointments
    assert [(one.id, one.state) for one in known.all.values()] == [
        (confirmed.id, AppointmentState.CONFIRMED),
        (asked.id, AppointmentState.REQUESTED),
        (cancelled.id, AppointmentState.CANCELLED_BY_HALL),
    ]
    assert (list(known.today), day.tasks(TaskKind.APPOINTMENT_CONFIRM)) == (list(known.all), [])
    day.advance(HallTime(day.hall.today.tickets_from))
    (task,) = day.tasks(TaskKind.APPOINTMENT_CONFIRM)
    assert task.appointment == asked.id
    assert day.book(HallTime(ahead + HALF_HOUR)).id == "2026-03-11/P005"
    start = next(
        n for n, one in enumerate(day.facts) if isinstance(one.fact, f.DayBegan) and n > 0 and "11" in one.fact.date
    )
    assert day.folded([day.facts[0], *day.facts[start:]]) == day.hall
    day.advance(HallTime(ahead - HALF_HOUR))
    paper = day.do("TM-01", m.CheckInRequested, appointment=None, proof=confirmed.contact).answers[0][1]
    assert isinstance(paper, m.TicketIssued)


def test_the_ledger_tells_every_change_of_state() -> None:
    """APPT-9: the facts of one appointment, in order, are its line in the ledger."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("10:33")
    day.contact(one, ContactOutcome.COMING, "10:50")
    day.at("10:51")
    day.contact(one, ContactOutcome.CANNOT_COME)
    mine = [each.fact for each in day.facts if getattr(each.fact, "appointment", None) == one.id]
    assert [type(each).__name__ for each in mine if not isinstance(each, f.TaskOpened)] == [
        "AppointmentMade",
        "AppointmentConfirmAsked",
        "AppointmentReminded",
        "AppointmentReminded",
        "AppointmentPresumedConfirmed",
        "AppointmentOverdue",
        "AppointmentContacted",
        "AppointmentOverdue",
        "AppointmentContacted",
        "AppointmentForfeited",
    ]


def test_opening_a_contact_is_on_record() -> None:
    """APPT-7.1: masked until opened: who looked and why is a fact, and the rules themselves know a reference only."""
    day = BookingDay()
    one = day.book("10:00", contact="0000-5551234", name="甲")
    answer = day.do("OPS-01", m.ContactOpenRequested, actor="S101", appointment=one.id, reason="10:31联系").answers[0][1]
    assert isinstance(answer, m.ContactOpened)
    assert "555" not in answer.contact
    opened = next(each.fact for each in day.facts if isinstance(each.fact, f.AppointmentContactOpened))
    assert (opened.actor, opened.reason) == ("S101", "10:31联系")
    assert "5551234" not in repr(day.facts)
    assert "甲" not in repr(day.facts[3:])
