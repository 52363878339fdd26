"""``hall-broker attendance alerts --month 2026-03``: long absence, for personnel to look into (ATT-8.4)."""

import argparse
import sys
from pathlib import Path

from broker.archive import Archive
from broker.cli.command_error import CommandError
from broker.cli.typed import Commands, month
from broker.rules.workdays import MissingYearError
from broker.timesheet.history import NothingStoredError
from broker.timesheet.long_absence import LongAbsence, long_absences
from broker.timesheet.month import as_days
from broker.timesheet.reading import read
from words import text


def add_to(kinds: Commands) -> None:
    """Its part of the command line."""
    one = kinds.add_parser("alerts", help="长期旷工提示 who was absent long, up to the end of a month")
    one.add_argument("--month", type=month, required=True, metavar="YYYY-MM")
    one.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")
    one.set_defaults(act=alerts)


def alerts(arguments: argparse.Namespace) -> int:
    """One person a line in both languages, with working and natural days; or that there is nobody.

    Raises:
        CommandError: no configuration yet, or no calendar of the year.
    """
    with Archive(arguments.data) as archive:
        try:
            history = read(archive)
            found = long_absences(history, arguments.month)
        except (NothingStoredError, MissingYearError) as error:
            raise CommandError(str(error)) from error
    params = history.in_force(arguments.month).config.params.attendance
    limits = {"running": str(params.long_absence_days), "total": str(params.long_absence_year_days)}
    for one in found:
        _say("att.long.line", _values(one))
        if one.undecided:
            _say("att.long.open", {"n": as_days(one.undecided)})
    _say("att.long.note" if found else "att.long.none", {} if found else limits)
    return 0


def _say(key: str, values: dict[str, str]) -> None:
    said = text(key)
    sys.stdout.write(f"{said.zh.format(**values)}\n{said.en.format(**values)}\n")


def _values(one: LongAbsence) -> dict[str, str]:
    run = one.run
    return {
        "name": one.person.name,
        "staff": one.person.staff,
        "run": as_days(len(run.halves)),
        "run_natural": as_days(run.natural),
        "first": run.halves[0].day.isoformat(),
        "last": run.halves[-1].day.isoformat(),
        "year": str(one.year),
        "total": as_days(one.half_days),
        "total_natural": as_days(one.natural),
    }
