"""What follows from who sits down and who leaves: a post taken over at one tap, given back, or left untold (AB-1, AB-4)."""

from collections.abc import Iterable

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.handover.made import entry_of, returned
from broker.rules.handover.people import is_leaving, may_act
from broker.rules.posts.halves import current_half
from broker.rules.posts.serving import post_of
from contracts.values import CounterId, HallTime, HandoverKind, PunchIntent, StaffNo, TaskKind

_GOES = (PunchIntent.OUTING,)


def follows(hall: Hall, facts: Iterable[f.Fact], now: HallTime) -> tuple[f.Fact, ...]:
    """The facts to store behind these, which ``hall`` does not know yet."""
    found: list[f.Fact] = []
    taken: dict[CounterId, f.HandoverMade] = {}
    for fact in facts:
        match fact:
            case f.StaffLoggedIn(counter=counter, staff=staff):
                found += _back(hall, counter, staff)
                _take(taken, hall, counter, staff, now)
            case f.CoverBegan(covered=counter, staff=staff):
                _take(taken, hall, counter, staff, now)
            case f.CounterResumed(counter=counter, staff=staff):
                found += _back(hall, counter, staff)
            case f.StaffLoggedOut(counter=counter, staff=staff, why="card"):
                found += _left(hall, counter, staff, now)
            case f.PunchStored(staff=staff, intent=intent, at=at) if staff is not None and intent in _GOES:
                found += _punched_out(hall, staff, at)
            case _:
                pass
    return (*found, *taken.values())


def _take(taken: dict[CounterId, f.HandoverMade], hall: Hall, counter: CounterId, staff: StaffNo, now: HallTime) -> None:
    """Whoever was asked to act does so: one tap is the hand-over (AB-1). Not to have been asked leaves none (AB-4.5).

    Coming from another counter to sit down here is one tap, though it is a cover and a login.
    """
    post = post_of(hall, counter)
    asked = any(task.asks(staff, "") for task in hall.tasks.of(TaskKind.ACT, counter=counter))
    if counter in taken or post is None or not asked or not may_act(hall, post, staff):
        return
    if hall.handovers.standing(counter, post.a) is None:
        taken[counter] = f.HandoverMade(entry=entry_of(hall, post, staff, HandoverKind.TAKEN, now), actor=staff)


def _back(hall: Hall, counter: CounterId, staff: StaffNo) -> list[f.Fact]:
    """The main person works at the post again: the return list is made (AB-4.4)."""
    standing = hall.handovers.standing(counter, staff)
    return [] if standing is None else [returned(hall, standing, standing.documents)]


def _left(hall: Hall, counter: CounterId, staff: StaffNo, now: HallTime) -> list[f.Fact]:
    """The main person leaves in working hours, or for longer, and nothing was handed over (AB-4.2a)."""
    half, post = current_half(hall), post_of(hall, counter)
    in_hours = half is not None and half.begins <= now < half.ends
    if post is None or hall.emergency_since is not None or not (in_hours or is_leaving(hall, post)):
        return []
    return _skipped(hall, counter, staff, "logout")


def _punched_out(hall: Hall, staff: StaffNo, at: HallTime) -> list[f.Fact]:
    """公出 at the clock, of the half that runs; a punch kept for longer tells nothing about now."""
    half = current_half(hall)
    if half is None or not half.begins <= at < half.ends:
        return []
    posts = [one.counter for one in hall.in_force.posts.values() if one.a == staff]
    return [fact for counter in posts for fact in _skipped(hall, counter, staff, "punch")]


def _skipped(hall: Hall, counter: CounterId, staff: StaffNo, why: str) -> list[f.Fact]:
    post = post_of(hall, counter)
    if post is None or post.a != staff or post.ab_exempt or hall.handovers.standing(counter, staff) is not None:
        return []
    if hall.handovers.skipped.get(counter) == staff or post.b in hall.desks[counter].sitting:
        return []
    return [f.HandoverSkipped(counter=counter, post=post.id, staff=staff, why=why)]
