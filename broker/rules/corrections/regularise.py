"""补签 (ATT-8.3.1c): asked for by the person, decided by whoever is entitled to."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.authority import deciders, may_not_decide
from broker.rules.corrections.within import level_of, no_time
from broker.rules.facts import AskedOnFile
from broker.rules.hall import Hall
from broker.rules.tasks.open import About, closed, opened
from contracts import messages as m
from contracts.values import CorrectionNo, HallTime, PunchIntent, Refusal, TaskKind

_SIDES = (PunchIntent.IN, PunchIntent.OUT)
MOST_OPEN = 20
"""Of one person; requests nobody has decided are carried from day to day."""


def asked(hall: Hall, asker: Asker, request: m.RegulariseRequested, now: HallTime) -> Decision:
    """A person asks to have a missing punch made good. Asking the same twice is the same as once."""
    mine = [one for one in hall.corrections.asked.values() if one.staff == request.actor]
    same = next((one for one in mine if (one.at, one.intent) == (request.at, request.intent)), None)
    if same is not None:
        return done(asker, request, values={"no": same.no})
    no = _may_not_ask(hall, request, now) or (
        No(Refusal.BAD_VALUE, f"{request.actor} has {len(mine)} open requests") if len(mine) >= MOST_OPEN else None
    )
    if no is not None:
        return refused(asker, request, no)
    fact = f.RegularisationAsked(
        no=CorrectionNo(f"BQ-{hall.today.date:%Y%m%d}-{hall.corrections.count + 1:03d}"),
        staff=request.actor,
        at=request.at,
        intent=request.intent,
        reason=request.reason,
        witness=request.witness,
    )
    task = task_for(hall, AskedOnFile(no=fact.no, staff=fact.staff, at=fact.at, intent=fact.intent), now)
    return done(asker, request, fact, task, values={"no": fact.no})


def _may_not_ask(hall: Hall, request: m.RegulariseRequested, now: HallTime) -> No | None:
    staff = hall.in_force.staff
    for one in (request.actor, request.witness):
        if one not in staff:
            return No(Refusal.UNKNOWN_STAFF, f"{one} is no person of this hall")
    if request.witness == request.actor:
        return No(Refusal.OWN_CASE, "nobody is their own witness")
    if request.intent not in _SIDES:
        return No(Refusal.BAD_VALUE, "a 补签 is of coming (in) or of leaving (out)")
    return no_time(hall, request.at, now)


def task_for(hall: Hall, one: AskedOnFile, now: HallTime, nth: int = 0) -> f.TaskOpened:
    """The task of whoever decides it, as it stands now."""
    able = deciders(hall, one.staff, level_of(hall, one.staff, one.at, now), now)
    rung = f.Rung(after=0, staff=able) if able else f.Rung(after=0, roles=("manager",))
    return opened(hall, TaskKind.REGULARISE, (rung,), About(values={"no": one.no}), nth)


def decided(hall: Hall, asker: Asker, request: m.RegulariseDecisionRequested, now: HallTime) -> Decision:
    """Approved or rejected, once; the task ends with it."""
    one = hall.corrections.asked.get(request.no)
    if one is None:
        known = request.no in hall.corrections.decided
        reason = Refusal.ALREADY_DECIDED if known else Refusal.UNKNOWN_CORRECTION
        return refused(asker, request, No(reason, f"{request.no} is not open"))
    level = level_of(hall, one.staff, one.at, now)
    no = may_not_decide(hall, request.actor, one.staff, level, now)
    if no is not None:
        return refused(asker, request, no)
    fact = f.RegularisationDecided(
        no=one.no,
        staff=one.staff,
        at=one.at,
        intent=one.intent,
        approved=request.approve,
        actor=request.actor,
        level=level,
    )
    tasks = hall.tasks.of(TaskKind.REGULARISE, values={"no": one.no})
    return done(asker, request, fact, *(closed(task, "decided", request.actor) for task in tasks))
