"""无法延时 (EXT-4): the clerk goes home, the visitor is held, the window head picks who goes on with it."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.hall import Hall, Ticket, TicketState
from broker.rules.roles import LEAD
from broker.rules.service_day import ladders
from broker.rules.service_day.extended import AFTER_HOURS
from broker.rules.service_day.state import RefusedExtension
from broker.rules.tasks.open import About, closed, opened
from broker.rules.tasks.state import Task
from broker.rules.training.gate import is_onboarded
from contracts import messages as m
from contracts.values import CounterId, HallTime, Refusal, StaffNo, TaskKind, TicketId

_LONGEST_REASON = 200


def cannot_stay(hall: Hall, asker: Asker, request: m.ExtensionRefusalRequested, _now: HallTime) -> Decision:
    """The visitor here is put aside, and the window head is asked; no fault of the clerk's."""
    counter = asker.device.counter
    assert counter is not None, "hall.toml gives every terminal its counter"
    desk = hall.desks[counter]
    if desk.staff is None:
        return refused(asker, request, No(Refusal.NOT_LOGGED_IN))
    if desk.ticket is None or desk.call is None:
        return refused(asker, request, No(Refusal.NOT_SERVING, "there is no visitor to hand on; the clerk may leave"))
    if hall.phase not in AFTER_HOURS:
        return refused(asker, request, No(Refusal.BAD_VALUE, "hours are not over; use 挂起 or 暂停服务"))
    if not 0 < len(request.reason.strip()) <= _LONGEST_REASON:
        return refused(asker, request, No(Refusal.BAD_VALUE, f"a reason of 1 to {_LONGEST_REASON} characters is needed"))
    ticket = hall.tickets[desk.ticket]
    values = {"w": str(int(counter[1:])), "no": ticket.no}
    other = suggested(hall, counter, desk.staff)
    about = About(counter=counter, ticket=ticket.id, values=values if other is None else {**values, "suggested": other})
    return done(
        asker,
        request,
        f.ExtensionRefused(ticket=ticket.id, counter=counter, staff=desk.staff, reason=request.reason.strip()),
        f.TicketHeld(ticket=ticket.id, call=desk.call.id, counter=counter, session=desk.session),
        opened(hall, TaskKind.EXTENSION_REFUSED, ladders.extension(hall, desk.staff), about),
        ticket=ticket.id,
    )


def suggested(hall: Hall, counter: CounterId, clerk: StaffNo) -> StaffNo | None:
    """Who is thought of first: the other person of the post."""
    post = hall.in_force.posts.get(counter)
    if post is None:
        return None
    return post.b if post.b != clerk else post.a


def assigned(hall: Hall, asker: Asker, request: m.ExtensionAssignRequested, now: HallTime) -> Decision:
    """Somebody else goes on with the visitor: where they sit, or as soon as they have logged in."""
    case = hall.service_day.refused.get(request.ticket)
    no = _may_not_pick(hall, case, request) or _cannot_go_on(hall, case, request, now)
    if no is not None:
        return refused(asker, request, no)
    facts: list[f.Fact] = [f.ExtensionAssigned(ticket=request.ticket, to=request.to, actor=request.actor)]
    facts += [closed(task, "done", request.actor) for task in _tasks(hall, request.ticket)]
    if request.to in hall.sits_at and hall.tickets[request.ticket].state is TicketState.HELD:
        facts.append(f.HeldResumed(ticket=request.ticket, counter=hall.sits_at[request.to]))
    return done(asker, request, *facts, ticket=request.ticket)


def _tasks(hall: Hall, ticket: TicketId) -> list[Task]:
    return hall.tasks.of(TaskKind.EXTENSION_REFUSED, ticket=ticket)


def _may_not_pick(hall: Hall, case: RefusedExtension | None, request: m.ExtensionAssignRequested) -> No | None:
    """The window head who was asked, or a leader; never the one who refused (CREP-4.0)."""
    person = hall.in_force.staff.get(request.actor)
    if person is None:
        return No(Refusal.UNKNOWN_STAFF, f"{request.actor} is no person of this hall")
    if case is None:
        known = request.ticket in hall.tickets
        return No(Refusal.WRONG_TICKET_STATE if known else Refusal.UNKNOWN_TICKET, f"{request.ticket}: nobody refused it")
    if case.staff == request.actor:
        return No(Refusal.OWN_CASE, f"{request.actor} has refused this visitor (CREP-4.0)")
    asked = any(task.asks(person.id, person.role) for task in _tasks(hall, request.ticket))
    if not asked and person.role not in LEAD:
        return No(Refusal.NOT_PERMITTED, f"{request.actor} was not asked; this takes the window head or a leader")
    return None


def _is_left(hall: Hall, ticket: Ticket) -> bool:
    """Held, or let go into the line because nobody came back to its counter; not taken up again there."""
    is_aside = ticket.state in {TicketState.HELD, TicketState.WAITING}
    return is_aside and ticket.id not in hall.course.resumed


def _cannot_go_on(
    hall: Hall, case: RefusedExtension | None, request: m.ExtensionAssignRequested, now: HallTime
) -> No | None:
    plan, person = hall.in_force, hall.in_force.staff.get(request.to)
    if person is None:
        return No(Refusal.UNKNOWN_STAFF, f"{request.to} is no person of this hall")
    ticket = hall.tickets[request.ticket]
    if not _is_left(hall, ticket):
        return No(Refusal.WRONG_TICKET_STATE, f"{ticket.id} is {ticket.state.value}")
    if case is not None and case.staff == request.to:
        return No(Refusal.BAD_VALUE, f"{request.to} cannot stay")
    if not is_onboarded(hall, person):
        return No(Refusal.NOT_ONBOARDED, f"{request.to} has not completed formalities and training")
    if (absence := hall.posts.absent(request.to, now)) is not None:
        return No(Refusal.ON_LEAVE, f"{request.to} is away ({absence.kind})")
    able = ticket.group in plan.able[request.to]
    if ticket.service is not None:
        able = plan.is_skilled(request.to, ticket.service)
    return None if able else No(Refusal.NOT_QUALIFIED, f"{request.to} has no skill for {ticket.service or ticket.group}")


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
