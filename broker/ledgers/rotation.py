"""轮换台账 (ROT): who was asked to be changed, what spoke against it, who decided, and when it was handed over.

Names of those who were to come, and reasons, are sealed and stand in no ledger.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import get_args

from broker.ledgers.table import Table, person
from broker.rules import facts as f
from broker.rules.hours import day_of, spelled
from contracts.values import HallTime, RotationNo, StaffNo
from words import text

KINDS = tuple(one.__name__ for one in (f.ConfigurationAdopted, *get_args(f.RotationFact)))
COLUMNS = (
    "轮换编号",
    "申请时间",
    "部门",
    "轮出人员",
    "是否满一年",
    "距满一年天数",
    "是否在轮换期",
    "申请人",
    "审核结果",
    "审核人",
    "审核时间",
    "接替人员",
    "交接确认人",
    "交接时间",
)


@dataclass(slots=True)
class Entry:
    """One rotation; what came later is empty until it has come. ``state`` is a key of ``words.rot``."""

    asked: f.RotationAsked
    at: HallTime
    state: str = "rot.state.asked"
    decided: f.RotationDecided | None = None
    decided_at: HallTime | None = None
    closed: f.RotationClosed | None = None
    closed_at: HallTime | None = None


def entries(recorded: Iterable[f.Recorded]) -> list[Entry]:
    """Every rotation in the facts, in the order in which they were asked for."""
    found: dict[RotationNo, Entry] = {}
    for one in recorded:
        match one.fact:
            case f.RotationAsked() as asked:
                found[asked.rotation] = Entry(asked, one.at)
            case f.RotationDecided() as decided:
                entry = found[decided.rotation]
                entry.decided, entry.decided_at, entry.state = decided, one.at, _state(decided)
            case f.RotationClosed() as closed:
                entry = found[closed.rotation]
                entry.closed, entry.closed_at, entry.state = closed, one.at, "rot.state.closed"
            case _:
                pass
    return list(found.values())


def _state(decided: f.RotationDecided) -> str:
    if not decided.approved:
        return "rot.state.refused"
    return "rot.state.exception" if decided.exception else "rot.state.approved"


def of_month(found: Iterable[Entry], month: date) -> list[Entry]:
    """Those asked for in the month in which ``month`` lies."""
    return [one for one in found if day_of(one.at).replace(day=1) == month.replace(day=1)]


def table(found: Iterable[Entry], names: dict[StaffNo, str], departments: dict[str, str]) -> Table:
    """The ledger."""
    return Table(COLUMNS, tuple(_row(one, names, departments) for one in found))


def _row(one: Entry, names: dict[StaffNo, str], departments: dict[str, str]) -> tuple[str, ...]:
    asked, decided, closed = one.asked, one.decided, one.closed
    result = "rot.state.asked" if decided is None else _state(decided)
    return (
        asked.rotation,
        spelled(one.at),
        departments.get(asked.department, asked.department),
        person(names, asked.outgoing),
        "是" if asked.one_year_served else "否",
        str(asked.days_left),
        "是" if asked.within_window else "否",
        person(names, asked.actor),
        text(result).zh,
        "" if decided is None else person(names, decided.actor),
        spelled(one.decided_at),
        "" if closed is None else person(names, closed.successor),
        "" if closed is None else person(names, closed.actor),
        spelled(one.closed_at),
    )
