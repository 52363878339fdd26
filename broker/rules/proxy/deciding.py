"""Who decides a case: an inspector and a leader confirm it together; either may dismiss it (ATT-8.3.2, D4)."""

from datetime import date

from msgspec.structs import replace

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.corrections.within import may_not_check, no_day
from broker.rules.facts import ProxyCaseOnFile, Suspicion
from broker.rules.hall import Hall
from broker.rules.hours import day_of
from broker.rules.proxy.cases import case_no, on_file, second_signers, task_for
from broker.rules.tasks.open import closed
from contracts import messages as m
from contracts.values import HallTime, ProxyCaseNo, Refusal, StaffNo, TaskKind

_LONGEST_RECORD = 40
_MOST_PUNCHES = 16
_TASKS = (TaskKind.PROXY_CHECK, TaskKind.PROXY_SIGN)


def reported(hall: Hall, asker: Asker, request: m.ProxyReportRequested, now: HallTime) -> Decision:
    """An inspector opens a case; it takes two signatures like any other."""
    fact = f.ProxySuspected(
        case=case_no(hall),
        why=Suspicion.REPORTED,
        principal=request.principal,
        proxy=request.proxy,
        day=request.day,
        halves=tuple(dict.fromkeys(request.halves)),
        punches=tuple(dict.fromkeys(request.punches)),
        actor=request.actor,
    )
    case = on_file(fact)
    same = next((one for one in hall.proxy.cases.values() if _is_same(one, case)), None)
    if same is not None:
        return done(asker, request, values={"no": same.case})
    no = _no_report(hall, request, case, now)
    if no is not None:
        return refused(asker, request, no)
    return done(asker, request, fact, task_for(hall, case), values={"no": fact.case})


def _is_same(one: ProxyCaseOnFile, other: ProxyCaseOnFile) -> bool:
    return one.inspector is None and replace(one, case=other.case) == other


def _no_report(hall: Hall, request: m.ProxyReportRequested, case: ProxyCaseOnFile, now: HallTime) -> No | None:
    no = may_not_check(hall, request.actor, case.concerned)
    unknown = next((one for one in case.concerned if one not in hall.in_force.staff), None)
    if no is not None or unknown is not None:
        return no or No(Refusal.UNKNOWN_STAFF, f"{unknown} is no person of this hall")
    if request.proxy == request.principal:
        return No(Refusal.BAD_VALUE, "who acts for themselves has no proxy; leave it out")
    if not case.halves or len(case.punches) > _MOST_PUNCHES:
        return No(Refusal.BAD_VALUE, f"a case is about one half at least, and {_MOST_PUNCHES} punches at most")
    try:
        day = date.fromisoformat(request.day)
    except ValueError:
        return No(Refusal.BAD_VALUE, f"{request.day!r} is no day such as 2026-03-10")
    if day > day_of(now) or day.isoformat() != request.day:
        return No(Refusal.BAD_VALUE, f"{request.day} lies ahead, or is not written like 2026-03-10")
    return no_day(hall, day, now)


def signed(hall: Hall, asker: Asker, request: m.ProxySignRequested, _now: HallTime) -> Decision:
    """The first signature, with what it rests on; signed again it replaces the one before."""
    case = _found(hall, request.case)
    no = case if isinstance(case, No) else may_not_check(hall, request.actor, case.concerned) or _no_signature(request, case)
    if isinstance(case, No) or no is not None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_CASE))
    principal, proxy = _persons(request, case)
    fact = f.ProxySigned(
        case=case.case,
        actor=request.actor,
        principal=principal,
        proxy=proxy,
        halves=tuple(dict.fromkeys(request.halves)) or case.halves,
        evidence=tuple(dict.fromkeys(request.evidence)),
        record=request.record.strip(),
    )
    after = replace(case, principal=principal, proxy=proxy, halves=fact.halves, inspector=request.actor)
    return done(asker, request, fact, *_ended(hall, case, "signed", request.actor), task_for(hall, after))


def _no_signature(request: m.ProxySignRequested, case: ProxyCaseOnFile) -> No | None:
    if request.principal is not None and request.principal not in case.concerned:
        return No(Refusal.BAD_VALUE, f"{case.case} is about {', '.join(case.concerned)}")
    if not request.evidence:
        return No(Refusal.BAD_VALUE, "what was seen? a case is confirmed on evidence")
    if len(request.record.strip()) > _LONGEST_RECORD:
        return No(Refusal.BAD_VALUE, f"the number of a record has at most {_LONGEST_RECORD} characters")
    return None


def _persons(request: m.ProxySignRequested, case: ProxyCaseOnFile) -> tuple[StaffNo, StaffNo | None]:
    principal = case.principal if request.principal is None else request.principal
    other = next((one for one in case.concerned if one != principal), None)
    return principal, None if request.alone else other


def countersigned(hall: Hall, asker: Asker, request: m.ProxyCountersignRequested, _now: HallTime) -> Decision:
    """The second signature: now it counts."""
    case = _found(hall, request.case)
    no = case if isinstance(case, No) else _may_not_countersign(hall, request.actor, case)
    if isinstance(case, No) or case.inspector is None or no is not None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_CASE))
    fact = f.ProxyConfirmed(
        case=case.case,
        actor=request.actor,
        inspector=case.inspector,
        principal=case.principal,
        proxy=case.proxy,
        day=case.day,
        halves=case.halves,
        punches=case.punches,
    )
    return done(asker, request, fact, *_ended(hall, case, "confirmed", request.actor))


def _may_not_countersign(hall: Hall, actor: StaffNo, case: ProxyCaseOnFile) -> No | None:
    if actor not in hall.in_force.staff:
        return No(Refusal.UNKNOWN_STAFF, f"{actor} is no person of this hall")
    if actor in case.concerned:
        return No(Refusal.OWN_CASE, f"{case.case} is about {actor}")
    if case.inspector is None:
        return No(Refusal.APPROVAL_MISSING, f"no inspector has signed {case.case} yet")
    able = second_signers(hall, case, case.inspector)
    return None if actor in able else No(Refusal.NOT_PERMITTED, f"this takes {', '.join(able) or 'a person nobody is'}")


def dismissed(hall: Hall, asker: Asker, request: m.ProxyDismissRequested, _now: HallTime) -> Decision:
    """By an inspector, or by a leader who is asked for the second signature and does not give it."""
    case = _found(hall, request.case)
    if isinstance(case, No):
        return refused(asker, request, case)
    no = may_not_check(hall, request.actor, case.concerned)
    if no is not None and case.inspector is not None and request.actor in second_signers(hall, case, case.inspector):
        no = None
    if no is not None:
        return refused(asker, request, no)
    fact = f.ProxyDismissed(case=case.case, actor=request.actor)
    return done(asker, request, fact, *_ended(hall, case, "dismissed", request.actor))


def _found(hall: Hall, no: ProxyCaseNo) -> ProxyCaseOnFile | No:
    case = hall.proxy.cases.get(no)
    if case is not None:
        return case
    known = no in hall.proxy.decided
    return No(Refusal.ALREADY_DECIDED if known else Refusal.UNKNOWN_CASE, f"{no} is not open")


def _ended(hall: Hall, case: ProxyCaseOnFile, why: str, actor: StaffNo) -> list[f.Fact]:
    return [closed(task, why, actor) for kind in _TASKS for task in hall.tasks.of(kind, values={"no": case.case})]
