"""``hall-broker attendance --month 2026-03 --out FILE``: the sheet a department signs (ATT-9); ``show``, ``alerts``."""

import argparse
import importlib
import sys
from collections.abc import Callable
from pathlib import Path

from broker.archive import Archive
from broker.cli import attendance_alerts, attendance_day
from broker.cli.command_error import CommandError
from broker.cli.typed import Commands, instant, month
from broker.cli.written import write_out
from broker.rules.workdays import MissingYearError
from broker.timesheet.collect import NothingStoredError, collect
from broker.timesheet.month import Sheet

_WRITERS = {".csv": "csv", ".xlsx": "xlsx", ".pdf": "pdf"}


def add_to(commands: Commands) -> None:
    """Teach the command line this command."""
    one = commands.add_parser("attendance", help="考勤月报 the monthly attendance sheet")
    one.add_argument("--month", type=month, metavar="YYYY-MM")
    one.add_argument("--out", type=Path, metavar="FILE.xlsx|csv|pdf")
    one.add_argument("--data", type=Path, metavar="DIR", help="where hall.db is")
    one.add_argument("--signed-at", type=instant, metavar="TIME", help="mark what has changed since the sheet of that time")
    one.set_defaults(act=write)
    kinds = one.add_subparsers(metavar="show|alerts")
    attendance_day.add_to(kinds)
    attendance_alerts.add_to(kinds)


def write(arguments: argparse.Namespace) -> int:
    """Compute the month and write it; the kind of file is told by its name."""
    missing = [f"--{name}" for name in ("month", "out", "data") if getattr(arguments, name) is None]
    if missing:
        raise CommandError(f"请给出 {' '.join(missing)}\nGive {' '.join(missing)}, or: attendance show --help")
    as_bytes = _writer(arguments.out)
    with Archive(arguments.data) as archive:
        try:
            sheet = collect(archive, arguments.month, arguments.signed_at)
        except (NothingStoredError, MissingYearError) as error:
            raise CommandError(str(error)) from error
    write_out(arguments.out, as_bytes(sheet))
    sys.stdout.write(f"{arguments.out}: {len(sheet.lines)} 人 people, {len(sheet.days)} 天 days\n")
    return 0


def _writer(out: Path) -> Callable[[Sheet], bytes]:
    """The writer of this kind of file; its library is loaded only now."""
    kind = _WRITERS.get(out.suffix.lower())
    if kind is None:
        raise CommandError(f"{out.name}: give a name that ends in {', '.join(_WRITERS)}")
    try:
        module = importlib.import_module(f"broker.timesheet.write_{kind}")
    except ModuleNotFoundError as error:
        raise CommandError(f"{error.name} is not installed; install it with: pip install 'hallworks[reports]'") from error
    found: Callable[[Sheet], bytes] = getattr(module, f"as_{kind}")
    return found
