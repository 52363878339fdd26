"""Whether leave or an outing would leave a post or a group without anybody (ATT-7)."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from broker.rules.facts import Absence
from broker.rules.hall import Hall
from broker.schema import Post
from contracts.values import GroupId, HallTime, StaffNo


@dataclass(frozen=True, slots=True)
class Gap:
    """What would be missing: both people of ``post``, or every counter of ``group``, from ``begins`` up to ``ends``."""

    begins: HallTime
    ends: HallTime
    post: str | None = None
    group: GroupId | None = None


def gaps(hall: Hall, staff: StaffNo, begins: HallTime, ends: HallTime) -> tuple[Gap, ...]:
    """What nobody would be there for if this person were away then, beside all absences that stand already.

    A post is held while one of its two people is here, be it from a counter of their own (并岗); a group is served while a
    counter of its has somebody. Posts that nobody may act for are the duty leader's (AB-3.1) and not counted.
    """
    own = Absence(staff=staff, begins=begins, ends=ends, kind="")
    return tuple(gap for piece in _pieces(hall, own) for gap in _missing(hall, own, *piece))


def _pieces(hall: Hall, own: Absence) -> Iterator[tuple[HallTime, HallTime]]:
    """The interval, cut wherever somebody else goes or comes."""
    edges = {at for one in hall.posts.absences for at in (one.begins, one.ends) if own.begins < at < own.ends}
    times = sorted({own.begins, own.ends, *edges})
    yield from itertools.pairwise(times)


def _missing(hall: Hall, own: Absence, begins: HallTime, ends: HallTime) -> Iterator[Gap]:
    away = {one.staff for one in hall.posts.absences if one.begins < ends and begins < one.ends} | {own.staff}
    posts = [one for one in hall.in_force.posts.values() if not one.ab_exempt]
    mine = [one for one in posts if own.staff in _people(one)]
    for post in mine:
        if away.issuperset(_people(post)):
            yield Gap(begins, ends, post=post.id)
    for group in dict.fromkeys(group for post in mine for group in hall.in_force.counters[post.counter].groups):
        serving = [one for one in posts if group in hall.in_force.counters[one.counter].groups]
        if all(away.issuperset(_people(one)) for one in serving):
            yield Gap(begins, ends, group=group)


def _people(post: Post) -> tuple[StaffNo, ...]:
    return post.a, post.b
