"""A new entry of the hand-over ledger, and the list with which it ends (AB-4.2a, AB-4.4)."""

from broker.rules import facts as f
from broker.rules.facts.handover import HandoverEntry
from broker.rules.hall import Hall
from broker.rules.handover.listed import done, listed
from broker.schema import Post
from contracts.values import HallTime, HandoverKind, HandoverNo, StaffNo


def entry_of(  # noqa: PLR0913 -- an entry has so many parts
    hall: Hall, post: Post, taker: StaffNo, kind: HandoverKind, now: HallTime, *, remarks: str = "", numbered: bool = True
) -> HandoverEntry:
    """The entry as it stands now; who enters what a telephone told them, or takes over themselves, has read it."""
    return HandoverEntry(
        no=next_no(hall) if numbered else HandoverNo(""),
        post=post.id,
        counter=post.counter,
        giver=post.a,
        taker=taker,
        kind=kind,
        at=now,
        listed=listed(hall, post, post.a),
        remarks=remarks,
        acknowledged_at=None if kind is HandoverKind.WRITTEN else now,
    )


def next_no(hall: Hall) -> HandoverNo:
    """``JJ-20260310-001``, counted for each day."""
    return HandoverNo(f"JJ-{hall.today.date:%Y%m%d}-{hall.handovers.count + 1:03d}")


def returned(hall: Hall, entry: HandoverEntry, documents: str = "") -> f.HandoverReturned:
    """What was done for the main person and what is open at the post now."""
    finished = done(hall, entry)
    post = hall.in_force.posts.get(entry.counter)
    still = () if post is None else listed(hall, post, entry.taker)
    return f.HandoverReturned(
        no=entry.no, done=finished, served=entry.served + len(finished), still=still, documents=documents
    )
