"""Who saw which green project, and why: only staff who have to do with it, and each time on record (GREEN-8).

A code is all that is ever shown; boards for people show its first letters alone (:func:`masked`).
"""

from datetime import date

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, Rule, done, refused
from broker.rules.hall import Hall
from broker.rules.roles import STAFF_NODES, lacks_role
from broker.rules.tasks.state import Task
from broker.schema import Role
from contracts import messages as m
from contracts.values import HallTime, Refusal, StaffNo, TaskKind, TicketNo

OVERSEE: tuple[Role, ...] = ("inspector", "duty_leader", "manager")
"""Read the whole ledger, and any task."""
LONGEST_REASON = 200
_SHOWN = 2
_ABOUT = frozenset({TaskKind.GREEN_VISIT, TaskKind.GREEN_FOLLOW_UP})


def masked(code: str) -> str:
    """``YA****``: enough to know that it is a project, not which."""
    return f"{code[:_SHOWN]}****"


def opened(hall: Hall, asker: Asker, request: m.ProjectOpenRequested, _now: HallTime) -> Decision:
    """The code of a task to whom it was put, or the whole ledger of a day to a leader or inspector."""
    no = _bad_request(hall, request)
    task = None if request.task is None else hall.tasks.open.get(request.task)
    no = no or (_may_not_see(hall, task, request.actor) if request.task is not None else _may_not_read(hall, request))
    if no is not None:
        return refused(asker, request, no)
    reason = request.reason.strip()
    if task is None:
        return done(asker, request, f.ProjectOpened(project=None, actor=request.actor, reason=reason, ledger=request.ledger))
    code = task.values["code"]
    project = hall.in_force.projects.get(code)
    answer = m.ProjectOpened(
        request_id=request.request_id,
        project=code,
        case_manager=request.actor if project is None else project.case_manager,
        valid_to="" if project is None else project.valid_to.isoformat(),
        no=TicketNo(task.values["no"]) if "no" in task.values else None,
    )
    fact = f.ProjectOpened(project=code, actor=request.actor, reason=reason, task=task.id)
    return Decision((fact,), ((asker.node, answer),))


def _bad_request(hall: Hall, request: m.ProjectOpenRequested) -> No | None:
    if request.actor not in hall.in_force.staff:
        return No(Refusal.UNKNOWN_STAFF, f"{request.actor} is no person of this hall")
    if (request.task is None) == (request.ledger is None):
        return No(Refusal.BAD_VALUE, "exactly one of task and ledger is given")
    if not 0 < len(request.reason.strip()) <= LONGEST_REASON:
        return No(Refusal.BAD_VALUE, f"a reason of 1 to {LONGEST_REASON} characters is needed")
    return None


def _may_not_see(hall: Hall, task: Task | None, actor: StaffNo) -> No | None:
    if task is None or task.kind not in _ABOUT:
        return No(Refusal.UNKNOWN_TASK, "no open task about a project")
    person = hall.in_force.staff[actor]
    if task.asks(person.id, person.role) or person.role in OVERSEE:
        return None
    return No(Refusal.NOT_PERMITTED, f"{task.id} was not put to {actor}")


def _may_not_read(hall: Hall, request: m.ProjectOpenRequested) -> No | None:
    try:
        date.fromisoformat(request.ledger or "")
    except ValueError:
        return No(Refusal.BAD_VALUE, f"{request.ledger} is no day")
    return lacks_role(hall, request.actor, OVERSEE)


RULES: dict[type[m.Message], Rule] = {m.ProjectOpenRequested: Rule(STAFF_NODES, opened)}
"""What may be asked about projects, and by which kinds of node."""
