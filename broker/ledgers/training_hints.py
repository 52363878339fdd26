"""Which matters have changed since anybody was trained in them (TRN-7, HALL-18): read from the facts, stored nowhere."""

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from broker.rules import facts as f
from broker.rules.plan import Plan, plan_from
from broker.schema import Service
from contracts.values import HallTime, ServiceId, StaffNo, TrainingNo

KINDS = tuple(one.__name__ for one in (f.ConfigurationAdopted, f.TrainingPlanned, f.TrainingClosed))


@dataclass(frozen=True, slots=True)
class Hint:
    """A matter as it is ``since`` then; ``staff`` are those with the skill, who have yet to be trained in it."""

    service: Service
    since: HallTime
    staff: tuple[StaffNo, ...]


def hints(recorded: Iterable[f.Recorded]) -> list[Hint]:
    """The open ones, oldest first. A session about the matter ends its hint when it is closed, if it began after the change.

    What the hall opened with is known; a matter that is new since is one that has changed.
    """
    plan: Plan | None = None
    open_: dict[ServiceId, HallTime] = {}
    sessions: dict[TrainingNo, f.TrainingPlanned] = {}
    for one in recorded:
        match one.fact:
            case f.ConfigurationAdopted(content=content, hash=digest):
                before, plan = plan, plan_from(content, digest)
                open_ = _changed(before, plan, open_, one.at)
            case f.TrainingPlanned() as planned:
                sessions[planned.training] = planned
            case f.TrainingClosed(training=training):
                about = sessions[training]
                open_ = {service: at for service, at in open_.items() if service not in about.services or at > about.begins}
            case _:
                pass
    return [] if plan is None else [Hint(plan.services[one], at, _skilled(plan, one)) for one, at in open_.items()]


def _changed(before: Plan | None, plan: Plan, open_: dict[ServiceId, HallTime], at: HallTime) -> dict[ServiceId, HallTime]:
    kept = {service: since for service, since in open_.items() if service in plan.services}
    if before is None:
        return kept
    for service, now in plan.services.items():
        old = before.services.get(service)
        if old is None or replace(old, avg_min=now.avg_min) != now:
            kept.pop(service, None)
            kept[service] = at
    return kept


def _skilled(plan: Plan, service: ServiceId) -> tuple[StaffNo, ...]:
    return tuple(one.id for one in plan.staff.values() if service in one.skills)
