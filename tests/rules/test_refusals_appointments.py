"""What is refused of appointments, real names and projects: each reason reached by the situation the rules name."""

import pytest

from broker.rules.asking import Decision
from broker.rules.hours import on_day
from contracts import messages as m
from contracts.values import ContactOutcome, HallTime, Initiator, Refusal
from sim.booking_day import BookingDay
from sim.rules_day import RulesDay
from sim.scenes import Scenes, check_refused

SCENES = Scenes()
refuses = SCENES.refuses
WEEK = 7 * 24 * 3_600_000


def booking(day: RulesDay) -> BookingDay:
    """The day as the scenes of this module get it."""
    assert isinstance(day, BookingDay)
    return day


@refuses(Refusal.SLOT_FULL)
def fifth_in_a_half_hour(day: RulesDay) -> Decision:
    """APPT-1: four are promised; the fifth is offered the next free time."""
    for _ in range(4):
        booking(day).book("10:00")
    return booking(day).ask_book("10:25")


@refuses(Refusal.SLOT_FULL)
def moved_into_a_full_half_hour(day: RulesDay) -> Decision:
    """APPT-1: another time is a promise of its own."""
    for _ in range(4):
        booking(day).book("10:00")
    return booking(day).ask_change(booking(day).book("11:00"), "10:05")


@refuses(Refusal.OUTSIDE_HOURS)
def at_noon(day: RulesDay) -> Decision:
    """APPT-1: opening hours; 12:00 is the first minute of the break."""
    return booking(day).ask_book("12:00")


@refuses(Refusal.OUTSIDE_HOURS)
def at_closing(day: RulesDay) -> Decision:
    """APPT-1: 17:30 is no more within opening hours."""
    return booking(day).ask_book("17:30")


