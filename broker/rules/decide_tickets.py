"""Tickets: taken at a machine, entered by staff, printed, not printed, printed again, given up."""

from datetime import timedelta

from broker.rules import facts as f
from broker.rules.appointments.reopening import reopened
from broker.rules.appointments.views import agreed_time
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.closing import closes_with
from broker.rules.duplicates import is_duplicate
from broker.rules.entry import claims_of, is_no_printer, may_enter
from broker.rules.estimate.views import minutes, of_new, of_waiting
from broker.rules.green import is_no_project, visit_task
from broker.rules.hall import Hall, Ticket, TicketState
from broker.rules.hours import clock_of, day_of
from broker.rules.roles import ASSIST, LEAD, lacks_role
from broker.rules.workdays import day_plan
from contracts import messages as m
from contracts.values import (
    BootId,
    GroupId,
    HallPhase,
    HallTime,
    NodeName,
    Refusal,
    ServiceId,
    TicketId,
    TicketNo,
    VisitorClass,
)

LONGEST_REASON = 200
_ON_PAPER_STILL = (TicketState.WAITING, TicketState.CALLED, TicketState.HELD)
LONGEST_REST = 60
"""How many days ahead the next working day is looked for."""


def taken(hall: Hall, asker: Asker, request: m.TicketRequested, now: HallTime) -> Decision:
    """取号: a number at a ticket machine, from a quarter of an hour before opening to the last second (EXT-3.2)."""
    no = is_shut(hall, now) or is_unknown(hall, request.group, request.service)
    if no is None and request.request_id in hall.attempts:
        no = No(Refusal.EXPIRED, "this press has got an offline number (I8)")
    if no is None:
        no = is_duplicate(hall, request.holder, request.group)
    if no is None and request.project is not None:
        no = is_no_project(hall, request.project, day_of(now))
    if no is not None:
        return refused(asker, request, no)
    q = hall.queue_clock(now)
    claims: tuple[f.Claim, ...] = (f.Claim(visitor_class=VisitorClass.NORMAL, since=q),)
    if request.care:
        claims = (*claims, f.Claim(visitor_class=VisitorClass.CARE, since=q))
    if request.project is not None:  # never urgent: that takes a leader's approval of the visit (GREEN-2)
        claims = (*claims, f.Claim(visitor_class=VisitorClass.GREEN, since=q))
    ticket, number = next_number(hall, request.group)
    fact = f.TicketIssued(
        ticket=ticket,
        no=number,
        group=request.group,
        service=request.service,
        claims=claims,
        token=asker.token,
        request_id=request.request_id,
        kiosk=asker.node,
        project=request.project,
        holder=request.holder,
        by_age=request.by_age and request.care,
    )
    return Decision((fact, *_told(hall, fact, now)), ((asker.node, to_print(hall, fact, now)),))


def _told(hall: Hall, fact: f.TicketIssued, now: HallTime) -> tuple[f.Fact, ...]:
    """A ticket of a project brings its case manager, in the same moment (GREEN-3)."""
    if fact.project is None:
        return ()
    return (visit_task(hall, fact.project, fact.no, ticket=fact.ticket, group=fact.group, now=now),)


def entered(hall: Hall, asker: Asker, request: m.TicketEntryRequested, now: HallTime) -> Decision:
    """Staff enter a ticket for somebody: guide, care, green, urgent, appointment check-in."""
    no = (
        may_enter(hall, request, now) or _is_shut_for(hall, request, now) or is_unknown(hall, request.group, request.service)
    )
    if no is not None:
        return refused(asker, request, no)
    ticket, number = next_number(hall, request.group)
    fact = f.TicketIssued(
        ticket=ticket,
        no=number,
        group=request.group,
        service=request.service,
        claims=claims_of(hall, request, now),
        token=asker.token,
        request_id=request.request_id,
        kiosk=request.print_at,
        actor=request.actor,
        project=request.project,
        approved_by=request.approved_by,
    )
    reopens = hall.phase is HallPhase.CLOSED
    issued = (fact, *_told(hall, fact, now))
    facts: tuple[f.Fact, ...] = (f.HallPhaseChanged(phase=HallPhase.AFTER_CLOSING), *issued) if reopens else issued
    decision = done(asker, request, *facts, ticket=ticket)
    if request.print_at is None:
        return decision
    paper = to_print(hall, fact, now, boot_of(hall, request.print_at), request.appointment_at)
    return Decision(decision.facts, (*decision.answers, (request.print_at, paper)))


