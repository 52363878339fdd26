"""A WAL of 200 transactions cut off: whatever is left opens and holds exactly the whole ones."""

from dataclasses import replace
from pathlib import Path

from sim.power import wal_bytes
from sim.power.tally import Tally


def test_a_wal_cut_anywhere_holds_its_whole_transactions(place: Path) -> None:
    """A slice; ``hall-sim power --wal-stride 1`` does every byte."""
    file = wal_bytes.of_facts(place)
    assert len(file.ends) == wal_bytes.COMMITS
    tally = Tally()
    wal_bytes.by_sqlite(file, place, range(len(file.wal), -1, -4_999), tally)
    wal_bytes.by_store(file, place, file.edges()[::200], tally)
    assert tally.cuts > 550
    assert tally.found == []


def test_a_wal_of_real_visits_cut_at_its_edges_starts(place: Path) -> None:
    """Beside the beginnings of frames and sectors, the service's own start finds the state of then."""
    file = wal_bytes.of_visits(place, commits=20)
    tally = Tally()
    wal_bytes.by_store(file, place, file.edges()[::40], tally)
    assert tally.cuts > 50
    assert tally.found == []


def test_a_transaction_too_few_is_noticed(place: Path) -> None:
    """With the expectation of one transaction later, every cut is wrong, in both ways of looking."""
    file = wal_bytes.of_facts(place, commits=5)
    other = replace(file, states=(*file.states[1:], file.states[0]))
    tally = Tally()
    wal_bytes.by_sqlite(other, place, range(len(file.wal), -1, -9_999), tally)
    wal_bytes.by_store(other, place, range(len(file.wal), -1, -9_999), tally)
    assert tally.counts["corrupt"] == tally.cuts > 10
