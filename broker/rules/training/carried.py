"""What of training outlives the night: sessions that may still change, and people who may work since."""

from datetime import date

from broker.rules.facts import TrainingOnFile
from broker.rules.hall import Hall
from broker.rules.hours import DAY, midnight
from contracts.values import StaffNo, TrainingNo


def trainings_on_file(hall: Hall, today: date) -> tuple[TrainingOnFile, ...]:
    """Those not closed, and those whose sign-ins a clock that was cut off may still bring (``kept_days``)."""
    kept = hall.in_force.config.params.attendance.kept_days * DAY
    each = hall.training.sessions.values()
    return tuple(one for one in each if not (one.closed or one.cancelled) or one.ends + kept > midnight(today))


def passed_on_file(hall: Hall) -> dict[StaffNo, TrainingNo]:
    """Of those whom hall.toml has as not onboarded."""
    return {staff: no for staff, no in sorted(hall.training.passed.items()) if _is_new(hall, staff)}


def onboarded_on_file(hall: Hall) -> tuple[StaffNo, ...]:
    """Of the same."""
    return tuple(staff for staff in sorted(hall.training.onboarded) if _is_new(hall, staff))


def _is_new(hall: Hall, staff: StaffNo) -> bool:
    person = hall.in_force.staff.get(staff)
    return person is not None and not person.onboarded
