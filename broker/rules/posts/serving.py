"""Who serves whom at a counter: one person or two, for themselves or for another, for one counter or for two (AB-4)."""

from broker.rules.hall import Desk, Hall
from broker.rules.pick import Pair
from broker.schema import Post
from contracts.values import CounterId, StaffNo


def post_of(hall: Hall, counter: CounterId) -> Post | None:
    """The post of a counter, if one is scheduled there."""
    return hall.in_force.posts.get(counter)


def counters_at(hall: Hall, counter: CounterId) -> tuple[CounterId, ...]:
    """Whose groups are called here: this counter's, and those of one that is covered from here (AB-4.6)."""
    cover = hall.posts.cover_of(counter)
    if cover is None or cover.at != counter or cover.empty not in hall.in_force.counters:
        return (counter,)
    return counter, cover.empty


def server(hall: Hall, desk: Desk, pair: Pair) -> StaffNo | None:
    """Who of the persons here serves a ticket: whose skill fits; if both could, who logged in last."""
    if desk.second is None:
        return desk.staff
    able = [one for one in (desk.second, desk.staff) if one is not None and _can_serve(hall, one, pair)]
    return able[0] if able else desk.staff


def _can_serve(hall: Hall, staff: StaffNo, pair: Pair) -> bool:
    services = hall.in_force.services_of[pair.group] if pair.service is None else (pair.service,)
    return any(hall.in_force.is_skilled(staff, one) for one in services)


def is_acting(hall: Hall, desk: Desk) -> bool:
    """Whether the B of the post sits here and its main person does not (AB-2)."""
    post = post_of(hall, desk.counter)
    return post is not None and not post.ab_exempt and post.b in desk.sitting and post.a not in desk.sitting


def owner(hall: Hall, desk: Desk, staff: StaffNo, pair: Pair | None = None) -> StaffNo | None:
    """The main person this one acts for (AB-4.3); ``None`` if it is their own post, or the main person is here too.

    With a ``pair``: for such a ticket. One that only the covered counter serves belongs to the post of that counter.
    """
    post = post_of(hall, desk.counter)
    if pair is not None and pair.group not in hall.in_force.counters[desk.counter].groups:
        others = counters_at(hall, desk.counter)[1:]
        post = next((found for one in others if (found := _post_for(hall, one, pair)) is not None), post)
    if post is None or post.a in desk.sitting or staff == post.a:
        return None
    return post.a


def _post_for(hall: Hall, counter: CounterId, pair: Pair) -> Post | None:
    return post_of(hall, counter) if pair.group in hall.in_force.counters[counter].groups else None


def is_attended(hall: Hall, counter: CounterId) -> bool:
    """Whether somebody works at this counter, or for it from another (HALL-11.1)."""
    desk = hall.desks.get(counter)
    if desk is not None and desk.works:
        return True
    cover = hall.posts.cover_of(counter)
    if cover is None or cover.empty != counter:
        return False
    here = hall.desks.get(cover.at)
    is_on_the_way = cover.staff in (() if desk is None else desk.sitting)
    return is_on_the_way or (here is not None and here.works and cover.staff in here.sitting)
