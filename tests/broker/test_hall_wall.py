"""The hall's time of day: never back, never stuck, and ahead of the machine's clock only as long as it must be."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.cli import clock_note
from broker.cli.clock_note import FileNote, NoNote
from broker.cli.hall_wall import HallWall
from contracts.values import HallTime
from sim.clock import ManualClock
from sim.testing import Memory

AT = HallTime(1_773_104_400_000)


@pytest.fixture
def clock() -> ManualClock:
    """A machine's clock at nine in the morning."""
    return ManualClock(AT, monotonic_ms=77_000)


def test_it_is_the_machines_time(clock: ManualClock, log: Memory) -> None:
    """As long as nobody touches the clock, the hall's time is the machine's."""
    wall = HallWall(clock, log, not_before=HallTime(0))
    clock.advance_to(78_500)
    assert wall.read() == AT + 1_500
    assert log.events == []


def test_a_rehearsal_starts_where_it_is_told_to_and_runs_as_fast(clock: ManualClock, log: Memory) -> None:
    """--hall-clock-start shifts the clock, it does not stop or stretch it."""
    wall = HallWall(clock, log, not_before=HallTime(0), start=HallTime(5_000_000))
    clock.advance_to(87_000)
    assert wall.read() == 5_010_000


def test_a_clock_set_back_slows_the_hall_until_it_has_caught_up(clock: ManualClock, log: Memory) -> None:
    """An hour back: ten hours later both are together again, and no reading was before another."""
    wall = HallWall(clock, log, not_before=HallTime(0))
    clock.set_wall(HallTime(AT - 3_600_000))
    clock.advance_to(77_000 + 60_000)
    assert wall.read() == AT + 54_000
    clock.advance_to(77_000 + 9 * 3_600_000)
    assert wall.read() == AT + 9 * 3_600_000 * 9 // 10
    clock.advance_to(77_000 + 10 * 3_600_000)
    assert wall.read() == clock.wall_ms() == AT + 9 * 3_600_000


def test_it_does_not_start_before_it_ever_was(clock: ManualClock, log: Memory) -> None:
    """After a restart with a dead battery the hall goes on from what it had last kept."""
    wall = HallWall(clock, log, not_before=HallTime(AT + 500_000))
    assert wall.read() == AT + 500_000
    clock.advance_to(87_000)
    assert wall.read() == AT + 509_000


def test_a_jump_forward_is_followed_and_reported(clock: ManualClock, log: Memory) -> None:
    """The network brings the right time at last: the hall follows at once and the log says by how much."""
    wall = HallWall(clock, log, not_before=HallTime(0))
    clock.set_wall(HallTime(AT + 7_200_000))
    assert wall.read() == AT + 7_200_000
    assert log.lines == [("wall_clock_jumped", {"level": "warning", "by_ms": 7_200_000})]


@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(-10_000, 10_000)), max_size=60))
def test_it_never_goes_back(steps: list[tuple[int, int]]) -> None:
    """Whatever happens to the machine's clock, a later reading is never smaller, and never behind the machine."""
    clock = ManualClock(AT)
    wall = HallWall(clock, Memory(), not_before=HallTime(0))
    last = wall.read()
    for elapsed, push in steps:
        clock.advance_to(clock.monotonic_ms() + elapsed)
        clock.set_wall(HallTime(clock.wall_ms() + push))
        now = wall.read()
        assert now >= max(last, clock.wall_ms())
        last = now


def test_a_life_begins_where_the_last_was_read_though_the_machines_clock_was_set_back(
    clock: ManualClock, log: Memory, tmp_path: Path
) -> None:
    """I11: heartbeats have told everybody a time the database does not hold; after a kill -9 nobody hears an earlier one."""
    path = tmp_path / "hall-clock"
    with FileNote(path) as note:
        wall = HallWall(clock, log, not_before=AT, note=note)
        clock.advance_to(77_000 + 300_000)
        told = wall.read()
    clock.set_wall(HallTime(AT - 60_000))
    with FileNote(path) as note:
        assert HallWall(clock, log, not_before=AT, note=note).read() == told == AT + 300_000


@pytest.mark.parametrize("found", [b"", b"\0\0\1"])
def test_a_note_that_is_not_whole_counts_as_none(clock: ManualClock, log: Memory, tmp_path: Path, found: bytes) -> None:
    """The first start, or a file somebody has emptied: the database's time and the machine's are all there is."""
    path = tmp_path / "hall-clock"
    path.write_bytes(found)
    with FileNote(path) as note:
        assert HallWall(clock, log, not_before=HallTime(0), note=note).read() == AT


def test_the_note_lies_in_the_folder_systemd_gives(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """RuntimeDirectory= of the unit; without one there is none."""
    monkeypatch.delenv("RUNTIME_DIRECTORY", raising=False)
    assert isinstance(clock_note.in_run(), NoNote)
    monkeypatch.setenv("RUNTIME_DIRECTORY", f"{tmp_path}:/elsewhere")
    found = clock_note.in_run()
    assert isinstance(found, FileNote)
    found.write(AT)
    found.close()
    assert (tmp_path / "hall-clock").read_bytes() == AT.to_bytes(8, "big")
