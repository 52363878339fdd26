"""What staff say about a task: taken, done."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, Rule, done, refused
from broker.rules.hall import Hall
from broker.rules.roles import STAFF_NODES
from broker.rules.tasks.state import Task
from contracts import messages as m
from contracts.values import HallTime, Refusal, StaffNo, TaskKind

_LONGEST_NOTE = 200
_BY_THEMSELVES = frozenset(
    {
        TaskKind.SURGE,
        TaskKind.VACANCY,
        TaskKind.ACT,
        TaskKind.APPOINTMENT_CONTACT,
        TaskKind.APPOINTMENT_CONFIRM,
        TaskKind.REGULARISE,
        TaskKind.OUTING_DECIDE,
        TaskKind.OUTING_RETURN,
        TaskKind.LEAVE_DECIDE,
        TaskKind.PROXY_CHECK,
        TaskKind.PROXY_SIGN,
    }
)
"""These end when what they are about ends, never because somebody says so."""


def acknowledged(hall: Hall, asker: Asker, request: m.TaskAckRequested, _now: HallTime) -> Decision:
    """A person who was asked takes the task; taking it twice is the same as once."""
    task = hall.tasks.open.get(request.task)
    no = _may_not_take(hall, task, request.actor)
    if task is None or no is not None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_TASK, request.task))
    if task.acknowledged_by == request.actor:
        return done(asker, request)
    return done(asker, request, f.TaskAcknowledged(task=task.id, actor=request.actor))


def closed(hall: Hall, asker: Asker, request: m.TaskCloseRequested, _now: HallTime) -> Decision:
    """A person who was asked says that it is done."""
    task = hall.tasks.open.get(request.task)
    no = _may_not_take(hall, task, request.actor)
    if no is None and len(request.note) > _LONGEST_NOTE:
        no = No(Refusal.BAD_VALUE, f"a note has at most {_LONGEST_NOTE} characters")
    if no is None and task is not None and task.kind in _BY_THEMSELVES:
        no = No(Refusal.NOT_PERMITTED, f"{task.id} ends when its cause ends; acknowledge it instead")
    if task is None or no is not None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_TASK, request.task))
    return done(asker, request, f.TaskClosed(task=task.id, why="done", actor=request.actor, note=request.note))


def _may_not_take(hall: Hall, task: Task | None, actor: StaffNo) -> No | None:
    person = hall.in_force.staff.get(actor)
    if person is None:
        return No(Refusal.UNKNOWN_STAFF, f"{actor} is no person of this hall")
    if task is None:
        return No(Refusal.UNKNOWN_TASK)
    if not task.asks(person.id, person.role):
        return No(Refusal.NOT_PERMITTED, f"{task.id} was not put to {actor}")
    return None


RULES: dict[type[m.Message], Rule] = {
    m.TaskAckRequested: Rule(STAFF_NODES, acknowledged),
    m.TaskCloseRequested: Rule(STAFF_NODES, closed),
}
"""What may be asked about tasks, and by which kinds of node."""
