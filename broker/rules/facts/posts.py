"""Posts: who is away, who acts for whom, which counter stands empty (AB, HALL-11.1)."""

from msgspec import Struct

from broker.rules.facts.base import Fact
from contracts.values import CounterId, CoverMode, HallTime, StaffNo


class Absence(Struct, frozen=True, kw_only=True):
    """A person is away from ``begins`` up to ``ends``: approved leave, or a business outing, by its ``kind``.

    ``ref`` is the number of the ledger's entry it comes from, such as ``QJ-20260310-001``; empty if a leader entered it.
    """

    staff: StaffNo
    begins: HallTime
    ends: HallTime
    kind: str
    ref: str = ""


class AbsenceEntered(Fact, frozen=True, kw_only=True):
    """Somebody will be away: entered by a leader, or approved in a ledger by its last ``actor`` (ATT-5.1, ATT-6.1)."""

    absence: Absence
    actor: StaffNo


class AbsenceEnded(Fact, frozen=True, kw_only=True):
    """An absence no longer counts: ``withdrawn`` by a leader, or over early by a ``login`` or ``punch`` (ATT-6.2).

    ``replaced``: by another one of the same ledger entry. Of one that is withdrawn or replaced nothing counts. ``until`` is
    when it was over, where that was before the fact was stored.
    """

    absence: Absence
    why: str
    actor: StaffNo | None = None
    until: HallTime | None = None


class LoginAwaited(Fact, frozen=True, kw_only=True):
    """The main person is back while the B serves; they change when the ticket on the desk ends (AB-4.4)."""

    counter: CounterId
    staff: StaffNo


class LoginWaitEnded(Fact, frozen=True, kw_only=True):
    """The main person who waited may not sit here any more: has logged in elsewhere, or is away again."""

    counter: CounterId
    staff: StaffNo


class CoverBegan(Fact, frozen=True, kw_only=True):
    """The person of ``counter`` acts for ``covered`` too, whose B they are (AB-4.6)."""

    counter: CounterId
    covered: CounterId
    staff: StaffNo
    mode: CoverMode


class CoverEnded(Fact, frozen=True, kw_only=True):
    """Each counter is for itself again: ``returned`` (somebody works there), ``request``, ``left`` (the one who covered)."""

    counter: CounterId
    covered: CounterId
    staff: StaffNo
    why: str


class CoverProposed(Fact, frozen=True, kw_only=True):
    """请B岗顶岗 (AB-1): the main person is ``absent`` by the ledger, or ``late``; once for each half of the day.

    ``half`` is when that half begins.
    """

    counter: CounterId
    half: HallTime
    a: StaffNo
    b: StaffNo
    why: str


class CounterVacant(Fact, frozen=True, kw_only=True):
    """``counter.vacant`` (HALL-11.1): nobody has worked here since ``since``. A clue for the patrol, never a judgement.

    ``staff`` is who paused it and with which ``reason`` of the list, if it is paused; nobody if nobody is logged in.
    """

    counter: CounterId
    post: str | None
    since: HallTime
    staff: StaffNo | None = None
    reason: str = ""


class MissingLogin(Struct, frozen=True, kw_only=True):
    """A main person who is not away by the ledger and has logged in nowhere."""

    counter: CounterId
    post: str
    staff: StaffNo


class LoginsChecked(Fact, frozen=True, kw_only=True):
    """Some minutes after the ``half`` began: whose login is ``missing`` (ATT-8.1). A clue for the patrol, never lateness.

    ``in_time`` is false if nobody could log in before, because the service was away; then nobody is missing.
    """

    half: HallTime
    missing: tuple[MissingLogin, ...] = ()
    in_time: bool = True


PostFact = (
    AbsenceEntered
    | AbsenceEnded
    | LoginAwaited
    | LoginWaitEnded
    | CoverBegan
    | CoverEnded
    | CoverProposed
    | CounterVacant
    | LoginsChecked
)
"""Facts of posts."""
