"""What somebody who goes would leave behind, as far as the hall knows (ROT-7).

Cases and borrowed items stand in no register of the hall yet: whoever closes a rotation confirms them.
"""

from collections.abc import Iterator

from broker.rules.hall import Hall
from contracts.values import StaffNo


def left_behind(hall: Hall, staff: StaffNo) -> tuple[str, ...]:
    """The matters in this person's hands, each in a few words for the list; less what somebody has taken over (AB-4.2)."""
    given = [one for one in hall.handovers.open.values() if one.giver == staff and one.acknowledged_at is not None]
    gone = {each.ref for one in given for each in one.listed}
    mine = (*_tickets(hall, staff), *_tasks(hall, staff))
    kept = [what for ref, what in mine if ref not in gone]
    return (*kept, *_handovers(hall, staff), *_projects(hall, staff))


def _tickets(hall: Hall, staff: StaffNo) -> Iterator[tuple[str, str]]:
    for desk in hall.desks.values():
        serving = hall.posts.serving.get(desk.counter)
        if desk.ticket is not None and serving is not None and serving.staff == staff:
            yield desk.ticket, f"号码{hall.tickets[desk.ticket].no}"
    for ticket, aside in hall.course.held.items():
        post = hall.in_force.posts.get(aside.counter)
        owner = (hall.tickets[ticket].chain or ((post.a,) if post is not None else ()))[-1:]
        if owner == (staff,):
            yield ticket, f"挂起号码{hall.tickets[ticket].no}"


def _tasks(hall: Hall, staff: StaffNo) -> Iterator[tuple[str, str]]:
    for task in hall.tasks.open.values():
        if task.acknowledged_by == staff:
            yield task.id, f"待办{task.id.rpartition('/')[2]}"


def _handovers(hall: Hall, staff: StaffNo) -> Iterator[str]:
    """Given to somebody who has not read it; taken from somebody who has not got it back."""
    for one in hall.handovers.open.values():
        unread = one.giver == staff and one.acknowledged_at is None
        if one.returned_at is None and (unread or one.taker == staff):
            yield f"交接{one.no}"


def _projects(hall: Hall, staff: StaffNo) -> Iterator[str]:
    for project in hall.in_force.config.green_projects:
        if project.case_manager == staff and project.valid_to >= hall.today.date:
            yield f"重点项目{project.code}"
