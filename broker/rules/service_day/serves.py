"""What a counter serves at the moment: its own groups or those it was given today, and those it helps out with."""

from broker.rules.hall import Desk, Hall
from broker.rules.pick import Pair
from contracts.values import CounterId, GroupId


def groups_at(hall: Hall, counter: CounterId) -> tuple[GroupId, ...]:
    """The groups this counter serves now (HALL-19.3, EXT-3.4)."""
    day, plan = hall.service_day, hall.in_force
    own = day.groups.get(counter, plan.counters[counter].groups)
    added = [group for one, group in day.added if one == counter]
    return tuple(group for group in dict.fromkeys((*own, *added)) if group in plan.groups)


def pairs_at(hall: Hall, desk: Desk) -> tuple[Pair, ...]:
    """What the person at this desk may call now; without a person, all the counter serves."""
    return hall.in_force.pairs_in(_callable_groups(hall, desk), desk.staff)


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
        if counter in plan.counters and desk is not None and desk.staff is not None:
            able |= set(plan.pairs_in(groups_at(hall, counter), desk.staff))
    return able >= {Pair(group, service) for service in plan.services_of[group]}
