"""Which counters the terminal offers its clerk to act for (AB-4.6)."""

from broker.rules.hall import Desk, Hall
from contracts.values import CounterId, CounterPhase


def may_cover(hall: Hall, desk: Desk) -> tuple[CounterId, ...]:
    """The empty counters whose post has its B here, while no cover runs at either; none for a counter with a visitor."""
    if desk.staff is None or desk.ticket is not None or hall.posts.cover_of(desk.counter) is not None:
        return ()
    return tuple(
        post.counter
        for post in hall.in_force.config.posts
        if post.b in desk.sitting and post.counter != desk.counter and not post.ab_exempt and _is_empty(hall, post.counter)
    )


def _is_empty(hall: Hall, counter: CounterId) -> bool:
    nobody = hall.desks[counter].phase in (CounterPhase.CLOSED, CounterPhase.PAUSED)
    return nobody and hall.posts.cover_of(counter) is None
