"""Leave is asked for, renewed, or brought in from DingTalk (ATT-5.1, ATT-5.2, ATT-8.3.3b)."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.authority import deciders, ladder
from broker.rules.hall import Hall
from broker.rules.leave import checks
from broker.rules.leave.deciding import completed, levels_left, may_be_signed
from broker.rules.leave.evolve import as_submitted
from broker.rules.leave.halves import half_days, late_from
from broker.rules.leave.state import AWAITED, absence_of
from broker.rules.roles import LEAD, lacks_role
from broker.schema import HallConfig, Level
from contracts import messages as m
from contracts.values import HallTime, LeaveNo, Refusal

LONGEST_ID = 60
_Entry = m.LeaveSubmitRequested | m.LeaveRenewRequested | m.LeaveImportRequested


def submitted(hall: Hall, asker: Asker, request: m.LeaveSubmitRequested, now: HallTime) -> Decision:
    """Asked for, by the person or for them. What would be left empty is told, but only an approval is refused for it."""
    wanted = f.Absence(staff=request.staff, begins=request.begins, ends=request.ends, kind=request.kind)
    no = checks.may_not_speak(hall, request.actor, wanted.staff, now) or _unfit(hall, request, wanted, now)
    return _told(hall, asker, request, no or _fact(hall, request, wanted, now), now)


def renewed(hall: Hall, asker: Asker, request: m.LeaveRenewRequested, now: HallTime) -> Decision:
    """续假: goes on where the leave ends. The levels are those of the whole time, or leave would be had in slices."""
    old = checks.found(hall, request.leave)
    if isinstance(old, No):
        return refused(asker, request, old)
    wanted = f.Absence(staff=old.staff, begins=old.ends, ends=request.ends, kind=old.kind)
    no = checks.may_not_speak(hall, request.actor, old.staff, now) or _not_renewable(old)
    no = no or _unfit(hall, request, wanted, now)
    return _told(hall, asker, request, no or _fact(hall, request, wanted, now, renews=old), now)


def _not_renewable(old: f.Leave) -> No | None:
    if old.state in AWAITED:
        return None
    return No(
        Refusal.LEAVE_STATE, f"{old.no} is {old.state.value}; only leave somebody is still on, or overdue from, is renewed"
    )


def _told(hall: Hall, asker: Asker, request: _Entry, what: f.LeaveSubmitted | No, now: HallTime) -> Decision:
    if isinstance(what, No):
        return refused(asker, request, what)
    one = as_submitted(what, now)
    empty = checks.told(checks.open_gaps(hall, absence_of(one), now))
    return done(asker, request, what, values={"no": one.no, "level": levels_left(hall, one, now)[0], "gap": empty})


def _unfit(hall: Hall, request: _Entry, wanted: f.Absence, now: HallTime) -> No | None:
    """The shell has put a reference in the place of every reason there was."""
    if not request.reason:
        return No(Refusal.REASON_MISSING, "leave is asked for with a reason (ATT-5.1)")
    if len(request.dingtalk_no) > LONGEST_ID:
        return No(Refusal.BAD_VALUE, f"dingtalk_no has at most {LONGEST_ID} characters")
    if request.dingtalk_no and _of_dingtalk(hall, request.dingtalk_no) is not None:
        return No(Refusal.BAD_VALUE, f"{request.dingtalk_no} was entered already")
    return checks.wrong_time(hall, wanted, now)


def _of_dingtalk(hall: Hall, no: str) -> f.Leave | None:
    return next((one for one in hall.leave.all.values() if one.dingtalk_no == no), None)


def _fact(hall: Hall, request: _Entry, wanted: f.Absence, at: HallTime, renews: f.Leave | None = None) -> f.LeaveSubmitted:
    config = hall.in_force.config
    length = half_days(config, wanted.begins, wanted.ends)
    return f.LeaveSubmitted(
        leave=LeaveNo(f"QJ-{hall.today.date:%Y%m%d}-{hall.leave.count + 1:03d}"),
        staff=wanted.staff,
        kind=wanted.kind,
        begins=wanted.begins,
        ends=wanted.ends,
        levels=_levels(hall, wanted, length + _before(hall, renews), at),
        half_days=length,
        reason=request.reason,
        actor=request.actor,
        dingtalk_no=request.dingtalk_no,
        paper_slip_filed=not isinstance(request, m.LeaveImportRequested) and request.paper_slip_filed,
        renews=None if renews is None else renews.no,
        retroactive=wanted.begins <= at,
        imported=isinstance(request, m.LeaveImportRequested),
    )


def _before(hall: Hall, renews: f.Leave | None) -> int:
    """The half days of all that a renewal goes on from."""
    found = 0
    while renews is not None:
        found += renews.half_days
        renews = None if renews.renews is None else hall.leave.all.get(renews.renews)
    return found


def _levels(hall: Hall, wanted: f.Absence, length: int, at: HallTime) -> tuple[Level, ...]:
    """By length (``params.attendance.leave_levels``); the manager alone for what is asked for too late (ATT-5.2)."""
    late = at > wanted.ends and at >= late_from(hall, wanted.staff, wanted.ends)
    return ladder(hall, wanted.staff, ("manager",) if late else by_length(hall.in_force.config, length))


def by_length(config: HallConfig, length: int) -> tuple[Level, ...]:
    """The levels of so many half days."""
    table = config.params.attendance.leave_levels
    return next((one.by for one in table if one.max_days is None or length <= 2 * one.max_days), table[-1].by)


# --- DingTalk -------------------------------------------------------------------------------------------------------------


def imported(hall: Hall, asker: Asker, request: m.LeaveImportRequested, now: HallTime) -> Decision:
    """Approved in DingTalk: its approvers sign the levels they hold, whoever is missing signs here. Twice is once.

    Where it would leave nobody for a post it waits, unsigned, for a manager's reason (ATT-7).
    """
    wanted = f.Absence(staff=request.staff, begins=request.begins, ends=request.ends, kind=request.kind)
    no = lacks_role(hall, request.actor, LEAD) or _no_import(hall, request, now)
    known = _of_dingtalk(hall, request.dingtalk_no)
    if no is None:
        no = _unfit(hall, request, wanted, now) if known is None else _another(known, wanted)
    if no is not None:
        return refused(asker, request, no)
    at = now if request.approved_at is None else request.approved_at
    entered = [] if known is not None else [_fact(hall, request, wanted, at)]
    one = known or as_submitted(entered[0], now)
    signed = _signatures(hall, one, request, now, at) if one.state is f.LeaveState.SUBMITTED else []
    return done(asker, request, *entered, *signed, values=_became(one, entered, signed))


def _another(known: f.Leave, wanted: f.Absence) -> No | None:
    """A request that waits here under this number must be the same leave before DingTalk's approvers sign it."""
    same = (known.staff, known.begins, known.ends) == (wanted.staff, wanted.begins, wanted.ends)
    if same or known.state is not f.LeaveState.SUBMITTED:
        return None
    return No(Refusal.BAD_VALUE, f"{known.dingtalk_no} is {known.no} here, of another person or time")


