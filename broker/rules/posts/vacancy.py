"""A counter without its person: who is asked, and what they are told (HALL-11.1, AB-1, AB-3.1)."""

from typing import NamedTuple

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE
from broker.rules.posts.halves import Half
from broker.rules.posts.serving import post_of
from broker.rules.tasks.open import About, opened
from broker.schema import Post
from contracts.values import CounterId, HallTime, StaffNo, TaskKind


class Now(NamedTuple):
    """When somebody is asked: in which half, at which time, and how many tasks the decision has opened already."""

    half: Half
    at: HallTime
    opened: int


_LEADER = f.Rung(after=0, roles=("duty_leader",))


def is_scheduled(hall: Hall, counter: CounterId) -> bool:
    """Whether somebody should be here: the counter has a post, or has joined in a surge (EXT-3.4)."""
    return post_of(hall, counter) is not None or joined_at(hall, counter) is not None


def joined_at(hall: Hall, counter: CounterId) -> HallTime | None:
    """Since when the counter helps a group out, if it does."""
    return min((at for (one, _), at in hall.service_day.added.items() if one == counter), default=None)


def found_empty(hall: Hall, counter: CounterId, now: Now) -> list[f.Fact]:
    """Nobody has worked here for too long: a clue is kept, the B of the post is asked, later the duty leader.

    If the main person has not come at all in this half, the B is asked to act as well (AB-1: late by ten minutes).
    """
    post, since = post_of(hall, counter), hall.posts.empty_since[counter]
    desk = hall.desks[counter]
    reason = hall.posts.reasons.get(counter, "") if desk.paused else ""
    clue = f.CounterVacant(
        counter=counter, post=None if post is None else post.id, since=since, staff=desk.staff, reason=reason
    )
    minutes = hall.in_force.config.params.attendance.vacant_post_min
    values = {"w": number(counter), "m": str(minutes)}
    task = opened(hall, TaskKind.VACANCY, _ladder(hall, post, now.at), About(counter=counter, values=values), now.opened)
    facts: list[f.Fact] = [clue, task]
    is_late = post is not None and since <= now.half.begins and post.a not in hall.sits_at
    if post is not None and is_late and may_be_asked(hall, post, now.half):
        facts += asked_to_act(hall, post, now._replace(opened=now.opened + 1), "late")
    return facts


def asked_to_act(hall: Hall, post: Post, now: Now, why: str) -> list[f.Fact]:
    """请B岗顶岗: the B and the duty leader are asked, once for a half."""
    asked = _substitute(hall, post, now.at)
    rung = _LEADER if asked is None else f.Rung(after=0, roles=_LEADER.roles, staff=(asked,))
    values = {"w": number(post.counter), "a": name(hall, post.a), "b": name(hall, post.b)}
    return [
        f.CoverProposed(counter=post.counter, half=now.half.begins, a=post.a, b=post.b, why=why),
        opened(hall, TaskKind.ACT, (rung,), About(counter=post.counter, values=values), now.opened),
    ]


def may_be_asked(hall: Hall, post: Post, half: Half) -> bool:
    """Whether the B of this post has still to be asked in this half; never of a post that no other may take (AB-3.1)."""
    return not post.ab_exempt and hall.posts.proposed.get(post.counter, (None, ""))[0] != half.begins


def _ladder(hall: Hall, post: Post | None, now: HallTime) -> tuple[f.Rung, ...]:
    """The B of the post first, then the duty leader; who is away is not asked, and no B of an exempt post."""
    asked = None if post is None else _substitute(hall, post, now)
    if asked is None:
        return (_LEADER,)
    minutes = hall.in_force.config.params.attendance.vacancy_leader_min
    return f.Rung(after=0, staff=(asked,)), f.Rung(after=minutes * MINUTE, roles=_LEADER.roles)


def _substitute(hall: Hall, post: Post, now: HallTime) -> StaffNo | None:
    return None if post.ab_exempt or hall.posts.absent(post.b, now) is not None else post.b


def number(counter: CounterId) -> str:
    """A counter as citizens read it: ``2`` for W02."""
    return str(int(counter[1:]))


def name(hall: Hall, staff: StaffNo) -> str:
    """A person's name; the number of one who has left the hall's configuration."""
    person = hall.in_force.staff.get(staff)
    return staff if person is None else person.zh