def _is_shut_for(hall: Hall, request: m.TicketEntryRequested, now: HallTime) -> No | None:
    """Like a machine, but the duty leader may still issue after closing (EXT-3.2)."""
    no = is_shut(hall, now)
    if no is not None and no.reason is Refusal.CLOSED_TODAY and lacks_role(hall, request.actor, LEAD) is None:
        return None
    return no


def is_shut(hall: Hall, now: HallTime) -> No | None:
    """Why no ticket is issued now, if so."""
    day = hall.today
    if hall.emergency_since is not None:
        return No(Refusal.EMERGENCY)
    if not day.works:
        return rests(hall)
    if now < day.tickets_from:
        return No(Refusal.NOT_OPEN_YET, values={"time": clock_of(day.tickets_from)})
    if now >= day.close:
        return No(Refusal.CLOSED_TODAY, values={"time": clock_of(day.close)})
    return None


def rests(hall: Hall) -> No:
    """Today is a rest day; ``date`` is the next working day."""
    config, today = hall.in_force.config, hall.today.date
    ahead = (today + timedelta(days=n) for n in range(1, LONGEST_REST))
    reopens = next((day for day in ahead if day_plan(config, day).works), None)
    return No(Refusal.REST_DAY, values={"date": "" if reopens is None else reopens.isoformat()})


def is_unknown(hall: Hall, group: GroupId, service: ServiceId | None) -> No | None:
    """Whether the hall has no such group, or not this service in it."""
    plan = hall.in_force
    if group not in plan.groups:
        return No(Refusal.UNKNOWN_GROUP, f"{group} is none of {', '.join(plan.groups)}")
    if service is not None and service not in plan.services_of[group]:
        return No(Refusal.UNKNOWN_SERVICE, f"{service} is none of {', '.join(plan.services_of[group])}")
    return None


def next_number(hall: Hall, group: GroupId) -> tuple[TicketId, TicketNo]:
    """Per group from 001 each day, all classes in one sequence, without a limit (words 3.2, EXT-3.2)."""
    number = TicketNo(f"{group}{hall.numbers.get(group, 0) + 1:03d}")
    return TicketId(f"{hall.today.date.isoformat()}/{number}"), number


def boot_of(hall: Hall, kiosk: NodeName) -> BootId | None:
    """The life a kiosk is in, as far as known; a paper ordered of none is ordered anew at its birth."""
    life = hall.nodes.get(kiosk)
    return None if life is None else life.boot


def to_print(
    hall: Hall, fact: f.TicketIssued, now: HallTime, boot: BootId | None = None, appointment_at: HallTime | None = None
) -> m.TicketIssued:
    """The first paper of a ticket; ``waiting`` are those ahead of it in its group. ``boot``: if it answers no press."""
    low, high = minutes(of_new(hall, fact, now))
    return m.TicketIssued(
        request_id=fact.request_id if fact.actor is None else None,
        ticket=fact.ticket,
        no=fact.no,
        group=fact.group,
        service=fact.service,
        issued_at=now,
        waiting=hall.waiting.get(fact.group, 0),
        token=fact.token,
        for_boot=boot,
        wait_low=low,
        wait_high=high,
        appointment_at=appointment_at,
    )


def to_print_again(hall: Hall, ticket: Ticket, copy: int, boot: BootId | None, now: HallTime) -> m.TicketIssued:
    """One more paper of a ticket, marked 补打 by its copy number; the wait on it counts from now."""
    low, high = minutes(of_waiting(hall, ticket, now))
    return m.TicketIssued(
        request_id=ticket.press,
        ticket=ticket.id,
        no=ticket.no,
        group=ticket.group,
        service=ticket.service,
        issued_at=ticket.issued_at,
        waiting=max(0, hall.waiting.get(ticket.group, 0) - 1),
        token=ticket.token,
        copy=copy,
        for_boot=boot,
        wait_low=low,
        wait_high=high,
        appointment_at=agreed_time(hall, ticket.id),
    )


