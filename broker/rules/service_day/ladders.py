"""Who is asked when, for the tasks of the hall's day (EXT-3.5, EXT-4, CREP-4.0, AGENT-4.1)."""

from broker.rules.facts import Rung
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE
from contracts.values import CounterId, GroupId, StaffNo

LEADER: tuple[str, ...] = ("duty_leader",)
MANAGER: tuple[str, ...] = ("manager",)
GUIDES: tuple[str, ...] = ("guide",)
AGENTS: tuple[str, ...] = ("agent",)
NOBODY = "—"
"""In the sentence of a task, where no counter can be named."""


def surge(hall: Hall, group: GroupId) -> tuple[Rung, ...]:
    """The duty leader; again, and the window heads; the manager (EXT-3.5)."""
    first, second, third = hall.in_force.config.params.queue.escalate_min
    return (
        Rung(after=first * MINUTE, roles=LEADER),
        Rung(after=second * MINUTE, roles=LEADER, staff=heads_of(hall, group)),
        Rung(after=third * MINUTE, roles=MANAGER),
    )


def leaders(hall: Hall) -> tuple[Rung, ...]:
    """The duty leader, then the manager."""
    first, second, _ = hall.in_force.config.params.queue.escalate_min
    return Rung(after=first * MINUTE, roles=LEADER), Rung(after=second * MINUTE, roles=MANAGER)


def extension(hall: Hall, clerk: StaffNo) -> tuple[Rung, ...]:
    """The window head of the clerk, then the duty leader, then the manager; nobody hears his own case (EXT-4, CREP-4.0)."""
    step = hall.in_force.config.params.queue.extension_pick_min * MINUTE
    head = window_head(hall, clerk)
    above = (Rung(after=0, roles=LEADER), Rung(after=step, roles=MANAGER))
    if head is None or head == clerk:
        return above
    return Rung(after=0, staff=(head,)), *(Rung(after=one.after + step, roles=one.roles) for one in above)


def agents(hall: Hall) -> tuple[Rung, ...]:
    """All agents, then the guide desk (AGENT-4.1)."""
    after = hall.in_force.config.params.queue.agent_ack_min * MINUTE
    return Rung(after=0, roles=AGENTS), Rung(after=after, roles=GUIDES)


def guides(hall: Hall) -> tuple[Rung, ...]:
    """The guide desk, then the duty leader."""
    after = hall.in_force.config.params.queue.agent_ack_min * MINUTE
    return Rung(after=0, roles=GUIDES), Rung(after=after, roles=LEADER)


def window_head(hall: Hall, clerk: StaffNo) -> StaffNo | None:
    """The chief representative of the clerk's department, if there is one (CREP-1)."""
    plan = hall.in_force
    person = plan.staff.get(clerk)
    chiefs = {one.id: one.chief for one in plan.config.departments}
    return None if person is None else chiefs.get(person.dept)


def heads_of(hall: Hall, group: GroupId) -> tuple[StaffNo, ...]:
    """The chief representatives of the departments whose services the group has."""
    config = hall.in_force.config
    chiefs = {one.id: one.chief for one in config.departments}
    found = [chiefs.get(service.dept) for service in config.services if service.group == group]
    return tuple(dict.fromkeys(one for one in found if one is not None))


def suggested(hall: Hall, counter: CounterId, clerk: StaffNo) -> StaffNo | None:
    """Who is thought of first: the other person of the post."""
    post = hall.in_force.posts.get(counter)
    if post is None:
        return None
    return post.b if post.b != clerk else post.a
