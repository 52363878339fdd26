"""One submission into one decision. Reads the hall, changes nothing; who may ask what stands in ``RULES`` at the end."""

from broker.rules import decide_counters as counters
from broker.rules import decide_kept as kept
from broker.rules import decide_offline as offline
from broker.rules import decide_tickets as tickets
from broker.rules import green_access
from broker.rules.appointments import decide as appointments
from broker.rules.asking import AdoptConfiguration, Asker, Decision, No, Rule, Submission, TimeReached, refused
from broker.rules.corrections import decide as corrections
from broker.rules.course import decide as course
from broker.rules.decide_nodes import node_state, stranger
from broker.rules.decide_time import adopt, time_reached
from broker.rules.hall import Hall
from broker.rules.handover import decide as handover
from broker.rules.handover.follows import follows as handovers
from broker.rules.inquiries import decide as inquiries
from broker.rules.leave import decide as leave
from broker.rules.leave import ending as leave_ending
from broker.rules.outing import decide as outing
from broker.rules.posts import decide as posts
from broker.rules.proxy import decide as proxy
from broker.rules.roles import STAFF_NODES
from broker.rules.rotation import decide as rotation
from broker.rules.service_day import decide as service_day
from broker.rules.service_day import leaving
from broker.rules.service_day.follows import follows
from broker.rules.tasks import decide as tasks
from broker.rules.training import decide as training
from broker.rules.work_cards import decide as work_cards
from broker.schema import Device, DeviceKind
from contracts import messages as m
from contracts.values import HallTime, NodeName, Refusal

__all__ = ["RULES", "AdoptConfiguration", "Decision", "Submission", "TimeReached", "decide"]


def decide(hall: Hall, submission: Submission, now: HallTime) -> Decision:
    """What follows from a submission at this hall time: facts to store, and answers to give once they are.

    A refusal is an answer without a fact, except that a refused rating is both. The shell has let all time that is due pass
    before (``next_due``), and hands in a request id only once.
    """
    decision = _decide(hall, submission, now)
    more = (
        *follows(hall, decision.facts, now),
        *handovers(hall, decision.facts, now),
        *leave_ending.follows(hall, decision.facts, now),
        *leaving.follows(hall, decision.facts),
    )
    return Decision((*decision.facts, *more), decision.answers) if more else decision


def _decide(hall: Hall, submission: Submission, now: HallTime) -> Decision:
    match submission.what:
        case TimeReached():
            return time_reached(hall, now)
        case AdoptConfiguration() as new:
            return adopt(hall, new, now)
        case m.NodeState() as state:
            return Decision() if submission.node is None else node_state(hall, submission.node, state, now)
        case m.Request() as request:
            return Decision() if submission.node is None else _request(hall, submission.node, submission.token, request, now)
        case _:
            return Decision()  # states and answers travel the other way; whoever sends one up is not served


def _request(hall: Hall, node: NodeName, token: str, request: m.Request, now: HallTime) -> Decision:
    device = hall.in_force.devices.get(node)
    if device is None:
        return _turned_away(hall, node, request)
    asker = Asker(device, token)
    rule = RULES.get(type(request))
    no = _may_not_ask(device, rule, request, now)
    if rule is None or no is not None:
        return refused(asker, request, no or No(Refusal.WRONG_NODE))
    return rule.decide(hall, asker, request, now)


def _turned_away(hall: Hall, node: NodeName, request: m.Request) -> Decision:
    parts = request.request_id.split("/")
    boot = parts[1] if len(parts) > 1 else ""
    answer = m.RequestRefused(
        request_id=request.request_id, reason=Refusal.NODE_NOT_DECLARED, detail=f"{node} is not declared"
    )
    return Decision(stranger(hall, node, boot).facts, ((node, answer),))


def _may_not_ask(device: Device, rule: Rule | None, request: m.Request, now: HallTime) -> No | None:
    if rule is None or (rule.kinds and device.kind not in rule.kinds):
        return No(Refusal.WRONG_NODE, f"{device.id} is a {device.kind} and may not send {type(request).__name__}")
    if not request.request_id.startswith(f"{device.id}/"):
        return No(Refusal.MALFORMED, f"{request.request_id} is no request id of {device.id}")
    if isinstance(request, m.Perishable) and request.expires_at is not None and now > request.expires_at:
        return No(Refusal.EXPIRED, f"expired {now - request.expires_at} ms ago")
    return None


_MACHINE: tuple[DeviceKind, ...] = ("ticket_machine",)
_TERMINAL: tuple[DeviceKind, ...] = ("counter_terminal",)

RULES: dict[type[m.Message], Rule] = {
    m.TicketRequested: Rule(_MACHINE, tickets.taken),
    m.TicketPrinted: Rule(_MACHINE, tickets.printed),
    m.TicketUnprinted: Rule(_MACHINE, tickets.unprinted),
    m.OfflineTicketTaken: Rule(_MACHINE, offline.taken),
    m.OfflineTicketPrinted: Rule(_MACHINE, offline.printed),
    m.OfflineTicketUnprinted: Rule(_MACHINE, offline.unprinted),
    m.TicketEntryRequested: Rule(STAFF_NODES, tickets.entered),
    m.TicketCancelRequested: Rule(STAFF_NODES, tickets.given_up),
    m.ReprintRequested: Rule(STAFF_NODES, tickets.printed_again),
    m.CallNextRequested: Rule(_TERMINAL, counters.call_next),
    m.RecallRequested: Rule(_TERMINAL, counters.recall),
    m.StartRequested: Rule(_TERMINAL, counters.start),
    m.FinishRequested: Rule(_TERMINAL, counters.finish),
    m.NoShowRequested: Rule(_TERMINAL, counters.no_show),
    m.PauseRequested: Rule(_TERMINAL, counters.pause),
    m.ResumeRequested: Rule(_TERMINAL, counters.resume),
    m.RatingSubmitted: Rule(("rating_pad",), kept.rating),
    m.PunchMade: Rule(("attendance_clock",), kept.punch),
    m.HealthReported: Rule((), kept.health),
    **tasks.RULES,
    **service_day.RULES,
    **appointments.RULES,
    **course.RULES,
    **posts.RULES,
    **training.RULES,
    **corrections.RULES,
    **work_cards.RULES,
    **handover.RULES,
    **outing.RULES,
    **rotation.RULES,
    **leave.RULES,
    **proxy.RULES,
    **inquiries.RULES,
    **green_access.RULES,
}
