"""What is suspicious about a punch (ATT-8.3.2). Suspicion only: it opens a case for a person to look at."""

from collections.abc import Iterator
from datetime import date, timedelta

from broker.rules import facts as f
from broker.rules.corrections.within import attendance_day
from broker.rules.facts import PunchPairNoted, PunchStored, Suspicion
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE, SECOND
from broker.rules.proxy.cases import suspected
from broker.rules.proxy.state import pair_key
from broker.rules.workdays import Day, day_plan
from contracts.values import HalfOfDay, HallTime, Ms, PunchId, PunchIntent, StaffNo

LOGIN_WITHIN: Ms = 15 * MINUTE
"""After the beginning of a half, until when both of a pair should have logged in at a counter."""
DAYS_OF_A_PAIR, WITHIN_DAYS = 3, 30
PINS_A_WEEK = 3
_EDGE: Ms = 15 * MINUTE
"""Coming back from leave or an outing a little early, or leaving a little late, is nothing."""
_COMING_AND_GOING = frozenset({PunchIntent.OUTING, PunchIntent.RETURN, PunchIntent.TRAIN})
_LEAVING = frozenset({PunchIntent.OUT, PunchIntent.OUTING})
_COMING = frozenset({PunchIntent.IN, PunchIntent.RETURN})


def noticed(hall: Hall, punch: PunchStored) -> list[f.Fact]:
    """What this punch gives to note or to suspect; ``hall`` does not know it yet."""
    if punch.staff is None:
        return []
    day = day_plan(hall.in_force.config, attendance_day(hall.in_force.config, punch.at))
    if not day.works:
        return []
    found: list[f.Fact] = []
    for pair in _pairs(hall, punch, punch.staff, day):
        found.append(pair)
        found += _recurs(hall, pair, len(_cases(found)))
    for why in _alone(hall, punch, punch.staff, day):
        where = day.date, half_of(punch.at, punch.intent, day)
        found += suspected(hall, why, (punch.staff, None), where, (PunchId(punch.request_id),), nth=len(_cases(found)))
    return found


def _cases(found: list[f.Fact]) -> list[f.ProxySuspected]:
    return [one for one in found if isinstance(one, f.ProxySuspected)]


def half_of(at: HallTime, intent: PunchIntent, day: Day) -> HalfOfDay:
    """The half a punch belongs to by itself; in the break by what it says, else by the middle (1.0.3, step 4)."""
    if at < day.noon or at >= day.afternoon:
        return HalfOfDay.AM if at < day.noon else HalfOfDay.PM
    if intent in _LEAVING or intent in _COMING:
        return HalfOfDay.AM if intent in _LEAVING else HalfOfDay.PM
    return HalfOfDay.AM if 2 * at < day.noon + day.afternoon else HalfOfDay.PM


# --- Two cards at once ----------------------------------------------------------------------------------------------------


def _pairs(hall: Hall, punch: PunchStored, staff: StaffNo, day: Day) -> Iterator[PunchPairNoted]:
    """Every other card within the gap at the same clock; the same two once in a half."""
    gap = hall.in_force.config.params.attendance.proxy_gap_s * SECOND
    half = half_of(punch.at, punch.intent, day)
    known = {(pair_key(*one.staff), one.day, one.half) for one in hall.proxy.noted}
    for other in hall.proxy.punches:
        if other.clock != punch.clock or other.staff in (None, staff) or abs(other.at - punch.at) > gap:
            continue
        assert other.staff is not None
        key = pair_key(staff, other.staff), day.date.isoformat(), half
        if key in known:
            continue
        known.add(key)
        first, second = sorted((other, punch), key=lambda one: (one.at, one.request_id))
        assert first.staff is not None
        assert second.staff is not None
        yield PunchPairNoted(
            clock=punch.clock,
            day=day.date.isoformat(),
            half=half,
            first=PunchId(first.request_id),
            second=PunchId(second.request_id),
            staff=(first.staff, second.staff),
            at=first.at,
            gap=second.at - first.at,
        )


