"""无法延时 (EXT-4): the clerk goes home, the visitor is held, the window head picks who goes on with it."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.hall import Hall, Ticket, TicketState
from broker.rules.roles import LEAD
from broker.rules.service_day import ladders, leaving
from broker.rules.service_day.state import RefusedExtension
from broker.rules.tasks.open import About, closed, opened
from broker.rules.tasks.state import Task
from broker.rules.training.gate import is_onboarded
from contracts import messages as m
from contracts.values import HallPhase, HallTime, Refusal, StaffNo, TaskKind, TicketId

_LONGEST_REASON = 200


def cannot_stay(hall: Hall, asker: Asker, request: m.ExtensionRefusalRequested, _now: HallTime) -> Decision:
    """The visitor here is put aside, and the window head is asked; no fault of the clerk's. At a free counter likewise."""
    counter = asker.device.counter
    assert counter is not None, "hall.toml gives every terminal its counter"
    desk = hall.desks[counter]
    if desk.staff is None:
        return refused(asker, request, No(Refusal.NOT_LOGGED_IN))
    if hall.phase in {HallPhase.BEFORE_OPENING, HallPhase.OPEN}:
        return refused(asker, request, No(Refusal.BAD_VALUE, "hours are not over; use 挂起 or 暂停服务"))
    if not 0 < len(request.reason.strip()) <= _LONGEST_REASON:
        return refused(asker, request, No(Refusal.BAD_VALUE, f"a reason of 1 to {_LONGEST_REASON} characters is needed"))
    if desk.ticket is None or desk.call is None:
        return leaving.cannot_stay(hall, asker, request, desk, request.reason.strip())
    ticket = hall.tickets[desk.ticket]
    values = {"w": str(int(counter[1:])), "no": ticket.no}
    other = ladders.suggested(hall, counter, desk.staff)
    about = About(counter=counter, ticket=ticket.id, values=values if other is None else {**values, "suggested": other})
    return done(
        asker,
        request,
        f.ExtensionRefused(ticket=ticket.id, counter=counter, staff=desk.staff, reason=request.reason.strip()),
        f.TicketHeld(ticket=ticket.id, call=desk.call.id, counter=counter, session=desk.session),
        opened(hall, TaskKind.EXTENSION_REFUSED, ladders.extension(hall, desk.staff), about),
        ticket=ticket.id,
    )


def assigned(hall: Hall, asker: Asker, request: m.ExtensionAssignRequested, now: HallTime) -> Decision:
    """Somebody else goes on: with the visitor where they sit or as soon as they have logged in, or for a whole counter."""
    if (request.ticket is None) == (request.counter is None):
        return refused(asker, request, No(Refusal.BAD_VALUE, "exactly one of ticket and counter is given"))
    if request.counter is not None:
        return leaving.assigned(hall, asker, request, request.counter, _cannot_come(hall, request.to, now))
    assert request.ticket is not None
    ticket, case = request.ticket, hall.service_day.refused.get(request.ticket)
    no = _may_not_pick(hall, case, request.actor, ticket) or _cannot_go_on(hall, case, request.to, ticket, now)
    if no is not None:
        return refused(asker, request, no)
    facts: list[f.Fact] = [f.ExtensionAssigned(ticket=ticket, to=request.to, actor=request.actor)]
    facts += [closed(task, "done", request.actor) for task in _tasks(hall, ticket)]
    if request.to in hall.sits_at and hall.tickets[ticket].state is TicketState.HELD:
        facts.append(f.HeldResumed(ticket=ticket, counter=hall.sits_at[request.to]))
    return done(asker, request, *facts, ticket=ticket)


def _tasks(hall: Hall, ticket: TicketId) -> list[Task]:
    return hall.tasks.of(TaskKind.EXTENSION_REFUSED, ticket=ticket)


def _may_not_pick(hall: Hall, case: RefusedExtension | None, actor: StaffNo, ticket: TicketId) -> No | None:
    """The window head who was asked, or a leader; never the one who refused (CREP-4.0)."""
    person = hall.in_force.staff.get(actor)
    if person is None:
        return No(Refusal.UNKNOWN_STAFF, f"{actor} is no person of this hall")
    if case is None:
        known = ticket in hall.tickets
        return No(Refusal.WRONG_TICKET_STATE if known else Refusal.UNKNOWN_TICKET, f"{ticket}: nobody refused it")
    if case.staff == actor:
        return No(Refusal.OWN_CASE, f"{actor} has refused this visitor (CREP-4.0)")
    asked = any(task.asks(person.id, person.role) for task in _tasks(hall, ticket))
    if not asked and person.role not in LEAD:
        return No(Refusal.NOT_PERMITTED, f"{actor} was not asked; this takes the window head or a leader")
    return None


def _is_left(hall: Hall, ticket: Ticket) -> bool:
    """Held, or let go into the line because nobody came back to its counter; not taken up again there."""
    is_aside = ticket.state in {TicketState.HELD, TicketState.WAITING}
    return is_aside and ticket.id not in hall.course.resumed


def _cannot_come(hall: Hall, to: StaffNo, now: HallTime) -> No | None:
    """Whoever is picked, for whatever it is."""
    person = hall.in_force.staff.get(to)
    if person is None:
        return No(Refusal.UNKNOWN_STAFF, f"{to} is no person of this hall")
    if not is_onboarded(hall, person):
        return No(Refusal.NOT_ONBOARDED, f"{to} has not completed formalities and training")
    if (absence := hall.posts.absent(to, now)) is not None:
        return No(Refusal.ON_LEAVE, f"{to} is away ({absence.kind})")
    return None


def _cannot_go_on(hall: Hall, case: RefusedExtension | None, to: StaffNo, no: TicketId, now: HallTime) -> No | None:
    plan, ticket = hall.in_force, hall.tickets[no]
    if to not in plan.staff:
        return _cannot_come(hall, to, now)
    if not _is_left(hall, ticket):
        return No(Refusal.WRONG_TICKET_STATE, f"{ticket.id} is {ticket.state.value}")
    if case is not None and case.staff == to:
        return No(Refusal.BAD_VALUE, f"{to} cannot stay")
    able = ticket.group in plan.able[to] if ticket.service is None else plan.is_skilled(to, ticket.service)
    lacks = No(Refusal.NOT_QUALIFIED, f"{to} has no skill for {ticket.service or ticket.group}")
    return _cannot_come(hall, to, now) or (None if able else lacks)


def sat_down(hall: Hall, fact: f.StaffLoggedIn) -> list[f.Fact]:
    """Whoever was picked while away takes the visitor over where they have logged in."""
    return [
        f.HeldResumed(ticket=ticket, counter=fact.counter)
        for ticket, case in hall.service_day.refused.items()
        if case.to == fact.staff and hall.tickets[ticket].state is TicketState.HELD
    ]


def settled(hall: Hall) -> list[f.Fact]:
    """Tasks whose visitor needs nobody else any more: called by somebody, given up, or taken up again here."""
    return [
        closed(task, "settled")
        for task in hall.tasks.of(TaskKind.EXTENSION_REFUSED)
        if task.ticket is None or not _is_left(hall, hall.tickets[task.ticket])
    ]
