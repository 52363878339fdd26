"""Appointments changed, cancelled or given up; what nights and emergencies do to them (APPT-6, APPT-7, HALL-8.2)."""

import pytest

from broker.rules import facts as f
from broker.rules.facts import AppointmentState
from contracts import messages as m
from contracts.values import (
    ContactOutcome,
    HallTime,
    Initiator,
    Refusal,
    StaffNo,
    TaskKind,
    VisitorClass,
)
from sim.booking_day import BookingDay
from sim.rules_day import refusal

HALF_HOUR = 30 * 60_000
DAY = 24 * 3_600_000


# --- The hall changes its mind (APPT-6) -----------------------------------------------------------------------------------


def test_the_hall_cancels_only_with_an_approver() -> None:
    """APPT-6.1: S101 without approver is refused, with S002 it is cancelled_by_hall; the next free time is offered."""
    day = BookingDay("09:10")
    one = day.book("10:00")
    assert refusal(day.ask_cancel(one, approved_by=None)) is Refusal.APPROVAL_MISSING
    answer = day.ask_cancel(one).answers[0][1]
    assert isinstance(answer, m.RequestDone)
    assert answer.values == {"time": "10:05"}
    assert day.state(one) is AppointmentState.CANCELLED_BY_HALL
    fact = next(each.fact for each in day.facts if isinstance(each.fact, f.AppointmentCancelled))
    assert (fact.approved_by, fact.notified_at, fact.late) == ("S002", day.time("09:10"), False)


def test_who_comes_although_the_hall_has_cancelled_is_served_as_agreed() -> None:
    """APPT-6.2: the class of a due appointment."""
    day = BookingDay("09:10")
    one = day.book("10:00")
    day.ask_cancel(one)
    day.at("10:03")
    assert day.claims_due(day.check_in(one).id) == day.time("10:03")


def test_nobody_who_was_cancelled_is_called_or_reminded_of() -> None:
    """APPT-6: a cancelled appointment asks nobody for anything any more."""
    day = BookingDay("09:10")
    day.login("W02", "S101")
    one = day.book("10:00")
    day.ask_cancel(one, Initiator.PERSON)
    day.at("10:31")
    assert (day.notes("W02"), day.tasks(TaskKind.APPOINTMENT_CONTACT)) == ([], [])


def test_the_person_cancels_freely_at_any_time() -> None:
    """APPT-6.1: no reason, no approval, no notice; also when late, also when checked in (then the ticket goes too)."""
    day = BookingDay("09:00")
    planned, late, here = day.book("11:00"), day.book("09:30"), day.book("10:00")
    day.at("10:01")
    ticket = day.check_in(here)
    assert late.state is AppointmentState.OVERDUE
    for one in (planned, late, here):
        assert refusal(day.ask_cancel(one, Initiator.PERSON)) is None
        assert day.state(one) is AppointmentState.CANCELLED_BY_PERSON
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
    assert day.claims_due(day.check_in(one).id) == day.now
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
    assert day.state(one) is AppointmentState.OVERDUE
    assert day.tasks(TaskKind.APPOINTMENT_CONTACT, one)
    day.at("10:38")
    day.contact(one, ContactOutcome.NO_ANSWER)
    assert day.state(one) is AppointmentState.FORFEITED
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
        assert day.state(one) is expected


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
    assert day.state(one) is AppointmentState.HELD
    day.at("10:50")
    (task,) = day.tasks(TaskKind.APPOINTMENT_CONTACT, one)
    assert (one.state, task.values) == (AppointmentState.OVERDUE, {"time": "10:50"})
    day.contact(one, ContactOutcome.NO_ANSWER)
    assert day.state(one) is AppointmentState.OVERDUE


def test_who_was_held_comes_in_time() -> None:
    """APPT-7.1 (d): 10:48 is in time: due from the check-in on."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("10:33")
    day.contact(one, ContactOutcome.COMING, "10:50")
    day.at("10:48")
    assert day.claims_due(day.check_in(one).id) == day.now
    day.at("11:30")
    assert not day.tasks(TaskKind.APPOINTMENT_CONTACT)


def test_nobody_is_given_up_without_contact() -> None:
    """D7: however late, without a recorded contact an appointment is never forfeited; the day ends it on record."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("17:29")
    assert day.state(one) is AppointmentState.OVERDUE
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
    assert day.state(one) is AppointmentState.CONFIRMED
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
