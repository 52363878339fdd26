"""Counters: who sits there, whom they call and serve."""

from broker.rules.facts.base import Compared, Fact, Tier
from contracts.values import CallId, CounterId, HallTime, SessionId, StaffNo, TicketId


class StaffLoggedIn(Fact, frozen=True, kw_only=True):
    """A qualified person sits at a counter. ``post_owner`` is the main person of the post they sit there for (AB-4.3).

    ``acting``: they are its B. ``self_initiated``: nobody asked them, the counter stood empty (AB-4.5).
    """

    counter: CounterId
    staff: StaffNo
    post_owner: StaffNo | None = None
    acting: bool = False
    self_initiated: bool = False


class StaffLoggedOut(Fact, frozen=True, kw_only=True):
    """Left the counter: ``card``, ``day_over``, or ``configuration`` (the counter is no more).

    Between the two persons of a post (AB): ``hand_back`` (the main person is back), ``hand_over`` or ``vacancy`` (the B sits
    down at a counter that was left paused), ``takeover`` (to sit at the counter of the other) and ``cover_end`` (no longer).
    """

    counter: CounterId
    staff: StaffNo
    why: str


class CounterPaused(Fact, frozen=True, kw_only=True):
    """暂停服务."""

    counter: CounterId
    staff: StaffNo
    reason: str


class CounterResumed(Fact, frozen=True, kw_only=True):
    """恢复服务."""

    counter: CounterId
    staff: StaffNo


class TicketCalled(Fact, frozen=True, kw_only=True):
    """The pick of 1.0.4, with every head that was compared, best first; ``compared[0]`` is this ticket.

    ``queue_clock`` is the q it was decided at, ``configuration`` the hash of the configuration it was decided under.
    ``post_owner`` is the main person somebody else calls for (AB-4.3).
    """

    ticket: TicketId
    call: CallId
    counter: CounterId
    staff: StaffNo
    tier: Tier
    compared: tuple[Compared, ...]
    queue_clock: HallTime
    configuration: str
    post_owner: StaffNo | None = None


class CallRepeated(Fact, frozen=True, kw_only=True):
    """The same call was announced again; ``announcement`` counts from 1, the first call."""

    call: CallId
    announcement: int


class TicketMissed(Fact, frozen=True, kw_only=True):
    """过号: called as often as the rules ask, nobody came (D9)."""

    ticket: TicketId
    call: CallId


class ServiceStarted(Fact, frozen=True, kw_only=True):
    """The visitor is at the counter.

    ``post_owner`` is the main person somebody else acts for in this session (AB-4.3); ``None`` for their own.
    """

    session: SessionId
    ticket: TicketId
    counter: CounterId
    staff: StaffNo
    post_owner: StaffNo | None = None


class ServiceFinished(Fact, frozen=True, kw_only=True):
    """The session is over; its pad may take one rating until ``rate_until``.

    ``expedite``: the ticket claimed care or green to its end; what comes of it goes first in work lists (CARE-1, GREEN-5).
    """

    session: SessionId
    ticket: TicketId
    rate_until: HallTime
    expedite: bool = False
