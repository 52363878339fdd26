"""``hall-broker appointment list`` and ``import``: the ledger, read-only, and bookings of an online channel."""

import argparse
import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from broker.appointment_ledger import KINDS, Line, ledger
from broker.archive import Archive
from broker.cli.asking import Ask, ask, dated
from broker.cli.command_error import CommandError
from broker.cli.trying import refusal_of, trial_of
from broker.cli.typed import Commands, add_asking, instant
from broker.rules.asking import Decision
from broker.rules.hours import spelled
from contracts import messages as m
from contracts.values import Channel, GroupId, RequestId, ServiceId, StaffNo

COLUMNS = ("source_id", "channel", "group", "service", "at", "contact", "name", "project")
"""The header of an export that can be imported; ``service``, ``name`` and ``project`` may be empty in a line."""
_NEEDED = ("source_id", "channel", "group", "at", "contact")


def add_to(kinds: Commands) -> None:
    """Their parts of the command line."""
    one = kinds.add_parser("list", help="预约服务台账 the ledger of a day")
    one.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")
    one.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="default: today in the hall")
    one.add_argument("--all", action="store_true", help="every day")
    one.add_argument("--csv", action="store_true", help="one line for every change of state")
    one.set_defaults(act=show)
    one = kinds.add_parser("import", help="book what an online channel has exported as CSV")
    one.add_argument("file", type=Path, metavar="FILE", help=f"UTF-8 with the columns {','.join(COLUMNS)}")
    one.add_argument("--dry-run", action="store_true", help="only say what would be done; needs --data")
    add_asking(one)
    one.set_defaults(act=bring_in)


# --- The ledger -----------------------------------------------------------------------------------------------------------


def show(arguments: argparse.Namespace) -> int:
    """Print the ledger; it holds no names and no contacts."""
    with Archive(arguments.data) as archive:
        day = None if arguments.all else arguments.date or archive.today
        today = [] if day is None else [one for one in archive.of_day(day) if type(one.fact).__name__ not in KINDS]
        facts = sorted([*archive.of_kinds(KINDS), *today], key=lambda one: one.number)
    lines = ledger(facts, day)
    if arguments.csv:
        _as_csv(lines)
    else:
        sys.stdout.writelines(_as_text(line) + "\n" for line in lines)
    return 0


def _as_text(line: Line) -> str:
    waited = "" if line.waited is None else f"  +{line.waited // 60_000} min"
    ticket = "" if line.ticket is None else f"  {line.ticket.rpartition('/')[2]}"
    what = line.service or line.group
    return f"{line.id}  {spelled(line.at)}  {what:5s} {line.channel:11s} {line.state}{ticket}{waited}"


def _as_csv(lines: list[Line]) -> None:
    out = csv.writer(sys.stdout)
    out.writerow(("appointment", "at", "group", "service", "channel", "changed_at", "change", "actor", "ticket"))
    for line in lines:
        for step in line.steps:
            when, changed = (spelled(at) for at in (line.at, step.at))
            out.writerow(
                (line.id, when, line.group, line.service, line.channel, changed, step.what, step.actor, line.ticket)
            )


# --- Import ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Booking:
    """One line of the export: its number in the file, and what it asks for or why it cannot be read."""

    number: int
    source: str
    request: m.AppointmentRequested | None = None
    why: str = ""


def bring_in(arguments: argparse.Namespace) -> int:
    """Book every line, in order. A line booked before is found by its ``source_id``; 1 if any line was refused."""
    bookings = list(_bookings(arguments.file, StaffNo(arguments.actor)))
    if arguments.dry_run:
        return _rehearse(arguments, bookings)
    refused = 0
    for one in bookings:
        sys.stdout.write(f"{one.number}  {one.source}  ")
        sys.stdout.flush()
        if one.request is None:
            sys.stdout.write(one.why + "\n")
        refused += 1 if one.request is None else ask(arguments, Ask(dated(one.request), _made))
    return 1 if refused else 0


def _made(answer: m.Answer) -> str:
    assert isinstance(answer, m.AppointmentMade)
    return f"{answer.appointment}  {spelled(answer.at)}  预约码 code {answer.code}"


def _bookings(path: Path, actor: StaffNo) -> Iterator[Booking]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            lacking = [one for one in _NEEDED if one not in (rows.fieldnames or ())]
            if lacking:
                raise CommandError(
                    f"{path}: 缺少列 the columns {', '.join(lacking)} are missing; known: {', '.join(COLUMNS)}"
                )
            for row in rows:
                yield _booking(rows.line_num, {name: (value or "").strip() for name, value in row.items() if name}, actor)
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8; save the export as UTF-8 (byte {error.start})") from error


def _booking(number: int, row: dict[str, str], actor: StaffNo) -> Booking:
    source = row.get("source_id", "")
    if not source:
        return Booking(number, "?", why="缺少source_id no source_id: the line could be booked twice")
    try:
        at, channel = instant(row.get("at", "")), Channel(row.get("channel", ""))
    except (argparse.ArgumentTypeError, ValueError) as error:
        return Booking(number, source, why=f"无法读取 cannot be read: {error}")
    request = m.AppointmentRequested(
        request_id=RequestId("import"),
        actor=actor,
        group=GroupId(row.get("group", "")),
        at=at,
        contact=row.get("contact", ""),
        channel=channel,
        service=ServiceId(row["service"]) if row.get("service") else None,
        name=row.get("name", ""),
        project=row.get("project") or None,
        source_id=source,
    )
    return Booking(number, source, request)


def _rehearse(arguments: argparse.Namespace, bookings: list[Booking]) -> int:
    """Let the rules decide every line on a copy of the hall as it stands; nothing is asked and nothing changes."""
    trial, refused = trial_of(arguments.data), 0
    for one in bookings:
        said = one.why if one.request is None else _outcome(trial.ask(one.request))
        refused += said[:1] != "✓"
        sys.stdout.write(f"{one.number}  {one.source}  {said}\n")
    return 1 if refused else 0


def _outcome(decision: Decision) -> str:
    answer = decision.answers[0][1]
    if isinstance(answer, m.AppointmentMade):
        known = "" if decision.facts else " 已导入过 booked before"
        return f"✓ {answer.appointment} {spelled(answer.at)}{known}"
    assert isinstance(answer, m.RequestRefused)
    return refusal_of(answer)
