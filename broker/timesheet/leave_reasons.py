"""Why somebody without punches is absent: leave that is over or was never approved (ATT-8.3.3a, ATT-8.3.3b)."""

from broker.attendance import Absence, ExcuseKind
from broker.rules.hours import day_of
from broker.rules.workdays import Day
from broker.timesheet.filed import PersonalFile
from broker.timesheet.history import History
from contracts.values import HallTime, StaffNo


def excuse_kind(history: History, begins: HallTime, name: str) -> ExcuseKind:
    """An outing or leave, as the configuration of the day it began on has it (``params.attendance.outing_kinds``)."""
    outings = history.in_force(day_of(begins)).config.params.attendance.outing_kinds
    return ExcuseKind.OUTING if name in outings else ExcuseKind.LEAVE


def if_absent(history: History, staff: StaffNo, day: Day, begins: HallTime, seen: HallTime) -> tuple[Absence, Absence]:
    """What was known at ``seen`` of the two halves of a day that ``begins`` at its cut-off, until the first punch of it."""
    file = history.of(staff)
    over = _ends_of_leave(history, file, seen)
    morning = _why(file, over, begins, (day.morning, day.noon), seen)
    return morning, _why(file, over, begins, (day.afternoon, day.close), seen)


def _ends_of_leave(history: History, file: PersonalFile, seen: HallTime) -> list[HallTime]:
    given = [one for one in file.given if excuse_kind(history, one.absence.begins, one.absence.kind) is ExcuseKind.LEAVE]
    return [known[1] for one in given if (known := one.as_known(seen)) is not None]


def _why(
    file: PersonalFile, over: list[HallTime], day_begins: HallTime, half: tuple[HallTime, HallTime], seen: HallTime
) -> Absence:
    """Leave that is over, until the person was seen again before this day or reported back in the half or before it."""
    begins, ends = half
    last = max((at for at in over if at < ends), default=None)
    if last is not None and not file.punched(last, day_begins, seen) and not file.reported_back(last, ends, seen):
        return Absence.LEAVE_OVERDUE
    if any(one.waits(seen) and one.begins < ends and begins < one.ends for one in file.asked):
        return Absence.LEAVE_UNAPPROVED
    return Absence.NO_RECORD
