"""``hall-broker outing list`` and ``show``: what runs or lies ahead, and one entry whole, for whoever decides. Read-only."""

import argparse
import sys
from pathlib import Path

from broker.archive import Archive
from broker.cli.command_error import CommandError
from broker.cli.standing import standing
from broker.cli.typed import Commands
from broker.ledgers.outing import COLUMNS, KINDS, Ledger, Line, kind_word, ledger, odd, row
from broker.rules.facts import OutingState
from broker.rules.hours import day_of, spelled
from broker.rules.outing.state import STANDS
from broker.rules.posts.both_away import gap_words, gaps
from broker.vault_reading import VaultReader
from contracts.values import OutingNo
from words import text


def add_to(kinds: Commands) -> None:
    """Their parts of the command line."""
    one = kinds.add_parser("list", help="everything that is not over, and today's")
    one.set_defaults(act=show_list)
    two = kinds.add_parser("show", help="one entry with reason and place, and who would be missing")
    two.add_argument("outing", metavar="GC-...")
    two.set_defaults(act=show)
    for each in (one, two):
        each.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")


def show_list(arguments: argparse.Namespace) -> int:
    """A line for each: number, person, kind, from, to, back, state. Reasons stand in ``show`` alone."""
    with Archive(arguments.data) as archive:
        whole, today = ledger(archive.of_kinds(KINDS)), archive.today
    lines = [
        one
        for one in whole.lines.values()
        if one.entry.state in STANDS or today in (day_of(one.entry.begins), day_of(one.entry.ends))
    ]
    sys.stdout.writelines(_line(whole, one) for one in lines)
    if not lines:
        sys.stdout.write("没有登记的公出\nNo outing is entered.\n")
    return 0


def _line(whole: Ledger, one: Line) -> str:
    entry = one.entry
    person = None if whole.plan is None else whole.plan.staff.get(entry.staff)
    told = (
        entry.no,
        entry.staff if person is None else f"{person.zh} {entry.staff}",
        kind_word(entry.kind),
        f"{spelled(entry.begins)} - {spelled(entry.ends)}",
        spelled(entry.returned_at),
        text(f"outing.state.{entry.state.value}").zh,
        *odd(one),
    )
    return "  ".join(each for each in told if each) + "\n"


def show(arguments: argparse.Namespace) -> int:
    """Every column of the ledger, one a line; reasons of decisions; what approving it would leave without anybody.

    Raises:
        CommandError: no such entry.
    """
    with Archive(arguments.data) as archive:
        whole, vault = ledger(archive.of_kinds(KINDS)), VaultReader(archive)
        line = whole.lines.get(OutingNo(arguments.outing))
        if line is None:
            raise CommandError(f"未找到公出 {arguments.outing}\nThere is no outing {arguments.outing}.")
        told = [f"{name}:{cell}\n" for name, cell in zip(COLUMNS, row(whole, line, vault.open), strict=True) if cell]
        reasons = [(vault.open(one) or {}).get("reason", text("outing.sealed").zh) for one in line.reasons if one]
    sys.stdout.writelines([*told, *(f"审批说明:{one}\n" for one in reasons)])
    if line.entry.state is OutingState.SUBMITTED:
        sys.stdout.write(_gap(arguments.data, line))
    return 0


def _gap(folder: Path, line: Line) -> str:
    """What the approval screen shows (ATT-7)."""
    entry = line.entry
    hall = standing(folder)
    words = () if hall.plan is None else gap_words(hall, gaps(hall, entry.staff, entry.begins, entry.ends))
    if not words:
        return "批准后各岗位均有人在岗\nNobody would be missing.\n"
    what = "、".join(words)
    return f"批准后{what}无人在岗,须分管领导注明理由\nNobody would be left for {what}: a manager must say why.\n"
