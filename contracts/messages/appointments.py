"""Appointments (APPT): made, confirmed, changed, cancelled, checked in, followed up. Only the service hears contacts."""

from contracts.messages.base import Answer, Perishable
from contracts.values import (
    AppointmentId,
    Channel,
    ContactOutcome,
    GroupId,
    HallTime,
    HolderHash,
    Initiator,
    ServiceId,
    StaffNo,
)


class AppointmentRequested(Perishable, frozen=True, kw_only=True):
    """A person asks for a point in time (APPT-1). Matter, time and contact are needed; name and project are not (APPT-4.1).

    ``contact`` and ``name`` are personal data: the service puts them apart at once, and no fact, log or state holds them.
    ``holder`` is the hash of the ID card under the identity key of the appointment's day, so that the card checks in there.
    ``source_id`` names it where it was booked online; asked again under the same, it is the same appointment.
    """

    actor: StaffNo
    group: GroupId
    at: HallTime
    contact: str
    channel: Channel = Channel.ONSITE
    service: ServiceId | None = None
    name: str = ""
    project: str | None = None
    holder: HolderHash | None = None
    source_id: str = ""


class AppointmentConfirmRequested(Perishable, frozen=True, kw_only=True):
    """Staff confirm time and matter; ``notice_id`` is the one-off notification that was given (APPT-4.2)."""

    actor: StaffNo
    appointment: AppointmentId
    notice_id: str


class AppointmentChangeRequested(Perishable, frozen=True, kw_only=True):
    """Another time. The hall needs ``reason``, ``approved_by`` and ``notified_at``; the person needs nothing (APPT-6).

    ``holder`` is the hash of the ID card under the identity key of the new day; without it a card that was shown at the
    booking checks in on its old day alone, and on another day the booking code does.
    """

    actor: StaffNo
    appointment: AppointmentId
    at: HallTime
    by: Initiator
    reason: str = ""
    approved_by: StaffNo | None = None
    notified_at: HallTime | None = None
    holder: HolderHash | None = None


class AppointmentCancelRequested(Perishable, frozen=True, kw_only=True):
    """No appointment any more. The hall needs ``reason``, ``approved_by`` and ``notified_at``; the person needs nothing."""

    actor: StaffNo
    appointment: AppointmentId
    by: Initiator
    reason: str = ""
    approved_by: StaffNo | None = None
    notified_at: HallTime | None = None


class AppointmentContactRecorded(Perishable, frozen=True, kw_only=True):
    """Somebody who did not come was called (APPT-7.1). ``hold_until``: the new time they named, the same day."""

    actor: StaffNo
    appointment: AppointmentId
    outcome: ContactOutcome
    hold_until: HallTime | None = None


class CheckInRequested(Perishable, frozen=True, kw_only=True):
    """预约签到 (APPT-4.3): at a machine by ID card (``holder``) or by phone and code (``proof``), by a guide by its id.

    ``proof`` is the HMAC under the day's identity key of the last four digits of the phone and the booking code, written
    ``1234:567890``; ``holder`` is the hash of the ID card. A guide names ``actor`` and ``appointment``.
    """

    proof: str | None = None
    holder: HolderHash | None = None
    appointment: AppointmentId | None = None
    actor: StaffNo | None = None


class ContactOpenRequested(Perishable, frozen=True, kw_only=True):
    """Staff need the contact of an appointment to call its person; who opened it and why is recorded."""

    actor: StaffNo
    appointment: AppointmentId
    reason: str


class AppointmentMade(Answer, frozen=True, kw_only=True):
    """The appointment is stored. ``code`` are the six digits its person checks in with."""

    appointment: AppointmentId
    code: str
    at: HallTime


class ContactOpened(Answer, frozen=True, kw_only=True):
    """The contact, to the node that asked and nobody else; empty if its time was over and it is destroyed."""

    appointment: AppointmentId
    contact: str
    name: str = ""
