"""考勤台账 (ATT, 1.0.3 step 9): every half of a month, a line a version; an old result is never overwritten by a new one."""

from collections.abc import Iterator
from datetime import date

from broker.attendance import Result, Word
from broker.ledgers.table import Table, clock
from broker.rules.hours import day_of, spelled
from broker.timesheet.collect import days_of, people_of
from broker.timesheet.history import History
from broker.timesheet.month import Person
from broker.timesheet.versions import Version, versions
from contracts.values import HalfOfDay
from words import text

COLUMNS = (
    "部门",
    "工号",
    "姓名",
    "日期",
    "半天",
    "版本",
    "结果",
    "说明",
    "事由",
    "上班",
    "下班",
    "标注",
    "认定时间",
    "是否暂定",
    "变更依据",
    "规则版本",
)


def table(history: History, month: date) -> Table:
    """Everybody's month; days of rest only where something was changed about them."""
    days = tuple(day for day in days_of(month) if day <= day_of(history.now))
    if not days:
        return Table(COLUMNS, ())
    departments = {one.id: one.zh for one in history.in_force(days[-1]).config.departments}
    return Table(
        COLUMNS,
        tuple(
            _row(person, departments.get(person.dept, person.dept), day, version)
            for person in people_of(history, days)
            for day in days
            for version in _of_day(history, person, day)
        ),
    )


def _of_day(history: History, person: Person, day: date) -> Iterator[Version]:
    for half in HalfOfDay:
        every = versions(history, person.staff, day, half)
        if len(every) > 1 or any(one.word is not Word.REST for version in every for one in version.results):
            yield from every


def _row(person: Person, dept: str, day: date, version: Version) -> tuple[str, ...]:
    return (
        dept,
        person.staff,
        person.name,
        day.isoformat(),
        text(f"att.{version.half.value.lower()}").zh,
        str(version.number),
        " + ".join(one.spelled for one in version.results),
        "、".join(_meaning(one) for one in version.results),
        "、".join(one.reason for one in version.results if one.reason),
        clock(version.came),
        clock(version.left),
        "、".join(text(f"att.flag.{flag}").zh for flag in version.flags),
        spelled(version.at),
        text("att.show.provisional").zh if version.provisional else "",
        " ".join(f"{cause.name} #{cause.number}".strip() for cause in version.because),
        version.rulebook,
    )


def _meaning(one: Result) -> str:
    return text(f"att.result.{one.word.value.lower()}").zh
