"""Opening the database: one writer only, a sound file only, and never a half-made one.

A new database is made beside its place and moved there, so a file that is empty or without our tables is always damage.
"""

import contextlib
import fcntl
import os
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from broker.migrations import APPLICATION_ID, MIGRATIONS
from broker.trouble import DamagedError, InUseError, MissingError, NotOursError, TooNewError, WriteFailedError
from firmware.runtime.files import make_folder, sync_folder

FILE_NAME = "hall.db"
_WAL_LIMIT = 64 * 1024 * 1024


class Lock:
    """Held for the life of the process by whoever writes the database; the kernel lets go of it whatever happens."""

    def __init__(self, database: Path) -> None:
        path = database.with_name(database.name + ".lock")
        try:
            make_folder(path.parent)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise WriteFailedError(database, error.strerror or str(error)) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(self._file, 32).decode("ascii", "replace").strip()
            os.close(self._file)
            raise InUseError(database, f"pid {holder or '?'}") from error
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let the next one in."""
        os.close(self._file)


def open_writing(path: Path) -> Database:
    """The database for its one writer, checked and brought up to date. The caller holds the :class:`Lock`.

    Raises :class:`broker.trouble.StoreError`. A damaged file is only read, never written.
    """
    try:
        if not path.exists():
            _create(path)
        _roll_back(path)
        _check(path)
        database = Database(sqlite3.connect(path, cached_statements=512))
        _configure(database)
        MIGRATIONS.apply(database)
    except sqlite3.DatabaseError as error:
        raise WriteFailedError(path, str(error)) from error
    except OSError as error:
        if isinstance(error, (WriteFailedError, MissingError)):
            raise
        raise WriteFailedError(path, error.strerror or str(error)) from error
    return database


def open_reading(path: Path) -> Database:
    """The database read-only, also while the service writes it. Raises :class:`broker.trouble.StoreError`."""
    if not path.exists():
        raise MissingError(path)
    try:
        database = _read_only(path)
        _know_it(path, database)
    except sqlite3.DatabaseError as error:
        raise DamagedError(path, str(error)) from error
    return database


def in_memory() -> Database:
    """A database without a disk, for the simulator, for rehearsals and for making projections anew."""
    database = Database(sqlite3.connect(":memory:", cached_statements=512))
    database.execute("PRAGMA foreign_keys = ON")
    MIGRATIONS.apply(database)
    return database


def _create(path: Path) -> None:
    """Make an empty database beside its place, safe on disk, then move it there.

    It is born with its WAL: switching later takes a rollback journal, which a power cut would leave behind.
    """
    unborn = path.with_name(path.name + ".new")
    for beside in ("", "-journal", "-wal", "-shm"):
        unborn.with_name(unborn.name + beside).unlink(missing_ok=True)
    database = Database(sqlite3.connect(unborn))
    with contextlib.closing(database):
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        MIGRATIONS.apply(database)
    unborn.rename(path)
    sync_folder(path.parent)


def _roll_back(path: Path) -> None:
    """Let SQLite take back what a power cut has interrupted while a restored copy, born without a WAL, was given one.

    Until then the file cannot be read through a connection that may not write, and would pass for damaged.
    """
    if path.with_name(path.name + "-journal").exists():
        with contextlib.closing(sqlite3.connect(path)) as connection:
            try:
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                return  # damaged beyond that; the check says so


def _check(path: Path) -> None:
    """Read the whole file once, through a connection that cannot write, so that damage is found before it spreads."""
    if path.stat().st_size == 0:
        raise DamagedError(path, "the file is empty")
    try:
        with contextlib.closing(_read_only(path)) as database:
            _know_it(path, database)
            found = [str(row[0]) for row in database.execute("PRAGMA quick_check(3)").fetchall()]
    except sqlite3.DatabaseError as error:
        raise DamagedError(path, str(error)) from error
    if found != ["ok"]:
        raise DamagedError(path, "; ".join(found))


def _read_only(path: Path) -> Database:
    """Read without leaving a trace: where there is no WAL nobody is writing, and ``immutable`` makes no files of its own.

    Files made by a reader under another account would keep the service from opening its own database.
    """
    how = "mode=ro" if path.with_name(path.name + "-wal").exists() else "mode=ro&immutable=1"
    return Database(sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True))


def _know_it(path: Path, database: Database) -> None:
    """It is ours, and not from the future."""
    if database.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise NotOursError(path)
    applied = [one.name for one in MIGRATIONS.applied(database)]
    if unknown := [name for name in applied if name not in _ours()]:
        raise TooNewError(path, unknown)
    if not applied:
        raise DamagedError(path, "its tables are gone")


def _ours() -> set[str]:
    """The names of all migrations this version has."""
    with contextlib.closing(sqlite3.connect(":memory:")) as empty:
        return {migration.name for migration in MIGRATIONS.pending(Database(empty))}


def _configure(database: Database) -> None:
    """WAL with FULL: a transaction that was acknowledged survives a power cut (design 5)."""
    pragmas = (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",  # what leaves the vault leaves the file
        f"journal_size_limit = {_WAL_LIMIT}",
    )
    for pragma in pragmas:
        database.execute(f"PRAGMA {pragma}")
    settings = [database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")]
    if settings != ["wal", 2, 1]:
        raise sqlite3.OperationalError(f"journal_mode, synchronous, foreign_keys are {settings}, not wal, FULL, ON")
