"""Help at a machine, a counter, a desk: a guide, an agent to come along, a wheelchair, glasses (AGENT-4.1, CARE-3.2, -6)."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.hall import Hall
from broker.rules.service_day import ladders
from broker.rules.tasks.open import About, opened
from broker.rules.tasks.state import Task
from contracts import messages as m
from contracts.values import HallTime, HelpKind, Refusal, TaskKind

_WHAT = {HelpKind.GUIDE: "引导服务", HelpKind.ITEMS: "轮椅、老花镜或放大镜"}


def requested(hall: Hall, asker: Asker, request: m.HelpRequested, _now: HallTime) -> Decision:
    """Somebody is asked to come. Asked again before anybody has taken it, it is the same task.

    The answer tells ``m``, the minutes within which somebody comes, and ``n``, how many agents' tasks are before this one.
    """
    no = _may_not_ask(hall, request)
    if no is not None:
        return refused(asker, request, no)
    kind = TaskKind.AGENT if request.kind is HelpKind.ASSIST else TaskKind.HELP
    before = hall.tasks.of(kind)
    told = {"m": str(hall.in_force.config.params.queue.agent_ack_min), "n": str(len(before))}
    about = _about(hall, asker, request)
    if any(_is_the_same(task, about) for task in before):
        return done(asker, request, ticket=request.ticket, values=told)
    ladder = ladders.agents(hall) if kind is TaskKind.AGENT else ladders.guides(hall)
    asked = f.HelpAsked(kind=request.kind, node=asker.node, ticket=request.ticket, actor=request.actor)
    return done(asker, request, asked, opened(hall, kind, ladder, about), ticket=request.ticket, values=told)


def _may_not_ask(hall: Hall, request: m.HelpRequested) -> No | None:
    if request.actor is not None and request.actor not in hall.in_force.staff:
        return No(Refusal.UNKNOWN_STAFF, f"{request.actor} is no person of this hall")
    if request.ticket is not None and request.ticket not in hall.tickets:
        return No(Refusal.UNKNOWN_TICKET, request.ticket)
    return None


def _about(hall: Hall, asker: Asker, request: m.HelpRequested) -> About:
    device = asker.device
    place = f"{int(device.counter[1:])}号窗口" if device.counter is not None else device.place or device.id
    no = place if request.ticket is None else hall.tickets[request.ticket].no
    values = {"place": place, "no": no, "what": _WHAT.get(request.kind, "")}
    return About(counter=device.counter, ticket=request.ticket, values=values)


def _is_the_same(task: Task, about: About) -> bool:
    return task.acknowledged_by is None and (task.ticket, task.values) == (about.ticket, about.values)
