"""The sheet as rows of text, the same for every kind of file: heads, cells, totals, legend, signatures. Pure."""

from dataclasses import dataclass

from broker.rules.hours import spelled
from broker.timesheet.month import Line, Sheet, Totals, as_days, as_hours, signs
from words import text

WEEKDAYS = "一二三四五六日"
_SIGNS = (
    "normal",
    "late",
    "early",
    "missing",
    "absent",
    "leave.personal",
    "leave.sick",
    "leave.annual",
    "leave.marriage",
    "leave.maternity",
    "leave.other",
    "outing",
    "training",
    "rest",
    "unevaluated",
    "open",
)
_TOTALS = ("normal", "late", "early", "missing", "absent", "leave", "outing", "extended", "unverified")


@dataclass(frozen=True, slots=True)
class Row:
    """One person: number, name, staff number, the two halves of each day, the totals."""

    number: str
    name: str
    staff: str
    days: tuple[tuple[str, str], ...]
    totals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What one department signs."""

    title: str
    dept: str
    days: tuple[tuple[str, str], ...]
    """The number of each day and its weekday."""
    totals: tuple[str, ...]
    rows: tuple[Row, ...]
    legend: str
    note: str
    foot: str
    signatures: tuple[str, ...]


def pages(sheet: Sheet) -> tuple[Page, ...]:
    """A page for each department that has anybody, in the order of hall.toml."""
    return tuple(_page(sheet, id_, zh) for id_, zh in sheet.departments if sheet.of(id_))


def _page(sheet: Sheet, dept: str, name: str) -> Page:
    return Page(
        title=text("att.title").zh.format(hall=sheet.hall, month=f"{sheet.month:%Y年%m月}"),
        dept=text("att.dept").zh.format(dept=name),
        days=tuple((str(day.day), WEEKDAYS[day.weekday()]) for day in sheet.days),
        totals=tuple(text(f"att.total.{one}").zh for one in _TOTALS),
        rows=tuple(_row(number, line) for number, line in enumerate(sheet.of(dept), 1)),
        legend=text("att.legend").zh + ": " + "  ".join(_meaning(one) for one in _legend(sheet)),
        note=text("att.note").zh,
        foot=_foot(sheet),
        signatures=tuple(text(f"att.sign.{one}").zh for one in ("maker", "chief", "manager", "date")),
    )


def _legend(sheet: Sheet) -> tuple[str, ...]:
    return (*_SIGNS, "changed") if any(line.signed for line in sheet.lines) else _SIGNS


def _meaning(sign: str) -> str:
    return f"{text(f'att.{sign}').zh}={text(f'att.means.{sign}').zh}"


def _foot(sheet: Sheet) -> str:
    made = spelled(sheet.made_at)
    foot = text("att.edition").zh.format(rulebook=sheet.rulebook, time=made)
    return foot if not sheet.unknown else f"{foot}  {text('att.unknown_cards').zh.format(n=sheet.unknown)}"


def _row(number: int, line: Line) -> Row:
    halves = zip(map(signs, line.days), line.changed, strict=True)
    days = tuple((_shown(am, is_new=new[0]), _shown(pm, is_new=new[1])) for (am, pm), new in halves)
    return Row(str(number), line.person.name, line.person.staff, days, _added_up(line.totals))


def _shown(half: tuple[str, ...], *, is_new: bool) -> str:
    return "".join(text(f"att.{sign}").zh for sign in (*half, *(["changed"] if is_new else [])))


def _added_up(totals: Totals) -> tuple[str, ...]:
    """Empty where there is nothing to say, so that what there is stands out."""
    return (
        as_days(totals.normal),
        f"{totals.late}/{totals.late_minutes}" if totals.late else "",
        f"{totals.early}/{totals.early_minutes}" if totals.early else "",
        str(totals.missing or ""),
        as_days(totals.absent) if totals.absent else "",
        as_days(totals.leave) if totals.leave else "",
        f"{as_days(totals.outing)}/{as_hours(totals.outing_minutes)}" if totals.outing or totals.outing_minutes else "",
        str(totals.extended_minutes or ""),
        str(totals.unverified or ""),
    )
