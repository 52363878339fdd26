"""The course of a ticket: held, handed on, led, back after a no-show, in another class (1.0.5)."""

from enum import StrEnum

from broker.rules.facts.base import Claim, Fact
from contracts.values import CallId, CounterId, GroupId, HallTime, ServiceId, SessionId, StaffNo, TicketId, VisitorClass


class TicketHeld(Fact, frozen=True, kw_only=True):
    """挂起: put aside at its counter. A ``session`` that had begun is interrupted; it is rated when the visit is over."""

    ticket: TicketId
    call: CallId
    counter: CounterId
    session: SessionId | None = None


class HeldResumed(Fact, frozen=True, kw_only=True):
    """It waits again, at this counter alone and before all others there."""

    ticket: TicketId
    counter: CounterId


class HeldReleased(Fact, frozen=True, kw_only=True):
    """Nobody at its counter can go on with it: it waits in its group again, where it stood."""

    ticket: TicketId
    counter: CounterId


class TicketTransferred(Fact, frozen=True, kw_only=True):
    """转移: waits in another group with the claims and the issue time it has.

    ``rate_until`` is the rating window of the session that ends here, ``None`` if it was too short to be rated (EVAL-6.1).
    """

    ticket: TicketId
    call: CallId
    counter: CounterId
    session: SessionId
    group: GroupId
    service: ServiceId | None = None
    rate_until: HallTime | None = None


class LeadBegan(Fact, frozen=True, kw_only=True):
    """领办: on the way from ``counter`` to ``to``; nothing changes hands before that one accepts (FIRST-4.2)."""

    ticket: TicketId
    counter: CounterId
    to: CounterId


class LeadEnded(Fact, frozen=True, kw_only=True):
    """The leading counter goes on with it: ``taken_back``, or ``closed`` (nobody is at the other one any more)."""

    ticket: TicketId
    counter: CounterId
    why: str


class LeadAccepted(Fact, frozen=True, kw_only=True):
    """The receiving counter took over and its ``session`` begins; ``group`` and ``service`` are what it serves it as.

    ``last_session`` ended by it at the counter ``by``, with a rating window until ``rate_until`` if it was long enough.
    """

    ticket: TicketId
    by: CounterId
    last_session: SessionId
    counter: CounterId
    staff: StaffNo
    call: CallId
    session: SessionId
    post_owner: StaffNo | None = None
    group: GroupId
    service: ServiceId | None = None
    rate_until: HallTime | None = None


class TicketReactivated(Fact, frozen=True, kw_only=True):
    """恢复排队: a missed ticket waits again with these claims, behind the third waiting one of each class (D9).

    ``actor`` is who asked for it; ``None`` if its holder did at a machine.
    """

    ticket: TicketId
    claims: tuple[Claim, ...]
    actor: StaffNo | None = None


class ClassChanged(Fact, frozen=True, kw_only=True):
    """A class was opened for a live ticket, or taken away; ``claims`` are what it holds from now on.

    Why somebody is given care stands nowhere in the facts, neither code nor words (CARE-2.2c): ``reason`` is that of a green
    or urgent visit. Care ``withdrawn`` is what the rule book calls declined (CARE-3.1): the visitor is not asked again.
    """

    ticket: TicketId
    visitor_class: VisitorClass
    withdrawn: bool
    claims: tuple[Claim, ...]
    actor: StaffNo
    reason: str = ""
    project: str | None = None
    approved_by: StaffNo | None = None


class CareOutcome(StrEnum):
    """What came of looking at a priority at the counter (CARE-2.1)."""

    VERIFIED = "verified"
    UNVERIFIED = "care_unverified"
    """Served at once all the same."""
    RETURNED = "returned"
    """Back in line as an ordinary ticket with its original issue time."""


class CareChecked(Fact, frozen=True, kw_only=True):
    """The clerk has looked at the priority of the ticket on the desk; ``claims`` are what it holds from now on."""

    ticket: TicketId
    call: CallId
    counter: CounterId
    staff: StaffNo
    outcome: CareOutcome
    claims: tuple[Claim, ...]


CourseFact = (
    TicketHeld
    | HeldResumed
    | HeldReleased
    | TicketTransferred
    | LeadBegan
    | LeadEnded
    | LeadAccepted
    | TicketReactivated
    | ClassChanged
    | CareChecked
)
"""Facts of tickets on a side path."""
