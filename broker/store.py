"""Where facts are kept: appended, hash-chained, and read again at start-up. All or nothing, then speak.

One :meth:`Store.batch` is one transaction and one fsync; inside it every request has its own :meth:`Store.attempt`, which
can fail alone. Nothing is answered before its batch has been left without an error.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlite_utils import Database

from broker.chain import Head, Row, link
from broker.opening import Lock, in_memory, open_writing
from broker.projections import project
from broker.rows import pack, unpack
from broker.rules.facts import Fact, Recorded
from broker.trouble import DamagedError, WriteFailedError
from contracts.values import HallTime, NodeName, RequestId


class StoredAnswer(NamedTuple):
    """An answer exactly as it was first sent: to whom, which message, its JSON."""

    node: NodeName
    message: str
    payload: str


class Outcome(NamedTuple):
    """What became of a request; ``payload`` is kept only of what nobody can repeat and could not be decided."""

    request_id: RequestId
    message: str
    rejected: bool
    answers: tuple[StoredAnswer, ...]
    payload: str | None = None


_ROW = "SELECT number, at, request_id, kind, body FROM facts"
_answers = msgspec.json.Decoder(tuple[StoredAnswer, ...]).decode
_encode = msgspec.json.Encoder().encode


class Store:
    """The one writer's hand on the database."""

    def __init__(self, database: Database, path: Path = Path(":memory:"), lock: Lock | None = None) -> None:
        self.database = database
        self._connection = database.conn
        self.path = path
        self._lock = lock
        number, digest, self.epoch, self.hall_clock = self._meta()
        self.head = Head(number, digest)
        """The last fact. ``epoch`` and ``hall_clock`` beside it are as last stored."""

    @classmethod
    def open(cls, path: Path) -> "Store":
        """Take the lock, check the file, bring it up to date. Raises :class:`broker.trouble.StoreError`."""
        lock = Lock(path)
        try:
            return cls(open_writing(path), path, lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def in_memory(cls) -> "Store":
        """A store without a disk, for the simulator and for tests."""
        return cls(in_memory())

    def close(self) -> None:
        """Close the file (which empties the WAL into it) and let the next one in."""
        self.database.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    # --- Writing ---------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def batch(self) -> Iterator[None]:
        """One transaction. Raises :class:`WriteFailedError` if it could not be kept; then nothing of it exists."""
        before = self.head
        try:
            with self.database.atomic():
                yield
                if self.head != before:
                    self._keep_head()
        except BaseException as error:
            self.head = before
            if isinstance(error, sqlite3.Error):
                raise WriteFailedError(self.path, str(error)) from error
            raise

    @contextlib.contextmanager
    def attempt(self) -> Iterator[None]:
        """A part of a batch that can be taken back alone: leave it with an exception and it never was."""
        before = self.head
        try:
            with self.database.atomic():
                yield
        except BaseException:
            self.head = before
            raise

    def append(self, at: HallTime, request_id: RequestId | None, fact: Fact) -> Recorded:
        """Store the next fact, chained and projected; ``at`` must not be before the last one's."""
        recorded = Recorded(number=self.head.number + 1, at=at, request_id=request_id, fact=fact)
        row = pack(recorded)
        digest = link(self.head.hash, row)
        self._connection.execute("INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)", (*row, digest))
        project(self.database, recorded)
        self.head = Head(recorded.number, digest)
        self.hall_clock = max(self.hall_clock, at)
        return recorded

    def keep_outcome(self, outcome: Outcome, at: HallTime, since: int) -> None:
        """Store what was answered to a request; ``since`` is the head's number before its facts."""
        first, last = (since + 1, self.head.number) if self.head.number > since else (None, None)
        self._connection.execute(
            "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                outcome.request_id,
                outcome.message,
                at,
                "rejected" if outcome.rejected else "decided",
                _encode(outcome.answers).decode(),
                first,
                last,
                outcome.payload,
            ),
        )

    def keep_clock(self, at: HallTime) -> None:
        """Remember how far the hall clock has come although nothing else happened."""
        self.hall_clock = max(self.hall_clock, at)
        with self.batch():
            self._keep_head()

    def empty_wal(self) -> bool:
        """Write the WAL into the file and cut it to nothing; false while somebody reads, who still needs it."""
        busy: int = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return busy == 0

    def begin_epoch(self, at: HallTime) -> int:
        """A new epoch: the second of the hall clock, and above every epoch before."""
        self.epoch = max(self.epoch + 1, at // 1000)
        self.keep_clock(at)
        return self.epoch

    def _keep_head(self) -> None:
        self._connection.execute(
            "UPDATE meta SET epoch = ?, hall_clock = ?, head_number = ?, head_hash = ?",
            (self.epoch, self.hall_clock, *self.head),
        )

    # --- Reading ---------------------------------------------------------------------------------------------------------

    def answers_to(self, request_id: RequestId) -> tuple[StoredAnswer, ...] | None:
        """What was answered to this request, or ``None`` if it was never decided."""
        row = self._connection.execute("SELECT answers FROM requests WHERE request_id = ?", (request_id,)).fetchone()
        return None if row is None else _answers(row[0])

    def facts_to_start_from(self) -> Iterator[Recorded]:
        """The facts that make today's hall: the configuration in force when the day began, then everything since.

        ``DayBegan`` carries all else that outlives a night (docs/decisions/0003). Raises :class:`DamagedError` if these
        facts do not fit the chain or are not the last ones written.
        """
        began = self._connection.execute("SELECT coalesce(max(number), 1) FROM facts WHERE kind = 'DayBegan'").fetchone()[0]
        configuration = f"{_ROW} WHERE kind = 'ConfigurationAdopted' AND number < ? ORDER BY number DESC LIMIT 1"
        for values in self._connection.execute(configuration, (began,)):
            yield unpack(Row(*values))
        yield from self._chained_since(began)

    def _chained_since(self, first: int) -> Iterator[Recorded]:
        head = Head(
            *self._connection.execute(
                "SELECT coalesce(max(number), 0), coalesce(hash, zeroblob(32)) FROM facts WHERE number < ?", (first,)
            ).fetchone()
        )
        for *values, digest in self._connection.execute(
            "SELECT number, at, request_id, kind, body, hash FROM facts WHERE number >= ? ORDER BY number", (first,)
        ):
            row = Row(*values)
            head = Head(row.number, link(head.hash, row))
            if head.hash != digest:
                raise DamagedError(self.path, f"fact {row.number} does not fit the hash chain")
            yield unpack(row)
        if head != self.head:
            raise DamagedError(self.path, f"the facts end at {head.number}, but {self.head.number} was the last one written")

    def _meta(self) -> tuple[int, bytes, int, HallTime]:
        number, digest, epoch, clock = self._connection.execute(
            "SELECT head_number, head_hash, epoch, hall_clock FROM meta"
        ).fetchone()
        return number, digest, epoch, HallTime(clock)
