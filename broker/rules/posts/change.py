"""People change places at a counter: sitting down, and handing back to the main person (AB-4.3, AB-4.4, AB-4.6)."""

from broker.rules import facts as f
from broker.rules.hall import Desk, Hall
from broker.rules.posts.serving import post_of
from broker.rules.posts.state import Cover
from contracts.values import CounterId, CoverMode, HallTime, StaffNo


def sat_down(
    hall: Hall, desk: Desk, staff: StaffNo, *, beside: tuple[StaffNo, ...], by_vacancy: bool = False
) -> list[f.Fact]:
    """Somebody logs in, ``beside`` those who stay; a cover that this ends is over."""
    post = post_of(hall, desk.counter)
    acts = post is not None and post.a != staff and post.a not in beside
    login = f.StaffLoggedIn(
        counter=desk.counter,
        staff=staff,
        post_owner=post.a if post is not None and acts else None,
        acting=post is not None and acts and post.b == staff and not post.ab_exempt,
        self_initiated=by_vacancy,
    )
    return [*_ended_by(hall, desk.counter, staff), login]


def _ended_by(hall: Hall, counter: CounterId, staff: StaffNo) -> list[f.Fact]:
    """Whoever sits down at one of two covered counters ends the cover, except the B who does so in order to cover."""
    cover = hall.posts.cover_of(counter)
    if cover is None or (cover.at == counter and (cover.mode is CoverMode.MERGE or cover.staff == staff)):
        return []
    return stopped(hall, cover, "left" if cover.staff == staff else "returned")


def ended(cover: Cover, why: str) -> f.CoverEnded:
    """The fact that ends a cover."""
    return f.CoverEnded(counter=cover.counter, covered=cover.covered, staff=cover.staff, why=why)


def stopped(hall: Hall, cover: Cover, why: str) -> list[f.Fact]:
    """A cover ends, and who has paused the own counter for it, but still sits there, works on."""
    own = hall.desks[cover.counter]
    stays = cover.mode is CoverMode.TAKEOVER and own.paused and cover.staff in own.sitting
    back = [f.CounterResumed(counter=own.counter, staff=cover.staff)] if stays else []
    return [ended(cover, why), *back]


def works_again(hall: Hall, counter: CounterId) -> list[f.Fact]:
    """恢复服务 at a counter that takes part in a cover: the person is back, nobody need act for them any more (AB-4.4)."""
    cover = hall.posts.cover_of(counter)
    if cover is None:
        return []
    if cover.counter == counter:
        return [ended(cover, "left")] if cover.mode is CoverMode.TAKEOVER else []
    return [] if cover.staff in hall.desks[counter].sitting else stopped(hall, cover, "returned")


def left(hall: Hall, desk: Desk, staff: StaffNo) -> list[f.Fact]:
    """Somebody logs out by card; a counter they covered from here is for itself again.

    Who has asked to take over another counter and leaves the own one for it is on the way there.
    """
    cover = hall.posts.cover_of(desk.counter)
    mine = cover is not None and cover.staff == staff
    if cover is not None and mine and cover.empty == desk.counter:
        return [f.StaffLoggedOut(counter=desk.counter, staff=staff, why="takeover")]
    over = [ended(cover, "left")] if cover is not None and mine else []
    return [f.StaffLoggedOut(counter=desk.counter, staff=staff, why="card"), *over]


def handed_back(hall: Hall, desk: Desk, staff: StaffNo) -> list[f.Fact]:
    """The main person sits down, and the one who acted is free to go."""
    leaving = desk.sitting if len(desk.sitting) >= hall.in_force.counters[desk.counter].seats else ()
    stays = tuple(one for one in desk.sitting if one not in leaving)
    outs = [f.StaffLoggedOut(counter=desk.counter, staff=one, why="hand_back") for one in leaving]
    return [*outs, *sat_down(hall, desk, staff, beside=stays)]


def switched(hall: Hall, counter: CounterId, now: HallTime) -> list[f.Fact]:
    """The ticket of the B has ended and the main person waits: they change (AB-4.4), if the main person still may."""
    staff = hall.posts.awaits[counter]
    person = hall.in_force.staff.get(staff)
    may = person is not None and staff not in hall.sits_at and hall.posts.absent(staff, now) is None
    if not may:
        return [f.LoginWaitEnded(counter=counter, staff=staff)]
    return handed_back(hall, hall.desks[counter], staff)
