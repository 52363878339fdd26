"""A punch of mode 培训签到 whose time was put right, or that was none after all (ATT-10): what was signed then."""

from broker.rules import facts as f
from broker.rules.facts import Attended, TrainingOnFile
from broker.rules.hall import Hall
from broker.rules.training.signing import closes, debounce, minutes_late, opens, signed
from contracts.values import HallTime, PunchId, PunchIntent, StaffNo


def corrected(hall: Hall, punch: PunchId, staff: StaffNo, at: HallTime | None) -> list[f.Fact]:
    """The session this punch signed in to or out of is told; one that signed nothing may do so at its right time.

    ``at`` is ``None`` for a punch that was a mistake.
    """
    for one in hall.training.sessions.values():
        came = one.came.get(staff)
        if came is not None and punch in (came.punch, came.left_punch):
            now = _now(hall, one, came, punch, at)
            return [] if now == came else [f.TrainingSignCorrected(training=one.no, staff=staff, attended=now)]
    known = hall.corrections.doubtful.get(punch)
    if at is None or known is None or known.intent is not PunchIntent.TRAIN:
        return []
    return signed(hall, punch, staff, at)


def _now(hall: Hall, one: TrainingOnFile, came: Attended, punch: PunchId, at: HallTime | None) -> Attended | None:
    """The earlier of what is left is the way in, the later one the way out."""
    left = {} if came.left is None else {came.left_punch: came.left}
    marks = {which: when for which, when in {came.punch: came.at, **left}.items() if which != punch}
    if at is not None and opens(hall, one) <= at < closes(hall, one):
        marks[punch] = at
    ordered = sorted((when, which) for which, when in marks.items())
    if not ordered or ordered[0][0] >= one.ends:
        return None
    (first, by), (last, by_last) = ordered[0], ordered[-1]
    now = Attended(at=first, late=minutes_late(hall, one, first), punch=by)
    if last - first <= debounce(hall):
        return now
    return Attended(at=now.at, late=now.late, punch=by, left=last, left_punch=by_last)
