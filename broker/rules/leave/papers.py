"""The paper slip is on file (ATT-5.1); the reason is shown to who decides."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.authority import deciders
from broker.rules.hall import Hall
from broker.rules.leave import checks
from broker.rules.roles import LEAD
from contracts import messages as m
from contracts.values import HallTime, Refusal


def filed(hall: Hall, asker: Asker, request: m.LeavePaperRequested, now: HallTime) -> Decision:
    """The slip has come, countersigned. The person hands it in; somebody else files it."""
    one = checks.found(hall, request.leave)
    if isinstance(one, No):
        return refused(asker, request, one)
    no = checks.may_not_speak(hall, request.actor, one.staff, now)
    if no is None and request.actor == one.staff:
        no = No(Refusal.OWN_CASE, f"{request.actor} hands the slip in; the chief, the guide or a leader files it")
    if no is not None:
        return refused(asker, request, no)
    facts = [] if one.paper_slip_filed else [f.LeavePaperFiled(leave=one.no, actor=request.actor)]
    return done(asker, request, *facts, values={"no": one.no})


def reason_shown(hall: Hall, asker: Asker, request: m.LeaveReasonRequested, now: HallTime) -> Decision:
    """To the person, to who decides, to leaders; who looked is a fact. The shell puts words in the place of references."""
    one = checks.found(hall, request.leave)
    if isinstance(one, No):
        return refused(asker, request, one)
    person = hall.in_force.staff.get(request.actor)
    able = {who for level in one.levels for who in deciders(hall, one.staff, level, now)}
    if person is None:
        return refused(asker, request, No(Refusal.UNKNOWN_STAFF, f"{request.actor} is no person of this hall"))
    if person.id != one.staff and person.id not in able and person.role not in LEAD:
        return refused(asker, request, No(Refusal.NOT_PERMITTED, f"{request.actor} does not decide about {one.no}"))
    fact = f.LeaveReasonSeen(leave=one.no, actor=request.actor)
    answer = m.LeaveReasonShown(
        request_id=request.request_id, leave=one.no, reason=one.reason, rejected=one.note, override=one.gap_note
    )
    return Decision((fact,), ((asker.node, answer),))
