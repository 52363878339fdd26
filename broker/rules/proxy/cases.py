"""Opening a case, and who is asked about it."""

from datetime import date

from broker.rules import facts as f
from broker.rules.corrections.within import checkers
from broker.rules.facts import ProxyCaseOnFile, Suspicion
from broker.rules.hall import Hall
from broker.rules.proxy.state import pair_key
from broker.rules.roles import LEAD
from broker.rules.tasks.open import About, opened
from contracts.values import HalfOfDay, ProxyCaseNo, PunchId, StaffNo, TaskKind

Persons = tuple[StaffNo, StaffNo | None]
"""The principal, who was not there as it seems, and the proxy, if there is one."""
Where = tuple[date, HalfOfDay]


def suspected(  # noqa: PLR0913 -- a case has all of these
    hall: Hall,
    why: Suspicion,
    persons: Persons,
    where: Where,
    punches: tuple[PunchId, ...],
    *,
    days: tuple[str, ...] = (),
    nth: int = 0,
) -> list[f.Fact]:
    """A case and its task; nothing if the same was opened today. ``nth`` counts the cases of one decision, from 0."""
    principal, proxy = persons
    fact = f.ProxySuspected(
        case=case_no(hall, nth),
        why=why,
        principal=principal,
        proxy=proxy,
        day=where[0].isoformat(),
        halves=(where[1],),
        punches=punches,
        days=days,
    )
    return [] if opened_key(fact) in hall.proxy.opened else [fact, task_for(hall, on_file(fact), nth)]


def case_no(hall: Hall, nth: int = 0) -> ProxyCaseNo:
    """The next number of today."""
    return ProxyCaseNo(f"DK-{hall.today.date:%Y%m%d}-{hall.proxy.count + nth + 1:03d}")


def opened_key(fact: f.ProxySuspected) -> tuple[str, str, str]:
    """What makes two cases the same: the same two in the same half, whatever led to it; of one alone also why."""
    why, whom = (fact.why.value, fact.principal) if fact.proxy is None else ("", pair_key(fact.principal, fact.proxy))
    return why, whom, f"{fact.day} {' '.join(fact.halves)}"


def on_file(fact: f.ProxySuspected) -> ProxyCaseOnFile:
    """The case as it begins."""
    return ProxyCaseOnFile(
        case=fact.case,
        why=fact.why,
        principal=fact.principal,
        proxy=fact.proxy,
        day=fact.day,
        halves=fact.halves,
        punches=fact.punches,
    )


def task_for(hall: Hall, case: ProxyCaseOnFile, nth: int = 0) -> f.TaskOpened:
    """The task of the inspectors, or of whoever may sign as the second. Its sentence names the case and nobody else."""
    if case.inspector is None:
        kind, asked = TaskKind.PROXY_CHECK, checkers(hall, case.concerned)
    else:
        kind, asked = TaskKind.PROXY_SIGN, second_signers(hall, case, case.inspector)
    return opened(hall, kind, (f.Rung(after=0, staff=asked),), About(values={"no": case.case}), nth)


def second_signers(hall: Hall, case: ProxyCaseOnFile, inspector: StaffNo) -> tuple[StaffNo, ...]:
    """The leaders, without those concerned and without whoever signed first."""
    staff = hall.in_force.staff.values()
    return tuple(one.id for one in staff if one.role in LEAD and one.id not in (*case.concerned, inspector))
