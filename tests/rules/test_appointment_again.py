"""A check-in whose number is burnt, and the ID card of somebody whose appointment moves (APPT-4.3, APPT-6, APPT-7.1)."""

from broker.rules import facts as f
from broker.rules.appointments.state import Appointment
from broker.rules.facts import AppointmentState
from contracts import messages as m
from contracts.values import HallTime, Initiator, Refusal, TaskKind
from sim.booking_day import BookingDay
from sim.rules_day import refusal

HALF_HOUR = 30 * 60_000
DAY = 24 * 3_600_000


def burnt(day: BookingDay, one: Appointment) -> None:
    """Check in at the machine, which gives the paper up."""
    answer = day.ask_check_in(one).answers[0][1]
    assert isinstance(answer, m.TicketIssued)
    day.do("TM-01", m.TicketUnprinted, ticket=answer.ticket, reason="came too late")


def test_a_burnt_check_in_leaves_the_appointment_as_it_was() -> None:
    """APPT-4.3, APPT-6.1: nobody holds a number, so nobody is here: it can be moved, cancelled and checked in again."""
    day = BookingDay()
    one, other = day.book("10:00"), day.book("10:05")
    for each in (one, other):
        day.do("OPS-01", m.AppointmentConfirmRequested, actor="S004", appointment=each.id, notice_id="GZ-20260310-001")
    day.at("09:45")
    burnt(day, one)
    burnt(day, other)
    assert (day.state(one), one.ticket, day.hall.appointments.here) == (AppointmentState.CONFIRMED, None, {})
    assert refusal(day.ask_change(one, "11:00")) is None
    assert refusal(day.ask_cancel(other, Initiator.PERSON)) is None
    day.at("10:40")
    assert day.check_in(one).state.value == "waiting"


def test_who_did_not_try_again_after_a_burnt_check_in_is_called() -> None:
    """APPT-7.1: half an hour behind the agreed time somebody calls the person, as if there had been no check-in."""
    day = BookingDay()
    one = day.book("10:00")
    day.at("09:45")
    burnt(day, one)
    day.at("10:30")
    assert day.state(one) is AppointmentState.CONFIRMED
    day.at("10:30:01")
    assert day.state(one) is AppointmentState.OVERDUE
    assert len(day.tasks(TaskKind.APPOINTMENT_CONTACT, one)) == 1


def test_a_burnt_check_in_of_somebody_overdue_is_asked_about_anew() -> None:
    """APPT-7.1: the task ended with the check-in; it is there again, and so is that of an unconfirmed one (APPT-4.2)."""
    day = BookingDay()
    late = day.book("10:00")
    day.at("10:31")
    burnt(day, late)
    day.let_time_pass()
    assert (day.state(late), late.overdue) == (AppointmentState.OVERDUE, 2)
    assert len(day.tasks(TaskKind.APPOINTMENT_CONTACT, late)) == 1
    new = day.book("11:00")
    day.at("10:35")
    burnt(day, new)
    day.let_time_pass()
    assert (day.state(new), len(day.tasks(TaskKind.APPOINTMENT_CONFIRM, new))) == (AppointmentState.REQUESTED, 1)


def test_an_ordinary_number_that_is_burnt_reopens_nothing() -> None:
    """Only the number of a check-in has an appointment."""
    day = BookingDay("09:00")
    day.do("TM-01", m.TicketUnprinted, ticket=day.press("A").id, reason="paper out")
    assert not [one for one in day.facts if isinstance(one.fact, f.AppointmentReopened)]


CARD, TOMORROWS_CARD = "ab" * 32, "cd" * 32


def test_a_moved_appointment_is_checked_in_by_the_card_shown_for_its_new_day() -> None:
    """APPT-4.3: cards are hashed with the key of a day; shown again at the change it checks in on the new day."""
    day = BookingDay()
    one = day.book("10:00", holder=CARD)
    when = HallTime(day.time("10:00") + DAY)
    answer = day.ask_change(one, when, holder=TOMORROWS_CARD).answers[0][1]
    assert isinstance(answer, m.RequestDone)
    assert answer.values["card"] == "known"
    day.advance(HallTime(when - HALF_HOUR))
    assert refusal(day.ask("TM-01", m.CheckInRequested, holder=CARD)) is Refusal.UNKNOWN_APPOINTMENT
    paper = day.ask("TM-01", m.CheckInRequested, holder=TOMORROWS_CARD).answers[0][1]
    assert isinstance(paper, m.TicketIssued)
    assert paper.appointment_at == when


def test_moved_without_the_card_staff_hear_that_the_code_is_needed() -> None:
    """The hash of one day says nothing on another: it is dropped and said so, and the code checks in as ever."""
    day = BookingDay()
    one, never = day.book("10:00", holder=CARD), day.book("10:10")
    tomorrow = HallTime(day.time("10:00") + DAY)
    told = [day.ask_change(each, tomorrow).answers[0][1] for each in (one, never)]
    assert [each.values["card"] for each in told if isinstance(each, m.RequestDone)] == ["lost", "never"]
    assert one.holder is None
    day.advance(HallTime(tomorrow - HALF_HOUR))
    assert isinstance(day.ask_check_in(one).answers[0][1], m.TicketIssued)


def test_moved_within_its_day_the_card_stays_known() -> None:
    """Same day, same key."""
    day = BookingDay()
    one = day.book("10:00", holder=CARD)
    known = one.holder
    answer = day.ask_change(one, "11:00").answers[0][1]
    assert isinstance(answer, m.RequestDone)
    assert (answer.values["card"], one.holder) == ("known", known)
