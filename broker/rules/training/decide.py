"""What leaders ask about training: plan, invite, cancel, assess, close (TRN-3, TRN-5, TRN-6, TRN-9)."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, Rule, done, refused
from broker.rules.facts import TrainingOnFile
from broker.rules.hall import Hall
from broker.rules.hours import DAY
from broker.rules.roles import LEAD, STAFF_NODES, lacks_role
from broker.rules.training.gate import passed_elsewhere
from broker.rules.training.inviting import LONGEST, excused, leaves_a_gap, may_not_invite, no_longer
from broker.rules.training.state import as_planned
from contracts import messages as m
from contracts.values import HallTime, Refusal, StaffNo, TrainingNo

_LONGEST_TITLE = 60
_FULL_MARKS = 100


def planned(hall: Hall, asker: Asker, request: m.TrainingPlanRequested, now: HallTime) -> Decision:
    """A session on the list, with those who are to come; asked again in the same words it is the same session."""
    known = next((one for one in hall.training.sessions.values() if _is_same(one, request)), None)
    if known is not None and lacks_role(hall, request.actor, LEAD) is None:
        return done(asker, request, values={"no": known.no})
    invited = tuple(dict.fromkeys(request.invited))
    no = (
        lacks_role(hall, request.actor, LEAD)
        or _is_no_session(hall, request, now)
        or may_not_invite(hall, request.actor, invited)
        or leaves_a_gap(hall, request.actor, invited, request.begins, request.ends, request.override)
    )
    if no is not None:
        return refused(asker, request, no)
    fact = _planned(hall, request)
    facts = _invited(hall, as_planned(fact), invited, request)
    return done(asker, request, fact, *facts, values={"no": fact.training})


def _is_same(one: TrainingOnFile, request: m.TrainingPlanRequested) -> bool:
    """An answer that was lost is asked for again."""
    asked = request.title.strip(), request.place.strip(), request.begins, request.ends, set(request.invited)
    return not one.cancelled and asked == (one.title, one.place, one.begins, one.ends, set(one.invited))


def _is_no_session(hall: Hall, request: m.TrainingPlanRequested, now: HallTime) -> No | None:
    wrong, unknown = None, [one for one in request.services if one not in hall.in_force.services]
    if unknown:
        return No(Refusal.UNKNOWN_SERVICE, f"{', '.join(unknown)}: no service of this hall")
    if not 0 < len(request.title.strip()) <= _LONGEST_TITLE or not 0 < len(request.place.strip()) <= _LONGEST_TITLE:
        wrong = f"title and place have 1 to {_LONGEST_TITLE} characters"
    elif request.begins >= request.ends:
        wrong = "it ends before it begins"
    elif request.ends - request.begins > DAY:
        wrong = "a session lasts at most a day; enter each day of a longer training"
    elif request.ends <= now:
        wrong = "it is over already"
    return None if wrong is None else No(Refusal.BAD_VALUE, wrong)


def _planned(hall: Hall, request: m.TrainingPlanRequested) -> f.TrainingPlanned:
    return f.TrainingPlanned(
        training=TrainingNo(f"PX-{hall.today.date:%Y%m%d}-{hall.training.count + 1:03d}"),
        title=request.title.strip(),
        topic=request.topic,
        form=request.form,
        place=request.place.strip(),
        begins=request.begins,
        ends=request.ends,
        planned=request.planned,
        pre_job=request.pre_job,
        services=tuple(dict.fromkeys(request.services)),
        actor=request.actor,
    )


def _invited(
    hall: Hall, one: TrainingOnFile, staff: tuple[StaffNo, ...], request: m.TrainingPlanRequested | m.TrainingInviteRequested
) -> list[f.Fact]:
    if not staff:
        return []
    gap = leaves_a_gap(hall, request.actor, staff, one.begins, one.ends, "")
    override = request.override.strip() if gap is not None else ""
    invited = f.TrainingInvited(training=one.no, staff=staff, actor=request.actor, override=override)
    return [invited, *excused(hall, one, staff, request.actor)]


def invited(hall: Hall, asker: Asker, request: m.TrainingInviteRequested, now: HallTime) -> Decision:
    """More people are to come, or some need not; asking twice is the same as once."""
    one = _found(hall, request.actor, request.training)
    if isinstance(one, No):
        return refused(asker, request, one)
    asked = tuple(dict.fromkeys(request.staff))
    no = may_not_invite(hall, request.actor, asked)
    if no is None and one.ends <= now:
        no = No(Refusal.TRAINING_STATE, f"{one.no} is over")
    if no is not None:
        return refused(asker, request, no)
    if request.withdraw:
        gone = tuple(person for person in asked if person in one.invited)
        out = [f.TrainingUninvited(training=one.no, staff=gone, actor=request.actor)] if gone else []
        return done(asker, request, *out, *no_longer(hall, one.no, request.actor, gone))
    new = tuple(person for person in asked if person not in one.invited)
    no = leaves_a_gap(hall, request.actor, new, one.begins, one.ends, request.override)
    return refused(asker, request, no) if no is not None else done(asker, request, *_invited(hall, one, new, request))


def cancelled(hall: Hall, asker: Asker, request: m.TrainingCancelRequested, now: HallTime) -> Decision:
    """It does not take place, or ends here; who went is excused until now."""
    one = _found(hall, request.actor, request.training)
    no = one if isinstance(one, No) else _lacks_words(request.reason)
    if no is None and not isinstance(one, No) and one.ends <= now:
        no = No(Refusal.TRAINING_STATE, f"{one.no} is over; assess and close it")
    if no is not None:
        return refused(asker, request, no)
    fact = f.TrainingCancelled(training=request.training, actor=request.actor, reason=request.reason.strip())
    return done(asker, request, fact, *no_longer(hall, request.training, request.actor))


def assessed(hall: Hall, asker: Asker, request: m.TrainingAssessRequested, now: HallTime) -> Decision:
    """What came of it for somebody who was invited or came, once it is over (TRN-9.2); again, to correct it."""
    one = _found(hall, request.actor, request.training)
    no = one if isinstance(one, No) else _may_not_assess(hall, one, request, now)
    if isinstance(one, No) or no is not None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_TRAINING))
    if one.assessed.get(request.staff) == f.Assessment(passed=request.passed, score=request.score):
        return done(asker, request)
    fact = f.TrainingAssessed(
        training=one.no, staff=request.staff, passed=request.passed, score=request.score, actor=request.actor
    )
    back = [] if request.passed else _taken_back(hall, request.staff, one.no)
    return done(asker, request, fact, *back)


def _taken_back(hall: Hall, staff: StaffNo, training: TrainingNo) -> list[f.Fact]:
    """Who works because of a pass that is corrected, and of no other, may not any more."""
    rests_on_it = staff in hall.training.onboarded and hall.training.passed.get(staff) == training
    if not rests_on_it or passed_elsewhere(hall, staff, training) is not None:
        return []
    return [f.OnboardingTakenBack(staff=staff, training=training)]


def _may_not_assess(hall: Hall, one: TrainingOnFile, request: m.TrainingAssessRequested, now: HallTime) -> No | None:
    if request.staff not in hall.in_force.staff:
        return No(Refusal.UNKNOWN_STAFF, f"{request.staff} is no person of this hall")
    if request.actor == request.staff:
        return No(Refusal.OWN_CASE, f"{request.actor} may not assess themselves (CREP-4.0)")
    if now < one.ends:
        return No(Refusal.TRAINING_STATE, f"{one.no} is not over yet")
    if request.staff not in one.invited and request.staff not in one.came:
        return No(Refusal.BAD_VALUE, f"{request.staff} was neither invited to {one.no} nor there")
    if request.score is not None and not 0 <= request.score <= _FULL_MARKS:
        return No(Refusal.BAD_VALUE, f"a score is from 0 to {_FULL_MARKS}")
    return None


def closed(hall: Hall, asker: Asker, request: m.TrainingCloseRequested, now: HallTime) -> Decision:
    """Over and assessed: everyone who came has a result, and the whole a remark (TRN-9.2)."""
    one = _found(hall, request.actor, request.training)
    no = one if isinstance(one, No) else _lacks_words(request.remark) or _may_not_close(hall, one, now)
    if no is not None:
        return refused(asker, request, no)
    return done(
        asker, request, f.TrainingClosed(training=request.training, remark=request.remark.strip(), actor=request.actor)
    )


def _may_not_close(hall: Hall, one: TrainingOnFile, now: HallTime) -> No | None:
    """Whoever has left the hall since cannot be assessed any more."""
    missing = [staff for staff in one.came if staff not in one.assessed and staff in hall.in_force.staff]
    if now < one.ends:
        return No(Refusal.TRAINING_STATE, f"{one.no} is not over yet")
    if missing:
        return No(Refusal.TRAINING_STATE, f"not assessed yet: {', '.join(sorted(missing))} (TRN-9.2)")
    return None


def _found(hall: Hall, actor: StaffNo, training: TrainingNo) -> TrainingOnFile | No:
    """The session, for a leader, if it may still change."""
    no = lacks_role(hall, actor, LEAD)
    one = hall.training.sessions.get(training)
    if no is not None:
        return no
    if one is None:
        return No(Refusal.UNKNOWN_TRAINING, f"{training} is unknown, or closed long ago")
    if one.cancelled or one.closed:
        return No(Refusal.TRAINING_STATE, f"{training} is {'cancelled' if one.cancelled else 'closed'}")
    return one


def _lacks_words(words: str) -> No | None:
    if 0 < len(words.strip()) <= LONGEST:
        return None
    return No(Refusal.BAD_VALUE, f"1 to {LONGEST} characters are needed")


RULES: dict[type[m.Message], Rule] = {
    m.TrainingPlanRequested: Rule(STAFF_NODES, planned),
    m.TrainingInviteRequested: Rule(STAFF_NODES, invited),
    m.TrainingCancelRequested: Rule(STAFF_NODES, cancelled),
    m.TrainingAssessRequested: Rule(STAFF_NODES, assessed),
    m.TrainingCloseRequested: Rule(STAFF_NODES, closed),
}
"""What may be asked about training, and by which kinds of node."""
