"""Projects of the green channel: which code counts, and who is told when one appears (GREEN-2, GREEN-3).

Only the code travels, and only to staff: neither name nor unit of a project stands in any message (GREEN-8).
"""

from datetime import date

from broker.rules import facts as f
from broker.rules.asking import No
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE
from broker.rules.tasks.open import About, opened
from contracts.values import AppointmentId, GroupId, HallTime, Refusal, StaffNo, TaskKind, TicketId


def is_no_project(hall: Hall, code: str, day: date) -> No | None:
    """Why this code is no green project on this day; there is no self-declaration (GREEN-2)."""
    project = hall.in_force.projects.get(code)
    if project is None:
        return No(Refusal.UNKNOWN_PROJECT, f"{code} is not registered (GREEN-2)")
    if day > project.valid_to:
        return No(Refusal.UNKNOWN_PROJECT, f"{project.code} was valid to {project.valid_to} (GREEN-2)")
    return None


def visit_task(  # noqa: PLR0913 -- what a task is about
    hall: Hall,
    code: str,
    no: str,
    *,
    group: GroupId,
    now: HallTime,
    ticket: TicketId | None = None,
    appointment: AppointmentId | None = None,
    nth: int = 0,
) -> f.TaskOpened:
    """A ticket or an appointment of a project appeared: its case manager is told in the same moment (GREEN-3)."""
    ladder = manager_ladder(hall, code, now)
    about = About(group=group, ticket=ticket, appointment=appointment, values={"code": code, "no": no})
    return opened(hall, TaskKind.GREEN_VISIT, ladder, about, nth)


def manager_ladder(hall: Hall, code: str, now: HallTime) -> tuple[f.Rung, ...]:
    """Who is asked about a project: its case manager, or whoever stands in, then the duty leader."""
    first = _told_first(hall, hall.in_force.projects[code].case_manager, now)
    wait = hall.in_force.config.params.queue.green_escalate_min * MINUTE
    leader = f.Rung(after=wait if first is not None else 0, roles=("duty_leader",))
    return (leader,) if first is None else (f.Rung(after=0, staff=(first,)), leader)


def _told_first(hall: Hall, manager: StaffNo, now: HallTime) -> StaffNo | None:
    """The case manager; his B while he is away, where he has a post; else nobody before the duty leader."""
    if hall.posts.absent(manager, now) is None:
        return manager
    deputies = [post.b for post in hall.in_force.config.posts if post.a == manager]
    return next((one for one in deputies if hall.posts.absent(one, now) is None), None)
