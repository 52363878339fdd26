"""What the clocks are told of missing records."""

from collections.abc import Hashable

from broker.rules.hall import Hall
from broker.rules.reminders.lacking import lacking
from contracts import messages as m


def changes_with(hall: Hall) -> Hashable:
    """While it is equal, so is what stands here."""
    return tuple(hall.reminders.open.values()), _is_complete(hall)


def missing(hall: Hall) -> tuple[m.MissingRecord, ...]:
    """Who lacks which record of the last working days; nothing while a clock is away that may still hold punches."""
    if not _is_complete(hall):
        return ()
    return tuple(
        m.MissingRecord(staff=one.staff, date=one.date, half=half, coming=coming, until=one.until)
        for one in hall.reminders.open.values()
        for half, coming in lacking(hall, one)
    )


def _is_complete(hall: Hall) -> bool:
    clocks = hall.in_force.of_kind("attendance_clock")
    return all((life := hall.nodes.get(one.id)) is not None and life.online for one in clocks)
