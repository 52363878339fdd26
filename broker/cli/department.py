"""``hall-broker crep list``, ``department show``: who speaks for a department, what it sees of its own people (CREP)."""

import argparse
import sys
from pathlib import Path

from broker.archive import Archive
from broker.cli.command_error import CommandError
from broker.cli.typed import Commands, month
from broker.config import load
from broker.department_view import Member, View, may_not_see, view
from broker.ledgers.chiefs import state
from broker.rules.workdays import MissingYearError
from broker.schema import Department, HallConfig
from broker.timesheet.collect import NothingStoredError
from broker.timesheet.month import as_days
from contracts.values import StaffNo
from words import text

_REFUSED = 1


def add_to(commands: Commands) -> None:
    """Their parts of the command line."""
    whole = commands.add_parser("crep", help="首席代表 who speaks for each department, by which letter (CREP)")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    one = kinds.add_parser("list", help="every department, with its letter of authorisation")
    one.set_defaults(act=list_chiefs)
    whole = commands.add_parser("department", help="部门视图 a department's own people in numbers (CREP-4.4)")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    two = kinds.add_parser("show", help="attendance, vacant posts, ratings; for its chief representative and leaders")
    two.add_argument("--dept", required=True, metavar="GA")
    two.add_argument("--actor", required=True, metavar="STAFF", help="who looks, a staff number")
    two.add_argument("--month", type=month, metavar="YYYY-MM", help="default: this month in the hall")
    two.set_defaults(act=show)
    for each in (one, two):
        each.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")


def list_chiefs(arguments: argparse.Namespace) -> int:
    """A line for each department."""
    with Archive(arguments.data) as archive:
        config, today = _config(archive), archive.today
    names = {one.id: one.zh for one in config.staff}
    for one in config.departments:
        how = text(state(config, one, today) if today is not None else "crep.state.no_letter")
        sys.stdout.write(f"{one.id}  {one.zh}  {_people(one, names)}  {_letter(one)}{how.zh} {how.en}\n")
    return 0


def _config(archive: Archive) -> HallConfig:
    content = archive.configuration()
    if content is None:
        raise CommandError(f"{archive.path} holds no configuration yet; start the service first")
    return load(content, str(archive.path))


def _people(one: Department, names: dict[StaffNo, str]) -> str:
    chief = "-" if one.chief is None else f"{one.chief} {names.get(one.chief, '')}"
    return chief if one.deputy is None else f"{chief} ({one.deputy} {names.get(one.deputy, '')})"


def _letter(one: Department) -> str:
    letter = one.letter
    return "" if letter is None else f"{letter.no} {letter.first} - {letter.last}  "


def show(arguments: argparse.Namespace) -> int:
    """Numbers only; 1 and the reason if the one who looks may not."""
    with Archive(arguments.data) as archive:
        config = _config(archive)
        no = may_not_see(config, StaffNo(arguments.actor), arguments.dept)
        if no is not None:
            sentence = text(f"refusal.{no.reason.value}")
            sys.stderr.write(f"{sentence.zh}\n{sentence.en}\n{no.detail}\n")
            return _REFUSED
        day = arguments.month or archive.today
        if day is None:
            raise CommandError("没有记录\nNothing was stored on any day yet.")
        try:
            found = view(archive, config, arguments.dept, day)
        except (NothingStoredError, MissingYearError) as error:
            raise CommandError(str(error)) from error
    sys.stdout.writelines(_lines(found))
    return 0


def _lines(found: View) -> list[str]:
    lines = [f"{found.department}  {found.month:%Y-%m}\n"]
    for one in found.members:
        head = f"{one.line.person.staff} {one.line.person.name}"
        lines += [f"{head}  {said}\n" for said in (*_attendance(one), *_ratings(one))]
    vacant = text("crep.view.vacant")
    for counter, n in found.vacant.items():
        lines.append(f"{counter}  {vacant.zh.format(n=n)}  {vacant.en.format(n=n)}\n")
    return lines


def _attendance(one: Member) -> tuple[str, str]:
    totals, said = one.line.totals, text("crep.view.attendance")
    values = {
        "normal": as_days(totals.normal),
        "late": totals.late,
        "late_min": totals.late_minutes,
        "early": totals.early,
        "early_min": totals.early_minutes,
        "missing": totals.missing,
        "absent": as_days(totals.absent),
        "leave": as_days(totals.leave),
        "outing": as_days(totals.outing),
    }
    return said.zh.format(**values), said.en.format(**values)


def _ratings(one: Member) -> tuple[str, str]:
    said, values = text("crep.view.ratings"), {"n": sum(one.ratings.values()), "bad": one.negative}
    return said.zh.format(**values), said.en.format(**values)
