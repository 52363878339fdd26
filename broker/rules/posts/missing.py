"""Who has not logged in shortly after the half began: a clue for the patrol, never lateness (ATT-8.1)."""

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE
from broker.rules.posts.halves import Half, after, current_half
from contracts.values import HallTime

_STILL_TELLS = 5 * MINUTE
"""If the look comes later than this the service was away, and nobody could log in."""


def due(hall: Hall) -> HallTime | None:
    """When this half is looked at; ``None`` once it was, or if no post is configured."""
    half = current_half(hall)
    if half is None or not hall.in_force.posts or hall.posts.logins_checked == half.begins:
        return None
    return after(hall, half.begins, hall.in_force.config.params.attendance.login_clue_min)


def checked(hall: Hall, now: HallTime) -> list[f.Fact]:
    """Every main person who should be here and sits nowhere."""
    half, at = current_half(hall), due(hall)
    if half is None or at is None or at > now:
        return []
    in_time = now - at <= _STILL_TELLS
    return [f.LoginsChecked(half=half.begins, missing=_missing(hall, half, now) if in_time else (), in_time=in_time)]


def _missing(hall: Hall, half: Half, now: HallTime) -> tuple[f.MissingLogin, ...]:
    away = {one.staff for one in hall.posts.absences if one.begins <= now and half.begins < one.ends}
    return tuple(
        f.MissingLogin(counter=one.counter, post=one.id, staff=one.a)
        for one in hall.in_force.posts.values()
        if one.a not in away and one.a not in hall.sits_at
    )
