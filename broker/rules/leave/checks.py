"""What is wrong with a leave, its time or who speaks for it."""

from broker.rules.asking import No
from broker.rules.authority import chief_today, department_of
from broker.rules.facts import Absence, Leave, LeaveState
from broker.rules.hall import Hall
from broker.rules.hours import DAY, midnight, spelled
from broker.rules.leave.halves import half_days, halves_in
from broker.rules.leave.state import STANDS
from broker.rules.posts.both_away import Gap, gaps
from broker.rules.roles import LEAD
from contracts.values import HallTime, LeaveNo, Ms, Refusal, StaffNo

_LONGEST: Ms = 366 * DAY
_FARTHEST: Ms = 400 * DAY
_HELPERS = ("guide", *LEAD)


def found(hall: Hall, no: LeaveNo) -> Leave | No:
    """The leave of this number, if it can still be changed."""
    one = hall.leave.all.get(no)
    return one if one is not None else No(Refusal.UNKNOWN_LEAVE, f"{no} is not known, or was over long ago")


def may_not_speak(hall: Hall, actor: StaffNo, staff: StaffNo, now: HallTime) -> No | None:
    """Leave is asked for, given up and ended by the person, or for them by their chief, a leader or the guide."""
    person = hall.in_force.staff.get(actor)
    if person is None or staff not in hall.in_force.staff:
        return No(Refusal.UNKNOWN_STAFF, f"{actor if person is None else staff} is no person of this hall")
    department = department_of(hall, staff)
    chief = None if department is None else chief_today(hall, department, now)
    if actor in (staff, chief) or person.role in _HELPERS:
        return None
    return No(
        Refusal.NOT_PERMITTED, f"{actor} does not speak for {staff}; the person, their chief, a leader or the guide may"
    )


def wrong_time(hall: Hall, wanted: Absence, now: HallTime) -> No | None:
    """Reversed, too long, too far away, without working time in it, or in a time the person is away already.

    Raises :class:`broker.rules.workdays.MissingYearError` where workdays would be guesses.
    """
    what = _no_leave(hall, wanted, now)
    if what is not None:
        return No(Refusal.BAD_VALUE, what)
    if half_days(hall.in_force.config, wanted.begins, wanted.ends) == 0:
        return No(Refusal.BAD_VALUE, "no working time lies in it")
    return overlaps(hall, wanted)


def _no_leave(hall: Hall, wanted: Absence, now: HallTime) -> str | None:
    params = hall.in_force.config.params.attendance
    if wanted.kind not in params.leave_kinds:
        return f"{wanted.kind!r} is none of {', '.join(params.leave_kinds)}"
    if wanted.begins >= wanted.ends:
        return "it ends before it begins"
    if abs(wanted.begins - now) > _FARTHEST or wanted.ends - wanted.begins > _LONGEST:
        return f"it must begin within {_FARTHEST // DAY} days of today and last at most {_LONGEST // DAY} days"
    if wanted.ends <= kept_from(hall):
        return (
            f"it ended more than {params.leave_kept_days} days ago; its month is closed (params.attendance.leave_kept_days)"
        )
    return None


def earliest(now: HallTime) -> HallTime:
    """Nothing that is entered now can have begun, or have been approved, before this."""
    return HallTime(now - _FARTHEST)


def kept_from(hall: Hall) -> HallTime:
    """What has ended before this instant is not remembered any more, and so cannot be added either."""
    return HallTime(midnight(hall.today.date) - hall.in_force.config.params.attendance.leave_kept_days * DAY)


def overlaps(hall: Hall, wanted: Absence) -> No | None:
    """What else the person is away for, or has asked to be, in a part of this time; not what the leave would replace."""
    for one in hall.leave.of(wanted.staff):
        counts = one.state in STANDS or one.state is LeaveState.SUBMITTED
        if counts and one.no != wanted.ref and one.begins < wanted.ends and wanted.begins < one.ends:
            return _away(one.no, one.begins, one.ends)
    mine = replaced(hall, wanted)
    for other in hall.posts.absences:
        counts = other.staff == wanted.staff and other not in mine and (not other.ref or other.ref != wanted.ref)
        if counts and other.begins < wanted.ends and wanted.begins < other.ends:
            return _away(other.ref or other.kind, other.begins, other.ends)
    return None


def _away(what: str, begins: HallTime, ends: HallTime) -> No:
    return No(Refusal.ALREADY_AWAY, f"{what} is from {spelled(begins)} to {spelled(ends)}", {"no": what})


def replaced(hall: Hall, wanted: Absence) -> list[Absence]:
    """What a leader had entered without papers for a time this leave covers: the papers take its place."""
    outings = hall.in_force.config.params.attendance.outing_kinds
    return [
        one
        for one in hall.posts.absences
        if one.staff == wanted.staff
        and not one.ref
        and one.kind not in outings
        and wanted.begins <= one.begins
        and one.ends <= wanted.ends
    ]


def open_gaps(hall: Hall, wanted: Absence, now: HallTime) -> list[Gap]:
    """What nobody would be left for in working hours that are still to come (ATT-7)."""
    begins = max(wanted.begins, now)
    if begins >= wanted.ends:
        return []
    config = hall.in_force.config
    every = gaps(hall, wanted.staff, begins, wanted.ends)
    return [one for one in every if next(halves_in(config, one.begins, one.ends), None) is not None]


def named(gap: Gap) -> str:
    """The post or the group."""
    return gap.post or gap.group or ""


def told(found_gaps: list[Gap]) -> str:
    """The gaps as a person reads them: ``P03 2026-03-12 09:00-2026-03-12 12:00``."""
    return "、".join(f"{named(one)} {spelled(one.begins)}-{spelled(one.ends)}" for one in found_gaps)
