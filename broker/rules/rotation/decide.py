"""What is asked about rotation: ask for one, decide it, read what is sealed, close it (ROT-4 to ROT-7)."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, Rule, done, refused
from broker.rules.authority import chief_today, department_of
from broker.rules.facts import RotationOnFile
from broker.rules.hall import Hall
from broker.rules.roles import LEAD, STAFF_NODES, lacks_role
from broker.rules.rotation.handing import left_behind
from broker.rules.rotation.year import conditions
from contracts import messages as m
from contracts.values import HallTime, Refusal, RotationNo, StaffNo

_SEALED = "~"
"""What a reference into the vault begins with (broker.sealing); alone it stands for too few words."""


def asked(hall: Hall, asker: Asker, request: m.RotationRequested, now: HallTime) -> Decision:
    """By the chief representative, or a leader for the department; for each person one at a time."""
    person = hall.in_force.staff.get(request.outgoing)
    no = _may_not_ask(hall, request.actor, request.outgoing, now)
    if no is None and len(request.name) <= len(_SEALED):
        no = No(Refusal.BAD_VALUE, "who is to come, and the reason, are needed (ROT-4)")
    if person is None or no is not None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_STAFF, f"{request.outgoing} is no person of this hall"))
    known = next(
        (one for one in hall.rotations.open.values() if one.outgoing == person.id and one.approved is not False), None
    )
    if known is not None:
        return refused(asker, request, No(Refusal.ROTATION_STATE, f"{known.no} of {person.id} is not over"))
    met = conditions(hall.in_force.config, person, hall.today.date)
    fact = f.RotationAsked(
        rotation=RotationNo(f"LH-{hall.today.date:%Y%m%d}-{hall.rotations.count + 1:03d}"),
        outgoing=person.id,
        department=person.dept,
        sealed=request.name,
        within_window=met.within_window,
        one_year_served=met.one_year_served,
        days_left=met.days_left,
        actor=request.actor,
    )
    unmet = [what for what, holds in (("year", met.one_year_served), ("window", met.within_window)) if not holds]
    values = {"no": fact.rotation, "days": str(met.days_left), "unmet": " ".join(unmet)}
    return done(asker, request, fact, values=values)


def _may_not_ask(hall: Hall, actor: StaffNo, outgoing: StaffNo, now: HallTime) -> No | None:
    """The department asks: whoever speaks for it today, or a leader for it."""
    if outgoing not in hall.in_force.staff:
        return No(Refusal.UNKNOWN_STAFF, f"{outgoing} is no person of this hall")
    department = department_of(hall, outgoing)
    if department is not None and actor in hall.in_force.staff and chief_today(hall, department, now) == actor:
        return None
    return lacks_role(hall, actor, LEAD)


def decided(hall: Hall, asker: Asker, request: m.RotationDecisionRequested, _now: HallTime) -> Decision:
    """Agreed or not; against a condition only by the manager, with an explanation (ROT-6). The last decision counts."""
    one = _found(hall, request.rotation)
    no = one if isinstance(one, No) else _may_not_decide(hall, one, request)
    if isinstance(one, No) or no is not None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_ROTATION))
    if one.approved == request.approve:
        return done(asker, request)
    fact = f.RotationDecided(
        rotation=one.no,
        approved=request.approve,
        exception=request.approve and not one.is_regular,
        explanation=request.explanation,
        actor=request.actor,
    )
    return done(asker, request, fact)


def _may_not_decide(hall: Hall, one: RotationOnFile, request: m.RotationDecisionRequested) -> No | None:
    no = lacks_role(hall, request.actor, LEAD)
    if no is not None:
        return no
    if request.actor == one.outgoing:
        return No(Refusal.OWN_CASE, f"{request.actor} may not decide about their own rotation (CREP-4.0)")
    if request.explanation == _SEALED:
        return No(Refusal.BAD_VALUE, "an explanation has at least 10 characters (ROT-6)")
    if not request.approve or one.is_regular:
        return None
    why = "; ".join(
        what
        for what, holds in (
            (f"{one.days_left} days of the first year are left", not one.one_year_served),
            ("it was asked for outside the window of the year", not one.within_window),
        )
        if holds
    )
    if not request.explanation:
        return No(Refusal.BAD_VALUE, f"{why}: agreeing takes an explanation (ROT-6)")
    return lacks_role(hall, request.actor, ("manager",))


def shown(hall: Hall, asker: Asker, request: m.RotationShowRequested, now: HallTime) -> Decision:
    """What is sealed, to those who ask and decide. The shell puts it in; here, and as it is stored, it is references."""
    one = _found(hall, request.rotation)
    no = one if isinstance(one, No) else lacks_role(hall, request.actor, LEAD)
    if no is not None and not isinstance(one, No):
        no = _may_not_ask(hall, request.actor, one.outgoing, now)
    if isinstance(one, No) or no is not None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_ROTATION))
    answer = m.RotationShown(
        request_id=request.request_id,
        rotation=one.no,
        name=one.sealed,
        particulars=one.sealed,
        reason=one.sealed,
        explanation=one.explanation,
    )
    return Decision((f.RotationSealRead(rotation=one.no, actor=request.actor),), ((asker.node, answer),))


def closed(hall: Hall, asker: Asker, request: m.RotationCloseRequested, _now: HallTime) -> Decision:
    """Nothing is left in the person's hands (ROT-7): what the hall knows is counted, the rest confirmed."""
    one = _found(hall, request.rotation)
    no = one if isinstance(one, No) else _may_not_close(hall, one, request)
    if no is not None:
        return refused(asker, request, no)
    return done(
        asker, request, f.RotationClosed(rotation=request.rotation, successor=request.successor, actor=request.actor)
    )


def _may_not_close(hall: Hall, one: RotationOnFile, request: m.RotationCloseRequested) -> No | None:
    no = lacks_role(hall, request.actor, LEAD)
    if no is not None:
        return no
    if request.actor == one.outgoing:
        return No(Refusal.OWN_CASE, f"{request.actor} may not close their own rotation (CREP-4.0)")
    if not one.approved:
        return No(Refusal.ROTATION_STATE, f"{one.no} is not agreed to")
    if request.successor is not None and request.successor not in hall.in_force.staff:
        return No(Refusal.UNKNOWN_STAFF, f"{request.successor} is no person of this hall")
    return _is_not_handed_over(hall, one, request)


def _is_not_handed_over(hall: Hall, one: RotationOnFile, request: m.RotationCloseRequested) -> No | None:
    left = left_behind(hall, one.outgoing)
    if left:
        return No(Refusal.OPEN_MATTERS, f"{one.outgoing} still has {len(left)} (ROT-7)", {"list": "、".join(left)})
    unsaid = [what for what, said in (("办件", request.cases), ("借用物品", request.items)) if not said]
    if unsaid:
        what = "the hall keeps no register of these; confirm that they are handed over (ROT-7)"
        return No(Refusal.OPEN_MATTERS, what, {"list": "、".join(unsaid)})
    return None


def _found(hall: Hall, rotation: RotationNo) -> RotationOnFile | No:
    one = hall.rotations.open.get(rotation)
    return No(Refusal.UNKNOWN_ROTATION, f"{rotation} is unknown, or over") if one is None else one


RULES: dict[type[m.Message], Rule] = {
    m.RotationRequested: Rule(STAFF_NODES, asked),
    m.RotationDecisionRequested: Rule(STAFF_NODES, decided),
    m.RotationShowRequested: Rule(STAFF_NODES, shown),
    m.RotationCloseRequested: Rule(STAFF_NODES, closed),
}
"""What may be asked about rotation, and by which kinds of node."""
