"""Records the rules service's database: two or three lives, killed at any call or closed, each on what the last one left."""

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sim.power import log
from sim.power.disk import Image
from sim.power.recording import record
from sim.power.stored import Stored, of
from sim.power.story import Seen, Story, lay_out

LIFE = "sim.power.service_life"
CHECKPOINT_PAGES = (20, 100, 1000)
"""1000 is SQLite's own and what the service runs with; the smaller ones make the same code run more often."""
TURNS = 120
"""How often something happens in a story; most turns are one transaction, some none or several."""
MOST_LIVES = 3
IN_MEMORY_ONLY = ("-shm",)
"""The WAL's index is written through a memory map, so the record cannot hold it; SQLite makes it anew after a cut."""


class IncompleteRecordError(Exception):
    """The record does not make the files that are there: a way of writing is not covered, nothing can be concluded."""


@dataclass(frozen=True)
class ServiceStory(Story[Stored]):
    """A story of the database, with everything that was ever answered and the WAL's index as it was at the end."""

    answers: dict[str, str]
    facts: dict[int, str]
    index: bytes


def tell(library: Path, folder: Path, seed: str, synchronous: str, begins_with: Image) -> ServiceStory:
    """Record a story in a new folder. Raises :class:`IncompleteRecordError`."""
    chance = Random(f"story {seed}")
    root, record_file = folder / "disk", folder / "record"
    root.mkdir(parents=True)
    lay_out(begins_with, root)
    pages = chance.choice(CHECKPOINT_PAGES)
    lives = chance.randint(2, MOST_LIVES)
    for life in range(lives):
        is_last = life == lives - 1
        options = {
            "data": root / "data",
            "log": record_file,
            "seed": f"{seed}/{life}",
            "life": life + (MOST_LIVES if begins_with else 0),
            "commits": TURNS // lives,
            "synchronous": synchronous,
            "checkpoint-pages": pages,
            "end": chance.choice(("closed", "killed")),
        }
        die_at = 0 if is_last or chance.random() < 0.4 else chance.randint(1, 12 * TURNS)  # noqa: PLR2004 -- a share
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        record(library, LIFE, *words, folder=root, log=record_file, die_at=die_at)
    return _told(root, record_file, begins_with)


def _told(root: Path, record_file: Path, begins_with: Image) -> ServiceStory:
    done = log.read(record_file)
    seen = [
        Seen(place, of(one.mark["stored"]), bool(one.mark["promised"]))
        for place, one in enumerate(done)
        if one.kind is log.Kind.MARK
    ]
    index = (root / "data/hall.db-shm").read_bytes() if (root / "data/hall.db-shm").exists() else b""
    story = Story(str(root.resolve()), begins_with, done, seen)
    if wrong := story.proven(root, IN_MEMORY_ONLY):
        raise IncompleteRecordError(f"the record of {root} does not make {', '.join(wrong)}")
    copy = root.with_name("truth")
    shutil.copytree(root / "data", copy)
    database = sqlite3.connect(copy / "hall.db")
    answers = dict(database.execute("SELECT request_id, answers FROM requests"))
    facts = dict(database.execute("SELECT number, hex(hash) FROM facts"))
    database.close()
    shutil.rmtree(copy)
    return ServiceStory(story.root, begins_with, done, seen, answers, facts, index)
