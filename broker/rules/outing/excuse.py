"""The absence that stands for an approved entry: what posts, clocks and the monthly sheet go by."""

from broker.rules.facts import Absence, AbsenceEnded, AbsenceEntered
from broker.rules.facts.outing import Outing
from contracts.values import HallTime, StaffNo


def excuse(entry: Outing) -> Absence:
    """The absence as it was last entered for this entry, which was approved."""
    assert entry.excused_from is not None
    assert entry.excused_to is not None
    return _absence(entry, entry.excused_from, entry.excused_to)


def entered(entry: Outing, begins: HallTime, ends: HallTime, actor: StaffNo) -> AbsenceEntered:
    """It counts from ``begins`` up to ``ends``."""
    return AbsenceEntered(absence=_absence(entry, begins, ends), actor=actor)


def ended(entry: Outing, why: str, actor: StaffNo | None = None, until: HallTime | None = None) -> AbsenceEnded:
    """It no longer counts, or only ``until`` then."""
    return AbsenceEnded(absence=excuse(entry), why=why, actor=actor, until=until)


def _absence(entry: Outing, begins: HallTime, ends: HallTime) -> Absence:
    return Absence(staff=entry.staff, begins=begins, ends=ends, kind=entry.kind, ref=entry.no)
