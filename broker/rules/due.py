"""When time itself is the next thing to happen."""

from collections.abc import Callable
from typing import NamedTuple

from broker.rules import green_follow_up, letters
from broker.rules.appointments import due as appointments
from broker.rules.corrections import due as corrections
from broker.rules.course import due as course
from broker.rules.facts import Fact
from broker.rules.hall import Hall
from broker.rules.handover import due as handover
from broker.rules.leave import due as leave
from broker.rules.outing import due as outing
from broker.rules.posts import due as posts
from broker.rules.proxy import due as proxy
from broker.rules.service_day import due as service_day
from broker.rules.tasks import due as tasks
from broker.rules.training import due as training
from contracts.values import HallTime


class Area(NamedTuple):
    """A part of the rules that waits for times of its own."""

    due: Callable[[Hall], HallTime | None]
    """When it wants to hear the time next; ``time_reached`` then has a fact that moves this on."""
    time_reached: Callable[[Hall, HallTime], list[Fact]]
    """What is due by now."""


AREAS = (
    Area(training.due, training.time_reached),
    Area(posts.due, posts.time_reached),
    Area(handover.due, handover.time_reached),
    Area(course.due, course.time_reached),
    Area(appointments.due, appointments.time_reached),
    Area(service_day.due, service_day.time_reached),
    Area(green_follow_up.due, green_follow_up.time_reached),
    Area(letters.due, letters.time_reached),
    Area(corrections.due, corrections.time_reached),
    Area(outing.due, outing.time_reached),
    Area(leave.due, leave.time_reached),
    Area(proxy.due, proxy.time_reached),
    Area(tasks.due, tasks.time_reached),
)
"""In the order in which what is due at once is decided."""


def next_due(hall: Hall) -> HallTime | None:
    """When ``TimeReached`` must be submitted next, ``None`` before a configuration was adopted.

    Deciding it then always stores a fact that moves this on, so it never stalls. Tickets wait for their paper and pads for
    their rating in the order they began to, so the first of each is the earliest.
    """
    if hall.plan is None:
        return None
    if hall.day is None:
        return HallTime(0)
    paper = next(iter(hall.unprinted.values()), hall.day.over)
    window = next(iter(hall.windows.values()), hall.day.over)
    theirs = [at for area in AREAS if (at := area.due(hall)) is not None]
    return min(hall.day.over, hall.next_change, paper, window, *theirs)
