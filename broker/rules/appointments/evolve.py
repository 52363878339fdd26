"""What the facts of appointments change; ``apply`` at the end is their table."""

from datetime import date
from typing import assert_never

from broker.rules import facts as f
from broker.rules.appointments.instants import next_of_today, note
from broker.rules.appointments.slots import agreed_q, as_made
from broker.rules.appointments.state import OPEN, Appointment, Appointments
from broker.rules.evolve_visit import let_in
from broker.rules.facts import AppointmentOnFile, AppointmentState
from broker.rules.hall import Hall
from broker.rules.hours import day_of
from contracts.values import Channel, ContactOutcome, HallTime, Initiator, TicketId, VisitorClass


def day_began(hall: Hall, fact: f.DayBegan) -> None:
    """Those of the days to come, and of today; what is not confirmed is asked for anew."""
    hall.appointments = Appointments(numbers=dict(fact.appointment_numbers))
    for one in fact.appointments:
        _keep(hall, _from_file(hall, one))


def adopted(hall: Hall) -> None:
    """Other times may be configured: what is due next is noted anew."""
    for one in hall.appointments.all.values():
        note(hall, one)
    hall.appointments.next_q = next_of_today(hall)


def _from_file(hall: Hall, one: AppointmentOnFile) -> Appointment:
    return Appointment(
        id=one.id,
        group=one.group,
        service=one.service,
        at=one.at,
        agreed_q=agreed_q(hall, one.at),
        contact=one.contact,
        state=one.state,
        channel=one.channel.value,
        holder=one.holder,
        project=one.project,
        source_id=one.source_id,
        asked=one.state is not AppointmentState.REQUESTED,
    )


def _keep(hall: Hall, one: Appointment) -> None:
    """Put it where it belongs by its day and state."""
    known = hall.appointments
    known.all[one.id] = one
    note(hall, one)
    for some, belongs in (
        (known.today, day_of(one.at) == hall.today.date),
        (known.unasked, one.state is AppointmentState.REQUESTED and not one.asked),
        (known.here, one.state is AppointmentState.CHECKED_IN),
    ):
        if belongs:
            some[one.id] = one
        else:
            some.pop(one.id, None)
    known.next_q = next_of_today(hall)


def _made(hall: Hall, fact: f.AppointmentMade) -> None:
    day = day_of(fact.at).isoformat()
    hall.appointments.numbers[day] = hall.appointments.numbers.get(day, 0) + 1
    _keep(hall, as_made(hall, fact))


def _become(hall: Hall, one: Appointment, state: AppointmentState) -> None:
    one.state = state
    _keep(hall, one)


def _changed(hall: Hall, one: Appointment, fact: f.AppointmentChanged) -> None:
    """A promise of its own: whoever was late or held to another time is neither any more."""
    if fact.holder is not None or day_of(fact.at) != day_of(one.at):
        one.holder = fact.holder  # a card is known by another name each day
    one.at, one.agreed_q = fact.at, agreed_q(hall, fact.at)
    one.reminded, one.attempts, one.attempted_q, one.hold_q = set(), 0, None, None
    confirmed = one.state is not AppointmentState.REQUESTED
    one.asked = confirmed
    _become(hall, one, AppointmentState.CONFIRMED if confirmed else AppointmentState.REQUESTED)


def _cancelled(hall: Hall, one: Appointment, fact: f.AppointmentCancelled) -> None:
    by_hall = fact.by is Initiator.HALL
    _become(hall, one, AppointmentState.CANCELLED_BY_HALL if by_hall else AppointmentState.CANCELLED_BY_PERSON)


def _contacted(hall: Hall, one: Appointment, fact: f.AppointmentContacted, at: HallTime) -> None:
    if fact.outcome is ContactOutcome.COMING and fact.hold_until is not None:
        one.hold_q = HallTime(fact.hold_until - hall.frozen)
        one.attempts, one.attempted_q = 0, None
        _become(hall, one, AppointmentState.HELD)
    elif fact.counts:
        one.attempts += 1
        one.attempted_q = hall.queue_clock(at)


