"""What the facts of training change."""

from typing import assert_never

from msgspec.structs import replace

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.training.gate import passed_elsewhere
from broker.rules.training.signing import debounce
from broker.rules.training.state import Training, as_planned
from contracts.values import HallTime, StaffNo, TrainingNo


def day_began(hall: Hall, fact: f.DayBegan) -> None:
    """Sessions are numbered anew; what may still change was carried here."""
    hall.training = Training(
        sessions={one.no: one for one in fact.trainings},
        passed=dict(fact.pre_job_passed),
        onboarded=set(fact.onboarded),
    )


def _planned(hall: Hall, fact: f.TrainingPlanned) -> None:
    hall.training.count += 1
    hall.training.sessions[fact.training] = as_planned(fact)


def _change(hall: Hall, training: TrainingNo, **fields: object) -> None:
    hall.training.sessions[training] = replace(hall.training.sessions[training], **fields)


def _assessed(hall: Hall, fact: f.TrainingAssessed) -> None:
    session = hall.training.sessions[fact.training]
    result = f.Assessment(passed=fact.passed, score=fact.score)
    _change(hall, fact.training, assessed={**session.assessed, fact.staff: result})
    if session.pre_job and fact.passed:
        hall.training.passed.setdefault(fact.staff, fact.training)
    elif hall.training.passed.get(fact.staff) == fact.training:
        other = passed_elsewhere(hall, fact.staff, fact.training)
        del hall.training.passed[fact.staff]
        hall.training.passed |= {} if other is None else {fact.staff: other}


def _signed_in(hall: Hall, fact: f.TrainingSignedIn) -> None:
    """A punch that was held up on its way may be earlier than the one that signed in; that one is then the way out."""
    before = hall.training.sessions[fact.training].came.get(fact.staff)
    now = f.Attended(at=fact.at, late=fact.late, punch=fact.punch)
    if before is not None and before.left is not None:
        now = replace(now, left=before.left, left_punch=before.left_punch)
    elif before is not None and before.at - fact.at > debounce(hall):
        now = replace(now, left=before.at, left_punch=before.punch)
    _attended(hall, fact.training, fact.staff, now)


def _signed_out(hall: Hall, fact: f.TrainingSignedOut) -> None:
    before = hall.training.sessions[fact.training].came[fact.staff]
    _attended(hall, fact.training, fact.staff, replace(before, left=fact.at, left_punch=fact.punch))


def _corrected(hall: Hall, fact: f.TrainingSignCorrected) -> None:
    if fact.attended is not None:
        _attended(hall, fact.training, fact.staff, fact.attended)
        return
    came = hall.training.sessions[fact.training].came
    _change(hall, fact.training, came={staff: one for staff, one in came.items() if staff != fact.staff})


def _attended(hall: Hall, training: TrainingNo, staff: StaffNo, attended: f.Attended) -> None:
    _change(hall, training, came={**hall.training.sessions[training].came, staff: attended})


def apply(hall: Hall, fact: f.TrainingFact, _at: HallTime) -> None:  # noqa: C901 -- a table, one line a fact
    """One fact of training."""
    known = hall.training
    match fact:
        case f.TrainingPlanned():
            _planned(hall, fact)
        case f.TrainingInvited(training=training, staff=staff):
            _change(hall, training, invited=tuple(dict.fromkeys((*known.sessions[training].invited, *staff))))
        case f.TrainingUninvited(training=training, staff=staff):
            left = tuple(one for one in known.sessions[training].invited if one not in staff)
            _change(hall, training, invited=left)
        case f.TrainingCancelled(training=training):
            _change(hall, training, cancelled=True)
        case f.TrainingSignedIn():
            _signed_in(hall, fact)
        case f.TrainingSignedOut():
            _signed_out(hall, fact)
        case f.TrainingSignCorrected():
            _corrected(hall, fact)
        case f.TrainingAssessed():
            _assessed(hall, fact)
        case f.TrainingClosed(training=training):
            _change(hall, training, closed=True)
        case f.StaffOnboarded(staff=staff):
            known.onboarded.add(staff)
        case f.OnboardingTakenBack(staff=staff):
            known.onboarded.discard(staff)
        case _:
            assert_never(fact)
