"""The database's WAL cut off at every byte: whatever is left opens, and holds exactly the transactions that are whole.

A WAL only grows until it is begun anew, so a disk that keeps order leaves a beginning of it. What a disk that keeps none
leaves is the business of ``service_cuts``.
"""

import bisect
import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from broker.rules.facts import DayBegan
from broker.store import Store
from broker.trouble import DamagedError, StoreError
from contracts.values import HallTime
from sim.power.service_life import Life, MarkedStore
from sim.power.stored import Stored, of, stored
from sim.power.tally import Tally
from sim.service_bench import OPEN

HEADER, FRAME_HEADER = 32, 24
"""Bytes before the first frame, and before the page of each (sqlite.org/fileformat2.html, section 4)."""
COMMITS = 200
_LOOK = (
    "SELECT epoch, hall_clock, head_number, hex(head_hash), (SELECT count(*) FROM requests),"
    " (SELECT max(number) FROM facts), (SELECT hex(hash) FROM facts ORDER BY number DESC LIMIT 1) FROM meta"
)


@dataclass(frozen=True)
class WalFile:
    """A database and its WAL. ``ends[n]`` is where transaction n + 1 ends, ``states[n]`` what is stored after n of them."""

    database: bytes
    wal: bytes
    frame: int
    ends: tuple[int, ...]
    states: tuple[Stored, ...]

    def right(self, cut: int) -> Stored:
        """What must be found when the WAL ends here."""
        return self.states[bisect.bisect_right(self.ends, cut)]

    def edges(self) -> list[int]:
        """Where each frame and each sector begins, and the bytes beside those places."""
        size = len(self.wal)
        starts = {*range(HEADER, size + 1, self.frame), *range(0, size, 512), 0, size}
        return sorted({near for at in starts for near in (at - 1, at, at + 1) if 0 <= near <= size}, reverse=True)


class Noted:
    """Notes what a marked store says, each state once."""

    def __init__(self) -> None:
        self.states: list[Stored] = []

    def say(self, **what: Any) -> None:
        """Note one."""
        if not self.states or self.states[-1] != what["stored"]:
            self.states.append(what["stored"])


def of_facts(folder: Path, commits: int = COMMITS) -> WalFile:
    """So many transactions of one fact each, the smallest the service makes."""
    with _noting() as noted:
        store = MarkedStore.open(folder / "hall.db")
        for number in range(commits):
            with store.batch():
                store.append(HallTime(OPEN + number), None, DayBegan(date="2026-03-10"))
        return _taken(folder / "hall.db", store, noted.states)


def of_visits(folder: Path, commits: int = COMMITS) -> WalFile:
    """So many transactions (or a few more) of the whole service: people take tickets, are called, served and rate."""
    with _noting() as noted:
        life = Life(folder / "hall.db", Random("visits"), 0)
        while len(noted.states) <= commits:
            life.act()
        return _taken(folder / "hall.db", life.store, noted.states)


@contextlib.contextmanager
def _noting() -> Iterator[Noted]:
    """Stores that note what they keep, and never empty their WAL, so that all transactions stay in one file."""
    noted, before = Noted(), MarkedStore.checkpoint_pages
    MarkedStore.marks, MarkedStore.checkpoint_pages = noted, 0
    try:
        yield noted
    finally:
        MarkedStore.checkpoint_pages = before


def _taken(path: Path, store: Store, states: list[Stored]) -> WalFile:
    database, wal = path.read_bytes(), path.with_name("hall.db-wal").read_bytes()
    store.close()
    frame = FRAME_HEADER + int.from_bytes(wal[8:12], "big")
    starts = range(HEADER, len(wal), frame)
    ends = tuple(at + frame for at in starts if int.from_bytes(wal[at + 4 : at + 8], "big"))
    if len(ends) != len(states) - 1 or ends[-1] != len(wal):
        raise ValueError(f"{len(ends)} transactions in the WAL, {len(states) - 1} were made")
    return WalFile(database, wal, frame, ends, tuple(states))


def by_sqlite(file: WalFile, folder: Path, cuts: Iterable[int], tally: Tally) -> None:
    """Cut at these places, highest first, and read through a connection that cannot write, as the service's check does."""
    path, wal = folder / "hall.db", folder / "hall.db-wal"
    path.write_bytes(file.database)
    wal.write_bytes(file.wal)
    for cut in cuts:
        os.truncate(wal, cut)
        tally.cuts += 1
        try:
            with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
                *values, last, digest = database.execute(_LOOK).fetchone()
        except sqlite3.Error as error:
            tally.wrong("corrupt", f"cut at byte {cut}: {error}")
            continue
        found = of(values)
        if (last or 0, digest or found[3]) != found[2:4]:
            tally.wrong("chain_broken", f"cut at byte {cut}: the facts end at {last}, the head is {found[2]}")
        if found != file.right(cut):
            tally.wrong("corrupt", f"cut at byte {cut}: {found} instead of {file.right(cut)}")


def by_store(file: WalFile, folder: Path, cuts: Iterable[int], tally: Tally) -> None:
    """Cut at these places and start as the service does: lock, check, open, read the day's facts along their chain."""
    path = folder / "hall.db"
    for cut in cuts:
        path.write_bytes(file.database)
        path.with_name("hall.db-wal").write_bytes(file.wal[:cut])
        tally.cuts += 1
        try:
            store = Store.open(path)
        except StoreError as error:
            tally.wrong("corrupt", f"cut at byte {cut}: {error}")
            continue
        try:
            found = stored(store.database)
            for _ in store.facts_to_start_from():
                pass
            if found != file.right(cut):
                tally.wrong("corrupt", f"cut at byte {cut}: {found} instead of {file.right(cut)}")
        except DamagedError as error:
            tally.wrong("chain_broken", f"cut at byte {cut}: {error.what}")
        finally:
            store.close()
