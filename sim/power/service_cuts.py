"""Cuts the power of the rules service thousands of times and looks at what its own start-up finds.

After every cut the database must open, hold everything promised and nothing that never was, in whole transactions, with an
unbroken chain; every table must be the fold of the facts, every answer the one that was given; and it must go on.
"""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from random import Random

from broker.archive import Archive
from broker.chain import Head
from broker.rows import UnreadableFactError
from broker.store import Store
from broker.trouble import DamagedError, StoreError
from broker.verify import verify
from sim.power.disk import Image
from sim.power.service_story import ServiceStory, tell
from sim.power.stored import Stored, stored
from sim.power.story import Cut, lay_out
from sim.power.tally import Tally
from sim.service_bench import OPEN, Bench

NOTHING: Stored = (0, 0, 0, Head(0, bytes(32)).hash.hex().upper(), 0)
"""A database that was just made."""
RESTORED_EVERY = 3
"""In every third seed the second story begins with a backup that was put back."""
GOES_ON_EVERY = 10
"""After every tenth cut the whole service starts and serves; after the others the store alone does."""


def campaign(library: Path, folder: Path, seed: int, cuts: int, synchronous: str = "FULL") -> Tally:
    """One seed: half of the cuts in a story that begins with nothing, half in one that begins with what a cut has left."""
    tally = Tally()
    left: Image = {}
    for part, some in ((1, (cuts + 1) // 2), (2, cuts // 2)):
        where = f"seed {seed}, story {part}"
        story = tell(library, folder / "told", f"{seed}/{part}", synchronous, left)
        left = look_at(story, story.cuts(some, Random(f"cuts {where}")), folder / "cut", tally, where)
        shutil.rmtree(folder / "told")
        if seed % RESTORED_EVERY == 0 and left:
            left = restored(left, folder / "restored")
    return tally


def restored(image: Image, folder: Path) -> Image:
    """The same hall, but its database is a backup that was put back: no WAL yet, and nothing else beside it."""
    folder.mkdir()
    lay_out(image, folder)
    Store.open(folder / "data" / "hall.db").close()
    with contextlib.closing(sqlite3.connect(folder / "data" / "hall.db")) as database:
        database.execute("VACUUM INTO ?", (str(folder / "copy"),))
    copy = (folder / "copy").read_bytes()
    shutil.rmtree(folder)
    return {"data": None, "data/hall.db": copy}


def look_at(story: ServiceStory, cuts: Iterable[Cut], folder: Path, tally: Tally, where: str) -> Image:
    """Look at what each cut has left; returns one of the disks, drawn by chance, for a story that goes on from it.

    Never a corrupt one, which weaker syncing leaves: it is counted, and the service rightly starts on it no more.
    """
    chance = Random(where)
    left: Image = {}
    for cut in cuts:
        image = _with_index(cut.image, story.index, chance)
        is_drawn = chance.random() * (cut.number + 1) < 1
        folder.mkdir()
        lay_out(image, folder)
        tally.cuts += 1
        corrupt = tally.counts["corrupt"] + tally.counts["chain_broken"]
        Look(story, cut.place, tally, f"{where}, cut {cut.number} at call {cut.place}").at(folder / "data" / "hall.db")
        if is_drawn and corrupt == tally.counts["corrupt"] + tally.counts["chain_broken"]:
            left = image
        shutil.rmtree(folder)
    return left


def _with_index(image: Image, index: bytes, chance: Random) -> Image:
    """The WAL's index is never synced: it may be gone, empty, trash, or one of another moment."""
    image.pop("data/hall.db-shm", None)
    choices: list[bytes | None] = [None, b"", bytes(len(index)), index, chance.randbytes(32768)]
    found = chance.choice(choices)
    if found is not None and "data" in image:
        image["data/hall.db-shm"] = found
    return image


class Look:
    """One look at what a cut has left."""

    def __init__(self, story: ServiceStory, place: int, tally: Tally, where: str) -> None:
        self._story = story
        self._place = place
        self._tally = tally
        self._where = where

    def at(self, path: Path) -> None:
        """Start as the service does, compare, verify, go on."""
        try:
            store = Store.open(path)
        except StoreError as error:
            self._wrong("corrupt", str(error).splitlines()[-1])
            return
        try:
            found = stored(store.database)
            self._compare(found)
            self._read(store)
            self._answers(store, found)
            store.begin_epoch(store.hall_clock)
        except DamagedError as error:
            self._wrong("chain_broken", error.what)
        except (StoreError, UnreadableFactError) as error:
            self._wrong("corrupt", str(error).splitlines()[-1])
        finally:
            store.close()
        try:
            self._verify(path)
            if self._tally.cuts % GOES_ON_EVERY == 0:
                self._go_on(path)
        except (StoreError, sqlite3.DatabaseError, UnreadableFactError) as error:
            self._wrong("corrupt", str(error).splitlines()[-1])

    def _compare(self, found: Stored) -> None:
        allowed = self._story.allowed(self._place)
        if found in allowed or (found == NOTHING and not any(one[2] for one in self._story.before(self._place))):
            return
        if found in self._story.before(self._place) or found == NOTHING:
            self._tally.counts["rows_lost"] += max(0, allowed[0][2] - found[2])
            self._wrong("acked_lost", f"fact {found[2]} is the last one, {allowed[0][2]} had been promised")
        else:
            self._wrong("corrupt", f"{found} was never stored; {allowed} would be right")

    def _read(self, store: Store) -> None:
        """The chain of the day, as the service reads it, ends in the same fact as in the story."""
        for _ in store.facts_to_start_from():
            pass
        number, digest = store.head
        if number and self._story.facts.get(number) not in {None, digest.hex().upper()}:
            self._wrong("chain_broken", f"fact {number} is another one than was stored")

    def _answers(self, store: Store, found: Stored) -> None:
        """Every answered request is answered alike."""
        answers = dict(store.database.execute("SELECT request_id, answers FROM requests").fetchall())
        if len(answers) != found[4]:
            self._wrong("corrupt", f"{len(answers)} answers instead of {found[4]}")
        different = [name for name, said in answers.items() if self._story.answers.get(name, said) != said]
        if different:
            self._wrong("corrupt", f"{different[0]} would be answered otherwise than before")

    def _verify(self, path: Path) -> None:
        with Archive(path.parent) as archive:
            report = verify(archive)
        for what in report.differences[:1]:
            self._wrong("chain_broken" if "chain" in what else "corrupt", what)

    def _go_on(self, path: Path) -> None:
        """The whole service starts on it, and the next visitor gets a number."""
        bench = Bench(path, at=OPEN)
        bench.handle(bench.item("TM-01", bench.press()))
        bench.service.close()
        self._verify(path)

    def _wrong(self, kind: str, what: str) -> None:
        self._tally.wrong(kind, f"{self._where}: {what}")
