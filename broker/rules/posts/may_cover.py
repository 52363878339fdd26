"""Which counters the terminal offers its clerk to act for (AB-4.6)."""

from broker.rules.hall import Desk, Hall
from broker.rules.posts.halves import current_half
from broker.rules.posts.serving import is_attended
from broker.schema import Post
from contracts.values import CounterId


def may_cover(hall: Hall, desk: Desk) -> tuple[CounterId, ...]:
    """The counters that need the B who sits here, while no cover runs at either; none for a counter with a visitor."""
    if desk.staff is None or desk.ticket is not None or hall.posts.cover_of(desk.counter) is not None:
        return ()
    posts = hall.in_force.posts.values()
    mine = [one for one in posts if one.b in desk.sitting and one.counter != desk.counter and not one.ab_exempt]
    return tuple(one.counter for one in mine if hall.posts.cover_of(one.counter) is None and _needs(hall, one))


def _needs(hall: Hall, post: Post) -> bool:
    """Nobody works there; or the main person will be away in this half, and hands over before leaving (AB-4.2)."""
    half = current_half(hall)
    absences = [one for one in hall.posts.absences if one.staff == post.a]
    goes = half is not None and any(one.begins < half.ends and half.begins < one.ends for one in absences)
    return goes or not is_attended(hall, post.counter)
