"""培训签到台账 (TRN-5, TRN-9): the sessions of a month or a year, who was to come, who came, what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import get_args

from broker.ledgers.table import Table, clock, person
from broker.rules import facts as f
from broker.rules.evolve import evolve
from broker.rules.facts import Absence, TrainingOnFile
from broker.rules.hall import empty_hall
from broker.rules.hours import day_of, spelled
from contracts.values import HallTime, StaffNo, TrainingNo
from words import text

KINDS = tuple(one.__name__ for one in (f.ConfigurationAdopted, f.AbsenceEntered, f.AbsenceEnded, *get_args(f.TrainingFact)))
COLUMNS = (
    "培训编号",
    "名称",
    "内容",
    "形式",
    "计划",
    "地点",
    "开始",
    "结束",
    "人员",
    "是否受邀",
    "签到情况",
    "签到时间",
    "签退时间",
    "结果",
    "分数",
    "总体评价",
    "状态",
)


@dataclass(frozen=True, slots=True)
class Trainee:
    """One person of a session. ``came`` is the key of ``words.trn`` that says whether they came."""

    staff: StaffNo
    invited: bool
    came: str
    attended: f.Attended | None = None
    assessed: f.Assessment | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One session. ``state`` is a key of ``words.trn``; ``note``: the remark of a closed one, the reason of a cancelled."""

    session: TrainingOnFile
    state: str
    note: str
    people: tuple[Trainee, ...]

    @property
    def absent(self) -> tuple[StaffNo, ...]:
        """Invited, less signed in, less away with approval (TRN-9.1); empty before it is over."""
        return tuple(one.staff for one in self.people if one.came == "trn.came.absent")


def entries(recorded: Iterable[f.Recorded], now: HallTime) -> list[Entry]:
    """Every session in the facts of these :data:`KINDS`, by its beginning."""
    hall, notes, away = empty_hall(), dict[TrainingNo, str](), list[Absence]()
    outings: tuple[str, ...] = ()
    for one in recorded:
        match one.fact:
            case f.AbsenceEntered(absence=absence):
                away.append(absence)
            case f.AbsenceEnded(absence=absence, until=until):
                away = [each for each in away if each != absence]  # told twice, it is not there any more
                away += _while_it_lasted(absence, one.at if until is None else until)
            case f.TrainingClosed(training=training, remark=note) | f.TrainingCancelled(training=training, reason=note):
                notes[training] = note
                evolve(hall, one)
            case _:
                evolve(hall, one)
    if hall.plan is not None:
        outings = hall.in_force.config.params.attendance.outing_kinds
    made = [
        Entry(each, _state(each, now), notes.get(each.no, ""), tuple(_people(each, away, outings, now)))
        for each in hall.training.sessions.values()
    ]
    return sorted(made, key=lambda entry: (entry.session.begins, entry.session.no))


def _while_it_lasted(absence: Absence, ended: HallTime) -> list[Absence]:
    if ended <= absence.begins:
        return []
    ends = min(absence.ends, ended)
    return [Absence(staff=absence.staff, begins=absence.begins, ends=ends, kind=absence.kind, ref=absence.ref)]


def _state(one: TrainingOnFile, now: HallTime) -> str:
    if one.cancelled or one.closed:
        return "trn.state.cancelled" if one.cancelled else "trn.state.closed"
    if now < one.ends:
        return "trn.state.ahead" if now < one.begins else "trn.state.running"
    return "trn.state.open"


def _people(one: TrainingOnFile, away: list[Absence], outings: tuple[str, ...], now: HallTime) -> Iterable[Trainee]:
    for staff in dict.fromkeys((*one.invited, *one.came)):
        attended = one.came.get(staff)
        came = _not_there(one, staff, away, outings, now)
        if attended is not None:
            came = "trn.came.late" if attended.late else "trn.came.in_time"
        yield Trainee(staff, staff in one.invited, came, attended, one.assessed.get(staff))


def _not_there(one: TrainingOnFile, staff: StaffNo, away: list[Absence], outings: tuple[str, ...], now: HallTime) -> str:
    """Away with approval at some time of it, or absent once it is over."""
    theirs = [each for each in away if each.staff == staff and each.ref != one.no]
    excused = [each for each in theirs if each.begins < one.ends and one.begins < each.ends]
    if any(each.kind not in outings for each in excused):
        return "trn.came.leave"
    if excused:
        return "trn.came.outing"
    return "trn.came.waited" if now < one.ends or one.cancelled else "trn.came.absent"


def table(found: Iterable[Entry], names: dict[StaffNo, str]) -> Table:
    """One row for every person of every session; a session nobody was invited to has one row too."""
    rows = [row for entry in found for row in _rows(entry, names)]
    return Table(COLUMNS, tuple(rows))


def of_month(found: Iterable[Entry], month: date) -> list[Entry]:
    """Those that begin in the month in which ``month`` lies."""
    return [one for one in found if day_of(one.session.begins).replace(day=1) == month.replace(day=1)]


def _rows(entry: Entry, names: dict[StaffNo, str]) -> list[tuple[str, ...]]:
    one = entry.session
    what = text("trn.pre_job").zh if one.pre_job else text(f"trn.topic.{one.topic.value}").zh
    head = (
        one.no,
        one.title,
        what,
        text(f"trn.form.{one.form.value}").zh,
        text("trn.planned" if one.planned else "trn.extra").zh,
        one.place,
        spelled(one.begins),
        spelled(one.ends),
    )
    tail = (entry.note, text(entry.state).zh)
    people = [_cells(each, names) for each in entry.people]
    return [(*head, *cells, *tail) for cells in people or [("",) * (len(COLUMNS) - len(head) - len(tail))]]


def _cells(one: Trainee, names: dict[StaffNo, str]) -> tuple[str, ...]:
    return (
        person(names, one.staff),
        "是" if one.invited else "否",
        came_text(one),
        "" if one.attended is None else clock(one.attended.at),
        "" if one.attended is None else clock(one.attended.left),
        "" if one.assessed is None else text("trn.passed" if one.assessed.passed else "trn.failed").zh,
        "" if one.assessed is None or one.assessed.score is None else str(one.assessed.score),
    )


def came_text(one: Trainee) -> str:
    """``迟到签到20分钟``."""
    late = 0 if one.attended is None else one.attended.late
    return text(one.came).zh.format(m=late)
