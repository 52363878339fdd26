"""What the monthly sheet adds up beside the records of days: hours on outings, minutes of extended service (ATT-9)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from broker.archive import Archive
from broker.ledgers.extended import entries
from broker.rules.facts import ExtensionBegan
from broker.rules.hours import MINUTE, day_of
from broker.timesheet.history import History
from contracts.values import HallTime, Ms, StaffNo


def extended_minutes(archive: Archive, days: Iterable[date]) -> Mapping[StaffNo, int]:
    """By person, as the ledger of extended service has them (EXT-2); only days that had any are looked through."""
    wanted = set(days)
    had = {day_of(one.at) for one in archive.of_kinds((ExtensionBegan.__name__,))} & wanted
    found: Counter[StaffNo] = Counter()
    for day in sorted(had):
        for entry in entries(archive.foldable(day)):
            found[entry.staff] += entry.minutes or 0
    return found


def outing_minutes(history: History, staff: StaffNo, days: Iterable[date]) -> int:
    """How long somebody was out in working hours, as far as it was approved."""
    return sum(_on(history, staff, day) for day in days) // MINUTE


def _on(history: History, staff: StaffNo, day: date) -> Ms:
    force = history.in_force(day)
    if not force.plan.works:
        return 0
    plan, kinds = force.plan, force.config.params.attendance.outing_kinds
    halves = ((plan.morning, plan.noon), (plan.afternoon, plan.close))
    given = history.of(staff).excusing(plan.morning, plan.close)
    known = [span for one in given if one.absence.kind in kinds and (span := one.as_known(history.now)) is not None]
    return sum(_shared(half, span) for half in halves for span in known)


def _shared(one: tuple[HallTime, HallTime], other: tuple[HallTime, HallTime]) -> Ms:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))
