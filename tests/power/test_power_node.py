"""Power cuts of a node: what it has promised is said again, and weaker syncing is found out."""

import errno
import os
from pathlib import Path
from random import Random

import pytest

from firmware.runtime.journal import Journal
from sim.power import journal_bytes
from sim.power.disk import Disk
from sim.power.log import Done, Kind
from sim.power.node_cuts import Promises, campaign, look, tell_lives
from sim.power.tally import Tally
from sim.testing import Memory

CUTS = 200


def test_nothing_that_was_promised_is_lost(library: Path, place: Path) -> None:
    """A slice of ``make power``: every press is said again, with its note, and the replaced file is whole."""
    tally = campaign(library, place, 1, CUTS)
    assert (tally.cuts, dict(tally.counts), tally.found) == (CUTS, {}, [])


@pytest.mark.parametrize("weakness", ["rows", "folders"])
def test_a_missing_sync_is_found_out(library: Path, place: Path, weakness: str) -> None:
    """Rows that are only written, and names that are only changed, are lost."""
    assert campaign(library, place, 1, CUTS, weakness).counts["acked_lost"] > CUTS // 20


def calls(record: list[Done]) -> list[Done]:
    """What the recorder counts."""
    return [done for done in record if done.kind not in {Kind.MARK, Kind.BEGIN}]


def test_a_life_killed_while_it_compacts_does_not_doom_the_next_one(library: Path, place: Path) -> None:
    """Found by seed 5: the new file had its name, but not for certain; the next life's rows went with it."""
    whole = calls(list(tell_lives(library, place / "whole", "0", (0,), {}).record))
    renamed = [at for at, done in enumerate(whole, 1) if done.kind is Kind.RENAME and b"outbox.journal" in done.data]
    told = tell_lives(library, place / "told", "0", (renamed[1], 0), {})
    disk, promises, second_life = Disk(told.root), Promises(), 0
    for at, done in enumerate(told.record):
        second_life += second_life > 0 or (done.kind is Kind.BEGIN and at > 0)
        disk.follow(done)
        if done.kind is Kind.MARK:
            promises.hear(done)
        if 0 < second_life < 60:
            for time in range(5):
                assert look(disk.cut(Random(f"{at} {time}")), promises, place / "cut") == []


def test_a_compaction_whose_name_cannot_be_made_safe_promises_nothing(
    tmp_path: Path, log: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next row is refused until it can be, and is in the file that has the name."""
    path = tmp_path / "journal"
    journal = Journal(path, log, compact_above=500)
    full = OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    def fail(_folder: Path) -> None:
        raise full

    with monkeypatch.context() as patched:
        patched.setattr("firmware.runtime.journal.sync_folder", fail)
        with pytest.raises(OSError, match="Too many open files"):
            journal.keep(b"refused")
    numbers = [journal.keep(b"x" * 200) for _ in range(6)]
    with monkeypatch.context() as patched:
        patched.setattr("firmware.runtime.journal.sync_folder", fail)
        for number in numbers[:5]:
            journal.done(number)
        with pytest.raises(OSError, match="Too many open files"):
            journal.keep(b"refused")
    journal.keep(b"kept")
    journal.close()
    again = Journal(path, log)
    assert list(again.unfinished.values()) == [b"x" * 200, b"kept"]
    again.close()


def test_a_journal_cut_at_any_byte_holds_its_whole_rows(place: Path) -> None:
    """A slice; ``hall-sim power --wal-stride 1`` does every byte."""
    file = journal_bytes.made(place / "made", rows=30)
    tally = Tally()
    journal_bytes.cut_up(file, place, range(0, len(file.data) + 1, 41), tally)
    assert tally.cuts > 400
    assert tally.found == []


def test_the_cutting_of_bytes_notices_a_row_too_few(place: Path) -> None:
    """With the expectation of one change later, every cut is wrong."""
    file = journal_bytes.made(place / "made", rows=5)
    other = journal_bytes.JournalFile(file.data, file.ends, (*file.owed[1:], {}), (*file.notes[1:], ""))
    tally = Tally()
    journal_bytes.cut_up(other, place, range(100, len(file.data), 100), tally)
    assert tally.counts["acked_lost"] > tally.cuts // 2
