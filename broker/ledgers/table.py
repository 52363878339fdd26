"""A ledger as rows of text, and as the CSV that a spreadsheet opens without asking."""

import csv
import io
from dataclasses import dataclass

from broker.rules import facts as f
from broker.rules.hours import clock_of
from contracts.values import CounterId, HallTime, StaffNo

ENDS: dict[type[f.Fact], str] = {f.ServiceFinished: "办结", f.TicketMissed: "过号", f.TicketCancelled: "取消"}
"""How a ticket can end, in a word."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """Its columns in Chinese, and its rows, oldest first."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def as_csv(table: Table) -> bytes:
    """UTF-8 with a mark in front, by which spreadsheets know Chinese; what begins like a formula is written as text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows([_as_text(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def clock(at: HallTime | None) -> str:
    """``17:30:00``; empty for what has not happened."""
    return "" if at is None else f"{clock_of(at)}:{at // 1000 % 60:02d}"


def window(counter: CounterId | None) -> str:
    """``8号窗口``."""
    return "" if counter is None else f"{int(counter[1:])}号窗口"


def person(names: dict[StaffNo, str], staff: StaffNo | None) -> str:
    """``唐磊 S111``."""
    return "" if staff is None else f"{names.get(staff, '')} {staff}".strip()
