"""请销假台账 (ATT-4, ATT-5): every leave from the request to the return, and what leaders entered without papers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from broker.ledgers.table import Table, person
from broker.rules import facts as f
from broker.rules.evolve import evolve
from broker.rules.hall import Hall, empty_hall
from broker.rules.hours import midnight, spelled
from broker.rules.leave.halves import halves_in
from contracts.values import HallTime, LeaveNo, StaffNo
from words import text

KINDS = ("ConfigurationAdopted", "AbsenceEntered", "AbsenceEnded", *(one.__name__ for one in get_args(f.LeaveFact)))
"""The facts it is made of."""
COLUMNS = (
    "编号",
    "姓名",
    "部门",
    "假别",
    "开始",
    "结束",
    "天数",
    "登记时间",
    "登记人",
    "审批",
    "批准时间",
    "补假",
    "纸质假条",
    "钉钉编号",
    "续假自",
    "销假时间",
    "销假方式",
    "本人确认",
    "状态",
)
_OPEN = frozenset({f.LeaveState.SUBMITTED, f.LeaveState.APPROVED, f.LeaveState.OVERDUE})
_NEVER_WAS = frozenset({f.LeaveState.REJECTED, f.LeaveState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. ``by`` is how the return was told; ``has_papers`` is false for what a leader entered without a request."""

    leave: f.Leave
    by: str = ""
    has_papers: bool = True

    @property
    def is_open(self) -> bool:
        """Whether something is still to come of it."""
        return self.has_papers and self.leave.state in _OPEN

    @property
    def lacks_slip(self) -> bool:
        """The paper slip is not on file, though the leave stands or may yet (ATT-5.1)."""
        return self.has_papers and self.leave.state not in _NEVER_WAS and not self.leave.paper_slip_filed

    @property
    def is_retroactive(self) -> bool:
        """补假: approved after it began."""
        return self.leave.decided_at is not None and self.leave.decided_at >= self.leave.begins

    def state(self, now: HallTime) -> str:
        """The word of its state: a leave that is approved runs, and is then over."""
        one = self.leave
        if not self.has_papers:
            return "no_papers"
        if one.state is not f.LeaveState.APPROVED or now < one.begins:
            return one.state.value
        return "running" if now < one.ends else "ended"


@dataclass(frozen=True, slots=True)
class Book:
    """Every entry by its time, and the hall they were read in, for names."""

    hall: Hall
    entries: tuple[Entry, ...]


def book(recorded: Iterable[f.Recorded]) -> Book:
    """Everything, from facts of :data:`KINDS` in their order. The hall forgets nothing here, since no night comes."""
    hall, by = empty_hall(), dict[LeaveNo, str]()
    entered: list[tuple[HallTime, f.AbsenceEntered]] = []
    for one in recorded:
        match one.fact:
            case f.AbsenceEntered(absence=absence):
                entered += [(one.at, one.fact)] if not absence.ref else []
            case f.AbsenceEnded(absence=absence, why=why):
                entered = [each for each in entered if each[1].absence != absence or why not in {"withdrawn", "replaced"}]
            case f.LeaveReturned(leave=no):
                by[no] = one.fact.by
                evolve(hall, one)
            case _:
                evolve(hall, one)
    found = [Entry(leave, by.get(leave.no, "")) for leave in hall.leave.all.values()]
    if hall.plan is not None:
        found += [Entry(_as_leave(hall, at, fact), has_papers=False) for at, fact in entered if _is_leave(hall, fact)]
    return Book(hall, tuple(sorted(found, key=lambda one: (one.leave.begins, one.leave.staff, one.leave.no))))


def _is_leave(hall: Hall, fact: f.AbsenceEntered) -> bool:
    return fact.absence.kind not in hall.in_force.config.params.attendance.outing_kinds


def _as_leave(hall: Hall, at: HallTime, fact: f.AbsenceEntered) -> f.Leave:
    away = fact.absence
    return f.Leave(
        no=LeaveNo(""),
        staff=away.staff,
        kind=away.kind,
        begins=away.begins,
        ends=away.ends,
        levels=(),
        half_days=sum(1 for _ in halves_in(hall.in_force.config, away.begins, away.ends)),
        reason="",
        actor=fact.actor,
        submitted_at=at,
        state=f.LeaveState.APPROVED,
    )


def of_month(every: Book, month: date) -> Book:
    """The entries that lie in the month of this day, wholly or in part."""
    first = month.replace(day=1)
    begins, ends = midnight(first), midnight((first + timedelta(days=31)).replace(day=1))
    return Book(every.hall, tuple(one for one in every.entries if one.leave.begins < ends and begins < one.leave.ends))


def table(found: Book, now: HallTime) -> Table:
    """The ledger as it reads now."""
    names = {} if found.hall.plan is None else {one.id: one.zh for one in found.hall.plan.staff.values()}
    return Table(COLUMNS, tuple(_row(found.hall, one, names, now) for one in found.entries))


def _row(hall: Hall, entry: Entry, names: dict[StaffNo, str], now: HallTime) -> tuple[str, ...]:
    one = entry.leave
    return (
        one.no,
        person(names, one.staff),
        _department(hall, one.staff),
        kind(one.kind),
        spelled(one.begins),
        spelled(one.ends),
        days(one.half_days),
        spelled(one.submitted_at),
        person(names, one.actor),
        ";".join(signature(each, names) for each in one.signatures),
        spelled(one.decided_at),
        _yes(entry.is_retroactive),
        _yes(one.paper_slip_filed) if entry.has_papers else "",
        one.dingtalk_no,
        one.renews or "",
        spelled(one.returned_at),
        text(f"leave.by.{entry.by}").zh if entry.by else "",
        _yes(one.is_confirmed) if one.returned_at is not None else "",
        text(f"leave.state.{entry.state(now)}").zh,
    )


def _department(hall: Hall, staff: StaffNo) -> str:
    member = hall.in_force.staff.get(staff)
    every = {one.id: one.zh for one in hall.in_force.config.departments}
    return "" if member is None else every.get(member.dept, member.dept)


def _yes(is_so: bool) -> str:  # noqa: FBT001 -- a word for it
    return text("leave.yes" if is_so else "leave.no").zh


def signature(one: f.Signature, names: dict[StaffNo, str]) -> str:
    """``首席代表 张敏 S101 2026-03-09 17:00``."""
    return f"{text(f'leave.level.{one.level}').zh} {person(names, one.actor)} {spelled(one.at)}"


def kind(name: str) -> str:
    """What a kind is called; a kind the hall added is called as it is written."""
    try:
        return text(f"leave.kind.{name}").zh
    except KeyError:
        return name


def days(half_days: int) -> str:
    """``1.5``."""
    return f"{half_days / 2:g}"
