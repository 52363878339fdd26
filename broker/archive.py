"""Reading the database while, or after, the service writes it: never a lock, never a change, one moment of it.

``hall-broker why``, ``verify`` and ``facts`` read through here.
"""

import contextlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from sqlite_utils import Database

from broker.chain import Head, Row
from broker.opening import FILE_NAME, open_reading
from broker.rows import unpack
from broker.rules.facts import ConfigurationAdopted, Recorded
from contracts.values import HallTime, TicketId

_ROW = "SELECT number, at, request_id, kind, body FROM facts"


class Chained:
    """The chain of facts of a database that somebody else keeps open: what :func:`broker.verify.verify` reads."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @property
    def head(self) -> Head:
        """The last fact that was written, as the service remembers it."""
        return Head(*self.database.execute("SELECT head_number, head_hash FROM meta").fetchone())

    def chain(self) -> Iterator[tuple[Row, bytes]]:
        """Every fact as it lies in the file, with its hash."""
        for *values, digest in self.database.execute(
            "SELECT number, at, request_id, kind, body, hash FROM facts ORDER BY number"
        ):
            yield Row(*values), digest


class Archive(Chained):
    """One moment of a database, from opening to closing. Raises :class:`broker.trouble.StoreError`."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        super().__init__(open_reading(self.path))
        self.database.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with contextlib.suppress(Exception):  # nothing to lose by not ending a read
            self.database.rollback()
        self.database.close()

    def rows(self, after: int) -> Iterator[Row]:
        """The facts behind number ``after``, not decoded."""
        for values in self.database.execute(f"{_ROW} WHERE number > ? ORDER BY number", (after,)):
            yield Row(*values)

    @property
    def today(self) -> date | None:
        """The day the hall is in by its own clock, ``None`` before its first one."""
        last = self.database.execute(
            "SELECT body FROM facts WHERE kind = 'DayBegan' ORDER BY number DESC LIMIT 1"
        ).fetchone()
        return None if last is None else date.fromisoformat(msgspec.json.decode(last[0])["date"])

    def of_day(self, day: date) -> Iterator[Recorded]:
        """Everything that was stored on a day of the hall, found by its ``DayBegan``, which is fast in any year."""
        began = "SELECT number, body FROM facts WHERE kind = 'DayBegan' ORDER BY number"
        starts = self.database.execute(began).fetchall()
        numbers = [number for number, _ in starts] + [2**62]
        for index, (number, body) in enumerate(starts):
            if msgspec.json.decode(body).get("date") == day.isoformat():
                where = f"{_ROW} WHERE number >= ? AND number < ? ORDER BY number"
                for values in self.database.execute(where, (number, numbers[index + 1])):
                    yield unpack(Row(*values))

    def of_kinds(self, kinds: tuple[str, ...]) -> Iterator[Recorded]:
        """Every fact of these kinds, in order; found by an index."""
        places = ", ".join("?" * len(kinds))
        for values in self.database.execute(f"{_ROW} WHERE kind IN ({places}) ORDER BY number", kinds):
            yield unpack(Row(*values))

    def to_start_from(self) -> Iterator[Recorded]:
        """What makes today's hall, as :meth:`broker.store.Store.facts_to_start_from` gives it, not looked at for damage."""
        began = self.database.execute("SELECT coalesce(max(number), 1) FROM facts WHERE kind = 'DayBegan'").fetchone()[0]
        before = f"{_ROW} WHERE kind = 'ConfigurationAdopted' AND number < ? ORDER BY number DESC LIMIT 1"
        for values in self.database.execute(before, (began,)):
            yield unpack(Row(*values))
        for row in self.rows(began - 1):
            yield unpack(row)

    @property
    def hall_clock(self) -> HallTime:
        """How far the hall clock had come when it was last stored."""
        return HallTime(self.database.execute("SELECT hall_clock FROM meta").fetchone()[0])

    def foldable(self, day: date) -> Iterator[Recorded]:
        """Like :meth:`of_day`, with the configuration in force when the day began in front: a hall can be folded of it."""
        facts = self.of_day(day)
        first = next(facts, None)
        if first is None:
            return
        before = f"{_ROW} WHERE kind = 'ConfigurationAdopted' AND number < ? ORDER BY number DESC LIMIT 1"
        for values in self.database.execute(before, (first.number,)).fetchall():
            yield unpack(Row(*values))
        yield first
        yield from facts

    def of_ticket(self, ticket: TicketId) -> Iterator[Recorded]:
        """What was stored about one ticket on any day: an offline one may be heard of after its own. Slow in a year."""
        about = f"{_ROW} WHERE instr(body, ?) OR instr(body, ?) ORDER BY number"
        for values in self.database.execute(about, (f'"{ticket}"', f'"{ticket}/')):
            yield unpack(Row(*values))

    def configuration(self) -> str | None:
        """The text of the hall.toml in force, or ``None`` before the service's first start."""
        last = self.database.execute(f"{_ROW} WHERE kind = 'ConfigurationAdopted' ORDER BY number DESC LIMIT 1").fetchone()
        if last is None:
            return None
        fact = unpack(Row(*last)).fact
        assert isinstance(fact, ConfigurationAdopted)
        return fact.content
