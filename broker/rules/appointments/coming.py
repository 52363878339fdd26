"""预约签到: the person is here, at a machine or before a guide, and gets a ticket that claims the agreed time (APPT-4.3)."""

from broker.rules import facts as f
from broker.rules.appointments import asks
from broker.rules.appointments.state import OPEN, Appointment
from broker.rules.appointments.who import SERVE, found
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.decide_tickets import is_shut, next_number, to_print
from broker.rules.duplicates import live_ticket
from broker.rules.green import is_no_project, visit_task
from broker.rules.hall import LIVE, Hall, Ticket, TicketState
from broker.rules.hours import MINUTE, clock_of, day_of
from broker.rules.roles import lacks_role
from contracts import messages as m
from contracts.values import HallPhase, HallTime, Refusal, VisitorClass

MAY_COME = OPEN | {f.AppointmentState.CANCELLED_BY_HALL}
"""Who comes although the hall has cancelled is served as agreed (APPT-6.2)."""


def checked_in(hall: Hall, asker: Asker, request: m.CheckInRequested, now: HallTime) -> Decision:
    """The ticket of the appointment, printed where it was asked for, or told to its holder by staff."""
    one = _whose(hall, asker, request)
    no = one if isinstance(one, No) else _may_not_come(hall, one, now)
    if no is not None or isinstance(one, No):
        return refused(asker, request, no or No(Refusal.UNKNOWN_APPOINTMENT))
    mine = None if one.holder is None else live_ticket(hall, one.holder, one.group)
    if mine is not None:
        return _linked(hall, asker, request, one, mine, now)
    return _issued(hall, asker, request, one, now)


def _whose(hall: Hall, asker: Asker, request: m.CheckInRequested) -> Appointment | No:
    """A machine knows its visitor by card or by code, a guide by the appointment; exactly one of them is given."""
    given = [one for one in (request.proof, request.holder, request.appointment) if one is not None]
    if len(given) != 1:
        return No(Refusal.BAD_VALUE, "exactly one of proof, holder and appointment is given")
    if asker.device.kind == "ticket_machine":
        return _at_machine(hall, request)
    if request.actor is None:
        return No(Refusal.UNKNOWN_STAFF, "a guide names himself")
    no = lacks_role(hall, request.actor, SERVE)
    if no is not None:
        return no
    return _at_machine(hall, request) if request.appointment is None else found(hall, request.appointment)


def _at_machine(hall: Hall, request: m.CheckInRequested) -> Appointment | No:
    """Of several appointments of one person the first one that may still be kept."""
    if request.appointment is not None:
        return No(Refusal.NOT_PERMITTED, "a machine checks in by card or by code, not by the number of an appointment")
    mine = [
        one
        for one in hall.appointments.today.values()
        if one.state is not f.AppointmentState.CANCELLED_BY_PERSON
        and (one.contact == request.proof if request.holder is None else one.holder == request.holder)
    ]
    mine.sort(key=lambda one: (one.state not in MAY_COME, one.agreed_q, one.id))
    return next(iter(mine), No(Refusal.UNKNOWN_APPOINTMENT, "no appointment of today is known by it"))


def _may_not_come(hall: Hall, one: Appointment, now: HallTime) -> No | None:
    if one.id not in hall.appointments.today:
        return No(Refusal.UNKNOWN_APPOINTMENT, f"{one.id} is on {day_of(one.at)}, not today")
    if one.state is f.AppointmentState.FORFEITED:
        return No(Refusal.APPOINTMENT_FORFEITED, f"{one.id} was given up after contact; a ticket is free (APPT-7.2)")
    if one.state is f.AppointmentState.CHECKED_IN:
        return _is_here_already(hall, one) or _not_yet(hall, one, now)
    if one.state not in MAY_COME:
        return No(Refusal.APPOINTMENT_STATE, f"{one.id} is {one.state.value}")
    return _not_yet(hall, one, now)


def _not_yet(hall: Hall, one: Appointment, now: HallTime) -> No | None:
    shut = is_shut(hall, now)
    if shut is not None and shut.reason is not Refusal.CLOSED_TODAY:  # a promise of today outlasts opening hours
        return shut
    params = hall.in_force.config.params.appointment
    opens = hall.hall_time(HallTime(one.agreed_q - params.checkin_before_min * MINUTE))
    if now < opens:
        what = f"check-in opens {params.checkin_before_min} min before (APPT-4.3)"
        return No(Refusal.CHECKIN_NOT_OPEN, what, {"time": clock_of(opens)})
    return None


