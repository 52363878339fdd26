"""What time brings to the posts: the main person back at the counter, somebody asked to act, a counter found empty."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE
from broker.rules.posts import missing, vacancy
from broker.rules.posts.change import switched
from broker.rules.posts.halves import Half, after, current_half
from broker.rules.posts.serving import post_of
from broker.rules.tasks.open import closed
from broker.rules.tasks.state import Task
from contracts.values import CounterId, HallTime, TaskKind

_AT_ONCE = HallTime(0)
_OURS = (TaskKind.VACANCY, TaskKind.ACT)


class _Ahead(NamedTuple):
    """What follows at a time for a counter; ``facts`` takes the time and how many tasks the decision has opened already."""

    at: HallTime
    counter: CounterId
    facts: Callable[[HallTime, int], list[f.Fact]]


def due(hall: Hall) -> HallTime | None:
    """The next time something happens here; never during an emergency, which stops every timer (HALL-8.2)."""
    if hall.emergency_since is not None:
        return None
    ours = (missing.due(hall), *(one.at for one in _ahead(hall)))
    return min((at for at in ours if at is not None), default=None)


def time_reached(hall: Hall, now: HallTime) -> list[f.Fact]:
    """What is due by now, at each counter the first thing: the next is decided when this has happened."""
    if hall.emergency_since is not None:
        return []
    clues = missing.checked(hall, now)
    if clues:
        return clues
    first: dict[CounterId, _Ahead] = {}
    for one in _ahead(hall):
        if one.at <= now:
            first.setdefault(one.counter, one)
    facts: list[f.Fact] = []
    for one in first.values():
        facts += one.facts(now, sum(isinstance(fact, f.TaskOpened) for fact in facts))
    return facts


def _ahead(hall: Hall) -> Iterator[_Ahead]:
    yield from _hand_backs(hall)
    half = current_half(hall)
    ours = [task for task in hall.tasks.open.values() if task.kind in _OURS]
    for task in ours:
        at, why = _ends(hall, task, half)
        assert task.counter is not None
        yield _Ahead(at, task.counter, partial(_closed, task, why))
    if half is not None:
        yield from _empty(hall, half, {(task.kind, task.counter) for task in ours})


def _hand_backs(hall: Hall) -> Iterator[_Ahead]:
    for counter in hall.posts.awaits:
        if hall.desks[counter].ticket is None:
            yield _Ahead(_AT_ONCE, counter, partial(_switched, hall, counter))


def _switched(hall: Hall, counter: CounterId, now: HallTime, _nth: int) -> list[f.Fact]:
    return switched(hall, counter, now)


def _closed(task: Task, why: str, _now: HallTime, _nth: int) -> list[f.Fact]:
    return [closed(task, why)]


def _ends(hall: Hall, task: Task, half: Half | None) -> tuple[HallTime, str]:
    """A task ends when somebody works there again, when nobody need be there any more, and with its half of the day."""
    assert task.counter is not None
    if half is None or task.opened_at < half.begins - hall.in_force.config.params.attendance.cover_before_min * MINUTE:
        return _AT_ONCE, "hours"
    if task.counter not in hall.posts.empty_since or not vacancy.is_scheduled(hall, task.counter):
        return _AT_ONCE, "settled"
    if task.kind is TaskKind.ACT and not _still_asks(hall, task.counter, half):
        return _AT_ONCE, "withdrawn"
    return half.ends, "hours"


def _still_asks(hall: Hall, counter: CounterId, half: Half) -> bool:
    """Whether the B is still asked to act: the main person's absence has not been withdrawn."""
    post = post_of(hall, counter)
    _, why = hall.posts.proposed[counter]
    return post is not None and (why != "absent" or _away_from(hall, counter, half) is not None)


def _empty(hall: Hall, half: Half, asked: set[tuple[TaskKind, CounterId | None]]) -> Iterator[_Ahead]:
    params = hall.in_force.config.params.attendance
    for counter, since in hall.posts.empty_since.items():
        if (TaskKind.VACANCY, counter) not in asked and vacancy.is_scheduled(hall, counter):
            begins = max(since, half.begins, vacancy.joined_at(hall, counter) or half.begins)
            at = after(hall, begins, params.vacant_post_min)
            if at < half.ends:
                yield _Ahead(at, counter, partial(_found_empty, hall, counter, half))
        away = None if (TaskKind.ACT, counter) in asked else _to_be_asked(hall, counter, half)
        if away is not None:
            at = away if away > half.begins else HallTime(half.begins - params.cover_before_min * MINUTE)
            yield _Ahead(at, counter, partial(_asked, hall, counter, half))


def _to_be_asked(hall: Hall, counter: CounterId, half: Half) -> HallTime | None:
    """Since when the main person is away from a counter that nobody else sits at, if its B has not been asked yet."""
    post, desk = post_of(hall, counter), hall.desks[counter]
    if post is None or not vacancy.may_be_asked(hall, post, half) or any(one != post.a for one in desk.sitting):
        return None
    return _away_from(hall, counter, half)


def _away_from(hall: Hall, counter: CounterId, half: Half) -> HallTime | None:
    """When the main person's absence in this half begins; one that was over before the counter was left does not count."""
    post = post_of(hall, counter)
    since = max(hall.posts.empty_since.get(counter, half.begins), half.begins)
    absences = [one for one in hall.posts.absences if post is not None and one.staff == post.a]
    return min((one.begins for one in absences if one.begins < half.ends and one.ends > since), default=None)


def _found_empty(hall: Hall, counter: CounterId, half: Half, now: HallTime, nth: int) -> list[f.Fact]:
    return vacancy.found_empty(hall, counter, vacancy.Now(half, now, nth))


def _asked(hall: Hall, counter: CounterId, half: Half, now: HallTime, nth: int) -> list[f.Fact]:
    post = post_of(hall, counter)
    assert post is not None
    return vacancy.asked_to_act(hall, post, vacancy.Now(half, now, nth), "absent")