def _became(one: f.Leave, entered: list[f.LeaveSubmitted], signed: list[f.Fact]) -> dict[str, str]:
    """Its number, what became of it (``known``: nothing new), and which level has still to sign."""
    if not entered and not signed:
        return {"no": one.no, "state": "known"}
    if any(isinstance(each, f.LeaveApproved) for each in signed):
        return {"no": one.no, "state": "approved"}
    done_ = {each.level for each in (*one.signatures, *signed) if isinstance(each, f.LeaveSigned | f.Signature)}
    return {"no": one.no, "state": "submitted", "level": next(each for each in one.levels if each not in done_)}


def _no_import(hall: Hall, request: m.LeaveImportRequested, now: HallTime) -> No | None:
    if request.staff not in hall.in_force.staff:
        return No(Refusal.UNKNOWN_STAFF, f"{request.staff} is no person of this hall")
    if request.actor == request.staff:
        return No(Refusal.OWN_CASE, f"{request.actor} may not bring in their own leave (CREP-4.0)")
    if not request.dingtalk_no:
        return No(Refusal.BAD_VALUE, "without its number in DingTalk it could be brought in twice")
    if request.approved_at is not None and not checks.earliest(now) <= request.approved_at <= now:
        return No(Refusal.BAD_VALUE, "it was approved in the future, or too long ago")
    return None


def _signatures(hall: Hall, one: f.Leave, request: m.LeaveImportRequested, now: HallTime, at: HallTime) -> list[f.Fact]:
    """Each level still open whose holder of that time is among the approvers; all of them together approve it."""
    if not may_be_signed(hall, one, now):
        return []
    left = levels_left(hall, one, at)
    facts: list[f.Fact] = []
    for level in left:
        able = deciders(hall, one.staff, level, at)
        who = next((each for each in request.approvers if each in able), None)
        facts += [] if who is None else [f.LeaveSigned(leave=one.no, level=level, actor=who, signed_at=at)]
    if len(facts) < len(left):
        return facts
    return [*facts, *completed(hall, one, request.actor, at)]
