"""What the facts of leave change."""

from typing import assert_never

from msgspec.structs import replace

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.hours import DAY, midnight
from broker.rules.leave.halves import halves_in
from broker.rules.leave.state import Leaves
from broker.rules.workdays import Day
from contracts.values import HallTime, LeaveNo, TaskKind


def day_began(hall: Hall, fact: f.DayBegan) -> None:
    """What is carried over the night; numbers begin anew."""
    hall.leave = Leaves(all={one.no: one for one in fact.leaves})


def on_file(hall: Hall, today: Day) -> tuple[f.Leave, ...]:
    """What outlives the night: all that ended no longer ago than it can still be added, renewed or taken back."""
    days = hall.in_force.config.params.attendance.leave_kept_days
    return tuple(one for one in hall.leave.all.values() if one.ends > midnight(today.date) - days * DAY)


def watch(hall: Hall, fact: f.Fact) -> None:
    """Somebody has taken the task about an overdue leave: it is not put again. Before the fact is applied."""
    match fact:
        case f.TaskAcknowledged(task=task) | f.TaskClosed(task=task, why="done"):
            about = hall.tasks.open.get(task)
            if about is not None and about.kind is TaskKind.LEAVE_OVERDUE:
                _change(hall, LeaveNo(about.values["no"]), is_looked_into=True)
        case _:
            pass


def as_submitted(fact: f.LeaveSubmitted, at: HallTime) -> f.Leave:
    """The leave this fact begins."""
    return f.Leave(
        no=fact.leave,
        staff=fact.staff,
        kind=fact.kind,
        begins=fact.begins,
        ends=fact.ends,
        levels=fact.levels,
        half_days=fact.half_days,
        reason=fact.reason,
        actor=fact.actor,
        submitted_at=at,
        dingtalk_no=fact.dingtalk_no,
        paper_slip_filed=fact.paper_slip_filed,
        renews=fact.renews,
    )


def _change(hall: Hall, no: LeaveNo, **fields: object) -> None:
    """Facts of a leave that is forgotten already change nothing."""
    one = hall.leave.all.get(no)
    if one is not None:
        hall.leave.all[no] = replace(one, **fields)


def _signed(hall: Hall, fact: f.LeaveSigned, at: HallTime) -> None:
    one = hall.leave.all[fact.leave]
    signed_at = at if fact.signed_at is None else fact.signed_at
    signature = f.Signature(level=fact.level, actor=fact.actor, at=signed_at)
    _change(hall, one.no, signatures=(*one.signatures, signature))


def _approved(hall: Hall, no: LeaveNo, at: HallTime) -> None:
    one = hall.leave.all[no]
    _change(hall, no, state=f.LeaveState.APPROVED, decided_at=at)
    if one.renews is not None:
        old = hall.leave.all.get(one.renews)
        if old is not None and old.state in {f.LeaveState.APPROVED, f.LeaveState.OVERDUE}:
            _change(hall, old.no, state=f.LeaveState.RENEWED)


def _withdrawn(hall: Hall, fact: f.LeaveWithdrawn) -> None:
    """Of a renewal that is given up, the leave it went on from is the last one again."""
    one = hall.leave.all[fact.leave]
    if fact.ends is not None:
        _change(hall, one.no, ends=fact.ends, half_days=_length(hall, one.begins, fact.ends), is_reminded=False)
        return
    _change(hall, one.no, state=f.LeaveState.WITHDRAWN)
    old = None if one.renews is None else hall.leave.all.get(one.renews)
    if old is not None and old.state is f.LeaveState.RENEWED:
        _change(hall, old.no, state=f.LeaveState.APPROVED)


def _length(hall: Hall, begins: HallTime, ends: HallTime) -> int:
    return sum(1 for _ in halves_in(hall.in_force.config, begins, ends))


def _returned(hall: Hall, fact: f.LeaveReturned) -> None:
    one = hall.leave.all[fact.leave]
    ends = min(one.ends, fact.returned_at)
    _change(
        hall,
        one.no,
        state=f.LeaveState.RETURNED,
        ends=ends,
        half_days=_length(hall, one.begins, ends),
        returned_at=fact.returned_at,
        is_confirmed=fact.actor == one.staff,
    )


def apply(hall: Hall, fact: f.LeaveFact, at: HallTime) -> None:  # noqa: C901, PLR0912 -- a table, one line a fact
    """One fact of a leave."""
    match fact:
        case f.LeaveSubmitted():
            hall.leave.count += 1
            hall.leave.all[fact.leave] = as_submitted(fact, at)
        case f.LeaveSigned():
            _signed(hall, fact, at)
        case f.LeaveGapAllowed(leave=no, gaps=gaps, reason=reason):
            _change(hall, no, gaps=(*hall.leave.all[no].gaps, *gaps), gap_note=reason)
        case f.LeaveApproved(leave=no):
            _approved(hall, no, at)
        case f.LeaveRejected(leave=no, note=note):
            _change(hall, no, state=f.LeaveState.REJECTED, note=note)
        case f.LeaveWithdrawn():
            _withdrawn(hall, fact)
        case f.LeaveReminded(leave=no):
            _change(hall, no, is_reminded=True)
        case f.LeaveOverdue(leave=no):
            _change(hall, no, state=f.LeaveState.OVERDUE)
        case f.LeaveReturned():
            _returned(hall, fact)
        case f.LeaveReturnConfirmed(leave=no):
            _change(hall, no, is_confirmed=True)
        case f.LeavePaperFiled(leave=no):
            _change(hall, no, paper_slip_filed=True)
        case f.LeaveReasonSeen():
            pass  # stored for its own sake
        case _:
            assert_never(fact)
