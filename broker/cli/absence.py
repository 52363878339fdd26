"""``hall-broker absence enter|withdraw|list``: who is away, until leave and outings have ledgers here (ATT-5, ATT-6)."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from broker.archive import Archive
from broker.cli.asking import ask_as
from broker.cli.typed import Commands, add_asking, instant
from broker.rules.facts import Absence, AbsenceEnded, AbsenceEntered, DayBegan, Recorded
from broker.rules.hours import spelled
from contracts.messages import AbsenceEntryRequested
from contracts.values import StaffNo


def add_to(commands: Commands) -> None:
    """Its part of the command line."""
    whole = commands.add_parser("absence", help="请假、公出登记 who is away, and whose B is asked to act")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    one = kinds.add_parser("enter", help="somebody will be away")
    _add_interval(one)
    one.add_argument("--kind", required=True, help="annual, sick, personal ..., outing, meeting, training ...")
    add_asking(one)
    one.set_defaults(act=enter, withdraw=False)
    one = kinds.add_parser("withdraw", help="they will not, or are back")
    _add_interval(one)
    add_asking(one)
    one.set_defaults(act=enter, withdraw=True, kind="")
    one = kinds.add_parser("list", help="who is away, as far as it was entered")
    one.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")
    one.set_defaults(act=show)


def _add_interval(one: argparse.ArgumentParser) -> None:
    one.add_argument("--staff", required=True, metavar="STAFF", help="who, a staff number")
    one.add_argument("--from", dest="begins", type=instant, required=True, metavar="TIME", help="2026-03-10T09:00")
    one.add_argument("--to", dest="ends", type=instant, required=True, metavar="TIME", help="2026-03-10T17:30")


def enter(arguments: argparse.Namespace) -> int:
    """Somebody is away, or is not after all."""
    what = f"{arguments.staff} {spelled(arguments.begins)} - {spelled(arguments.ends)}"
    said = f"已撤销 {what}\nWithdrawn: {what}" if arguments.withdraw else f"已登记 {what}\nEntered: {what}"
    return ask_as(
        arguments,
        lambda common: AbsenceEntryRequested(
            **common,
            staff=StaffNo(arguments.staff),
            begins=arguments.begins,
            ends=arguments.ends,
            kind=arguments.kind,
            withdraw=arguments.withdraw,
        ),
        lambda _: said,
    )


def show(arguments: argparse.Namespace) -> int:
    """Every absence that runs or lies ahead, one a line, the earliest first."""
    with Archive(arguments.data) as archive:
        today = archive.today
        known = [] if today is None else known_after(archive.of_day(today))
    for one in sorted(known, key=lambda one: (one.begins, one.staff)):
        sys.stdout.write(f"{one.staff}  {spelled(one.begins)}  {spelled(one.ends)}  {one.kind}\n")
    if not known:
        sys.stdout.write("没有登记的请假或公出\nNobody is entered as away.\n")
    return 0


def known_after(recorded: Iterable[Recorded]) -> list[Absence]:
    """The absences that count after the facts of a day."""
    known: list[Absence] = []
    for one in recorded:
        match one.fact:
            case DayBegan(absences=absences):
                known = list(absences)
            case AbsenceEntered(absence=absence):
                known.append(absence)
            case AbsenceEnded(absence=absence):
                known = [one for one in known if one != absence]
            case _:
                pass
    return known
