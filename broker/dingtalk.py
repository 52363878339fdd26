"""DingTalk's export of leave approvals (CSV), read line by line into what can be asked of the rules (ATT-5.1). Pure.

Columns are found by name; more of them do no harm. Needed are the number, the kind, the times, the reason, the result, the
approvers, and who asked: a staff number, or a name that one person of the hall has. UTF-8 (with or without mark) and GBK.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from broker.rules.hours import on_day
from broker.rules.workdays import Day, day_plan
from broker.schema import HallConfig, Staff
from contracts.values import HallTime, StaffNo
from words import every_key, text

COLUMNS: dict[str, tuple[str, ...]] = {
    "no": ("审批编号",),
    "staff": ("申请人工号", "发起人工号", "工号"),
    "name": ("姓名", "申请人", "申请人姓名", "发起人姓名", "发起人"),
    "kind": ("请假类型",),
    "begins": ("开始时间",),
    "ends": ("结束时间",),
    "reason": ("请假事由", "请假原因"),
    "result": ("审批结果",),
    "status": ("审批状态",),
    "approvers": ("审批人", "历史审批人姓名", "审批人姓名"),
    "approved_at": ("审批完成时间", "完成时间"),
}
"""What each column may be called; of several the first that is there."""
_NEEDED = ("no", "kind", "begins", "ends", "reason", "approvers")
_ONE_OF = (("staff", "name"), ("result", "status"))
_AGREED = frozenset({"同意", "已同意", "审批通过", "已通过", "通过"})
_OTHER_NAMES = {
    "年假": "annual",
    "其他": "other",
    "陪护假": "paternity",
    "丧假(直系亲属)": "bereavement",
    "调休假": "compensatory",
}
_TIME = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]*(上午|下午|(?:[01]?\d|2[0-3]):[0-5]\d)(?::[0-5]\d)?)?"
)
_BETWEEN = re.compile(r"[,,、;;/\s]+")


class BrokenExportError(ValueError):
    """The file is no such export, or is damaged: nothing of it is used."""


class Wanted(NamedTuple):
    """What a line asks for."""

    staff: StaffNo
    kind: str
    begins: HallTime
    ends: HallTime
    reason: str
    approvers: tuple[StaffNo, ...]
    approved_at: HallTime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the export: its number in the file, DingTalk's number, and what it asks for or why it cannot be used."""

    number: int
    no: str
    wanted: Wanted | None = None
    why: str = ""


class _UnusableError(ValueError):
    """Why a line cannot be used, in both languages."""


def read(content: bytes, config: HallConfig) -> tuple[Line, ...]:
    """Every line. Raises :class:`BrokenExportError`: not text, not CSV, a column missing, a line too long or too short."""
    return tuple(_lines(_text(content), config))


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            found = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in found:
            return found
    raise BrokenExportError("既非UTF-8也非GBK编码,请另存为CSV UTF-8\nneither UTF-8 nor GBK; save the export as CSV UTF-8")


def _lines(whole: str, config: HallConfig) -> Iterator[Line]:
    rows = csv.reader(io.StringIO(whole, newline=""), strict=True)
    try:
        places = _places(next(rows, []))
        width = max(places.values()) + 1
        for row in rows:
            if any(cell.strip() for cell in row):
                yield _line(rows.line_num, _cells(row, places, width, rows.line_num), config)
    except csv.Error as error:
        raise BrokenExportError(f"第{rows.line_num}行不是CSV\nline {rows.line_num} is no CSV: {error}") from error


def _places(header: list[str]) -> dict[str, int]:
    names = [cell.strip() for cell in header]
    called = {what: next((one for one in each if one in names), None) for what, each in COLUMNS.items()}
    found = {what: names.index(name) for what, name in called.items() if name is not None}
    lacking = [" / ".join(COLUMNS[one]) for one in _NEEDED if one not in found]
    lacking += [" / ".join(COLUMNS[one][0] for one in each) for each in _ONE_OF if not {*each} & {*found}]
    if lacking:
        raise BrokenExportError(f"缺少列 {';'.join(lacking)}\nthese columns are missing")
    return found


