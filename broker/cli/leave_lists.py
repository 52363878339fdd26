"""``hall-broker leave list`` and ``show``: what is asked for, decided, running, over; read-only."""

import argparse
import sys
from pathlib import Path

from broker.archive import Archive
from broker.cli.command_error import CommandError
from broker.cli.standing import standing
from broker.cli.typed import Commands, month
from broker.ledgers import leave as ledger
from broker.ledgers.table import person
from broker.rules import facts as f
from broker.rules.authority import deciders
from broker.rules.hall import Hall
from broker.rules.hours import spelled
from broker.rules.leave import checks
from broker.rules.leave.deciding import levels_left
from broker.rules.leave.state import absence_of
from broker.rules.workdays import MissingYearError
from contracts.values import HallTime, LeaveNo
from words import text


def add_to(kinds: Commands) -> None:
    """Their parts of the command line."""
    one = kinds.add_parser("list", help="what is open; or all of a month")
    one.add_argument("--month", type=month, metavar="YYYY-MM", help="all of this month instead of what is open")
    one.add_argument("--paper-missing", action="store_true", help="only those whose paper slip is not on file")
    one.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")
    one.set_defaults(act=listed)
    one = kinds.add_parser("show", help="one leave: levels, signatures, what it would leave empty")
    one.add_argument("leave", metavar="QJ-...", help="QJ-20260310-001")
    one.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")
    one.set_defaults(act=shown)


def listed(arguments: argparse.Namespace) -> int:
    """One a line, by the time it begins."""
    with Archive(arguments.data) as archive:
        every, now = ledger.book(archive.of_kinds(ledger.KINDS)), archive.hall_clock
    if arguments.month is not None:
        found = list(ledger.of_month(every, arguments.month).entries)
    elif arguments.paper_missing:
        found = list(every.entries)
    else:
        found = [one for one in every.entries if one.is_open or (not one.has_papers and one.leave.ends > now)]
    if arguments.paper_missing:
        found = [one for one in found if one.lacks_slip]
    sys.stdout.writelines(_line(every, one, now) + "\n" for one in found)
    if not found:
        sys.stdout.write("没有请假单\nThere is no such leave.\n")
    return 0


def _line(every: ledger.Book, entry: ledger.Entry, now: HallTime) -> str:
    one, names = entry.leave, {each.id: each.zh for each in every.hall.in_force.staff.values()}
    slip = "  缺纸质假条" if entry.lacks_slip else ""
    retroactive = "  补假" if entry.is_retroactive else ""
    state = text(f"leave.state.{entry.state(now)}").zh
    when = f"{spelled(one.begins)}  {spelled(one.ends)}"
    number = one.no or "-"
    return (
        f"{number:15s}  {person(names, one.staff)}  {when}  "
        f"{ledger.days(one.half_days)}天  {ledger.kind(one.kind)}  {state}{retroactive}{slip}"
    )


def shown(arguments: argparse.Namespace) -> int:
    """Everything but the reason, which ``leave reason`` asks the service for."""
    with Archive(arguments.data) as archive:
        every, now = ledger.book(archive.of_kinds(ledger.KINDS)), archive.hall_clock
    entry = next((one for one in every.entries if one.leave.no == arguments.leave), None)
    if entry is None:
        raise CommandError(f"没有 {arguments.leave}\nThere is no leave {arguments.leave}.")
    row = ledger.table(ledger.Book(every.hall, (entry,)), now)
    sys.stdout.writelines(f"{name}: {cell}\n" for name, cell in zip(row.columns, row.rows[0], strict=True) if cell)
    if entry.leave.state is f.LeaveState.SUBMITTED:
        _say_what_next(standing(arguments.data), LeaveNo(arguments.leave), now)
    return 0


def _say_what_next(hall: Hall, no: LeaveNo, now: HallTime) -> None:
    """Who signs next, and what the leave would leave empty (ATT-7)."""
    one = hall.leave.all.get(no)
    if one is None:
        return
    try:
        level = levels_left(hall, one, now)[0]
    except MissingYearError as error:
        raise CommandError(str(error)) from error
    names = {each.id: each.zh for each in hall.in_force.staff.values()}
    who = "、".join(person(names, each) for each in deciders(hall, one.staff, level, now))
    sys.stdout.write(f"待审批: {text(f'leave.level.{level}').zh} {who}\n")
    empty = checks.told(checks.open_gaps(hall, absence_of(one), now))
    if empty:
        sys.stdout.write(f"批准后无人在岗: {empty}\nNobody would be left for it; a manager may allow it with a reason.\n")
