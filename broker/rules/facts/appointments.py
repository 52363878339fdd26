"""Appointments: what became of each. Their ledger (APPT-9) is these facts, nothing else.

``contact`` is the reference under which contact, name and booking code lie in the vault, ``holder`` a pseudonym of the ID
card for that day alone; neither says anything once the key of the day is destroyed (docs/decisions/0021).
"""

from enum import StrEnum

from msgspec import Struct

from broker.rules.facts.base import Claim, Fact
from contracts.values import (
    AppointmentId,
    Channel,
    ContactOutcome,
    GroupId,
    HallTime,
    HolderHash,
    Initiator,
    Ms,
    ServiceId,
    StaffNo,
    TicketId,
)


class AppointmentState(StrEnum):
    """Where an appointment is in its life (APPT-4 to APPT-7)."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    OVERDUE = "overdue_contact"
    """The person is late beyond the grace, or beyond the time they named, and is to be called."""
    HELD = "held"
    """The person was reached and comes later the same day."""
    CHECKED_IN = "checked_in"
    FORFEITED = "forfeited"
    CANCELLED_BY_HALL = "cancelled_by_hall"
    CANCELLED_BY_PERSON = "cancelled_by_person"


class AppointmentMade(Fact, frozen=True, kw_only=True):
    """A person is promised a point in time (APPT-1). ``source_id`` names it where it was booked online."""

    appointment: AppointmentId
    group: GroupId
    service: ServiceId | None
    at: HallTime
    channel: Channel
    contact: str
    actor: StaffNo
    holder: HolderHash | None = None
    project: str | None = None
    source_id: str = ""


class AppointmentConfirmAsked(Fact, frozen=True, kw_only=True):
    """Staff were asked to confirm it; asked again every working morning until they have."""

    appointment: AppointmentId


class AppointmentConfirmed(Fact, frozen=True, kw_only=True):
    """Staff confirmed time and matter, and gave the one-off notice (APPT-4.2)."""

    appointment: AppointmentId
    notice_id: str
    actor: StaffNo


class AppointmentPresumedConfirmed(Fact, frozen=True, kw_only=True):
    """Its time came without a confirmation: the hall's silence counts as one (APPT-4.2)."""

    appointment: AppointmentId


class AppointmentReminded(Fact, frozen=True, kw_only=True):
    """The counters that can serve it were reminded this many minutes before (APPT-5)."""

    appointment: AppointmentId
    minutes: int


class AppointmentChanged(Fact, frozen=True, kw_only=True):
    """Another time. ``late``: the hall could tell the person only after the agreed time, in an emergency (APPT-6.2).

    ``holder`` stands for the ID card on the new day, if it was shown; the one of another day says nothing on this one.
    """

    appointment: AppointmentId
    at: HallTime
    contact: str
    by: Initiator
    actor: StaffNo
    reason: str = ""
    approved_by: StaffNo | None = None
    notified_at: HallTime | None = None
    late: bool = False
    holder: HolderHash | None = None


class AppointmentCancelled(Fact, frozen=True, kw_only=True):
    """No appointment any more; ``late`` as for a change. Who comes all the same after the hall's is still served."""

    appointment: AppointmentId
    by: Initiator
    actor: StaffNo
    reason: str = ""
    approved_by: StaffNo | None = None
    notified_at: HallTime | None = None
    late: bool = False


class AppointmentOverdue(Fact, frozen=True, kw_only=True):
    """The person has not come and is to be called (APPT-7.1); ``nth`` time that this begins."""

    appointment: AppointmentId
    nth: int


class AppointmentContacted(Fact, frozen=True, kw_only=True):
    """Somebody called the person. ``counts`` is false for a call without answer too soon after the last one."""

    appointment: AppointmentId
    outcome: ContactOutcome
    actor: StaffNo
    hold_until: HallTime | None = None
    counts: bool = True


class AppointmentForfeited(Fact, frozen=True, kw_only=True):
    """Given up after contact (APPT-7.1); ``why`` is the outcome that ended it. The person may take a ticket at any time."""

    appointment: AppointmentId
    why: ContactOutcome


class AppointmentCheckedIn(Fact, frozen=True, kw_only=True):
    """The person is here. ``linked``: the ticket was theirs already and holds these ``claims`` from now on."""

    appointment: AppointmentId
    ticket: TicketId
    actor: StaffNo | None = None
    linked: bool = False
    claims: tuple[Claim, ...] = ()


class AppointmentReopened(Fact, frozen=True, kw_only=True):
    """The number of its check-in was burnt: no paper of it came out, so that it is as if nobody had checked in yet."""

    appointment: AppointmentId
    ticket: TicketId


class AppointmentWaitedLong(Fact, frozen=True, kw_only=True):
    """The person came in time and has waited this long beyond the agreed time (APPT-7.3)."""

    appointment: AppointmentId
    ticket: TicketId
    beyond: Ms


class AppointmentContactOpened(Fact, frozen=True, kw_only=True):
    """Who saw the contact, and why."""

    appointment: AppointmentId
    actor: StaffNo
    reason: str


class AppointmentNotKept(Fact, frozen=True, kw_only=True):
    """Its day ended; the person neither came nor was reached, so it was never forfeited."""

    appointment: AppointmentId
    state: AppointmentState


class AppointmentOnFile(Struct, frozen=True, kw_only=True):
    """An appointment that outlives the night."""

    id: AppointmentId
    group: GroupId
    service: ServiceId | None
    at: HallTime
    channel: Channel
    contact: str
    state: AppointmentState
    holder: HolderHash | None = None
    project: str | None = None
    source_id: str = ""


AppointmentFact = (
    AppointmentMade
    | AppointmentConfirmAsked
    | AppointmentConfirmed
    | AppointmentPresumedConfirmed
    | AppointmentReminded
    | AppointmentChanged
    | AppointmentCancelled
    | AppointmentOverdue
    | AppointmentContacted
    | AppointmentForfeited
    | AppointmentCheckedIn
    | AppointmentReopened
    | AppointmentWaitedLong
    | AppointmentContactOpened
    | AppointmentNotKept
)
"""Facts of appointments."""
