"""What a counter serves today besides the configuration: added for a surge, or given other groups (EXT-3.4, HALL-19.3)."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.hall import Hall
from broker.rules.roles import LEAD, lacks_role
from broker.rules.service_day.pressure import is_able
from broker.rules.service_day.serves import groups_at
from contracts import messages as m
from contracts.values import CounterId, GroupId, HallTime, Refusal


def added(hall: Hall, asker: Asker, request: m.CounterAddRequested, _now: HallTime) -> Decision:
    """增设窗口: a counter helps out with one of its surge groups, or no longer does. Asking twice is the same as once."""
    no = lacks_role(hall, request.actor, LEAD) or _may_not_help(hall, request)
    if no is not None:
        return refused(asker, request, no)
    is_added = (request.counter, request.group) in hall.service_day.added
    if is_added != request.withdraw:
        return done(asker, request)
    kind = f.CounterWithdrawn if request.withdraw else f.CounterAdded
    return done(asker, request, kind(counter=request.counter, group=request.group, actor=request.actor))


def _may_not_help(hall: Hall, request: m.CounterAddRequested) -> No | None:
    counter = hall.in_force.counters.get(request.counter)
    if counter is None:
        return No(Refusal.UNKNOWN_COUNTER, f"{request.counter} is no counter of this hall")
    if request.group not in hall.in_force.groups:
        return No(Refusal.UNKNOWN_GROUP, f"{request.group} is no group of this hall")
    if request.withdraw:
        return None
    if request.group not in counter.surge_groups:
        allowed = ", ".join(counter.surge_groups) or "none"
        return No(Refusal.BAD_VALUE, f"surge groups of {counter.id} are: {allowed}")
    desk = hall.desks[counter.id]
    if desk.staff is not None and not is_able(hall, desk, request.group):
        return No(Refusal.NOT_QUALIFIED, f"{desk.staff} at {counter.id} has no skill for {request.group}")
    return None


def groups_changed(hall: Hall, asker: Asker, request: m.CounterGroupsRequested, _now: HallTime) -> Decision:
    """What a counter serves for the rest of the day. No group may be left without any counter."""
    groups = tuple(dict.fromkeys(request.groups))
    no = lacks_role(hall, request.actor, LEAD) or _may_not_serve(hall, request.counter, groups)
    if no is not None:
        return refused(asker, request, no)
    before = hall.service_day.groups.get(request.counter, hall.in_force.counters[request.counter].groups)
    if set(before) == set(groups):
        return done(asker, request)
    fact = f.CounterGroupsChanged(counter=request.counter, groups=groups, before=before, actor=request.actor)
    return done(asker, request, fact)


def _may_not_serve(hall: Hall, counter: CounterId, groups: tuple[GroupId, ...]) -> No | None:
    plan = hall.in_force
    if counter not in plan.counters:
        return No(Refusal.UNKNOWN_COUNTER, f"{counter} is no counter of this hall")
    if not groups:
        return No(Refusal.BAD_VALUE, "a counter serves at least one group; to close it, log out or pause")
    unknown = [one for one in groups if one not in plan.groups]
    if unknown:
        return No(Refusal.UNKNOWN_GROUP, f"{unknown[0]} is no group of this hall")
    desk = hall.desks[counter]
    if desk.staff is not None and not any(is_able(hall, desk, one) for one in groups):
        return No(Refusal.NOT_QUALIFIED, f"{desk.staff} at {counter} has no skill for any of these")
    others = {one for other in plan.counters if other != counter for one in groups_at(hall, other)}
    left = [one for one in plan.groups if one not in others and one not in groups]
    return No(Refusal.NO_OPEN_COUNTER, f"no other counter serves {', '.join(left)}") if left else None
