"""What a counter serves at the moment: its own groups or those it was given today, those it helps out with, and covers."""

from broker.rules.hall import Desk, Hall
from broker.rules.pick import Pair
from broker.rules.posts.serving import counters_at
from contracts.values import CounterId, GroupId


def groups_at(hall: Hall, counter: CounterId) -> tuple[GroupId, ...]:
    """The groups this counter serves now (HALL-19.3, EXT-3.4), with those of a counter covered from here (AB-4.6)."""
    day, plan = hall.service_day, hall.in_force
    if counter not in plan.counters:
        return ()  # the configuration has taken it away while somebody sat there
    if not (day.groups or day.added or hall.posts.covers):
        return plan.counters[counter].groups  # as on most days; this is asked for at every step
    here = counters_at(hall, counter)
    own = [group for one in here for group in day.groups.get(one, plan.counters[one].groups)]
    added = [group for one, group in day.added if one in here]
    return tuple(group for group in dict.fromkeys((*own, *added)) if group in plan.groups)


def pairs_at(hall: Hall, desk: Desk) -> tuple[Pair, ...]:
    """What the persons at this desk may call now, each by their skills; without a person, all the counter serves."""
    groups, plan = _callable_groups(hall, desk), hall.in_force
    if desk.second is None and not hall.service_day.old_pairs:
        return plan.pairs_in(groups, desk.staff)
    found = [pair for staff in desk.sitting or (None,) for pair in plan.pairs_in(groups, staff)]
    old = [pair for pair in hall.service_day.old_pairs if _may_call_old(hall, desk, pair, groups)]
    return tuple(dict.fromkeys((*found, *old)))


def _may_call_old(hall: Hall, desk: Desk, pair: Pair, groups: tuple[GroupId, ...]) -> bool:
    """A line the catalogue no longer has (HALL-18): for whoever can do something of its group, or this very service.

    If the group is no more, any counter may call it, so that nobody is left in a line without a counter.
    """
    plan = hall.in_force
    if pair.group in plan.groups and pair.group not in groups:
        return False
    if not desk.sitting:
        return True
    able = any(pair.group in plan.able.get(one, frozenset()) for one in desk.sitting)
    skilled = pair.service is not None and any(plan.is_skilled(one, pair.service) for one in desk.sitting)
    return able or skilled or (pair.group not in plan.groups and pair.service not in plan.services)


def _callable_groups(hall: Hall, desk: Desk) -> tuple[GroupId, ...]:
    """After closing a counter that does not stay calls only what no staying counter can: everyone is served (EXT-3.3)."""
    groups, staying = groups_at(hall, desk.counter), hall.service_day.staying
    if staying is None or desk.counter in staying:
        return groups
    return tuple(group for group in groups if not _is_seen_to(hall, group, staying))


def _is_seen_to(hall: Hall, group: GroupId, staying: tuple[CounterId, ...]) -> bool:
    """Whether somebody sits at a staying counter who can serve every service of the group."""
    plan = hall.in_force
    able: set[Pair] = set()
    for counter in staying:
        desk = hall.desks.get(counter)
        if counter in plan.counters and desk is not None:
            able |= {pair for one in desk.sitting for pair in plan.pairs_in(groups_at(hall, counter), one)}
    return able >= {Pair(group, service) for service in plan.services_of[group]}
