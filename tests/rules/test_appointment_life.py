"""Appointments from the booking to the ticket: the examples of APPT-1 to APPT-5, one by one, and their edges."""

import pytest

from broker.rules import facts as f
from broker.rules.facts import AppointmentState
from contracts import messages as m
from contracts.values import (
    Channel,
    HallTime,
    Initiator,
    Refusal,
    TaskKind,
)
from sim.booking_day import BookingDay
from sim.rules_day import hall_text, refusal

HALF_HOUR = 30 * 60_000
DAY = 24 * 3_600_000


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
    assert day.state(one) is AppointmentState.CONFIRMED
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
    assert day.state(one) is AppointmentState.REQUESTED
    day.at("10:00")
    assert day.state(one) is AppointmentState.CONFIRMED
    assert not day.tasks(TaskKind.APPOINTMENT_CONFIRM)
    assert day.claims_due(day.check_in(one).id) == day.time("10:00")


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
    assert day.claims_due(paper.ticket) == day.time("10:00")


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
    assert day.claims_due(answer.ticket) == day.time("10:00")
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
    assert (again.no, day.claims_due(again.id), one.ticket) == ("A002", day.time("10:00"), again.id)
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


def test_counters_are_reminded_quarter_of_an_hour_and_five_minutes_before() -> None:
    """APPT-5: at T-15 and T-5, where somebody sits who can serve it; nowhere else, and never who comes."""
    day = BookingDay()
    day.login("W02", "S101")
    day.login("W04", "S105")
    one = day.book("10:00")
    day.at("09:44:59")
    assert day.notes("W02") == []
    day.at("09:45")
    assert day.notes("W02") == [("con.appt", {"time": "10:00", "no": "P001"})]
    assert day.notes("W04") == []
    mine = day.check_in(one)
    day.at("09:55")
    assert day.notes("W02") == [("con.appt", {"time": "10:00", "no": mine.no})]
    reminders = [each.fact.minutes for each in day.facts if isinstance(each.fact, f.AppointmentReminded)]
    assert reminders == [15, 5]
    day.call("W02")
    assert day.notes("W02") == []


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
    assert ("con.appt.overrun" in dict(day.notes("W02"))) is False
    day.at("09:55")
    assert ("con.appt.overrun" in dict(day.notes("W02"))) is warned