def printed(hall: Hall, asker: Asker, request: m.TicketPrinted, _now: HallTime) -> Decision:
    """A paper has left the cutter: the number can be called. True whatever became of the ticket meanwhile."""
    ticket = hall.tickets.get(request.ticket)
    no = _is_not_its_paper(ticket, request.copy, asker.node)
    if ticket is None or no is not None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_TICKET, request.ticket))
    if request.copy in ticket.printed:
        return done(asker, request, ticket=ticket.id)
    fact = f.TicketPrinted(ticket=ticket.id, copy=request.copy, proof=request.proof)
    return done(asker, request, fact, ticket=ticket.id)


def _is_not_its_paper(ticket: Ticket | None, copy: int, node: NodeName) -> No | None:
    if ticket is None:
        return None
    if not 0 <= copy < len(ticket.papers):
        return No(Refusal.BAD_VALUE, f"copy {copy} of {ticket.id} was never ordered")
    if ticket.papers[copy] != node:
        return No(Refusal.WRONG_NODE, f"copy {copy} of {ticket.id} was ordered from {ticket.papers[copy]}")
    return None


def unprinted(hall: Hall, asker: Asker, request: m.TicketUnprinted, _now: HallTime) -> Decision:
    """The kiosk will not print it and nobody holds it: the number is burnt, with the reason."""
    ticket = hall.tickets.get(request.ticket)
    if ticket is None:
        return refused(asker, request, No(Refusal.UNKNOWN_TICKET, request.ticket))
    if asker.node not in ticket.papers:
        return refused(asker, request, No(Refusal.WRONG_NODE, f"{ticket.id} was never ordered from {asker.node}"))
    if ticket.state is not TicketState.WAITING or ticket.printed:
        what = "a paper of it is out" if ticket.printed else f"it is {ticket.state.value}"
        return refused(asker, request, No(Refusal.WRONG_TICKET_STATE, f"{ticket.id}: {what}"))
    fact = f.TicketCancelled(ticket=ticket.id, reason=f"not_printed: {request.reason[:LONGEST_REASON]}")
    return done(asker, request, fact, *reopened(hall, ticket.id), *closes_with(hall, fact), ticket=ticket.id)


def given_up(hall: Hall, asker: Asker, request: m.TicketCancelRequested, _now: HallTime) -> Decision:
    """弃号: the holder or the guide gives a ticket up that waits or was put aside."""
    ticket = hall.tickets.get(request.ticket)
    no = lacks_role(hall, request.actor, ASSIST)
    if no is None and not 0 < len(request.reason.strip()) <= LONGEST_REASON:
        no = No(Refusal.BAD_VALUE, f"a reason of 1 to {LONGEST_REASON} characters is needed")
    if no is None and ticket is None:
        no = No(Refusal.UNKNOWN_TICKET, request.ticket)
    if no is None and ticket is not None and ticket.state not in (TicketState.WAITING, TicketState.HELD):
        no = No(Refusal.WRONG_TICKET_STATE, f"{ticket.id} is {ticket.state.value}")
    if no is not None:
        return refused(asker, request, no)
    fact = f.TicketCancelled(ticket=request.ticket, reason=request.reason.strip(), actor=request.actor)
    return done(asker, request, fact, *closes_with(hall, fact), ticket=request.ticket)


def printed_again(hall: Hall, asker: Asker, request: m.ReprintRequested, now: HallTime) -> Decision:
    """补打: staff ask a kiosk for one more paper of a ticket that is still good."""
    ticket = hall.tickets.get(request.ticket)
    no = lacks_role(hall, request.actor, ASSIST) or is_no_printer(hall, request.print_at)
    if no is None and ticket is None:
        no = No(Refusal.UNKNOWN_TICKET, request.ticket)
    if no is None and ticket is not None and ticket.state not in _ON_PAPER_STILL:
        no = No(Refusal.WRONG_TICKET_STATE, f"{ticket.id} is {ticket.state.value}")
    if ticket is None or no is not None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_TICKET, request.ticket))
    copy = len(ticket.papers)
    fact = f.ReprintOrdered(ticket=ticket.id, kiosk=request.print_at, copy=copy, actor=request.actor)
    decision = done(asker, request, fact, ticket=ticket.id)
    paper = to_print_again(hall, ticket, copy, boot_of(hall, request.print_at), now)
    return Decision(decision.facts, (*decision.answers, (request.print_at, paper)))
