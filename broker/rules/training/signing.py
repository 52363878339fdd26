"""A punch of mode 培训签到: which session it signs somebody into, how late, or that they leave (TRN-9.1).

Times are compared as the clock shows them, at whole minutes (D1).
"""

from broker.rules import facts as f
from broker.rules.facts import TrainingOnFile
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE, SECOND
from contracts.values import HallTime, Ms, PunchId, StaffNo


def opens(hall: Hall, one: TrainingOnFile) -> HallTime:
    """From when on it takes sign-ins."""
    return HallTime(one.begins - hall.in_force.config.params.training.sign_in_before_min * MINUTE)


def in_time_until(hall: Hall, one: TrainingOnFile) -> HallTime:
    """The last minute in which a sign-in is not late."""
    return HallTime(one.begins + hall.in_force.config.params.training.sign_in_grace_min * MINUTE)


def debounce(hall: Hall) -> Ms:
    """Within it two punches are one."""
    return hall.in_force.config.params.attendance.debounce_s * SECOND


def signed(hall: Hall, punch: PunchId, staff: StaffNo | None, at: HallTime) -> list[f.Fact]:
    """The sign-in, or the sign-out, that a punch of this mode is; nothing if no session takes it."""
    session = None if staff is None else _meant(hall, staff, at)
    if staff is None or session is None:
        return []
    came = session.came.get(staff)
    if came is None or at < came.at:
        late = minutes_late(hall, session, at)
        return [f.TrainingSignedIn(training=session.no, staff=staff, at=at, late=late, punch=punch)]
    if at - came.at <= debounce(hall) or (came.left is not None and at <= came.left):
        return []
    return [f.TrainingSignedOut(training=session.no, staff=staff, at=at, punch=punch)]


def minutes_late(hall: Hall, one: TrainingOnFile, at: HallTime) -> int:
    """0 in time; else the minutes since the beginning."""
    return 0 if _minute(at) <= in_time_until(hall, one) else (_minute(at) - one.begins) // MINUTE


def _meant(hall: Hall, staff: StaffNo, at: HallTime) -> TrainingOnFile | None:
    """The session that takes a punch now, of those the person is invited to if there are any.

    The first one they have not signed in to; if there is none, they leave the last one that they came to.
    """
    able = [one for one in hall.training.sessions.values() if not one.cancelled and _takes(hall, one, staff, at)]
    theirs = [one for one in able if staff in one.invited or staff in one.came] or able
    fresh = [one for one in theirs if staff not in one.came]
    if fresh:
        return min(fresh, key=lambda one: (one.begins, one.no))
    return max(theirs, key=lambda one: (one.begins, one.no), default=None)


def _takes(hall: Hall, one: TrainingOnFile, staff: StaffNo, at: HallTime) -> bool:
    """Signing in ends with the session; whoever came may sign out for as long after it as they might come early."""
    return opens(hall, one) <= _minute(at) and at < (closes(hall, one) if staff in one.came else one.ends)


def closes(hall: Hall, one: TrainingOnFile) -> HallTime:
    """Until when it takes sign-outs."""
    return HallTime(one.ends + one.begins - opens(hall, one))


def _minute(at: HallTime) -> HallTime:
    return HallTime(at // MINUTE * MINUTE)
