"""Recomputing everything: the chain, the hall, every call, every row of every projection, every request's range of facts.

Whatever is stored twice, or follows from something else, is compared; no difference is the proof. What a chain without a key
cannot show: a tail cut off together with its projections, requests and the head in ``meta``, or all of it written anew. Both
need a copy, or a head, kept elsewhere.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain as joined
from typing import Any

from sqlite_utils import Database

from broker.archive import Chained
from broker.chain import NO_FACTS, Head, Row, link
from broker.opening import in_memory
from broker.projections import TABLES, project
from broker.rows import unpack
from broker.rules.course.recheck import CHECKED
from broker.rules.evolve import evolve
from broker.rules.facts import ConfigurationAdopted, DayBegan, Recorded, TicketCalled
from broker.rules.hall import Hall, empty_hall
from broker.rules.recheck import recheck
from contracts.values import HallTime

_MOST_NAMED = 100
"""A broken database differs everywhere; beyond this many differences only their number matters."""


@dataclass
class Report:
    """How much was compared, and where it differed."""

    counts: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    head: Head = NO_FACTS
    """Where the chain ends; kept elsewhere, it shows later whether anything up to here was written anew."""

    def differs(self, what: str) -> None:
        """Note a difference."""
        self.counts["differences"] += 1
        if len(self.differences) < _MOST_NAMED:
            self.differences.append(what)


def verify(archive: Chained) -> Report:
    """Compare everything in this database."""
    report = Report()
    again = in_memory()
    again.execute("PRAGMA foreign_keys = OFF")  # only the projections are made anew, not the facts they point to
    _file(archive, report)
    fold = _Fold(report, again)
    for row in _chained(archive, report):
        fold.add(row)
    fold.finish()
    for table in TABLES:
        _compare(table, _rows(archive.database, table), _rows(again, table), report)
    _requests(archive, report)
    again.close()
    return report


def _file(archive: Chained, report: Report) -> None:
    for (what,) in archive.database.execute("PRAGMA integrity_check").fetchall():
        if what != "ok":
            report.differs(f"file: {what}")
    for table, rowid, parent, _ in archive.database.execute("PRAGMA foreign_key_check").fetchall():
        report.differs(f"{table} row {rowid}: points to no row of {parent}")


def _chained(archive: Chained, report: Report) -> Iterator[Row]:
    """Every fact, after looking at its number, its time and its hash. After a break the chain is taken up again."""
    head, at = NO_FACTS, HallTime(0)
    for row, digest in archive.chain():
        if row.number != head.number + 1:
            report.differs(f"fact {head.number + 1}: missing, the next one is {row.number}")
        if link(head.hash, row) != digest:
            report.differs(f"fact {row.number}: does not fit the hash chain")
        if row.at < at:
            report.differs(f"fact {row.number}: is dated before the fact in front of it")
        report.counts["facts"] += 1
        head, at = Head(row.number, digest), row.at
        yield row
    report.head = head
    if head != archive.head:
        report.differs(f"facts end at {head.number}, but the last one written was {archive.head.number}")


class _Fold:
    """Makes the hall and the projections anew, and recomputes every call on the way."""

    def __init__(self, report: Report, again: Database) -> None:
        self._report = report
        self._again = again
        self._hall: Hall | None = empty_hall()
        self._configuration: Recorded | None = None
        self._before_the_day: Recorded | None = None
        self._today: list[Recorded] = []

    def add(self, row: Row) -> None:
        """The next fact. A fact that cannot be applied ends the recomputing, not the comparing."""
        if self._hall is None:
            return
        try:
            recorded = unpack(row)
            if isinstance(recorded.fact, (TicketCalled, *CHECKED)):
                is_call = isinstance(recorded.fact, TicketCalled)
                self._report.counts["calls recomputed" if is_call else "steps recomputed"] += 1
                different = recheck(self._hall, recorded)
                if different is not None:
                    self._report.differs(f"fact {row.number}: {different}")
            self._hall = evolve(self._hall, recorded)
            project(self._again, recorded)
        except Exception as error:  # noqa: BLE001 -- tampered facts may break the rules anywhere; that is a finding
            self._broken(row, error)
        else:
            self._remember(recorded)

    def _broken(self, row: Row, error: Exception) -> None:
        self._hall = None
        self._report.differs(f"fact {row.number}: {row.kind} cannot be applied ({error!r}), nor what comes after it")

    def _remember(self, recorded: Recorded) -> None:
        """Keep what the service would start from (docs/decisions/0003)."""
        if isinstance(recorded.fact, DayBegan):
            self._before_the_day, self._today = self._configuration, []
            self._report.counts["days"] += 1
        if isinstance(recorded.fact, ConfigurationAdopted):
            self._configuration = recorded
        self._today.append(recorded)

    def finish(self) -> None:
        """Compare the fold of everything with the fold the service starts from."""
        if self._hall is None:
            return
        start = empty_hall()
        for recorded in joined([self._before_the_day] if self._before_the_day else [], self._today):
            start = evolve(start, recorded)
        if start != self._hall:
            self._report.differs("hall: the fold of the last day differs from the fold of everything")


def _rows(database: Database, table: str) -> Iterator[dict[str, Any]]:
    cursor = database.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608 -- a name from TABLES
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, values, strict=True)) for values in cursor)


def _compare(table: str, stored: Iterator[dict[str, Any]], right: Iterator[dict[str, Any]], report: Report) -> None:
    """Walk through both in the order of their key, which is the first column."""
    one, other = next(stored, None), next(right, None)
    while one is not None or other is not None:
        key = next(iter((one or other or {}).values()))
        other_key = next(iter((other or one or {}).values()))
        if other is None or (one is not None and key < other_key):
            report.differs(f"{table} {key}: is there, the facts know nothing of it")
            one = next(stored, None)
        elif one is None or other_key < key:
            report.differs(f"{table} {other_key}: is missing")
            other = next(right, None)
        else:
            for name, value in other.items():
                if one[name] != value:
                    report.differs(f"{table} {key}: {name} is {one[name]!r}, the facts say {value!r}")
            report.counts[table] += 1
            one, other = next(stored, None), next(right, None)


# A turned-away node's request leaves a fact but no request: whoever is not declared shall not fill the disk.
_FACTS_WITHOUT_REQUEST = """
    SELECT number, kind FROM facts LEFT JOIN requests USING (request_id)
    WHERE request_id IS NOT NULL AND kind <> 'NodeTurnedAway'
        AND (first_fact IS NULL OR number NOT BETWEEN first_fact AND last_fact)
"""
_REQUESTS_WITHOUT_FACTS = """
    SELECT request_id FROM requests WHERE first_fact IS NOT NULL AND 1 + last_fact - first_fact <> (
        SELECT count(*) FROM facts
        WHERE number BETWEEN first_fact AND last_fact AND facts.request_id = requests.request_id
    )
"""


def _requests(archive: Chained, report: Report) -> None:
    database = archive.database
    report.counts["requests"] = database.execute("SELECT count(*) FROM requests").fetchone()[0]
    rejected = database.execute("SELECT count(*) FROM requests WHERE outcome = 'rejected'").fetchone()[0]
    report.counts["of them never decided"] = rejected
    for number, kind in database.execute(_FACTS_WITHOUT_REQUEST):
        report.differs(f"fact {number}: {kind} names a request that did not lead to it")
    for (request_id,) in database.execute(_REQUESTS_WITHOUT_FACTS):
        report.differs(f"request {request_id}: the facts it led to are not where it says")