def _checked_in(hall: Hall, one: Appointment, fact: f.AppointmentCheckedIn) -> None:
    one.ticket = fact.ticket
    hall.appointments.of_ticket[fact.ticket] = one.id
    ticket = hall.tickets[fact.ticket]
    if fact.linked:
        ticket.claims = fact.claims
        if ticket.id in hall.queue:
            hall.queue.leave(ticket.id)
            let_in(hall, ticket)
    due = (claim.since for claim in ticket.claims if claim.visitor_class is VisitorClass.APPOINTMENT_DUE)
    one.since_q = next(due, one.agreed_q)
    one.before = one.before if one.state is AppointmentState.CHECKED_IN else one.state
    _become(hall, one, AppointmentState.CHECKED_IN)


def _reopened(hall: Hall, one: Appointment) -> None:
    """As before the check-in. Its tasks ended with that: who was to be confirmed or called is asked for anew."""
    before = one.before or AppointmentState.CONFIRMED
    hall.appointments.of_ticket.pop(one.ticket or TicketId(""), None)
    one.ticket, one.since_q, one.before, one.waited_long = None, None, None, False
    one.asked = before is not AppointmentState.REQUESTED
    _become(hall, one, AppointmentState.CONFIRMED if before is AppointmentState.OVERDUE else before)


def numbers_from(hall: Hall, day: date) -> dict[str, int]:
    """How many were ever made for the days from this one on; no number is given twice."""
    return {each: n for each, n in hall.appointments.numbers.items() if each >= day.isoformat()}


def on_file(hall: Hall, day: date) -> tuple[AppointmentOnFile, ...]:
    """What ``DayBegan`` carries into this day: those that may still be kept, and those the hall has cancelled."""
    return tuple(
        AppointmentOnFile(
            id=one.id,
            group=one.group,
            service=one.service,
            at=one.at,
            channel=Channel(one.channel),
            contact=one.contact,
            state=one.state,
            holder=one.holder,
            project=one.project,
            source_id=one.source_id,
        )
        for one in hall.appointments.all.values()
        if day_of(one.at) >= day and (one.state in OPEN or one.state is AppointmentState.CANCELLED_BY_HALL)
    )


def apply(hall: Hall, fact: f.AppointmentFact, at: HallTime) -> None:  # noqa: C901, PLR0912 -- a table, one line a fact
    """One fact of an appointment."""
    if isinstance(fact, f.AppointmentMade):
        _made(hall, fact)
        return
    one = hall.appointments.all[fact.appointment]
    match fact:
        case f.AppointmentConfirmAsked():
            one.asked = True
            _keep(hall, one)
        case f.AppointmentConfirmed() | f.AppointmentPresumedConfirmed():
            _become(hall, one, AppointmentState.CONFIRMED)
        case f.AppointmentReminded(minutes=minutes):
            one.reminded.add(minutes)
            _keep(hall, one)
        case f.AppointmentChanged():
            _changed(hall, one, fact)
        case f.AppointmentCancelled():
            _cancelled(hall, one, fact)
        case f.AppointmentOverdue():
            one.overdue += 1
            _become(hall, one, AppointmentState.OVERDUE)
        case f.AppointmentContacted():
            _contacted(hall, one, fact, at)
        case f.AppointmentForfeited():
            _become(hall, one, AppointmentState.FORFEITED)
        case f.AppointmentCheckedIn():
            _checked_in(hall, one, fact)
        case f.AppointmentReopened():
            _reopened(hall, one)
        case f.AppointmentWaitedLong():
            one.waited_long = True
            _keep(hall, one)
        case f.AppointmentContactOpened() | f.AppointmentNotKept():
            pass  # stored for its own sake; nothing later depends on it
        case _:
            assert_never(fact)
