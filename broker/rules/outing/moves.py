"""What a punch or a login tells about an outing: gone, back, or gone without approval (ATT-6.2, HALL-11.2).

A punch counts for when it was made, also when a clock that was cut off sends it later. Nothing here blocks anything: the
punch is stored in any case.
"""

from typing import NamedTuple

from broker.rules import facts as f
from broker.rules.facts.outing import Outing, OutingState, ReturnSource
from broker.rules.hall import Hall
from broker.rules.hours import SECOND
from broker.rules.outing.excuse import ended, entered
from broker.rules.outing.state import APPROVED, WAITS_FOR_RETURN
from broker.rules.outing.tasks import settled
from broker.rules.outing.times import back_by, minutes_over
from contracts.values import OUTING_AHEAD, HallTime, PunchIntent, StaffNo, TaskKind

Punch = f.PunchStored | f.PunchEntered
"""At a clock, or a line of the paper sheet (ATT-10)."""


def punched(hall: Hall, punch: Punch) -> list[f.Fact]:
    """公出 and 返岗; and any punch by which somebody comes to a half they had to be back in."""
    if punch.staff is None:
        return []
    match punch.intent:
        case PunchIntent.OUTING:
            return _gone(hall, punch, punch.staff)
        case PunchIntent.RETURN:
            return _back(hall, punch, punch.staff, by_key=True)
        case PunchIntent.IN | PunchIntent.NONE:
            return _back(hall, punch, punch.staff, by_key=False)
        case PunchIntent.OUT | PunchIntent.TRAIN:
            return []


def retimed(hall: Hall, put_right: f.PunchTimeSet) -> list[f.Fact]:
    """The time of a punch was doubtful and is put right (ATT-10): so is what the ledger has from it."""
    facts: list[f.Fact] = []
    for entry in hall.outings.entries.values():
        if entry.staff != put_right.staff:
            continue
        if entry.left_at == put_right.proposed:
            facts.append(f.OutingLeft(outing=entry.no, staff=entry.staff, at=put_right.at))
        if entry.source is ReturnSource.PUNCH and entry.returned_at == put_right.proposed:
            facts += _back_at(hall, entry, put_right.at)
    return facts


def _back_at(hall: Hall, entry: Outing, at: HallTime) -> list[f.Fact]:
    """The excuse is entered anew first: what it was shortened to before counts no more."""
    assert entry.excused_from is not None
    assert entry.excused_to is not None
    assert entry.approver is not None
    anew = (ended(entry, "replaced"), entered(entry, entry.excused_from, entry.excused_to, entry.approver))
    return [*anew, *came_back(hall, entry, Return(at, ReturnSource.PUNCH))]


def seated(hall: Hall, staff: StaffNo, now: HallTime) -> list[f.Fact]:
    """A login counts as the return; not that of somebody who only changes the counter."""
    entry = hall.outings.latest(staff, now)
    if staff in hall.sits_at or entry is None or entry.state not in WAITS_FOR_RETURN:
        return []
    return came_back(hall, entry, Return(now, ReturnSource.LOGIN))


class Return(NamedTuple):
    """When somebody was back, and what tells it."""

    at: HallTime
    source: ReturnSource
    actor: StaffNo | None = None
    unverified: bool = False


def came_back(hall: Hall, entry: Outing, back: Return) -> list[f.Fact]:
    """The return is on record, the excuse ends with it, nobody is reminded any more. Later than planned is no lateness."""
    told = f.OutingReturned(
        outing=entry.no,
        staff=entry.staff,
        at=back.at,
        source=back.source,
        over=minutes_over(hall.in_force.config, entry.ends, back.at),
        actor=back.actor,
        unverified=back.unverified,
    )
    facts: list[f.Fact] = [told]
    if entry.excused_to is not None and back.at < entry.excused_to:
        facts.append(ended(entry, back.source.value, back.actor, until=back.at))
    return [*facts, *settled(hall, entry.no, TaskKind.OUTING_RETURN)]


def _gone(hall: Hall, punch: Punch, staff: StaffNo) -> list[f.Fact]:
    entry = next((one for one in hall.outings.entries.values() if one.staff == staff and _covers(one, punch.at)), None)
    left = [] if entry is None else [_left(entry, punch)]
    if entry is not None and entry.approved_at is not None and entry.approved_at <= punch.at:
        return [*left]
    if entry is None and (_is_out(hall, staff, punch.at) or _is_again(hall, staff, punch.at)):
        return []
    clock = punch.clock if isinstance(punch, f.PunchStored) else None
    return [*left, f.OutingUnapproved(staff=staff, at=punch.at, clock=clock)]


def _left(entry: Outing, punch: Punch) -> f.OutingLeft:
    return f.OutingLeft(outing=entry.no, staff=entry.staff, at=punch.at, unverified=_is_doubtful(punch))


def _is_doubtful(punch: Punch) -> bool:
    return isinstance(punch, f.PunchStored) and punch.unverified


def _covers(entry: Outing, at: HallTime) -> bool:
    """Whether a 公出 punch at this time is the beginning of this outing, which had none yet."""
    in_time = entry.begins - OUTING_AHEAD <= at < entry.ends and entry.left_at is None
    return entry.state in APPROVED and in_time and (entry.returned_at is None or at < entry.returned_at)


def _is_out(hall: Hall, staff: StaffNo, at: HallTime) -> bool:
    """Whether the person is out already, by the ledger or by an outing that a leader has entered without it."""
    entry = hall.outings.latest(staff, at)
    if entry is not None and entry.left_at is not None and (entry.returned_at is None or at < entry.returned_at):
        return True
    kinds = hall.in_force.config.params.attendance.outing_kinds
    return any(
        one.staff == staff and one.kind in kinds and one.begins - OUTING_AHEAD <= at < one.ends
        for one in hall.posts.absences
        if one.ref not in hall.outings.entries
    )


def _is_again(hall: Hall, staff: StaffNo, at: HallTime) -> bool:
    """The same card twice in a moment."""
    last = hall.outings.unapproved.get(staff)
    return last is not None and abs(at - last) <= hall.in_force.config.params.attendance.debounce_s * SECOND


def _back(hall: Hall, punch: Punch, staff: StaffNo, *, by_key: bool) -> list[f.Fact]:
    entry = hall.outings.latest(staff, punch.at)
    if entry is None or not _ends(hall, entry, punch.at, by_key=by_key):
        return []
    return came_back(hall, entry, Return(punch.at, ReturnSource.PUNCH, unverified=_is_doubtful(punch)))


def _ends(hall: Hall, entry: Outing, at: HallTime, *, by_key: bool) -> bool:
    """Whether a punch at this time tells the return; 返岗 also corrects a later one that was not entered by hand."""
    if entry.state is OutingState.RETURNED:
        assert entry.returned_at is not None
        return by_key and entry.source is not ReturnSource.ENTRY and at < entry.returned_at
    if entry.state not in WAITS_FOR_RETURN:
        return False
    return by_key or at >= back_by(hall.in_force.config, entry.ends).told_by_any
