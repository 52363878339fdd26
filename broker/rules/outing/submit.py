"""Entering an outing in the ledger, and everything that can be wrong with it (ATT-6.1)."""

from datetime import date

from broker.rules import facts as f
from broker.rules.asking import No
from broker.rules.facts.outing import Outing, OutingState
from broker.rules.hall import Hall
from broker.rules.hours import DAY, floor_minute
from broker.rules.outing.cover import cover_of, is_away
from broker.rules.outing.state import STANDS
from broker.rules.outing.tasks import decision_wanted, may_not_approve
from contracts import messages as m
from contracts.values import HallTime, OutingNo, Refusal, StaffNo

_LONGEST_DAYS = 92
_FARTHEST_DAYS = 366
MOST_OPEN = 20
"""Entries of one person that can still change."""


def submitted(hall: Hall, request: m.OutingRequested, now: HallTime) -> tuple[Outing, list[f.Fact]] | No:
    """The entry and its facts. The same outing entered twice while nobody has decided is one."""
    no = _may_not_enter(hall, request, now) or _is_no_outing(hall, request, now)
    if no is not None:
        return no
    known = next((one for one in hall.outings.entries.values() if _is_same(one, request)), None)
    if known is not None:
        return known, []
    wrong = taken(hall, request.staff, request.begins, request.ends) or _no_cover(hall, request) or _too_many(hall, request)
    if wrong is not None:
        return wrong
    entry = _made(hall, request)
    return entry, [f.OutingSubmitted(outing=entry), decision_wanted(hall, entry, now)]


def _made(hall: Hall, request: m.OutingRequested) -> Outing:
    cover = request.cover or cover_of(hall, request.staff, request.begins, request.ends)
    return Outing(
        no=_number(hall.today.date, hall.outings.count + 1),
        staff=request.staff,
        kind=request.kind,
        begins=request.begins,
        planned=request.ends,
        ends=request.ends,
        about=request.reason,
        actor=request.actor,
        cover=cover,
    )


def _number(day: date, nth: int) -> OutingNo:
    return OutingNo(f"GC-{day:%Y%m%d}-{nth:03d}")


def _is_same(one: Outing, request: m.OutingRequested) -> bool:
    asked = (request.staff, request.kind, request.begins, request.ends)
    return one.state is OutingState.SUBMITTED and (one.staff, one.kind, one.begins, one.ends) == asked


def _may_not_enter(hall: Hall, request: m.OutingRequested, now: HallTime) -> No | None:
    """The person themselves, or whoever may decide about them."""
    for one in (request.actor, request.staff):
        if one not in hall.in_force.staff:
            return No(Refusal.UNKNOWN_STAFF, f"{one} is no person of this hall")
    return None if request.actor == request.staff else may_not_approve(hall, request.actor, request.staff, now)


def _is_no_outing(hall: Hall, request: m.OutingRequested, now: HallTime) -> No | None:
    kinds = hall.in_force.config.params.attendance.outing_kinds
    if request.kind not in kinds:
        return No(Refusal.BAD_VALUE, f"{request.kind!r} is none of {', '.join(kinds)}")
    if request.begins >= request.ends:
        return No(Refusal.TIME_REVERSED, "it ends before it begins")
    if request.begins < floor_minute(now):
        return No(Refusal.TIME_PAST, "it would have begun already (HALL-11.2: approval before leaving)")
    if request.ends - request.begins > _LONGEST_DAYS * DAY or request.begins - now > _FARTHEST_DAYS * DAY:
        return No(Refusal.BAD_VALUE, f"at most {_LONGEST_DAYS} days, beginning within {_FARTHEST_DAYS} days")
    if not request.reason or not request.place:
        return No(Refusal.REASON_MISSING, "reason and place are needed (ATT-6.1)")
    return None


def taken(hall: Hall, staff: StaffNo, begins: HallTime, ends: HallTime, *, but: OutingNo | None = None) -> No | None:
    """Whether the person is away in a part of the time already, by the ledger or by an absence from elsewhere."""
    entries = [(one.no, one.begins, one.ends) for one in hall.outings.entries.values() if _stands(one, staff, but)]
    others = [
        (one.ref or one.kind, one.begins, one.ends)
        for one in hall.posts.absences
        if one.staff == staff and one.ref not in hall.outings.entries
    ]
    what = next((what for what, since, until in (*entries, *others) if since < ends and begins < until), None)
    if what is None:
        return None
    return No(Refusal.ALREADY_AWAY, f"{staff} is away in a part of this time already: {what}", {"no": what})


def _stands(one: Outing, staff: StaffNo, but: OutingNo | None) -> bool:
    return one.staff == staff and one.no != but and one.state in STANDS


def _no_cover(hall: Hall, request: m.OutingRequested) -> No | None:
    """Whoever is named to take over must be somebody else who is here."""
    cover = request.cover
    if cover is None:
        return None
    if cover not in hall.in_force.staff:
        return No(Refusal.UNKNOWN_STAFF, f"{cover} is no person of this hall")
    if cover == request.staff:
        return No(Refusal.BAD_VALUE, f"{cover} cannot take over from themselves")
    if is_away(hall, cover, request.begins, request.ends):
        return No(Refusal.BAD_VALUE, f"{cover} is away in a part of this time; name somebody else")
    return None


def _too_many(hall: Hall, request: m.OutingRequested) -> No | None:
    mine = sum(_stands(one, request.staff, None) for one in hall.outings.entries.values())
    return None if mine < MOST_OPEN else No(Refusal.BAD_VALUE, f"{request.staff} has {MOST_OPEN} outings ahead already")