def _cells(row: list[str], places: dict[str, int], width: int, number: int) -> dict[str, str]:
    if len(row) < width:
        raise BrokenExportError(f"第{number}行缺少内容,文件可能不完整\nline {number} is cut short; is the file whole?")
    return {what: row[place].strip().lstrip("'") for what, place in places.items()}


def _line(number: int, cells: dict[str, str], config: HallConfig) -> Line:
    no = cells["no"]
    try:
        return Line(number, no or "?", _wanted(cells, config))
    except _UnusableError as error:
        return Line(number, no or "?", why=str(error))


def _wanted(cells: dict[str, str], config: HallConfig) -> Wanted:
    if not cells["no"]:
        raise _UnusableError("缺少审批编号 no number in DingTalk: it could be brought in twice")
    told = cells.get("result") or cells.get("status", "")
    if told not in _AGREED:
        raise _UnusableError(f"未审批通过 not approved: {told or '-'}")
    begins, ends = _time(cells["begins"], config, is_end=False), _time(cells["ends"], config, is_end=True)
    if begins >= ends:
        raise _UnusableError(f"起止时间颠倒 it ends before it begins: {cells['begins']} - {cells['ends']}")
    finished = cells.get("approved_at", "")
    return Wanted(
        staff=_person(cells.get("staff", ""), cells.get("name", ""), config),
        kind=_kind(cells["kind"], config),
        begins=begins,
        ends=ends,
        reason=cells["reason"],
        approvers=_approvers(cells["approvers"], config),
        approved_at=_time(finished, config, is_end=True) if finished else None,
    )


def _person(number: str, name: str, config: HallConfig) -> StaffNo:
    """By number where there is one; the name must then fit. A name alone must be one person's."""
    if number:
        member = next((one for one in config.staff if one.id == number), None)
        if member is None:
            raise _UnusableError(f"未找到工号 {number} nobody has this staff number")
        if name and name not in {member.zh, member.id}:
            raise _UnusableError(f"工号与姓名不符 {number} is {member.zh}, not {name}")
        return member.id
    found = _called(name, config)
    if not found:
        raise _UnusableError(f"未找到 {name or '-'} nobody of the hall is called so")
    if len(found) > 1:
        raise _UnusableError(f"{name} 重名,请填写工号 several are called so: {', '.join(one.id for one in found)}")
    return found[0].id


def _called(name: str, config: HallConfig) -> list[Staff]:
    return [one for one in config.staff if name and name in {one.zh, one.id}]


def _approvers(cell: str, config: HallConfig) -> tuple[StaffNo, ...]:
    """Those who can be told; a name of two people is nobody's signature."""
    found = [_called(one, config) for one in _BETWEEN.split(cell) if one]
    return tuple(dict.fromkeys(each[0].id for each in found if len(each) == 1))


def _kind(name: str, config: HallConfig) -> str:
    prefix = "leave.kind."
    known = {text(key).zh: key.removeprefix(prefix) for key in every_key() if key.startswith(prefix)} | _OTHER_NAMES
    found = name if name in config.params.attendance.leave_kinds else known.get(name)
    if found is None:
        raise _UnusableError(f"未知假别 unknown kind of leave: {name or '-'}")
    return found


def _time(cell: str, config: HallConfig, *, is_end: bool) -> HallTime:
    """``2026-03-10 09:00``; ``2026-03-10 上午``; a day alone is the whole of it, by the hall's hours."""
    match = _TIME.fullmatch(cell)
    if match is None:
        raise _UnusableError(f"无法识别时间 no time: {cell or '-'}")
    year, month, day, clock = match.groups()
    try:
        plan = day_plan(config, date(int(year), int(month), int(day)))
    except ValueError as error:
        raise _UnusableError(f"没有这一天 no such day: {cell}") from error
    if clock is None or clock in {"上午", "下午"}:
        return _bound(plan, clock, is_end=is_end)
    return on_day(plan.date, clock.rjust(5, "0"))


def _bound(plan: Day, half: str | None, *, is_end: bool) -> HallTime:
    if is_end:
        return plan.noon if half == "上午" else plan.close
    return plan.afternoon if half == "下午" else plan.morning
