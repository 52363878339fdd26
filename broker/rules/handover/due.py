"""When a main person who will be away is asked to hand over first, and when a telephone call is not entered any more."""

from collections.abc import Iterator

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.handover.people import is_told, takes_part
from broker.rules.hours import MINUTE
from contracts.values import HallTime


def due(hall: Hall) -> HallTime | None:
    """The next of these times; never during an emergency, when everybody leaves (HALL-8.2)."""
    if hall.emergency_since is not None:
        return None
    return min((at for at, _ in (*_ahead(hall), *_untold(hall))), default=None)


def time_reached(hall: Hall, now: HallTime) -> list[f.Fact]:
    """Everybody who is to be asked by now, each about the absence that comes first; who was told nothing in time."""
    if hall.emergency_since is not None:
        return []
    asked = {fact.counter: fact for at, fact in sorted(_ahead(hall), key=lambda one: -one[0]) if at <= now}
    return [*asked.values(), *(fact for at, fact in _untold(hall) if at <= now)]


def _untold(hall: Hall) -> Iterator[tuple[HallTime, f.HandoverUntold]]:
    """From the first instant on at which a telephone call cannot be entered any more (AB-4.2b)."""
    window = hall.in_force.config.params.attendance.handover_phone_min * MINUTE + 1
    for counter, taken in hall.handovers.taken_over.items():
        post = hall.in_force.posts.get(counter)
        if post is not None and taken.may_tell and takes_part(hall, post, taken.staff) and not is_told(hall, post):
            fact = f.HandoverUntold(counter=counter, post=post.id, giver=post.a, staff=taken.staff)
            yield HallTime(taken.at + window), fact


def _ahead(hall: Hall) -> Iterator[tuple[HallTime, f.HandoverPrompted]]:
    before = hall.in_force.config.params.attendance.cover_before_min * MINUTE
    for absence in hall.posts.absences:
        counter = hall.sits_at.get(absence.staff)
        post = None if counter is None else hall.in_force.posts.get(counter)
        if post is None or post.a != absence.staff or post.ab_exempt or absence.ends <= hall.last_at:
            continue
        at = leaves_at(hall, absence)
        if at is None or hall.handovers.standing(post.counter, post.a) is not None:
            continue
        if absence.begins not in hall.handovers.prompted.get(post.counter, ()):
            fact = f.HandoverPrompted(counter=post.counter, staff=post.a, begins=absence.begins)
            yield HallTime(at - before), fact


def leaves_at(hall: Hall, absence: f.Absence) -> HallTime | None:
    """When this person is last at work before the absence, if that is today: its beginning, or the end of a half."""
    day, begins = hall.today, absence.begins
    if not day.works or begins <= day.morning:
        return None
    if begins > day.close:
        morning = hall.handovers.next_morning
        return day.close if morning is not None and begins <= morning else None
    return day.noon if day.noon <= begins <= day.afternoon else begins