def _is_here_already(hall: Hall, one: Appointment) -> No | None:
    """A number that was burnt because no paper of it came out, or given up, does not stand in the way of another."""
    ticket = None if one.ticket is None else hall.tickets.get(one.ticket)
    if ticket is not None and ticket.state is TicketState.CANCELLED:
        return None
    if ticket is not None and ticket.state in LIVE:
        return No(Refusal.DUPLICATE_TICKET, f"{one.id} was checked in as {ticket.id}", {"no": ticket.no})
    return No(Refusal.APPOINTMENT_STATE, f"{one.id} was checked in, and its ticket has ended")


def _issued(hall: Hall, asker: Asker, request: m.CheckInRequested, one: Appointment, now: HallTime) -> Decision:
    ticket, no = next_number(hall, one.group)
    at_machine = asker.device.kind == "ticket_machine"
    fact = f.TicketIssued(
        ticket=ticket,
        no=no,
        group=one.group,
        service=one.service,
        claims=_claims(hall, one, now),
        token=asker.token,
        request_id=request.request_id,
        kiosk=asker.node if at_machine else None,
        actor=request.actor,
        project=one.project,
        holder=one.holder,
    )
    reopens = (f.HallPhaseChanged(phase=HallPhase.AFTER_CLOSING),) if hall.phase is HallPhase.CLOSED else ()
    came = f.AppointmentCheckedIn(appointment=one.id, ticket=ticket, actor=request.actor)
    told = [] if one.project is None or not _is_green(hall, one, now) else [_visit(hall, one, fact, now)]
    facts: tuple[f.Fact, ...] = (*reopens, fact, came, *asks.ended(hall, one, "settled"), *told)
    if not at_machine:
        return done(asker, request, *facts, ticket=ticket, values={"no": no, "time": _agreed(hall, one)})
    return Decision(facts, ((asker.node, to_print(hall, fact, now, appointment_at=asks.hall_time(hall, one))),))


def _agreed(hall: Hall, one: Appointment) -> str:
    return clock_of(asks.hall_time(hall, one))


def _claims(hall: Hall, one: Appointment, now: HallTime) -> tuple[f.Claim, ...]:
    """Normal from now, due from the later of agreed time and check-in, green if its project is still valid (1.0.4)."""
    q = hall.queue_clock(now)
    claims = [f.Claim(visitor_class=VisitorClass.NORMAL, since=q), due_claim(hall, one, now)]
    if _is_green(hall, one, now):
        claims.append(f.Claim(visitor_class=VisitorClass.GREEN, since=q))
    return tuple(claims)


def due_claim(hall: Hall, one: Appointment, now: HallTime) -> f.Claim:
    """The claim of an appointment kept now."""
    return f.Claim(visitor_class=VisitorClass.APPOINTMENT_DUE, since=max(hall.queue_clock(now), one.agreed_q))


def _is_green(hall: Hall, one: Appointment, now: HallTime) -> bool:
    return one.project is not None and is_no_project(hall, one.project, day_of(now)) is None


def _visit(hall: Hall, one: Appointment, fact: f.TicketIssued, now: HallTime) -> f.Fact:
    assert one.project is not None
    return visit_task(hall, one.project, fact.no, ticket=fact.ticket, group=one.group, now=now)


def _linked(  # noqa: PLR0913, PLR0917 -- what one decision looks at
    hall: Hall, asker: Asker, request: m.CheckInRequested, one: Appointment, mine: Ticket, now: HallTime
) -> Decision:
    """The person came early and holds a ticket of this queue: it now claims the agreed time, no second one is made.

    One ticket serves one appointment: with two in a group, the second checks in when the first is served.
    """
    if mine.state is not TicketState.WAITING or mine.id in hall.appointments.of_ticket:
        return refused(asker, request, No(Refusal.DUPLICATE_TICKET, f"{mine.id} is {mine.state.value}", {"no": mine.no}))
    claims = (*mine.claims, due_claim(hall, one, now))
    fact = f.AppointmentCheckedIn(appointment=one.id, ticket=mine.id, actor=request.actor, linked=True, claims=claims)
    values = {"no": mine.no, "time": _agreed(hall, one)}
    return done(asker, request, fact, *asks.ended(hall, one, "settled"), ticket=mine.id, values=values)
