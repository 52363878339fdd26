"""What reminders are made of."""

from dataclasses import dataclass, field

from broker.rules.facts.posts import Absence
from broker.rules.facts.reminders import Mark, OpenDay
from contracts.values import StaffNo


@dataclass(slots=True)
class Reminders:
    """``today`` are the marks of the running day; ``ended`` its absences that are over early, as long as they lasted.

    ``open`` are the past days that lack a record, by person and date.
    """

    today: dict[StaffNo, list[Mark]] = field(default_factory=dict)
    ended: list[Absence] = field(default_factory=list)
    open: dict[tuple[StaffNo, str], OpenDay] = field(default_factory=dict)