@refuses(Refusal.OUTSIDE_HOURS)
def on_a_sunday(day: RulesDay) -> Decision:
    """APPT-1: no working day."""
    return booking(day).ask_book(HallTime(day.time("10:00") + 5 * WEEK // 7))


@refuses(Refusal.OUTSIDE_HOURS)
def on_a_holiday(day: RulesDay) -> Decision:
    """APPT-1, 1.0.1: Monday 2026-04-06 is 清明节."""
    day.advance(HallTime(day.now + WEEK))
    return booking(day).ask_book(on_day(day.date.replace(month=4, day=6), "10:00"))


@refuses(Refusal.CALENDAR_MISSING_YEAR)
def in_a_year_without_data(day: RulesDay) -> Decision:
    """1.0.1: the holidays of 2027 were not imported: refused, not guessed."""
    return booking(day).ask_book(on_day(day.date.replace(year=2027), "10:00"))


@refuses(Refusal.CONTACT_MISSING)
def without_contact(day: RulesDay) -> Decision:
    """APPT-4.1: matter, time and contact are needed."""
    return booking(day).ask_book("10:00", contact=" ")


@refuses(Refusal.CONTACT_MISSING)
def with_a_contact_nobody_can_use(day: RulesDay) -> Decision:
    """APPT-4.1: a word is no contact."""
    return booking(day).ask_book("10:00", contact="无")


@refuses(Refusal.CONTACT_MISSING)
def with_something_that_looks_like_a_reference(day: RulesDay) -> Decision:
    """The vault's references cannot be sent from outside."""
    return booking(day).ask_book("10:00", contact="~1")


@refuses(Refusal.BAD_VALUE)
def off_the_grid(day: RulesDay) -> Decision:
    """APPT-1: agreed times lie on a grid of five minutes."""
    return booking(day).ask_book("10:03")


@refuses(Refusal.BAD_VALUE)
def in_the_past(day: RulesDay) -> Decision:
    """A time that has passed cannot be promised."""
    day.at("10:00")
    return booking(day).ask_book("10:00")


@refuses(Refusal.BAD_VALUE)
def too_far_ahead(day: RulesDay) -> Decision:
    """params.appointment.ahead_days: 30 days."""
    return booking(day).ask_book(HallTime(day.time("10:00") + 5 * WEEK))


@refuses(Refusal.UNKNOWN_GROUP)
def for_no_group(day: RulesDay) -> Decision:
    """APPT-4.1: the matter must be one of the hall's."""
    return booking(day).ask_book("10:00", "Z")


@refuses(Refusal.UNKNOWN_SERVICE)
def for_a_service_of_another_group(day: RulesDay) -> Decision:
    """APPT-4.1: the matter must be one of the hall's."""
    return booking(day).ask_book("10:00", "A", service="SV06")


@refuses(Refusal.UNKNOWN_PROJECT)
def for_a_project_that_expires_before(day: RulesDay) -> Decision:
    """GREEN-2: YA2026-011 is valid to 03-31; on 04-01 it is refused."""
    day.advance(HallTime(day.now + WEEK))
    return booking(day).ask_book(on_day(day.date.replace(month=4, day=1), "10:00"), project="YA2026-011")


@refuses(Refusal.NOT_PERMITTED)
def by_an_inspector(day: RulesDay) -> Decision:
    """Who controls the hall does not run its appointments."""
    return booking(day).ask_book("10:00", actor="S007")


@refuses(Refusal.EMERGENCY)
def for_today_in_an_emergency(day: RulesDay) -> Decision:
    """HALL-8.2: nobody knows when it ends."""
    day.at("09:00")
    for confirmed in (False, True):
        day.do("OPS-01", m.EmergencyRequested, actor="S002", confirmed=confirmed)
    return booking(day).ask_book("10:00")


@refuses(Refusal.NOTICE_MISSING)
def confirmed_without_notice(day: RulesDay) -> Decision:
    """APPT-4.2: confirming takes the one-off notice."""
    one = booking(day).book("10:00")
    return day.ask("OPS-01", m.AppointmentConfirmRequested, actor="S004", appointment=one.id, notice_id=" ")


@refuses(Refusal.APPOINTMENT_STATE)
def confirmed_twice(day: RulesDay) -> Decision:
    """APPT-4.2: what is confirmed is confirmed."""
    one = booking(day).book("10:00")
    fields = {"actor": "S004", "appointment": one.id, "notice_id": "GZ-1"}
    day.do("OPS-01", m.AppointmentConfirmRequested, **fields)
    return day.ask("OPS-01", m.AppointmentConfirmRequested, **fields)


@refuses(Refusal.UNKNOWN_APPOINTMENT)
def confirmed_what_is_not_there(day: RulesDay) -> Decision:
    """There is no such appointment."""
    return day.ask("OPS-01", m.AppointmentConfirmRequested, actor="S004", appointment="2026-03-10/P404", notice_id="GZ-1")


@refuses(Refusal.APPROVAL_MISSING)
def cancelled_without_approver(day: RulesDay) -> Decision:
    """APPT-6.1: S101 without approver is refused."""
    return booking(day).ask_cancel(booking(day).book("10:00"), approved_by=None)


@refuses(Refusal.APPROVAL_MISSING)
def cancelled_with_a_colleague_for_approver(day: RulesDay) -> Decision:
    """APPT-6.1: a clerk cannot approve."""
    return booking(day).ask_cancel(booking(day).book("10:00"), approved_by="S102")


@refuses(Refusal.OWN_CASE)
def cancelled_by_the_leader_for_himself(day: RulesDay) -> Decision:
    """CREP-4.0: nobody approves his own."""
    return booking(day).ask_cancel(booking(day).book("10:00"), actor="S002", approved_by="S002")


@refuses(Refusal.NOTICE_MISSING)
def cancelled_before_the_person_was_told(day: RulesDay) -> Decision:
    """APPT-6.2: the person is told first."""
    return booking(day).ask_cancel(booking(day).book("10:00"), notified_at=None)


@refuses(Refusal.NOTICE_MISSING)
def told_only_at_the_agreed_time(day: RulesDay) -> Decision:
    """APPT-6.2: in advance means before T, but in an emergency."""
    one = booking(day).book("10:00")
    day.at("10:05")
    return booking(day).ask_cancel(one, notified_at=day.time("10:00"))


@refuses(Refusal.BAD_VALUE)
def told_in_the_future(day: RulesDay) -> Decision:
    """A notice that has not been given yet is none."""
    return booking(day).ask_cancel(booking(day).book("10:00"), notified_at=HallTime(day.now + 1))


@refuses(Refusal.BAD_VALUE)
def cancelled_without_a_reason(day: RulesDay) -> Decision:
    """APPT-6.1: not without reason."""
    return booking(day).ask_cancel(booking(day).book("10:00"), reason=" ")


@refuses(Refusal.APPOINTMENT_STATE)
def cancelled_twice(day: RulesDay) -> Decision:
    """What is over is over."""
    one = booking(day).book("10:00")
    booking(day).ask_cancel(one, Initiator.PERSON)
    return booking(day).ask_cancel(one, Initiator.PERSON)


@refuses(Refusal.APPOINTMENT_STATE)
def cancelled_by_the_hall_when_the_person_is_here(day: RulesDay) -> Decision:
    """APPT-7.3: nobody who has checked in is sent away."""
    one = booking(day).book("10:00")
    day.at("09:45")
    booking(day).check_in(one)
    return booking(day).ask_cancel(one)


@refuses(Refusal.APPOINTMENT_STATE)
def moved_when_the_person_is_here(day: RulesDay) -> Decision:
    """The ticket is out; its holder may give it up."""
    one = booking(day).book("10:00")
    day.at("09:45")
    booking(day).check_in(one)
    return booking(day).ask_change(one, "11:00")


@refuses(Refusal.CHECKIN_NOT_OPEN)
def checked_in_too_early(day: RulesDay) -> Decision:
    """APPT-4.3: T=10:00, 09:25: 「可于09:30起签到」."""
    one = booking(day).book("10:00")
    day.at("09:25")
    return booking(day).ask_check_in(one)


@refuses(Refusal.NOT_OPEN_YET)
def checked_in_before_the_machines_open(day: RulesDay) -> Decision:
    """EXT-3.2: tickets are given from 08:45 on."""
    one = booking(day).book("09:00")
    day.at("08:40")
    return booking(day).ask_check_in(one)


@refuses(Refusal.UNKNOWN_APPOINTMENT)
def checked_in_with_a_wrong_code(day: RulesDay) -> Decision:
    """tm.appt.none: a ticket may be taken instead."""
    booking(day).book("10:00")
    day.at("09:45")
    return day.ask("TM-01", m.CheckInRequested, proof="0" * 64)


@refuses(Refusal.UNKNOWN_APPOINTMENT)
def checked_in_a_day_early(day: RulesDay) -> Decision:
    """An appointment of tomorrow is none of today."""
    one = booking(day).book(HallTime(day.time("10:00") + WEEK // 7))
    day.at("10:00")
    return day.ask("OPS-01", m.CheckInRequested, appointment=one.id, actor="S004")


@refuses(Refusal.NOT_PERMITTED)
def machine_names_an_appointment(day: RulesDay) -> Decision:
    """A machine's visitor shows a card or knows the code; numbers of appointments are easy to guess."""
    one = booking(day).book("10:00")
    day.at("09:45")
    return day.ask("TM-01", m.CheckInRequested, appointment=one.id)


@refuses(Refusal.BAD_VALUE)
def checked_in_by_nothing(day: RulesDay) -> Decision:
    """Exactly one way of being known."""
    return day.ask("TM-01", m.CheckInRequested)


@refuses(Refusal.UNKNOWN_STAFF)
def checked_in_by_a_nameless_guide(day: RulesDay) -> Decision:
    """Staff name themselves."""
    return day.ask("OPS-01", m.CheckInRequested, appointment=booking(day).book("10:00").id)


@refuses(Refusal.DUPLICATE_TICKET)
def checked_in_twice(day: RulesDay) -> Decision:
    """EXT-3.2: the ticket that is out already is named."""
    one = booking(day).book("10:00")
    day.at("09:45")
    booking(day).check_in(one)
    return booking(day).ask_check_in(one)


@refuses(Refusal.DUPLICATE_TICKET)
def checked_in_while_being_called(day: RulesDay) -> Decision:
    """EXT-3.2: who is just being called with an ordinary ticket needs no other."""
    booking(day).book("10:00", holder="ab" * 32)
    day.login("W02", "S101")
    day.at("09:45")
    answer = day.do("TM-01", m.TicketRequested, group="A", holder="ab" * 32).answers[0][1]
    assert isinstance(answer, m.TicketIssued)
    day.do("TM-01", m.TicketPrinted, ticket=answer.ticket, copy=0, proof="confirmed")
    day.call("W02")
    return day.ask("TM-01", m.CheckInRequested, holder="ab" * 32)


@refuses(Refusal.DUPLICATE_TICKET)
def checked_in_to_a_second_one_of_the_same_queue(day: RulesDay) -> Decision:
    """EXT-3.2: one live ticket per person and group; the second appointment checks in when the first is served."""
    booking(day).book("10:00", holder="ab" * 32)
    booking(day).book("10:05", holder="ab" * 32)
    day.at("09:45")
    day.do("TM-01", m.CheckInRequested, holder="ab" * 32)
    return day.ask("TM-01", m.CheckInRequested, holder="ab" * 32)


@refuses(Refusal.APPOINTMENT_STATE)
def checked_in_after_the_visit(day: RulesDay) -> Decision:
    """One appointment, one visit."""
    one = booking(day).book("10:00")
    day.login("W02", "S101")
    day.at("09:45")
    booking(day).check_in(one)
    day.call_and_serve("W02")
    return booking(day).ask_check_in(one)


@refuses(Refusal.APPOINTMENT_STATE)
def checked_in_after_cancelling_it(day: RulesDay) -> Decision:
    """A guide sees that the person cancelled; a ticket is free."""
    one = booking(day).book("10:00")
    booking(day).ask_cancel(one, Initiator.PERSON)
    day.at("09:45")
    return day.ask("OPS-01", m.CheckInRequested, appointment=one.id, actor="S004")


@refuses(Refusal.APPOINTMENT_FORFEITED)
def checked_in_after_it_was_given_up(day: RulesDay) -> Decision:
    """APPT-7.1 (b): 「请您重新取号」."""
    one = booking(day).book("10:00")
    day.at("10:32")
    booking(day).contact(one, ContactOutcome.CANNOT_COME)
    return booking(day).ask_check_in(one)


@refuses(Refusal.EMERGENCY)
def checked_in_during_an_emergency(day: RulesDay) -> Decision:
    """HALL-8.2: machines stop."""
    one = booking(day).book("10:00")
    day.at("09:45")
    for confirmed in (False, True):
        day.do("OPS-01", m.EmergencyRequested, actor="S002", confirmed=confirmed)
    return booking(day).ask_check_in(one)


def contact(day: RulesDay, clock: str, **fields: object) -> Decision:
    """Record a call to somebody whose appointment was at 10:00."""
    one = booking(day).book("10:00")
    day.at(clock)
    known = {"actor": "S004", "appointment": one.id, "outcome": ContactOutcome.NO_ANSWER}
    return day.ask("OPS-01", m.AppointmentContactRecorded, **(known | fields))


@refuses(Refusal.APPOINTMENT_STATE)
def called_before_the_thirty_minutes(day: RulesDay) -> Decision:
    """APPT-7.1, D7: only who is more than 30 minutes late can be given up."""
    return contact(day, "10:30")


@refuses(Refusal.APPOINTMENT_STATE)
def called_who_has_checked_in(day: RulesDay) -> Decision:
    """APPT-7.3: a person who is checked in never forfeits."""
    one = booking(day).book("10:00")
    day.at("09:45")
    booking(day).check_in(one)
    day.at("10:31")
    fields = {"actor": "S004", "appointment": one.id, "outcome": ContactOutcome.CANNOT_COME}
    return day.ask("OPS-01", m.AppointmentContactRecorded, **fields)


@refuses(Refusal.BAD_VALUE)
def coming_without_a_time(day: RulesDay) -> Decision:
    """APPT-7.1: the new time is part of "coming"."""
    return contact(day, "10:31", outcome=ContactOutcome.COMING)


@refuses(Refusal.BAD_VALUE)
def coming_tomorrow(day: RulesDay) -> Decision:
    """APPT-7.1: the same day; another day is a change."""
    until = HallTime(day.time("10:00") + WEEK // 7)
    return contact(day, "10:31", outcome=ContactOutcome.COMING, hold_until=until)


@refuses(Refusal.BAD_VALUE)
def no_answer_with_a_time(day: RulesDay) -> Decision:
    """A time that nobody named."""
    return contact(day, "10:31", hold_until=day.time("11:00"))


@refuses(Refusal.NOT_PERMITTED)
def contact_opened_by_who_runs_the_machines(day: RulesDay) -> Decision:
    """SECR-0: a number is for whoever calls people."""
    one = booking(day).book("10:00")
    return day.ask("OPS-01", m.ContactOpenRequested, actor="S003", appointment=one.id, reason="看看")


@refuses(Refusal.BAD_VALUE)
def contact_opened_without_a_reason(day: RulesDay) -> Decision:
    """APPT-7.1: opening it is on record with its reason."""
    one = booking(day).book("10:00")
    return day.ask("OPS-01", m.ContactOpenRequested, actor="S004", appointment=one.id, reason="")


@refuses(Refusal.UNKNOWN_APPOINTMENT)
def contact_of_nobody(day: RulesDay) -> Decision:
    """There is no such appointment."""
    return day.ask("OPS-01", m.ContactOpenRequested, actor="S004", appointment="2026-03-10/P404", reason="联系")


@refuses(Refusal.DUPLICATE_TICKET)
def second_ticket_of_one_person(day: RulesDay) -> Decision:
    """EXT-3.2: one live ticket per person and group."""
    day.at("09:00")
    day.do("TM-01", m.TicketRequested, group="A", holder="ab" * 32)
    return day.ask("TM-01", m.TicketRequested, group="A", holder="ab" * 32)


@refuses(Refusal.UNKNOWN_PROJECT)
def wrong_project_code_at_a_machine(day: RulesDay) -> Decision:
    """GREEN-2: no self-declaration; a normal ticket is offered."""
    day.at("09:00")
    return day.ask("TM-01", m.TicketRequested, group="A", project="YA2026-999")


@pytest.mark.parametrize(("reason", "scene"), SCENES.found, ids=SCENES.names)
def test_situation_of_appointments_is_refused_and_changes_nothing(reason: Refusal, scene: object) -> None:
    """Each scene's docstring names its rule; every person reads a whole sentence."""
    assert callable(scene)
    check_refused(BookingDay(), reason, scene)
