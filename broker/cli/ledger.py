"""``hall-broker ledger KIND --date D`` or ``--month M``, ``--csv FILE``: the ledgers (5.2), made from the facts alone.

Those of the queue cover a day, those of staff a month.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from broker.appointment_ledger import KINDS
from broker.appointment_ledger import ledger as history
from broker.archive import Archive
from broker.cli.asking import ask_as
from broker.cli.command_error import CommandError
from broker.cli.typed import Commands, add_asking, month
from broker.cli.written import write_out
from broker.ledgers import (
    appointments,
    attendance,
    calls,
    care,
    chiefs,
    extended,
    first,
    green,
    handover,
    leave,
    outing,
    proxy,
    rotation,
    training,
    windows,
)
from broker.ledgers.table import Table, as_csv
from broker.rules.facts import ConfigurationAdopted, Recorded
from broker.rules.plan import Plan, plan_from
from broker.timesheet.reading import read
from broker.vault_reading import VaultReader
from contracts import messages as m

_WHAT = {
    "extended": "延时服务台账 who was served after hours",
    "windows": "增设窗口台账 surges and the counters that joined",
    "calls": "取号叫号台账 every ticket and its calls",
    "first": "首问首办登记 who was asked first, who handled first",
    "care": "爱心通道台账 care: basis (on the day alone), who verified, waiting time",
    "appointments": "预约服务台账 every change of every appointment of a day",
}


def add_to(commands: Commands) -> None:
    """Its part of the command line."""
    whole = commands.add_parser("ledger", help="台账 the ledgers of a day")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    for kind, about in _WHAT.items():
        one = kinds.add_parser(kind, help=about)
        one.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="default: today in the hall")
        one.add_argument("--csv", type=Path, metavar="FILE", help="default: to the screen")
        one.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")
        one.set_defaults(act=write, ledger=kind)
    _add_green(kinds)
    for kind, (about, _) in OF_A_MONTH.items():
        one = kinds.add_parser(kind, help=about)
        one.add_argument("--month", type=month, metavar="YYYY-MM", help="default: this month in the hall")
        one.add_argument("--csv", type=Path, metavar="FILE", help="default: to the screen")
        one.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")
        one.set_defaults(act=write_month, ledger=kind)


def _add_green(kinds: Commands) -> None:
    one = kinds.add_parser("green", help="绿色通道台账 visits of projects; who reads it and why is put on record (GREEN-8)")
    one.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="default: today in the hall")
    one.add_argument("--csv", type=Path, metavar="FILE", help="default: to the screen")
    one.add_argument("--reason", required=True, help="for the record")
    add_asking(one)
    one.set_defaults(act=write_green, ledger="green")


def write_green(arguments: argparse.Namespace) -> int:
    """Ask the service first, which refuses or puts it on record; then write the ledger.

    Raises:
        CommandError: nothing was stored on that day, no ``--data``, or the file cannot be written.
    """
    if arguments.data is None:
        raise CommandError("--data DIR is needed: the ledger is made from hall.db")
    with Archive(arguments.data) as archive:
        day = arguments.date or archive.today
    about = "" if day is None else day.isoformat()
    noted = "查阅已登记\nThat it was read is on record."
    code = ask_as(
        arguments, lambda common: m.ProjectOpenRequested(**common, reason=arguments.reason, ledger=about), lambda _: noted
    )
    return code or write(arguments)


def write(arguments: argparse.Namespace) -> int:
    """Make the ledger and write it, all or nothing.

    Raises:
        CommandError: nothing was stored on that day, or the file cannot be written.
    """
    with Archive(arguments.data) as archive:
        day = arguments.date or archive.today
        recorded = [] if day is None else list(archive.foldable(day))
        if day is None or not recorded:
            raise CommandError(f"{day or '?'} 没有记录\nNothing was stored on {day or 'any day yet'}.")
        special = {"care": _care, "appointments": _appointments}.get(arguments.ledger)
        table = made(arguments.ledger, recorded) if special is None else special(archive, recorded, day)
    return _put(arguments, table)


def _care(archive: Archive, recorded: list[Recorded], day: date) -> Table:
    """With the codes of why, as long as they are kept."""
    names = {one.id: one.zh for one in _plan(recorded).staff.values()}
    return care.table(recorded, names, VaultReader(archive).bases_of(day))


def _appointments(archive: Archive, recorded: list[Recorded], day: date) -> Table:
    """Facts about an appointment may be of any day before."""
    tickets = [one for one in recorded if type(one.fact).__name__ not in KINDS]
    facts = sorted([*archive.of_kinds(KINDS), *tickets], key=lambda one: one.number)
    plan = _plan(recorded)
    groups = {one.id: one.zh for one in plan.groups.values()}
    services = {one.id: one.zh for one in plan.services.values()}
    return appointments.table(history(facts, day), groups, services, {one.id: one.zh for one in plan.staff.values()})


def write_month(arguments: argparse.Namespace) -> int:
    """Make the ledger of a month and write it, all or nothing.

    Raises:
        CommandError: the database holds no day yet, or the file cannot be written.
    """
    with Archive(arguments.data) as archive:
        day = arguments.month or archive.today
        if day is None:
            raise CommandError("没有记录\nNothing was stored on any day yet.")
        table = OF_A_MONTH[arguments.ledger][1](archive, day)
    return _put(arguments, table)


def _put(arguments: argparse.Namespace, table: Table) -> int:
    """To the screen, or whole into the file."""
    if arguments.csv is None:
        sys.stdout.write(as_csv(table).decode("utf-8-sig"))
        return 0
    write_out(arguments.csv, as_csv(table))
    sys.stdout.write(f"{arguments.csv}: {len(table.rows)} 条 entries\n")
    return 0


def _training(archive: Archive, day: date) -> Table:
    recorded = list(archive.of_kinds(training.KINDS))
    found = training.of_month(training.entries(recorded, archive.hall_clock), day)
    return training.table(found, {one.id: one.zh for one in _plan(recorded).staff.values()})


def _outing(archive: Archive, day: date) -> Table:
    return outing.table(outing.ledger(archive.of_kinds(outing.KINDS)), day, VaultReader(archive).open)


def _handover(archive: Archive, day: date) -> Table:
    recorded = list(archive.of_kinds(handover.KINDS))
    found = handover.of_month(handover.entries(recorded), day)
    return handover.table(found, {one.id: one.zh for one in _plan(recorded).staff.values()})


def _attendance(archive: Archive, day: date) -> Table:
    return attendance.table(read(archive), day)


def _proxy(archive: Archive, day: date) -> Table:
    recorded = list(archive.of_kinds(proxy.KINDS))
    return proxy.table(recorded, day, {one.id: one.zh for one in _plan(recorded).staff.values()})


def made(kind: str, recorded: list[Recorded]) -> Table:
    """One of those that need nothing but the facts of a day with the configuration in front."""
    plan = _plan(recorded)
    groups = {one.id: one.zh for one in plan.groups.values()}
    names = {one.id: one.zh for one in plan.staff.values()}
    if kind == "extended":
        return extended.table(recorded, names)
    if kind == "windows":
        return windows.table(recorded, groups, names)
    services = {one.id: one.zh for one in plan.services.values()}
    if kind == "first":
        return first.table(recorded, services, names)
    if kind == "green":
        return green.table(recorded, names, plan.projects)
    return calls.table(recorded, groups, services, names)


def _plan(recorded: Iterable[Recorded]) -> Plan:
    """The configuration that was in force last: names as they were then."""
    adopted = [one.fact for one in recorded if isinstance(one.fact, ConfigurationAdopted)]
    return plan_from(adopted[-1].content, adopted[-1].hash)


def _rotation(archive: Archive, day: date) -> Table:
    recorded = list(archive.of_kinds(rotation.KINDS))
    plan = _plan(recorded)
    departments = {one.id: one.zh for one in plan.config.departments}
    found = rotation.of_month(rotation.entries(recorded), day)
    return rotation.table(found, {one.id: one.zh for one in plan.staff.values()}, departments)


def _chiefs(archive: Archive, day: date) -> Table:
    recorded = list(archive.of_kinds(chiefs.KINDS))
    names = {one.id: one.zh for one in _plan(recorded).staff.values()}
    return chiefs.table(chiefs.of_month(chiefs.entries(recorded), day), names)


def _leave(archive: Archive, day: date) -> Table:
    return leave.table(leave.of_month(leave.book(archive.of_kinds(leave.KINDS)), day), archive.hall_clock)


OF_A_MONTH: dict[str, tuple[str, Callable[[Archive, date], Table]]] = {
    "outing": ("工作人员公出台账 outings: planned, as they were, who approved (ATT-6)", _outing),
    "handover": ("AB岗交接台账 hand-overs between A and B of a post (AB)", _handover),
    "attendance": ("考勤台账 attendance: every result of every half, with its versions (ATT)", _attendance),
    "proxy": ("代考勤核查台账 proxy clocking: what was noticed, who decided (ATT-8.3.2)", _proxy),
    "leave": ("请销假台账 leave: asked for, signed, reported back from (ATT-4, ATT-5)", _leave),
    "training": ("培训签到台账 training: who was to come, who came (TRN)", _training),
    "rotation": ("轮换台账 rotation: who was changed, and what spoke against it (ROT)", _rotation),
    "chiefs": ("首席代表授权台账 chief representatives and their letters (CREP)", _chiefs),
}
"""The ledgers of a month: what each is, and how it is made for the month in which a day lies."""
