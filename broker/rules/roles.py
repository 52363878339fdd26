"""Who may do what. The service checks the person a request names, whatever node it comes from."""

from broker.rules.asking import No
from broker.rules.hall import Hall
from broker.schema import DeviceKind, Role
from contracts.values import Refusal, StaffNo

STAFF_NODES: tuple[DeviceKind, ...] = ("ops", "guide_console")
"""Where a person asks under their own staff number."""

LEAD: tuple[Role, ...] = ("duty_leader", "manager")
"""Approve urgent tickets, issue after closing (GREEN-2, EXT-3.2)."""

CARD_DESK: tuple[Role, ...] = ("ops", "duty_leader", "manager")
"""Give out work cards and have seen whose they are (COND-4)."""

ASSIST: tuple[Role, ...] = ("guide", "agent", "duty_leader", "manager", "ops")
"""Enter, cancel and reprint tickets for visitors (GUID-3.2)."""


def lacks_role(hall: Hall, actor: StaffNo, roles: tuple[Role, ...]) -> No | None:
    """Why this person may not do it: unknown, or of another role."""
    person = hall.in_force.staff.get(actor)
    if person is None:
        return No(Refusal.UNKNOWN_STAFF, f"{actor} is no person of this hall")
    if person.role not in roles:
        return No(Refusal.NOT_PERMITTED, f"{actor} is {person.role}; this takes {', '.join(roles)}")
    return None
