"""Who may work: whoever hall.toml says, and whoever has passed the pre-job training since (ROT-5, TRN-6)."""

from broker.rules.hall import Hall
from broker.schema import Staff
from contracts.values import StaffNo, TrainingNo


def is_onboarded(hall: Hall, person: Staff) -> bool:
    """Whether formalities and pre-job training are complete."""
    return person.onboarded or person.id in hall.training.onboarded


def passed_elsewhere(hall: Hall, staff: StaffNo, training: TrainingNo) -> TrainingNo | None:
    """Another pre-job training this person has passed, if there is one."""
    for one in hall.training.sessions.values():
        result = one.assessed.get(staff)
        if one.no != training and one.pre_job and result is not None and result.passed:
            return one.no
    return None
