"""Leave is given up, wholly or in part, or its person is back: 销假 (ATT-3.2)."""

from collections.abc import Iterable

from msgspec.structs import replace

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.authority import may_not_decide
from broker.rules.hall import Hall
from broker.rules.hours import spelled
from broker.rules.leave import checks
from broker.rules.leave.state import AWAITED, absence_of
from contracts import messages as m
from contracts.values import HallTime, Refusal, StaffNo

_MAY_GO = AWAITED | {f.LeaveState.SUBMITTED, f.LeaveState.RETURNED}


def withdrawn(hall: Hall, asker: Asker, request: m.LeaveWithdrawRequested, now: HallTime) -> Decision:
    """All of it, or the rest. What it has excused already only the manager takes back."""
    one = checks.found(hall, request.leave)
    if isinstance(one, No):
        return refused(asker, request, one)
    ends = _ends(one, request, now)
    no = checks.may_not_speak(hall, request.actor, one.staff, now) or _not_to_be_given_up(one, ends)
    if no is None and one.state is not f.LeaveState.SUBMITTED and (one.begins if ends is None else ends) < now:
        no = may_not_decide(hall, request.actor, one.staff, "manager", now)
    if no is not None:
        return refused(asker, request, no)
    fact = f.LeaveWithdrawn(leave=one.no, actor=request.actor, ends=ends)
    away = [] if one.state is f.LeaveState.SUBMITTED else _shortened(one, ends, request.actor)
    return done(asker, request, fact, *away, values={"no": one.no})


def _ends(one: f.Leave, request: m.LeaveWithdrawRequested, now: HallTime) -> HallTime | None:
    """Where it shall end; ``None``: nowhere, it is all given up."""
    if request.until is None and one.state in AWAITED and one.begins < now < one.ends:
        return now
    return request.until


def _not_to_be_given_up(one: f.Leave, ends: HallTime | None) -> No | None:
    if one.state not in _MAY_GO:
        return No(Refusal.LEAVE_STATE, f"{one.no} is {one.state.value}")
    if ends is None:
        return None
    if one.state is f.LeaveState.SUBMITTED:
        return No(Refusal.LEAVE_STATE, f"{one.no} is not approved yet; give it up and ask for the shorter time")
    if not one.begins < ends < one.ends:
        return No(Refusal.BAD_VALUE, f"it ends between {spelled(one.begins)} and {spelled(one.ends)}")
    return None


def _shortened(one: f.Leave, ends: HallTime | None, actor: StaffNo) -> list[f.Fact]:
    whole = absence_of(one)
    if ends is None:
        return [f.AbsenceEnded(absence=whole, why="withdrawn", actor=actor)]
    shorter = f.AbsenceEntered(absence=replace(whole, ends=ends), actor=actor)
    return [f.AbsenceEnded(absence=whole, why="replaced", actor=actor), shorter]


def returned(hall: Hall, asker: Asker, request: m.LeaveReturnRequested, now: HallTime) -> Decision:
    """The person is back, at the end or before it; or confirms what a punch has told."""
    one = checks.found(hall, request.leave)
    if isinstance(one, No):
        return refused(asker, request, one)
    no = checks.may_not_speak(hall, request.actor, one.staff, now)
    if no is None and one.state is f.LeaveState.RETURNED:
        own = request.actor == one.staff and not one.is_confirmed
        facts = [f.LeaveReturnConfirmed(leave=one.no, actor=request.actor)] if own else []
        return done(asker, request, *facts, values={"no": one.no})
    if no is None and (one.state not in AWAITED or now < one.begins):
        no = No(Refusal.LEAVE_STATE, f"{one.no} is {one.state.value} and has not begun; nobody can be back from it")
    if no is not None:
        return refused(asker, request, no)
    back = f.LeaveReturned(leave=one.no, by="command", returned_at=now, actor=request.actor)
    early = [f.AbsenceEnded(absence=absence_of(one), why="returned", actor=request.actor)] if now < one.ends else []
    return done(asker, request, back, *early, values={"no": one.no})


def follows(hall: Hall, facts: Iterable[f.Fact], now: HallTime) -> tuple[f.Fact, ...]:
    """自动销假: the first punch after the leave, or the first login at a counter (ATT-3.2)."""
    found: list[f.Fact] = []
    for fact in facts:
        match fact:
            case f.PunchStored(staff=str(staff), at=at):
                found += _back(hall, staff, "punch", at)
            case f.StaffLoggedIn(staff=staff):
                found += _back(hall, staff, "login", now)
            case _:
                pass
    return tuple(found)


def _back(hall: Hall, staff: StaffNo, by: str, at: HallTime) -> list[f.Fact]:
    return [
        f.LeaveReturned(leave=one.no, by=by, returned_at=at)
        for one in hall.leave.of(staff)
        if one.state in AWAITED and one.ends <= at
    ]
