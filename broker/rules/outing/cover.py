"""Who does the work of somebody who is out (ATT-6.1, ATT-7)."""

from broker.rules.hall import Hall
from contracts.values import HallTime, StaffNo


def cover_of(hall: Hall, staff: StaffNo, begins: HallTime, ends: HallTime) -> StaffNo | None:
    """The B of the person's post; nobody if they have no post, it takes no other, or the B is away then themselves."""
    post = next((one for one in hall.in_force.posts.values() if one.a == staff), None)
    if post is None or post.ab_exempt or is_away(hall, post.b, begins, ends):
        return None
    return post.b


def is_away(hall: Hall, staff: StaffNo, begins: HallTime, ends: HallTime) -> bool:
    """Whether this person is away in a part of the time."""
    return any(one.staff == staff and one.begins < ends and begins < one.ends for one in hall.posts.absences)


def merges(hall: Hall, cover: StaffNo | None) -> bool:
    """并岗: whether who takes over has a counter of their own and would serve both (ATT-7)."""
    return cover is not None and any(one.a == cover for one in hall.in_force.posts.values())
