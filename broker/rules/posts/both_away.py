"""Whether leave, an outing or a training would leave a post or a group without anybody (ATT-7)."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from broker.rules.facts import Absence
from broker.rules.hall import Hall
from broker.rules.posts.vacancy import number
from broker.schema import Post
from contracts.values import GroupId, HallTime, StaffNo


@dataclass(frozen=True, slots=True)
class Gap:
    """What would be missing: both people of ``post``, or every counter of ``group``, from ``begins`` up to ``ends``."""

    begins: HallTime
    ends: HallTime
    post: str | None = None
    group: GroupId | None = None


def gaps(hall: Hall, staff: StaffNo, begins: HallTime, ends: HallTime, *, beside: Iterable[Absence] = ()) -> tuple[Gap, ...]:
    """What nobody would be there for if this person were away then, beside all absences that stand and those of ``beside``.

    A post is held while one of its two people is here. One who has a counter of their own may do so from there (并岗); one
    who has none holds one post at a time, so that whoever acts for somebody else is as good as away (demo day 16:00: S104
    is at W01 for S103, and W04 has nobody while S105 is away). A group is served while a counter of its has somebody.
    Posts that nobody may act for are the duty leader's (AB-3.1) and not counted.
    """
    own = Absence(staff=staff, begins=begins, ends=ends, kind="")
    others = [one for one in (*hall.posts.absences, *beside) if one.begins < ends and begins < one.ends]
    return tuple(gap for piece in _pieces(own, others) for gap in _missing(hall, own, others, *piece))


def _pieces(own: Absence, others: list[Absence]) -> Iterator[tuple[HallTime, HallTime]]:
    """The interval, cut wherever somebody else goes or comes."""
    edges = {at for one in others for at in (one.begins, one.ends) if own.begins < at < own.ends}
    times = sorted({own.begins, own.ends, *edges})
    yield from itertools.pairwise(times)


def _missing(hall: Hall, own: Absence, others: list[Absence], begins: HallTime, ends: HallTime) -> Iterator[Gap]:
    away = {one.staff for one in others if one.begins < ends and begins < one.ends} | {own.staff}
    posts = [one for one in hall.in_force.posts.values() if not one.ab_exempt]
    mine = [one for one in posts if own.staff in _people(one)]
    for post in mine:
        if away.issuperset(_people(post)) or _is_taken(posts, post, away):
            yield Gap(begins, ends, post=post.id)
    for group in dict.fromkeys(group for post in mine for group in hall.in_force.counters[post.counter].groups):
        serving = [one for one in posts if group in hall.in_force.counters[one.counter].groups]
        if all(away.issuperset(_people(one)) for one in serving):
            yield Gap(begins, ends, group=group)


def _is_taken(posts: list[Post], post: Post, away: set[StaffNo]) -> bool:
    """Whether the main person is away and the B, who has no counter of their own, acts at another post meanwhile."""
    others = [one for one in posts if one.id != post.id and one.b == post.b and one.a in away]
    return post.a in away and post.b not in away and not post.mutual and bool(others)


def _people(post: Post) -> tuple[StaffNo, ...]:
    return post.a, post.b


def gap_words(hall: Hall, gaps: Iterable[Gap]) -> tuple[str, ...]:
    """What nobody would be there for, as people say it: ``2号窗口``, ``综合业务``."""
    return tuple(dict.fromkeys(_spelled(hall, one) for one in gaps))


def _spelled(hall: Hall, gap: Gap) -> str:
    if gap.post is not None:
        post = next(one for one in hall.in_force.posts.values() if one.id == gap.post)
        return f"{number(post.counter)}号窗口"
    assert gap.group is not None
    return hall.in_force.groups[gap.group].zh
