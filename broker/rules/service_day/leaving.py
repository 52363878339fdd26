"""无法延时 at a free counter (EXT-4): people wait for it, and the window head picks who stays for them instead.

The counter need not stay any more, so that its line is called by those who do; it stays again as soon as somebody else has
logged in there, or if the clerk calls after all.
"""

from collections.abc import Iterable

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.course.at_desk import own
from broker.rules.hall import Desk, Hall
from broker.rules.pick import Pair
from broker.rules.roles import LEAD
from broker.rules.service_day import ladders
from broker.rules.service_day.extended import AFTER_HOURS
from broker.rules.service_day.serves import groups_at, pairs_at
from broker.rules.service_day.state import Leaving
from broker.rules.tasks.open import About, closed, opened
from broker.rules.tasks.state import Task
from contracts import messages as m
from contracts.values import CounterId, HallPhase, Refusal, StaffNo, TaskKind

_WENT_HOME = "下班离岗"


def is_wanted(hall: Hall, desk: Desk) -> bool:
    """Whether hours are over and people wait whom this free counter calls: its clerk would have to stay for them."""
    if hall.phase not in AFTER_HOURS or desk.staff is None or desk.ticket is not None:
        return False
    if hall.phase is HallPhase.NOON and not hall.service_day.noon_service:
        return False
    case = hall.service_day.leaving.get(desk.counter)
    is_told = case is not None and case.staff == desk.staff
    return not is_told and hall.queue.count(pairs_at(hall, desk), own(hall, desk)) > 0


def cannot_stay(hall: Hall, asker: Asker, request: m.ExtensionRefusalRequested, desk: Desk, reason: str) -> Decision:
    """The window head is asked; no fault of the clerk's, who may leave."""
    case = hall.service_day.leaving.get(desk.counter)
    if case is not None and case.staff == desk.staff:
        return done(asker, request)
    if desk.staff is None or not is_wanted(hall, desk):
        return refused(asker, request, No(Refusal.NOT_SERVING, "nobody waits for this counter; the clerk may leave"))
    return done(asker, request, *_refusal(hall, desk, desk.staff, reason))


def follows(hall: Hall, facts: Iterable[f.Fact]) -> list[f.Fact]:
    """Who logs out after hours and leaves people whom nobody else calls has said by it that they cannot stay (EXT-3.3)."""
    for fact in facts:
        if isinstance(fact, f.StaffLoggedOut) and fact.why == "card":
            desk = hall.desks[fact.counter]
            if desk.second is None and is_wanted(hall, desk) and _leaves_somebody(hall, desk):
                return _refusal(hall, desk, fact.staff, _WENT_HOME)
    return []


def _leaves_somebody(hall: Hall, desk: Desk) -> bool:
    others = [pairs_at(hall, one) for one in hall.desks.values() if one.works and one.counter != desk.counter]
    mine = own(hall, desk)
    return any(
        hall.queue.count((pair,), mine) > 0 and not any(pair in one for one in others) for pair in pairs_at(hall, desk)
    )


def _refusal(hall: Hall, desk: Desk, clerk: StaffNo, reason: str) -> list[f.Fact]:
    waiting = hall.queue.count(pairs_at(hall, desk), own(hall, desk))
    values = {"w": str(int(desk.counter[1:])), "n": str(waiting)}
    other = ladders.suggested(hall, desk.counter, clerk)
    about = About(counter=desk.counter, values=values if other is None else {**values, "suggested": other})
    return [
        f.CounterExtensionRefused(counter=desk.counter, staff=clerk, reason=reason),
        opened(hall, TaskKind.EXTENSION_COUNTER, ladders.extension(hall, clerk), about),
    ]


def assigned(
    hall: Hall, asker: Asker, request: m.ExtensionAssignRequested, counter: CounterId, cannot: No | None
) -> Decision:
    """Somebody else stays: here once they have logged in, or where they sit. ``cannot``: why they cannot come at all."""
    case = hall.service_day.leaving.get(counter)
    no = _may_not_pick(hall, case, request, counter) or cannot or _is_not_able(hall, counter, request.to)
    if case is not None and case.staff == request.to:
        no = no or No(Refusal.BAD_VALUE, f"{request.to} cannot stay")
    if no is not None:
        return refused(asker, request, no)
    fact = f.CounterExtensionAssigned(counter=counter, to=request.to, actor=request.actor)
    return done(asker, request, fact, *(closed(task, "done", request.actor) for task in _tasks(hall, counter)))


