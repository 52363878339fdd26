"""Who asks about a hand-over, who may take a post over, and who has taken it over already (AB-1 to AB-4)."""

from broker.rules.asking import Asker, No
from broker.rules.hall import Hall
from broker.rules.posts.serving import counters_at, post_of
from broker.schema import Post
from contracts.values import CounterId, HallTime, HandoverKind, Refusal, StaffNo


def asking(hall: Hall, asker: Asker, actor: StaffNo | None) -> tuple[StaffNo, ...] | No:
    """The persons a request can be of: whoever sits at the asking terminal; elsewhere the one who is named."""
    if asker.device.counter is not None:
        sitting = hall.desks[asker.device.counter].sitting
        return sitting or No(Refusal.NOT_LOGGED_IN)
    if actor is None or actor not in hall.in_force.staff:
        return No(Refusal.UNKNOWN_STAFF, f"{actor or 'nobody'} is no person of this hall")
    return (actor,)


def main_post(hall: Hall, people: tuple[StaffNo, ...], counter: CounterId | None) -> Post | No:
    """The post one of these hands over: of this counter, or the one that is theirs."""
    posts = hall.in_force.posts
    if counter is not None and counter not in hall.in_force.counters:
        return No(Refusal.UNKNOWN_COUNTER, f"{counter} is none of {', '.join(hall.in_force.counters)}")
    theirs = [one for one in posts.values() if one.a in people and counter in (None, one.counter)]
    if not theirs:
        return No(Refusal.NOT_PERMITTED, f"{', '.join(people)} is no main person of {counter or 'any post'} (AB-4.2a)")
    return exempted(theirs[0]) or theirs[0]


def exempted(post: Post) -> No | None:
    """Nobody takes an exempt post over; the duty leader sees to it (AB-3.1)."""
    if not post.ab_exempt:
        return None
    return No(Refusal.NOT_PERMITTED, f"nobody acts for {post.a} at {post.id}: {post.ab_exempt_reason} (AB-3.1)")


def taker_of(hall: Hall, post: Post, now: HallTime) -> StaffNo | No:
    """Who takes a post over: whom the duty leader named, else its B if they are here (AB-2)."""
    named = hall.handovers.substitutes.get(post.counter)
    if named is not None:
        return named
    if hall.posts.absent(post.b, now) is not None:
        return No(Refusal.NOBODY_TO_ACT, f"{post.b} is away too; a duty leader names a third person (AB-2)")
    return post.b


def may_act(hall: Hall, post: Post, staff: StaffNo) -> bool:
    """Whether this is who takes the post over: its B, or the third person."""
    return staff in (post.b, hall.handovers.substitutes.get(post.counter))


def acts_for(hall: Hall, counter: CounterId, staff: StaffNo) -> bool:
    """Whether this person has taken the counter over and is still at it, there or from another (AB-4.6)."""
    taken, post = hall.handovers.taken_over.get(counter), post_of(hall, counter)
    at = hall.sits_at.get(staff)
    if taken is None or taken.staff != staff or at is None or post is None:
        return False
    return counter in counters_at(hall, at) and hall.sits_at.get(post.a) != counter


def takes_part(hall: Hall, post: Post, staff: StaffNo) -> bool:
    """Whether this person acts for the main person of the post, and may."""
    return not post.ab_exempt and may_act(hall, post, staff) and acts_for(hall, post.counter, staff)


def is_told(hall: Hall, post: Post) -> bool:
    """Whether the main person has told who acts what is open, in writing or by telephone."""
    standing = hall.handovers.standing(post.counter, post.a)
    return standing is not None and standing.kind is not HandoverKind.TAKEN


def is_leaving(hall: Hall, post: Post) -> bool:
    """Whether the main person was asked to hand over before an absence that still counts."""
    asked = hall.handovers.prompted.get(post.counter, ())
    return any(one.staff == post.a and one.begins in asked for one in hall.posts.absences)
