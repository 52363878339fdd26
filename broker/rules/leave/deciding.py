"""The levels sign, one after another, or say no (ATT-5.1, ATT-5.2, ATT-7, CREP-4.0)."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.authority import may_not_decide
from broker.rules.hall import Hall
from broker.rules.leave import checks
from broker.rules.leave.halves import late_from
from broker.rules.leave.state import absence_of
from broker.rules.posts.both_away import Gap, gap_words
from broker.schema import Level
from contracts import messages as m
from contracts.values import HallTime, Refusal, StaffNo


def levels_left(hall: Hall, one: f.Leave, at: HallTime) -> tuple[Level, ...]:
    """Who has still to sign, the next one first; the manager alone once the time for late approval is over (ATT-5.2)."""
    if at > one.ends and at >= late_from(hall, one.staff, one.ends):
        return ("manager",)
    signed = {each.level for each in one.signatures}
    return tuple(each for each in one.levels if each not in signed)


def approved(hall: Hall, asker: Asker, request: m.LeaveApproveRequested, now: HallTime) -> Decision:
    """The next level agrees. A manager's reason lets posts stand empty; the levels still sign each for themselves."""
    one = checks.found(hall, request.leave)
    no = one if isinstance(one, No) else _is_decided(one)
    if no is not None or isinstance(one, No):
        return refused(asker, request, no or No(Refusal.UNKNOWN_LEAVE))
    left = levels_left(hall, one, now)
    empty = _not_allowed(hall, one, now)
    allowed = _allowed(hall, one, empty, request, now) if empty and request.override.strip() else None
    if isinstance(allowed, No):
        return refused(asker, request, allowed)
    no = may_not_decide(hall, request.actor, one.staff, left[0], now)
    if no is not None and allowed is not None:
        return done(asker, request, allowed, values={"no": one.no, "level": left[0]})
    no = no or (_both_away(hall, empty) if empty and allowed is None else checks.overlaps(hall, absence_of(one)))
    if no is not None:
        return refused(asker, request, no)
    signed = f.LeaveSigned(leave=one.no, level=left[0], actor=request.actor)
    ended = completed(hall, one, request.actor, now) if len(left) == 1 else []
    values = {"no": one.no, "level": left[1] if len(left) > 1 else ""}
    return done(asker, request, *([] if allowed is None else [allowed]), signed, *ended, values=values)


def _is_decided(one: f.Leave) -> No | None:
    if one.state is f.LeaveState.SUBMITTED:
        return None
    return No(Refusal.LEAVE_STATE, f"{one.no} is {one.state.value} already")


def _not_allowed(hall: Hall, one: f.Leave, now: HallTime) -> list[Gap]:
    """What would be left empty, less what a manager has allowed."""
    return [gap for gap in checks.open_gaps(hall, absence_of(one), now) if checks.named(gap) not in one.gaps]


def _both_away(hall: Hall, empty: list[Gap]) -> No:
    what = f"{checks.told(empty)}; a manager may allow it: approve --override REASON (ATT-7)"
    return No(Refusal.AB_BOTH_AWAY, what, {"gap": "、".join(gap_words(hall, empty))})


def _allowed(
    hall: Hall, one: f.Leave, empty: list[Gap], request: m.LeaveApproveRequested, now: HallTime
) -> f.LeaveGapAllowed | No:
    no = may_not_decide(hall, request.actor, one.staff, "manager", now)
    names = tuple(dict.fromkeys(checks.named(gap) for gap in empty))
    return no or f.LeaveGapAllowed(leave=one.no, gaps=names, actor=request.actor, reason=request.override)


def may_be_signed(hall: Hall, one: f.Leave, now: HallTime) -> bool:
    """Whether an approval would leave nobody out and nothing empty that no manager has allowed."""
    return not _not_allowed(hall, one, now) and checks.overlaps(hall, absence_of(one)) is None


def completed(hall: Hall, one: f.Leave, actor: StaffNo, at: HallTime) -> list[f.Fact]:
    """The last level has signed: from now on the person is away, once, whatever a leader had entered before the papers."""
    away = absence_of(one)
    return [
        f.LeaveApproved(leave=one.no, retroactive=at >= one.begins),
        *(f.AbsenceEnded(absence=each, why="replaced", actor=actor) for each in checks.replaced(hall, away)),
        f.AbsenceEntered(absence=away, actor=actor),
    ]


def rejected(hall: Hall, asker: Asker, request: m.LeaveRejectRequested, now: HallTime) -> Decision:
    """The next level says no, with a reason; whoever stays away all the same is absent without leave (ATT-8.3.3a)."""
    one = checks.found(hall, request.leave)
    no = one if isinstance(one, No) else _is_decided(one)
    if no is not None or isinstance(one, No):
        return refused(asker, request, no or No(Refusal.UNKNOWN_LEAVE))
    level = levels_left(hall, one, now)[0]
    no = may_not_decide(hall, request.actor, one.staff, level, now)
    if no is None and not request.reason.strip():
        no = No(Refusal.REASON_MISSING, "the person is told why")
    if no is not None:
        return refused(asker, request, no)
    return done(
        asker,
        request,
        f.LeaveRejected(leave=one.no, level=level, actor=request.actor, note=request.reason),
        values={"no": one.no},
    )
