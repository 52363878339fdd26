"""The recorder: complete or refused, and a clear word where it cannot be built."""

from pathlib import Path

import pytest

from sim.power import log
from sim.power.log import Kind
from sim.power.node_cuts import tell_lives
from sim.power.recording import NoRecorderError, RecordedProcessError, record, recorder


def test_without_a_compiler_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a traceback, but the package."""
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoRecorderError, match="apt install gcc"):
        recorder(tmp_path)


def test_a_compiler_that_fails_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its name, and nothing is left that would be taken for the recorder."""
    monkeypatch.setenv("CC", "/bin/false")
    with pytest.raises(NoRecorderError, match="/bin/false cannot compile"):
        recorder(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_record_makes_the_files_that_are_there(library: Path, place: Path) -> None:
    """And a byte that was written past the recorder is noticed."""
    told = tell_lives(library, place, "0", (0,), {})
    assert told.proven(place / "disk") == []
    journal = place / "disk" / "node" / "outbox.journal"
    journal.write_bytes(journal.read_bytes() + b"x")
    assert told.proven(place / "disk") == ["node/outbox.journal"]


def test_a_process_dies_after_exactly_so_many_calls(library: Path, place: Path) -> None:
    """Its record is the beginning of what it would have been."""
    whole = tell_lives(library, place / "whole", "0", (0,), {})
    cut = tell_lives(library, place / "cut", "0", (50,), {})
    calls = [one.kind for one in cut.record if one.kind not in {Kind.MARK, Kind.BEGIN}]
    assert len(calls) == 50
    assert [one.kind for one in whole.record[: len(cut.record)]] == [one.kind for one in cut.record]


def test_a_process_that_fails_by_itself_is_no_power_cut(library: Path, place: Path) -> None:
    """What it printed is passed on."""
    with pytest.raises(RecordedProcessError, match=r"usage: node_life\.py"):
        record(library, "sim.power.node_life", "--nonsense", folder=place, log=place / "record", die_at=3)


def test_a_record_cut_off_in_its_last_entry_is_read_up_to_it(tmp_path: Path) -> None:
    """The process may be killed while it writes it."""
    log.Marks(tmp_path / "record").say(kept=1)
    log.Marks(tmp_path / "record").say(kept=2)
    data = (tmp_path / "record").read_bytes()
    for length in range(len(data) // 2, len(data)):
        (tmp_path / "record").write_bytes(data[:length])
        assert [one.mark for one in log.read(tmp_path / "record")] == [{"kept": 1}]
