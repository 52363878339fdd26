"""Whom a clue at a post may concern: its main person, who acted, or both (AB-5.1 to AB-5.3). A hint; a person decides."""

from enum import StrEnum
from typing import NamedTuple

from broker.rules.facts.handover import HandoverEntry
from broker.rules.hall import Hall
from broker.rules.handover.people import acts_for
from broker.rules.posts.serving import post_of
from broker.schema import Post
from contracts.values import CounterId, StaffNo, TicketId


class Why(StrEnum):
    """The case it is; ``words`` holds the sentence of each under ``ab.hint.<value>``."""

    OWN = "own"
    """The main person was there."""
    NONE = "none"
    """Nothing was handed over (AB-5.1)."""
    ACTING = "acting"
    """It was handled, or the counter kept, by who acted (AB-5.2)."""
    LISTED = "listed"
    """It was handed over: from then on it is the taker's (AB-5.2)."""
    BOTH = "both"
    """There is a hand-over, but this does not stand in its list (AB-5.3)."""


class Hint(NamedTuple):
    """Whom it may concern, why, and the entry of the ledger that was looked at."""

    why: Why
    a: StaffNo
    b: StaffNo | None = None
    entry: HandoverEntry | None = None


def hint(hall: Hall, counter: CounterId, ref: str | None = None) -> Hint | None:
    """The hint for a thing at a counter, or the counter as such, in the hall as it was then; ``None`` without a post.

    ``ref`` is the id of a ticket, an appointment, a task: what stands in lists of hand-overs.
    """
    post = post_of(hall, counter)
    if post is None or post.ab_exempt:
        return None
    entry = hall.handovers.standing(counter, post.a)
    handled = _handled_by(hall, post, ref)
    acting = handled if handled is not None else _acting(hall, post) if ref is None else None
    if acting is not None and acting != post.a:
        return Hint(Why.ACTING, post.a, acting, entry)
    if handled == post.a or (ref is None and hall.sits_at.get(post.a) == counter):
        return Hint(Why.OWN, post.a, None, entry)
    if entry is None:
        return Hint(Why.NONE, post.a)
    is_listed = ref is not None and any(one.ref == ref for one in entry.listed)
    return Hint(Why.LISTED if is_listed else Why.BOTH, post.a, entry.taker, entry)


def _handled_by(hall: Hall, post: Post, ref: str | None) -> StaffNo | None:
    """Who served this ticket last for the post, or has it on the desk."""
    desk = hall.desks[post.counter]
    serving = hall.posts.serving.get(post.counter)
    if ref is not None and desk.ticket == ref and serving is not None:
        return serving.staff
    sessions = [one for one in hall.sessions.values() if one.ticket == ref]
    theirs = [one for one in sessions if post.a in (one.post_owner, one.staff)]
    return theirs[-1].staff if theirs else None


def _acting(hall: Hall, post: Post) -> StaffNo | None:
    taken = hall.handovers.taken_over.get(post.counter)
    return taken.staff if taken is not None and acts_for(hall, post.counter, taken.staff) else None


def counter_of(hall: Hall, ticket: TicketId) -> CounterId | None:
    """Where a ticket is or was last: on a desk, held, led from, served."""
    on_desk = (one.counter for one in hall.desks.values() if one.ticket == ticket)
    aside, lead, known = hall.course.held.get(ticket), hall.course.leads.get(ticket), hall.tickets.get(ticket)
    visited = () if known is None else known.visited
    rest = (None if lead is None else lead.by, None if aside is None else aside.counter, visited[-1] if visited else None)
    return next((one for one in (*on_desk, *rest) if one is not None), None)
