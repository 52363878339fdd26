"""What the facts of posts change, and with them: who sits where, and since when a counter stands empty."""

from typing import assert_never

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.posts.serving import is_attended
from broker.rules.posts.state import Cover, Posts, Serving
from contracts.values import CounterId, HallTime, StaffNo


def day_began(hall: Hall, fact: f.DayBegan, at: HallTime) -> None:
    """Nobody is there yet; who will be away is known from before."""
    hall.posts = Posts(absences=list(fact.absences))
    look_around(hall, at)


def adopted(hall: Hall, at: HallTime) -> None:
    """Counters may have come or gone: nobody covers one that is no more, nor waits for it."""
    known = hall.in_force.counters
    posts = hall.posts
    posts.covers = {own: one for own, one in posts.covers.items() if own in known and one.covered in known}
    posts.awaits = {one: staff for one, staff in posts.awaits.items() if one in known}
    posts.empty_since = {one: since for one, since in posts.empty_since.items() if one in known}
    look_around(hall, at)


def look_around(hall: Hall, at: HallTime) -> None:
    """Note which counters have just become empty, and forget those that are not any more."""
    for counter in hall.in_force.counters:
        if is_attended(hall, counter):
            hall.posts.empty_since.pop(counter, None)
        else:
            hall.posts.empty_since.setdefault(counter, at)


def logged_in(hall: Hall, fact: f.StaffLoggedIn, at: HallTime) -> None:
    """The person sits at the counter, beside the one who is there already."""
    desk = hall.desks[fact.counter]
    if desk.staff is None:
        desk.staff = fact.staff
    else:
        desk.second = fact.staff
    desk.paused = False
    hall.sits_at[fact.staff] = fact.counter
    if hall.posts.awaits.get(fact.counter) == fact.staff:
        del hall.posts.awaits[fact.counter]
    look_around(hall, at)


def logged_out(hall: Hall, fact: f.StaffLoggedOut, at: HallTime) -> None:
    """The person is gone; the other one has the counter alone, or nobody. Who goes covers nothing but by going to cover."""
    desk = hall.desks[fact.counter]
    if desk.staff == fact.staff:
        desk.staff = desk.second
    desk.second = None
    desk.paused = desk.paused and desk.staff is not None
    hall.sits_at.pop(fact.staff, None)
    if fact.why != "takeover":
        hall.posts.covers = {own: one for own, one in hall.posts.covers.items() if one.staff != fact.staff}
    look_around(hall, at)


def paused(hall: Hall, fact: f.CounterPaused, at: HallTime) -> None:
    """The counter takes nobody; with which reason of the list, is remembered."""
    hall.desks[fact.counter].paused = True
    hall.posts.reasons[fact.counter] = fact.reason
    look_around(hall, at)


def resumed(hall: Hall, fact: f.CounterResumed, at: HallTime) -> None:
    """The counter works again."""
    hall.desks[fact.counter].paused = False
    look_around(hall, at)


def served_by(hall: Hall, counter: CounterId, staff: StaffNo, post_owner: StaffNo | None) -> None:
    """Who calls or serves the ticket on this desk, and for whom (AB-4.3)."""
    hall.posts.serving[counter] = Serving(staff, post_owner)


def apply(hall: Hall, fact: f.PostFact, at: HallTime) -> None:
    """One fact of a post."""
    posts = hall.posts
    match fact:
        case f.AbsenceEntered(absence=absence):
            posts.absences.append(absence)
        case f.AbsenceEnded(absence=absence):
            posts.absences = [one for one in posts.absences if one != absence]  # the night may have let it go before
        case f.LoginAwaited(counter=counter, staff=staff):
            posts.awaits[counter] = staff
        case f.LoginWaitEnded(counter=counter):
            posts.awaits.pop(counter, None)
        case f.CoverBegan(counter=counter, covered=covered, staff=staff, mode=mode):
            posts.covers[counter] = Cover(counter, covered, staff, mode)
        case f.CoverEnded(counter=counter):
            posts.covers.pop(counter, None)
        case f.CoverProposed(counter=counter, half=half, why=why):
            posts.proposed[counter] = half, why
        case f.LoginsChecked(half=half):
            posts.logins_checked = half
        case f.CounterVacant():
            pass  # a clue, stored for its own sake; the task beside it is what is remembered
        case _:
            assert_never(fact)
    look_around(hall, at)
