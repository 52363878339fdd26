"""What a database holds, in five numbers: enough to tell every transaction from the one before and the one after."""

from typing import Any

from sqlite_utils import Database

Stored = tuple[int, int, int, str, int]
"""Epoch, hall clock, number and hash of the last fact, how many requests are answered."""

_READ = "SELECT epoch, hall_clock, head_number, hex(head_hash), (SELECT count(*) FROM requests) FROM meta"


def stored(database: Database) -> Stored:
    """As the database says."""
    return of(database.execute(_READ).fetchone())


def of(values: Any) -> Stored:
    """From a row, or from a mark."""
    epoch, clock, number, digest, requests = values
    return int(epoch), int(clock), int(number), str(digest), int(requests)
