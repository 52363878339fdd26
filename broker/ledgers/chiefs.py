"""首席代表授权台账 (CREP-1, CREP-3): who has spoken for each department, by which letter, as every hall.toml had it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from broker.ledgers.table import Table, person
from broker.rules.facts import ConfigurationAdopted, Recorded
from broker.rules.hours import midnight, spelled
from broker.rules.plan import plan_from
from broker.schema import Department, HallConfig
from contracts.values import HallTime, StaffNo
from words import text

KINDS = (ConfigurationAdopted.__name__,)
COLUMNS = (
    "部门",
    "首席代表",
    "代理人",
    "代理期限",
    "授权委托书编号",
    "授权范围",
    "有效期自",
    "有效期至",
    "扫描件",
    "登记时间",
    "变更时间",
)


@dataclass(slots=True)
class Entry:
    """One department as it stood from ``since`` up to ``until``; ``until`` is ``None`` while it stands."""

    department: Department
    since: HallTime
    until: HallTime | None = None


def entries(recorded: Iterable[Recorded]) -> list[Entry]:
    """Every department of every configuration; it is entered anew when anything of its representation has changed."""
    found: list[Entry] = []
    standing: dict[str, Entry] = {}
    for one in recorded:
        if not isinstance(one.fact, ConfigurationAdopted):
            continue
        departments = {each.id: each for each in plan_from(one.fact.content, one.fact.hash).config.departments}
        for name, entry in list(standing.items()):
            if departments.get(name) != entry.department:
                entry.until = one.at
                del standing[name]
        for name, department in departments.items():
            if name not in standing:
                standing[name] = Entry(department, one.at)
                found.append(standing[name])
    return found


def of_month(found: Iterable[Entry], month: date) -> list[Entry]:
    """Those that stood at some time of the month in which ``month`` lies."""
    first = month.replace(day=1)
    begins, ends = midnight(first), midnight((first + timedelta(days=31)).replace(day=1))
    return [one for one in found if one.since < ends and (one.until is None or one.until > begins)]


def state(config: HallConfig, department: Department, today: date) -> str:
    """The key in ``words.crep`` of how a department is represented today."""
    letter = department.letter
    if department.chief is None:
        return "crep.state.nobody"
    if letter is None:
        return "crep.state.no_letter"
    if not letter.first <= today <= letter.last:
        return "crep.state.over" if today > letter.last else "crep.state.ahead"
    soon = letter.last - timedelta(days=config.params.letter_remind_days)
    return "crep.state.ends" if today >= soon else "crep.state.valid"


def table(found: Iterable[Entry], names: dict[StaffNo, str]) -> Table:
    """The ledger."""
    return Table(COLUMNS, tuple(_row(one, names) for one in found))


def _row(one: Entry, names: dict[StaffNo, str]) -> tuple[str, ...]:
    department, letter, term = one.department, one.department.letter, one.department.deputy_term
    return (
        department.zh,
        person(names, department.chief),
        person(names, department.deputy),
        "" if term is None else text("crep.term").zh.format(first=term.first, last=term.last),
        *(("",) * 5 if letter is None else (letter.no, letter.scope, str(letter.first), str(letter.last), letter.scan)),
        spelled(one.since),
        spelled(one.until),
    )
