"""Whether a rotation is a regular one: the time of the year, and a year in the hall (ROT-3, ROT-4, ROT-6)."""

from dataclasses import dataclass
from datetime import date

from broker.config_checks import within
from broker.schema import HallConfig, Staff


@dataclass(frozen=True, slots=True)
class Conditions:
    """Both are asked for; ``days_left`` until the year is served."""

    within_window: bool
    one_year_served: bool
    days_left: int


def eligible_from(since: date) -> date:
    """The same date a year later; 1 March for who came on 29 February. Leave does not stop the year (ROT-3)."""
    try:
        return since.replace(year=since.year + 1)
    except ValueError:
        return date(since.year + 1, 3, 1)


def conditions(config: HallConfig, person: Staff, day: date) -> Conditions:
    """What is met on the day a rotation of this person is asked for."""
    left = 0 if person.dept == own_department(config) else max(0, (eligible_from(person.since) - day).days)
    return Conditions(within(config.params.rotation_window, day), left == 0, left)


def own_department(config: HallConfig) -> str | None:
    """The department that runs the hall: ``operator_dept``, else the one whose name the operator's name ends with."""
    named = config.hall.operator_dept
    called = (one.id for one in config.departments if config.hall.operator_zh.endswith(one.zh))
    return named if named is not None else next(called, None)