def _tasks(hall: Hall, counter: CounterId) -> list[Task]:
    return hall.tasks.of(TaskKind.EXTENSION_COUNTER, counter=counter)


def _may_not_pick(hall: Hall, case: Leaving | None, request: m.ExtensionAssignRequested, counter: CounterId) -> No | None:
    """The window head who was asked, or a leader; never the one who refused (CREP-4.0)."""
    person = hall.in_force.staff.get(request.actor)
    if person is None:
        return No(Refusal.UNKNOWN_STAFF, f"{request.actor} is no person of this hall")
    if counter not in hall.in_force.counters:
        return No(Refusal.UNKNOWN_COUNTER, f"{counter} is no counter of this hall")
    if case is None:
        return No(Refusal.NOT_SERVING, f"nobody at {counter} has said that they cannot stay")
    if case.staff == request.actor:
        return No(Refusal.OWN_CASE, f"{request.actor} cannot stay at {counter} himself (CREP-4.0)")
    asked = any(task.asks(person.id, person.role) for task in _tasks(hall, counter))
    if not asked and person.role not in LEAD:
        return No(Refusal.NOT_PERMITTED, f"{request.actor} was not asked; this takes the window head or a leader")
    return None


def _is_not_able(hall: Hall, counter: CounterId, to: StaffNo) -> No | None:
    groups = groups_at(hall, counter)
    if set(groups) & hall.in_force.able[to]:
        return None
    return No(Refusal.NOT_QUALIFIED, f"{to} has no skill for {', '.join(groups)}")


def settled(hall: Hall) -> list[f.Fact]:
    """Tasks about counters for which nobody waits any more, or where somebody stays after all."""
    if not hall.service_day.leaving and hall.phase is HallPhase.CLOSED:
        return []
    return [
        closed(task, "settled")
        for task in hall.tasks.of(TaskKind.EXTENSION_COUNTER)
        if task.counter is None or task.counter not in hall.service_day.leaving or not _is_line(hall, task.counter)
    ]


def _is_line(hall: Hall, counter: CounterId) -> bool:
    """Whether people wait in any line of this counter, whoever sits there."""
    plan = hall.in_force
    pairs = [Pair(group, service) for group in groups_at(hall, counter) for service in (None, *plan.services_of[group])]
    return hall.queue.count(tuple(pairs)) > 0


# --- What the facts change -----------------------------------------------------------------------------------------------


def refused_at(hall: Hall, fact: f.CounterExtensionRefused) -> None:
    """This counter need not stay for the lines that others serve."""
    day = hall.service_day
    day.leaving[fact.counter] = Leaving(fact.counter, fact.staff, stays=_stays(hall, fact.counter))
    if day.staying is not None:
        day.staying = tuple(one for one in day.staying if one != fact.counter)


def assigned_at(hall: Hall, fact: f.CounterExtensionAssigned) -> None:
    """Who sits elsewhere stays there for it."""
    hall.service_day.leaving[fact.counter].to = fact.to
    at = hall.sits_at.get(fact.to)
    if at is not None:
        _stay(hall, at)


def watch(hall: Hall, fact: f.StaffLoggedIn | f.TicketCalled) -> None:
    """Somebody else sits there now, or the clerk has called after all."""
    case = hall.service_day.leaving.get(fact.counter)
    if case is None or (isinstance(fact, f.StaffLoggedIn) and fact.staff == case.staff):
        return
    del hall.service_day.leaving[fact.counter]
    if case.stays:
        _stay(hall, fact.counter)


def _stays(hall: Hall, counter: CounterId) -> bool:
    return hall.service_day.staying is not None and counter in hall.service_day.staying


def _stay(hall: Hall, counter: CounterId) -> None:
    day = hall.service_day
    if day.staying is not None and counter not in day.staying:
        day.staying = tuple(one for one in hall.in_force.counters if one == counter or one in day.staying)
