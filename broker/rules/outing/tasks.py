"""Whom an outing asks: whoever may approve it, and both sides when nobody has come back (ATT-6.1, ATT-6.2)."""

from broker.rules import facts as f
from broker.rules.asking import No
from broker.rules.authority import deciders, ladder, may_not_decide
from broker.rules.facts.outing import Outing
from broker.rules.hall import Hall
from broker.rules.hours import clock_of
from broker.rules.posts.vacancy import name
from broker.rules.tasks.open import About, closed, opened
from broker.rules.tasks.state import Task
from broker.schema import Level
from contracts.values import HallTime, OutingNo, Refusal, StaffNo, TaskKind

_LEVELS: tuple[Level, ...] = ("chief_rep", "duty_leader", "manager")


def _levels(hall: Hall, subject: StaffNo) -> tuple[Level, ...]:
    """One signature: of the chief representative, or of anybody above (ATT-6.1)."""
    lowest = ladder(hall, subject, _LEVELS[:1])[0]
    return _LEVELS[_LEVELS.index(lowest) :]


def approvers(hall: Hall, subject: StaffNo, now: HallTime) -> tuple[StaffNo, ...]:
    """Everybody who may decide about an outing of this person now, whoever is asked first in front."""
    return tuple(dict.fromkeys(who for level in _levels(hall, subject) for who in deciders(hall, subject, level, now)))


def may_not_approve(hall: Hall, actor: StaffNo, subject: StaffNo, now: HallTime) -> No | None:
    """Why this person may not decide about an outing of that one; who may is named."""
    each = [may_not_decide(hall, actor, subject, level, now) for level in _levels(hall, subject)]
    if None in each:
        return None
    no = each[0]
    if no is None or no.reason is not Refusal.NOT_PERMITTED:
        return no
    return No(Refusal.NOT_THE_APPROVER, no.detail, {"who": names(hall, approvers(hall, subject, now))})


def names(hall: Hall, staff: tuple[StaffNo, ...]) -> str:
    """People as a sentence has them: ``张敏 S101、李娜 S102``."""
    return "、".join(f"{name(hall, one)} {one}" for one in staff)


def decision_wanted(hall: Hall, entry: Outing, now: HallTime, nth: int = 0) -> f.TaskOpened:
    """Asks whoever decides first. The reason stands in no task."""
    asked = deciders(hall, entry.staff, _levels(hall, entry.staff)[0], now)
    values = {"no": entry.no, "name": name(hall, entry.staff)}
    return opened(hall, TaskKind.OUTING_DECIDE, (f.Rung(after=0, staff=asked),), About(values=values), nth)


def reminder(hall: Hall, entry: Outing, nth: int) -> f.TaskOpened:
    """Reminds the person and whoever approved it."""
    asked = tuple(one for one in (entry.staff, entry.approver) if one is not None)
    values = {"no": entry.no, "name": name(hall, entry.staff), "time": clock_of(entry.ends)}
    return opened(hall, TaskKind.OUTING_RETURN, (f.Rung(after=0, staff=asked),), About(values=values), nth)


def open_about(hall: Hall, no: OutingNo, kind: TaskKind) -> list[Task]:
    """The open tasks of a kind about this entry."""
    return [one for one in hall.tasks.of(kind) if one.values.get("no") == no]


def settled(hall: Hall, no: OutingNo, kind: TaskKind) -> list[f.Fact]:
    """They end with what they were about."""
    return [closed(one, "settled") for one in open_about(hall, no, kind)]
