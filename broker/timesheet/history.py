"""Reading all that attendance is made of out of the database, once, for any question about any day."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from broker.rules.hours import day_of, midnight
from broker.rules.workdays import Day, day_plan
from broker.schema import HallConfig, Staff
from broker.timesheet.filed import (
    PersonalFile,
)
from contracts.values import HallTime, StaffNo


class NothingStoredError(LookupError):
    """The database holds no configuration yet, so nobody works here."""


@dataclass(frozen=True, slots=True)
class InForce:
    """What a day was judged by: the configuration, the hours, the people."""

    config: HallConfig
    plan: Day
    staff: dict[StaffNo, Staff]


@dataclass(slots=True)
class History:
    """Everything. ``unknown`` are the punches of cards nobody knows, ``now`` the hall clock of the reading."""

    now: HallTime
    configs: list[tuple[HallTime, HallConfig]] = field(default_factory=list)
    files: dict[StaffNo, PersonalFile] = field(default_factory=dict)
    unknown: list[HallTime] = field(default_factory=list)
    _days: dict[date, InForce] = field(default_factory=dict)
    _staff: dict[int, dict[StaffNo, Staff]] = field(default_factory=dict)

    @property
    def begins(self) -> date:
        """The day on which the hall got its first configuration."""
        return day_of(self.configs[0][0])

    def of(self, staff: StaffNo) -> PersonalFile:
        """The file of a person; an empty one of somebody nothing is known of."""
        return self.files.get(staff, PersonalFile())

    def in_force(self, day: date) -> InForce:
        """The configuration in force when this day ended, or as far as the hall has come; before the first, the first."""
        known = self._days.get(day)
        if known is None:
            ended = midnight(day + timedelta(days=1))
            place = max(sum(at < ended for at, _ in self.configs) - 1, 0)
            config = self.configs[place][1]
            staff = self._staff.setdefault(place, {one.id: one for one in config.staff})
            known = self._days[day] = InForce(config, day_plan(config, day), staff)
        return known