def _recurs(hall: Hall, pair: PunchPairNoted, nth: int) -> list[f.Fact]:
    """The third day in thirty; then their days are counted anew."""
    days = days_of_pair(hall.proxy.pairs.get(pair_key(*pair.staff), ()), pair.day)
    if len(days) < DAYS_OF_A_PAIR:
        return []
    where = date.fromisoformat(pair.day), pair.half
    return suspected(hall, Suspicion.RECURS, pair.staff, where, (pair.first, pair.second), days=days, nth=nth)


def days_of_pair(known: tuple[str, ...], day: str) -> tuple[str, ...]:
    """The days of a pair with one more, those of the thirty that end with the last."""
    days = sorted({*known, day})
    first = date.fromisoformat(days[-1]) - timedelta(days=WITHIN_DAYS - 1)
    return tuple(one for one in days if one >= first.isoformat())


def login_due(hall: Hall, pair: PunchPairNoted) -> HallTime:
    """When both of a pair should have logged in."""
    begins = hall.today.morning if pair.half is HalfOfDay.AM else hall.today.afternoon
    return HallTime(begins + LOGIN_WITHIN)


def without_login(hall: Hall) -> list[tuple[PunchPairNoted, StaffNo, StaffNo]]:
    """Pairs of today that came together, each with the one who has not logged in, and the other; only people with a post."""
    mains = {one.a for one in hall.in_force.posts.values()}
    today = hall.today.date.isoformat()
    return [
        (pair, one, other)
        for pair in hall.proxy.noted
        if pair.day == today and pair.at <= login_due(hall, pair)
        for one, other in (pair.staff, pair.staff[::-1])
        if one in mains and not _is_known(hall, pair) and _lacks_login(hall, pair, one)
    ]


def _is_known(hall: Hall, pair: PunchPairNoted) -> bool:
    return ("", pair_key(*pair.staff), f"{pair.day} {pair.half}") in hall.proxy.opened


def _lacks_login(hall: Hall, pair: PunchPairNoted, staff: StaffNo) -> bool:
    """Who is excused at that time need not log in; who sits from before noon on has."""
    due = login_due(hall, pair)
    begins = hall.today.noon if pair.half is HalfOfDay.PM else HallTime(0)
    came = any(at <= due and (left is None or left >= begins) for at, left in hall.proxy.sat.get(staff, ()))
    return not came and hall.posts.absent(staff, due) is None


# --- One person alone -----------------------------------------------------------------------------------------------------


def _alone(hall: Hall, punch: PunchStored, staff: StaffNo, day: Day) -> Iterator[Suspicion]:
    if _is_away(hall, punch, staff):
        yield Suspicion.ON_LEAVE
    if _is_serving(hall, punch, staff):
        yield Suspicion.SERVING
    if is_pin(hall, punch) and hall.proxy.pins.get(week_key(staff, day.date), 0) + 1 == PINS_A_WEEK:
        yield Suspicion.PIN


def _is_away(hall: Hall, punch: PunchStored, staff: StaffNo) -> bool:
    """In the middle of leave or an outing; going out and coming back are what an outing is made of."""
    return punch.intent not in _COMING_AND_GOING and any(
        one.staff == staff and one.begins + _EDGE < punch.at < one.ends - _EDGE for one in hall.posts.absences
    )


def _is_serving(hall: Hall, punch: PunchStored, staff: StaffNo) -> bool:
    """A visitor was with this person at a counter already when the card was presented."""
    for desk in hall.desks.values():
        serving = hall.posts.serving.get(desk.counter)
        if desk.session is not None and serving is not None and serving.staff == staff:
            return hall.queue_clock_at(punch.at) > desk.session_q
    return False


def is_pin(hall: Hall, punch: PunchStored) -> bool:
    """A number instead of a card; typed twice in a minute it is one punch."""
    debounce = hall.in_force.config.params.attendance.debounce_s * SECOND
    return punch.card is None and not any(
        one.card is None and one.staff == punch.staff and abs(one.at - punch.at) <= debounce for one in hall.proxy.punches
    )


def week_key(staff: StaffNo, day: date) -> str:
    """Person and week, Monday to Sunday: ``S105 2026-W11``."""
    year, week, _ = day.isocalendar()
    return f"{staff} {year}-W{week:02d}"
