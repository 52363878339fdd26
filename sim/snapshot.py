"""A running hall's database as it stands now, opened as ``hall-broker why`` and ``verify`` open it."""

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from broker.archive import Archive
from broker.migrations import APPLICATION_ID
from broker.opening import FILE_NAME
from broker.rows import unpack
from broker.rules.facts import Recorded


@contextlib.contextmanager
def snapshot(database: Database) -> Iterator[Archive]:
    """An archive of a copy of this database."""
    with tempfile.TemporaryDirectory(prefix="snapshot-") as folder:
        file = sqlite3.connect(Path(folder) / FILE_NAME)
        try:
            database.conn.backup(file)
            file.execute(f"PRAGMA application_id = {APPLICATION_ID}")  # a database in memory needs none
        finally:
            file.close()
        with Archive(Path(folder)) as archive:
            yield archive


def facts_in(archive: Archive) -> list[Recorded]:
    """Every fact of it."""
    return [unpack(row) for row in archive.rows(0)]
