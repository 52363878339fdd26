"""What a demo shows while it runs: queue, signs, board and the latest facts; plain lines where there is no terminal."""

import contextlib
import json
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self, TextIO

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table

from contracts.values import CounterId
from sim.furnishing import Furnished
from sim.people import People
from words import text

_FACTS = 8
_TOLD = (
    "no",
    "ticket",
    "call",
    "session",
    "counter",
    "staff",
    "group",
    "level",
    "announcement",
    "node",
    "phase",
    "to",
    "kind",
    "outcome",
    "why",
    "reason",
)
"""The fields of a fact that tell something at a glance."""


@dataclass(frozen=True, slots=True)
class Glance:
    """The hall at one moment, as somebody sees it who walks through."""

    signs: dict[CounterId, str]
    terminals: dict[CounterId, str]
    board: tuple[str, ...]
    in_hall: int
    papers: int
    served: int
    facts: list[str] = field(default_factory=list)


def glance(furnished: Furnished, people: People) -> Glance:
    """Look around; in the thread of the hall's loop."""
    boards = [display.board.shown for display in furnished.displays.values()]
    return Glance(
        signs=furnished.texts(),
        terminals={counter: piece.text() for counter, piece in furnished.counters.items()},
        board=boards[0].lines if boards and boards[0] is not None else (),
        in_hall=people.in_hall,
        papers=sum(len(machine.printer.papers) for machine in furnished.machines.values()),
        served=len(people.memories.served),
    )


def latest_facts(database: Path, after: int = 0, at_most: int = _FACTS) -> list[tuple[int, str]]:
    """The newest facts after a number, oldest first, each as one line; nothing if the database cannot be read just now."""
    try:
        with (
            contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=0.2)) as connection,
            connection,
        ):
            query = "SELECT number, kind, body FROM facts WHERE number > ? ORDER BY number DESC LIMIT ?"
            rows = connection.execute(query, (after, at_most)).fetchall()
        connection.close()
    except sqlite3.OperationalError:
        return []
    return [(number, _line(number, kind, body)) for number, kind, body in reversed(rows)]


def _line(number: int, kind: str, body: str) -> str:
    told = json.loads(body)
    said = [str(told[key]) for key in _TOLD if isinstance(told.get(key), str | int)]
    return f"{number:>4} {kind} {' '.join(said)}"


def open_tasks(database: Path) -> list[str]:
    """What staff are asked to see to, oldest first, each in its own words; nothing if the database cannot be read now."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=0.2)) as connection:
            query = "SELECT kind, body FROM facts WHERE kind IN ('TaskOpened', 'TaskClosed') ORDER BY number"
            rows = connection.execute(query).fetchall()
    except sqlite3.OperationalError:
        return []
    found: dict[str, str] = {}
    for kind, body in rows:
        told = json.loads(body)
        if kind == "TaskClosed":
            found.pop(told["task"], None)
        else:
            found[told["task"]] = text(f"task.{told['kind']}").zh.format_map(_Lenient(told.get("values", {})))
    return list(found.values())


class _Lenient(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


class View(Protocol):
    """Shows glances."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(self, *_: object) -> None:
        """End."""

    def show(self, seen: Glance, title: str) -> None:
        """Show how it is now."""


class LiveView:
    """A picture that changes, on a terminal."""

    def __init__(self, console: Console, database: Path) -> None:
        self._live = Live(console=console, refresh_per_second=5, transient=True)
        self._database = database

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, seen: Glance, title: str) -> None:
        """Show how it is now."""
        facts = [line for _, line in latest_facts(self._database)]
        self._live.update(_picture(seen, title, facts, open_tasks(self._database)))


class PlainView:
    """Lines, for files and pipes: every sign text when it changes, and the facts as they come."""

    def __init__(self, out: TextIO, database: Path) -> None:
        self._out = out
        self._database = database
        self._signs: dict[CounterId, str] = {}
        self._fact = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._out.flush()

    def show(self, seen: Glance, title: str) -> None:
        """Print what is new."""
        for counter, shown in seen.signs.items():
            if self._signs.get(counter) != shown:
                self._out.write(f"{title} sign {counter}: {shown}\n")
        self._signs = seen.signs
        for number, line in latest_facts(self._database, after=self._fact, at_most=200):
            self._fact = number
            self._out.write(f"{title} fact {line}\n")
        self._out.flush()


def view(out: TextIO, database: Path) -> View:
    """The view that suits where we write."""
    return LiveView(Console(file=out), database) if out.isatty() else PlainView(out, database)


def _picture(seen: Glance, title: str, facts: list[str], tasks: list[str]) -> RenderableType:
    counters = Table.grid(padding=(0, 2))
    for counter, shown in seen.signs.items():
        terminal = seen.terminals.get(counter, "").replace("\n", " | ")
        counters.add_row(f"[bold]{counter}[/]", Panel(f"[bold red]{shown or ' '}[/]", width=24), f"[green]{terminal}[/]")
    people = f"{seen.in_hall} visitors in the hall, {seen.papers} tickets printed, {seen.served} served"
    return Group(
        f"[bold]{title}[/]  {people}",
        Columns(
            [
                Panel(counters, title="窗口屏和终端 signs and terminals"),
                Panel("\n".join(seen.board), title="主屏 main board"),
            ]
        ),
        Panel("\n".join(facts) or " ", title="最近的事实 latest facts"),
        *([Panel("\n".join(tasks), title="待办 tasks for staff")] if tasks else []),
    )
