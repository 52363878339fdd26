"""What facts of attendance change for the reminders: a late punch, a 补签 or a leave entered afterwards settles a day."""

from collections.abc import Callable
from datetime import date

from msgspec.structs import replace

from broker.rules import facts as f
from broker.rules.facts import Absence, Mark
from broker.rules.hall import Hall
from broker.rules.reminders.lacking import day_key, touches
from broker.rules.reminders.state import Reminders
from contracts.values import HallTime, StaffNo

_NEVER_WAS = frozenset({"withdrawn", "replaced"})


def day_began(hall: Hall, fact: f.DayBegan) -> None:
    """A new day with no punches yet; what lacks something is known from before."""
    hall.reminders = Reminders(open={(one.staff, one.date): one for one in fact.open_days})


def watch(hall: Hall, fact: f.Fact, at: HallTime) -> None:
    """Called with every fact, before its own area sees it."""
    match fact:
        case f.PunchStored(staff=str(staff)):
            _marked(hall, staff, Mark(id=fact.request_id, at=fact.at, intent=fact.intent))
        case f.PunchEntered():
            _marked(hall, fact.staff, Mark(id=fact.punch, at=fact.at, intent=fact.intent))
        case f.RegularisationAsked():
            _marked(hall, fact.staff, Mark(id=fact.no, at=fact.at, intent=fact.intent))
        case f.RegularisationDecided(approved=False):
            _changed(hall, fact.staff, lambda mark: None if mark.id == fact.no else mark)
        case f.PunchEntryVoided():
            _changed(hall, fact.staff, lambda mark: None if mark.id == fact.punch else mark)
        case f.PunchTimeSet():
            _retimed(hall, fact)
        case f.HalfReclassified():
            hall.reminders.open.pop((fact.staff, fact.day), None)
        case f.AbsenceEntered(absence=absence):
            _excused(hall, absence)
        case f.AbsenceEnded():
            _over(hall, fact, at)
        case _:
            pass


def _marked(hall: Hall, staff: StaffNo, mark: Mark) -> None:
    """Of the running day, or of a day that lacks something; any other day is no business of reminders."""
    if hall.day is None:
        return
    known, day = hall.reminders, day_key(hall, mark.at)
    if day == hall.day.date.isoformat():
        known.today.setdefault(staff, []).append(mark)
    elif (found := known.open.get((staff, day))) is not None:
        known.open[staff, day] = replace(found, marks=(*found.marks, mark))


def _changed(hall: Hall, staff: StaffNo, change: Callable[[Mark], Mark | None]) -> None:
    known = hall.reminders
    known.today[staff] = [one for mark in known.today.get(staff, []) if (one := change(mark)) is not None]
    for key, found in [(key, one) for key, one in known.open.items() if key[0] == staff]:
        marks = tuple(one for mark in found.marks if (one := change(mark)) is not None)
        if marks != found.marks:
            known.open[key] = replace(found, marks=marks)


def _retimed(hall: Hall, fact: f.PunchTimeSet) -> None:
    for staff in {*hall.reminders.today, *(staff for staff, _ in hall.reminders.open)}:
        _changed(hall, staff, lambda mark: replace(mark, at=fact.at) if mark.id == fact.punch else mark)


def _excused(hall: Hall, absence: Absence) -> None:
    for key, found in list(hall.reminders.open.items()):
        if found.staff == absence.staff and touches(absence, date.fromisoformat(found.date)):
            hall.reminders.open[key] = replace(found, excuses=(*found.excuses, absence))


def _over(hall: Hall, fact: f.AbsenceEnded, at: HallTime) -> None:
    """One that was over early excuses as long as it lasted; one that is withdrawn excuses nothing."""
    known, absence = hall.reminders, fact.absence
    if fact.why in _NEVER_WAS:
        for key, found in list(known.open.items()):
            known.open[key] = replace(found, excuses=tuple(one for one in found.excuses if one != absence))
        return
    ends = min(absence.ends, at if fact.until is None else fact.until)
    if absence.begins < ends:
        known.ended.append(replace(absence, ends=ends))
