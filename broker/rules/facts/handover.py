"""Hand-overs between the people of a post: made, acknowledged, returned, confirmed; prompted and skipped (AB)."""

from msgspec import Struct

from broker.rules.facts.base import Fact
from contracts.values import CounterId, HallTime, HandoverKind, HandoverNo, ListedKind, StaffNo, TicketId


class Listed(Struct, frozen=True, kw_only=True):
    """One thing that is handed over: ``ref`` is the id of the ticket, appointment or task."""

    what: ListedKind
    ref: str


class HandoverEntry(Struct, frozen=True, kw_only=True):
    """An entry of the hand-over ledger as it stands.

    ``giver`` is the main person of ``post``, ``taker`` its B or whom the duty leader named. ``listed`` is what the hall knew
    to be open at ``at``; ``remarks`` and ``documents`` are references into the vault. From ``returned_at`` on: ``done`` are
    the tickets the taker finished for the giver on that day, ``served`` how many sessions on all days, ``still`` what is
    open. ``confirmed`` are those of the two who have confirmed that list.
    """

    no: HandoverNo
    post: str
    counter: CounterId
    giver: StaffNo
    taker: StaffNo
    kind: HandoverKind
    at: HallTime
    listed: tuple[Listed, ...] = ()
    remarks: str = ""
    acknowledged_at: HallTime | None = None
    returned_at: HallTime | None = None
    done: tuple[TicketId, ...] = ()
    served: int = 0
    still: tuple[Listed, ...] = ()
    documents: str = ""
    confirmed: tuple[StaffNo, ...] = ()


class HandoverMade(Fact, frozen=True, kw_only=True):
    """The post is handed over (AB-4.2a, AB-4.2b, AB-1). ``replaces`` is the earlier entry that this one stands for now."""

    entry: HandoverEntry
    actor: StaffNo
    replaces: HandoverNo | None = None


class HandoverAcknowledged(Fact, frozen=True, kw_only=True):
    """Whoever takes over has read it (AB-4.2a)."""

    no: HandoverNo
    staff: StaffNo


class HandoverReturned(Fact, frozen=True, kw_only=True):
    """The main person is back: what was done and what is open (AB-4.4). Made anew, both confirm it anew."""

    no: HandoverNo
    done: tuple[TicketId, ...] = ()
    served: int = 0
    still: tuple[Listed, ...] = ()
    documents: str = ""


class HandoverConfirmed(Fact, frozen=True, kw_only=True):
    """One of the two confirms the return list; with the second one the hand-over is over (AB-4.4)."""

    no: HandoverNo
    staff: StaffNo


class HandoverPrompted(Fact, frozen=True, kw_only=True):
    """The main person is about to be away, from ``begins`` on, and is asked to hand over first (AB-4.2a)."""

    counter: CounterId
    staff: StaffNo
    begins: HallTime


class HandoverSkipped(Fact, frozen=True, kw_only=True):
    """The main person has left without handing over: by ``logout`` at the counter, or by ``punch`` at the clock (AB-4.2a).

    Recorded, never judged.
    """

    counter: CounterId
    post: str
    staff: StaffNo
    why: str


class HandoverUntold(Fact, frozen=True, kw_only=True):
    """``staff`` acts for ``giver``, and the time to enter what a telephone call told is over (AB-4.2b, AB-5.1)."""

    counter: CounterId
    post: str
    giver: StaffNo
    staff: StaffNo


class SubstituteNamed(Fact, frozen=True, kw_only=True):
    """B is away too: a duty leader names a third person for the post, until the day ends (AB-2)."""

    counter: CounterId
    post: str
    staff: StaffNo
    actor: StaffNo


HandoverFact = (
    HandoverMade
    | HandoverAcknowledged
    | HandoverReturned
    | HandoverConfirmed
    | HandoverPrompted
    | HandoverSkipped
    | HandoverUntold
    | SubstituteNamed
)
"""Facts of hand-overs."""
