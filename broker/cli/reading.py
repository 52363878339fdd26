"""``hall-broker why``, ``verify`` and ``facts``: they read the database and change nothing."""

import argparse
import sys
from typing import Any

import msgspec

from broker.archive import Archive
from broker.chain import Row
from broker.rules.green_access import masked
from broker.rules.hours import day_of
from broker.verify import verify
from broker.why import why
from contracts.values import HallTime, Ms, TicketId
from firmware.runtime.clock import SystemClock
from firmware.runtime.inbox import Inbox
from firmware.runtime.log import JsonLog
from firmware.runtime.loop import run_forever

_LOOK_EVERY: Ms = 300
_SHORT = 60


def verify_all(arguments: argparse.Namespace) -> int:
    """Recompute everything; 1 if anything differs."""
    with Archive(arguments.data) as archive:
        report = verify(archive)
    for what in report.differences:
        sys.stdout.write(f"DIFFERENCE {what}\n")
    counted = ", ".join(f"{number} {name}" for name, number in report.counts.items())
    sys.stdout.write(f"{'FAILED' if report.differences else 'OK'}: {counted}\n")
    sys.stdout.write(f"head: {report.head.number} {report.head.hash.hex()}\n")
    return 1 if report.differences else 0


def show_facts(arguments: argparse.Namespace) -> int:
    """Print the last facts, and with ``--follow`` every new one as it is stored."""
    with Archive(arguments.data) as archive:
        last = archive.head.number
    tail = _Tail(arguments, max(0, last - arguments.number))
    tail.print_new()
    if not arguments.follow:
        return 0
    clock = SystemClock()
    return run_forever(tail, Inbox[object](), clock, JsonLog("facts", clock, level="error"))


class _Tail:
    """Prints facts as they come; opens the database anew each time, so that it never stands in the service's way."""

    def __init__(self, arguments: argparse.Namespace, after: int) -> None:
        self._folder = arguments.data
        self._spell = _as_json if arguments.json else _as_line
        self._last = after
        self.wake_at: Ms | None = 0

    def print_new(self) -> None:
        """Everything stored since the last look."""
        with Archive(self._folder) as archive:
            for row in archive.rows(self._last):
                sys.stdout.write(self._spell(row) + "\n")
                self._last = row.number
        sys.stdout.flush()

    def begin(self, now: Ms) -> None:
        """Start looking."""
        self.wake_at = now + _LOOK_EVERY

    def handle(self, item: object, now: Ms) -> None:
        """Nothing is ever put into the inbox."""

    def wake(self, now: Ms) -> None:
        """Look again."""
        self.print_new()
        self.wake_at = now + _LOOK_EVERY

    def close(self, *, reason: str = "planned") -> None:
        """Nothing is open."""


def _as_json(row: Row) -> str:
    head = {"number": row.number, "at": row.at, "request_id": row.request_id}
    return msgspec.json.encode({**head, "fact": msgspec.Raw(row.body.encode())}).decode()


def _as_line(row: Row) -> str:
    """``   123  09:01:02  TicketIssued  ticket=2026-03-10/A017 ...`` with what is short enough."""
    fields: dict[str, Any] = msgspec.json.decode(row.body)
    if isinstance(fields.get("project"), str):
        fields["project"] = masked(fields["project"])  # GREEN-8: which one stands in the record, not on a screen
    if "code" in (fields.get("values") or {}):
        fields["values"] = fields["values"] | {"code": masked(fields["values"]["code"])}
    told = [
        f"{name}={value}"
        for name, value in fields.items()
        if name != "fact" and len(str(value)) <= _SHORT and value is not None
    ]
    return f"{row.number:6d}  {_clock(row.at)}  {row.kind}  {' '.join(told)}"


def _clock(at: HallTime) -> str:
    seconds = (at // 1000 + 8 * 3600) % 86400
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def explain(arguments: argparse.Namespace) -> int:
    """Say why a ticket was called when it was, in Chinese and in English."""
    with Archive(arguments.data) as archive:
        day = arguments.date or archive.today or day_of(SystemClock().wall_ms())
        ticket = TicketId(f"{day.isoformat()}/{arguments.no}")
        told = why(archive.of_day(day), ticket) or why(archive.of_ticket(ticket), ticket)
    if told is None:
        sys.stderr.write(f"{day} 没有 {arguments.no} 号\nThere is no ticket {arguments.no} on {day}.\n")
        return 1
    sys.stdout.write(f"{told.zh}\n{told.en}\n")
    return 0
