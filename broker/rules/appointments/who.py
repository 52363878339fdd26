"""Who may do what with appointments, and how one is found."""

from broker.rules.appointments.state import Appointment
from broker.rules.asking import No
from broker.rules.hall import Hall
from broker.rules.roles import LEAD, lacks_role
from broker.schema import Role
from contracts.messages import AppointmentCancelRequested, AppointmentChangeRequested
from contracts.values import AppointmentId, HallTime, Initiator, Refusal, StaffNo

SERVE: tuple[Role, ...] = ("clerk", "guide", "agent", "duty_leader", "manager", "ops")
"""Make, confirm and follow up appointments, and check people in."""
CONTACT: tuple[Role, ...] = ("clerk", "guide", "agent", "duty_leader", "manager")
"""May see a contact: whoever calls people, not whoever runs the machines."""
LONGEST_REASON = 200


def found(hall: Hall, appointment: AppointmentId) -> Appointment | No:
    """The appointment, or that there is none."""
    one = hall.appointments.all.get(appointment)
    return No(Refusal.UNKNOWN_APPOINTMENT, f"{appointment} is unknown, or its day is over") if one is None else one


def lacks_reason(reason: str) -> No | None:
    """Whether the words for the record are missing, or are too many."""
    if 0 < len(reason.strip()) <= LONGEST_REASON:
        return None
    return No(Refusal.BAD_VALUE, f"a reason of 1 to {LONGEST_REASON} characters is needed")


def may_not_act(
    hall: Hall, one: Appointment, request: AppointmentChangeRequested | AppointmentCancelRequested, now: HallTime
) -> No | None:
    """The person may do anything with it; the hall needs a reason, a leader's approval and a notice in time (APPT-6)."""
    no = lacks_role(hall, request.actor, SERVE)
    if no is not None or request.by is Initiator.PERSON:
        return no
    return (
        lacks_reason(request.reason)
        or _not_approved(hall, request.actor, request.approved_by)
        or _not_told(hall, one, request.notified_at, now)
    )


def _not_approved(hall: Hall, actor: StaffNo, approver: StaffNo | None) -> No | None:
    if approver is None:
        return No(Refusal.APPROVAL_MISSING, "the hall changes or cancels only with a leader's approval (APPT-6.1)")
    no = lacks_role(hall, approver, LEAD)
    if no is not None:
        return No(Refusal.APPROVAL_MISSING, no.detail)
    if approver == actor:
        return No(Refusal.OWN_CASE, f"{actor} cannot approve his own request (CREP-4.0)")
    return None


def _not_told(hall: Hall, one: Appointment, notified_at: HallTime | None, now: HallTime) -> No | None:
    if notified_at is None:
        return No(Refusal.NOTICE_MISSING, "the person is told before anything changes (APPT-6.2)")
    if notified_at > now:
        return No(Refusal.BAD_VALUE, "a notice cannot have been given in the future")
    if is_late(one, notified_at) and hall.emergency_since is None and not hall.emergencies:
        return No(Refusal.NOTICE_MISSING, "the notice must be before the agreed time, but in an emergency (APPT-6.2)")
    return None


def is_late(one: Appointment, notified_at: HallTime | None) -> bool:
    """Whether the person heard of it only at the agreed time or behind it."""
    return notified_at is not None and notified_at >= one.at
