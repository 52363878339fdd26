"""What people ask about outings: enter, approve, reject, extend, withdraw, come back (ATT-6, HALL-11.2, ATT-7)."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, Rule, done, refused
from broker.rules.facts.outing import Outing, OutingState, ReturnSource
from broker.rules.hall import Hall
from broker.rules.hours import floor_minute
from broker.rules.outing.excuse import ended, entered
from broker.rules.outing.moves import Return, came_back
from broker.rules.outing.state import WAITS_FOR_RETURN
from broker.rules.outing.submit import submitted, taken
from broker.rules.outing.tasks import approvers, may_not_approve, names, settled
from broker.rules.outing.times import back_by, minutes_over
from broker.rules.posts.both_away import gap_words, gaps
from broker.rules.roles import STAFF_NODES
from contracts import messages as m
from contracts.values import OUTING_AHEAD, HallTime, OutingNo, Refusal, StaffNo, TaskKind


def _entry(hall: Hall, no: OutingNo) -> Outing | No:
    known = hall.outings.entries.get(no)
    return known or No(Refusal.UNKNOWN_OUTING, f"{no} is none of the outings that can still change")


def _not_in(entry: Outing, what: str) -> No:
    return No(Refusal.OUTING_STATE, f"{entry.no} is {entry.state.value}; {what}")


def approved(hall: Hall, asker: Asker, request: m.OutingApproveRequested, now: HallTime) -> Decision:
    """Before leaving (HALL-11.2): what lies before the approval is not excused. Approving twice is the same as once."""
    entry = _entry(hall, request.outing)
    if isinstance(entry, No):
        return refused(asker, request, entry)
    no = may_not_approve(hall, request.actor, entry.staff, now)
    if no is None and entry.approver == request.actor and entry.state in WAITS_FOR_RETURN:
        return done(asker, request, values={"no": entry.no})
    no = no or _cannot_begin(hall, entry, now)
    missing = gap_words(hall, gaps(hall, entry.staff, entry.begins, entry.ends))
    no = no or _leaves_nobody(hall, request.actor, request.override, missing)
    if no is not None:
        return refused(asker, request, no)
    begins = HallTime(max(entry.begins, floor_minute(now)))
    override = request.override if missing else ""
    return done(
        asker,
        request,
        f.OutingApproved(outing=entry.no, actor=request.actor, excused_from=begins, override=override, gaps=missing),
        entered(entry, begins, entry.ends, request.actor),
        *_left_before(hall, entry),
        *settled(hall, entry.no, TaskKind.OUTING_DECIDE),
        values={"no": entry.no},
    )


def _cannot_begin(hall: Hall, entry: Outing, now: HallTime) -> No | None:
    if entry.state is not OutingState.SUBMITTED:
        return _not_in(entry, "only one that waits for a decision can be approved")
    if entry.ends <= now:
        return No(Refusal.TIME_PAST, f"{entry.no} would be over already (HALL-11.2: approval before leaving)")
    return taken(hall, entry.staff, entry.begins, entry.ends, but=entry.no)


def _leaves_nobody(hall: Hall, actor: StaffNo, reason: str, missing: tuple[str, ...]) -> No | None:
    """Only a manager may let it be, and says why (ATT-7)."""
    person = hall.in_force.staff.get(actor)
    if not missing or (reason and person is not None and person.role == "manager"):
        return None
    what = "、".join(missing)
    return No(Refusal.AB_BOTH_AWAY, f"nobody would be there for {what}; a manager may override (ATT-7)", {"gap": what})


def _left_before(hall: Hall, entry: Outing) -> list[f.Fact]:
    """Whoever left first and asked then: the punch belongs to this outing, and the ledger shows that it came before."""
    at = hall.outings.unapproved.get(entry.staff)
    if at is None or not entry.begins - OUTING_AHEAD <= at < entry.ends:
        return []
    return [f.OutingLeft(outing=entry.no, staff=entry.staff, at=at)]


def rejected(hall: Hall, asker: Asker, request: m.OutingRejectRequested, now: HallTime) -> Decision:
    """Not approved, with a reason."""
    entry = _entry(hall, request.outing)
    if isinstance(entry, No):
        return refused(asker, request, entry)
    no = may_not_approve(hall, request.actor, entry.staff, now)
    if no is None and entry.state is OutingState.REJECTED:
        return done(asker, request, values={"no": entry.no})
    if no is None and entry.state is not OutingState.SUBMITTED:
        no = _not_in(entry, "only one that waits for a decision can be rejected")
    if no is None and not request.reason:
        no = No(Refusal.REASON_MISSING)
    if no is not None:
        return refused(asker, request, no)
    fact = f.OutingRejected(outing=entry.no, actor=request.actor, reason=request.reason)
    return done(asker, request, fact, *settled(hall, entry.no, TaskKind.OUTING_DECIDE), values={"no": entry.no})


def withdrawn(hall: Hall, asker: Asker, request: m.OutingWithdrawRequested, now: HallTime) -> Decision:
    """By the person while it lies ahead, by whoever may approve it as long as nobody is known to have left."""
    entry = _entry(hall, request.outing)
    if isinstance(entry, No):
        return refused(asker, request, entry)
    own = request.actor == entry.staff and (now < entry.begins or entry.state is OutingState.SUBMITTED)
    no = None if own else may_not_approve(hall, request.actor, entry.staff, now)
    if no is None and entry.state is OutingState.WITHDRAWN:
        return done(asker, request, values={"no": entry.no})
    if no is None and not _may_be_withdrawn(entry):
        no = _not_in(entry, "whoever has left comes back, and the return is recorded")
    if no is not None:
        return refused(asker, request, no)
    facts: list[f.Fact] = [f.OutingWithdrawn(outing=entry.no, actor=request.actor)]
    if entry.state is not OutingState.SUBMITTED:
        facts.append(ended(entry, "withdrawn", request.actor))
    tasks = (*settled(hall, entry.no, TaskKind.OUTING_DECIDE), *settled(hall, entry.no, TaskKind.OUTING_RETURN))
    return done(asker, request, *facts, *tasks, values={"no": entry.no})


def _may_be_withdrawn(entry: Outing) -> bool:
    return entry.state is OutingState.SUBMITTED or (entry.state in WAITS_FOR_RETURN and entry.left_at is None)


def extended(hall: Hall, asker: Asker, request: m.OutingExtendRequested, now: HallTime) -> Decision:
    """Longer than approved: before the planned return, or after it, so that it is no anomaly (ATT-6.2)."""
    entry = _entry(hall, request.outing)
    if isinstance(entry, No):
        return refused(asker, request, entry)
    no = may_not_approve(hall, request.actor, entry.staff, now)
    if no is None and entry.ends == request.ends and entry.planned != entry.ends:
        return done(asker, request, values={"no": entry.no})
    no = no or _cannot_last(hall, entry, request, now)
    if no is not None:
        return refused(asker, request, no)
    config, back = hall.in_force.config, entry.returned_at
    assert entry.excused_from is not None
    fact = f.OutingExtended(
        outing=entry.no,
        actor=request.actor,
        ends=request.ends,
        reason=request.reason,
        runs=back is None and now < back_by(config, request.ends).half_ends,
        over=0 if back is None else minutes_over(config, request.ends, back),
    )
    until = request.ends if back is None else min(back, request.ends)
    return done(
        asker,
        request,
        fact,
        ended(entry, "replaced", request.actor),
        entered(entry, entry.excused_from, until, request.actor),
        *settled(hall, entry.no, TaskKind.OUTING_RETURN),
        values={"no": entry.no},
    )


def _cannot_last(hall: Hall, entry: Outing, request: m.OutingExtendRequested, now: HallTime) -> No | None:
    if entry.state not in WAITS_FOR_RETURN and not (entry.state is OutingState.RETURNED and entry.over):
        return _not_in(entry, "only one that lasts, or lasted too long, can be extended")
    if request.ends <= entry.ends:
        return No(Refusal.TIME_REVERSED, f"{entry.no} is approved until later already")
    if not request.reason:
        return No(Refusal.REASON_MISSING)
    no = taken(hall, entry.staff, entry.ends, request.ends, but=entry.no)
    if no is not None or request.ends <= now:
        return no
    missing = gap_words(hall, gaps(hall, entry.staff, HallTime(max(entry.ends, now)), request.ends))
    return _leaves_nobody(hall, request.actor, request.reason, missing)


def returned(hall: Hall, asker: Asker, request: m.OutingReturnRequested, now: HallTime) -> Decision:
    """Where neither a punch nor a login tells: entered by whoever may approve, never by the person themselves."""
    entry = _entry(hall, request.outing)
    if isinstance(entry, No):
        return refused(asker, request, entry)
    at = now if request.at is None else request.at
    no = may_not_approve(hall, request.actor, entry.staff, now)
    if no is None and entry.returned_at == at and entry.source is ReturnSource.ENTRY:
        return done(asker, request, values={"no": entry.no})
    no = no or _cannot_be_back(entry, at, now)
    if no is not None:
        return refused(asker, request, no)
    facts = came_back(hall, entry, Return(at, ReturnSource.ENTRY, request.actor))
    over = next(one.over for one in facts if isinstance(one, f.OutingReturned))
    return done(asker, request, *facts, values={"no": entry.no, "m": str(over)})


def _cannot_be_back(entry: Outing, at: HallTime, now: HallTime) -> No | None:
    earlier = entry.state is OutingState.RETURNED and entry.returned_at is not None and at < entry.returned_at
    if entry.state not in WAITS_FOR_RETURN and not earlier:
        return _not_in(entry, "nobody is awaited")
    if at > now:
        return No(Refusal.BAD_VALUE, "a return is recorded once it has happened")
    if at <= (entry.begins if entry.left_at is None else entry.left_at):
        return No(Refusal.TIME_REVERSED, f"{entry.no} had not begun by then")
    return None


def entered_new(hall: Hall, asker: Asker, request: m.OutingRequested, now: HallTime) -> Decision:
    """A new entry of the ledger; the answer says who decides and what the outing would leave without anybody."""
    made = submitted(hall, request, now)
    if isinstance(made, No):
        return refused(asker, request, made)
    entry, facts = made
    missing = gap_words(hall, gaps(hall, entry.staff, entry.begins, entry.ends))
    who = names(hall, approvers(hall, entry.staff, now))
    return done(asker, request, *facts, values={"no": entry.no, "who": who, "gap": "、".join(missing)})


RULES: dict[type[m.Message], Rule] = {
    m.OutingRequested: Rule(STAFF_NODES, entered_new),
    m.OutingApproveRequested: Rule(STAFF_NODES, approved),
    m.OutingRejectRequested: Rule(STAFF_NODES, rejected),
    m.OutingExtendRequested: Rule(STAFF_NODES, extended),
    m.OutingWithdrawRequested: Rule(STAFF_NODES, withdrawn),
    m.OutingReturnRequested: Rule(STAFF_NODES, returned),
}
"""What may be asked about outings, and by which kinds of node."""
