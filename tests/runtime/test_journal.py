"""The journal gives back exactly what was kept and not done, whatever has happened to its file."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.runtime.journal import Journal, JournalError
from firmware.runtime.journal_rows import HEADER, Kind, Row, frame, read
from sim.testing import Memory

PAYLOADS = [b'{"punch":1}', b'{"punch":22}', b'{"punch":"\xe5\xbc\xa0"}']


def kept(path: Path, log: Memory) -> list[bytes]:
    """What a new life finds in a journal."""
    journal = Journal(path, log)
    try:
        return list(journal.unfinished.values())
    finally:
        journal.close()


def written(path: Path, log: Memory) -> bytes:
    """A journal of three rows, of which the second is done; returns its bytes."""
    journal = Journal(path, log)
    numbers = [journal.keep(payload) for payload in PAYLOADS]
    journal.done(numbers[1])
    journal.close()
    return path.read_bytes()


def test_a_row_has_the_bytes_that_are_documented() -> None:
    """FF 52, length 9 + 2 and CRC-32 little-endian, kind 1, number 7, payload; the CRC is gzip's."""
    body = bytes.fromhex("01 07 00 00 00 00 00 00 00 6f 6b")
    assert frame(Row(Kind.KEPT, 7, b"ok")) == bytes.fromhex("ff 52 0b 00 00 00 ed ba d0 70") + body


def test_rows_come_back_in_order_without_those_that_are_done(tmp_path: Path, log: Memory) -> None:
    """Oldest first, across lives."""
    path = tmp_path / "journal"
    written(path, log)
    assert kept(path, log) == [PAYLOADS[0], PAYLOADS[2]]
    assert kept(path, log) == [PAYLOADS[0], PAYLOADS[2]]
    assert log.events == []


def test_a_cut_at_every_byte_loses_only_the_row_that_was_being_written(tmp_path: Path, log: Memory) -> None:
    """Every row whose ``keep`` had returned is there, nothing is invented, and the journal goes on."""
    whole = written(tmp_path / "whole", log)
    ends = [read(whole[:cut]).good_end for cut in range(len(whole) + 1)]
    for cut in range(len(HEADER), len(whole) + 1):
        path = tmp_path / f"cut-{cut}"
        path.write_bytes(whole[:cut])
        before = len(log.lines)
        rows = [row for row in read(whole).rows if len(HEADER) <= cut and _end_of(whole, row) <= cut]
        done = {row.number for row in rows if row.kind is Kind.DONE}
        assert kept(path, log) == [row.payload for row in rows if row.kind is Kind.KEPT and row.number not in done]
        assert log.events[before:] == ([] if ends[cut] == cut else ["journal_tail_cut"])
        journal = Journal(path, log)
        journal.keep(b"after")
        journal.close()
        assert kept(path, log)[-1] == b"after"


def _end_of(whole: bytes, wanted: Row) -> int:
    """Where a row ends in the file."""
    return whole.index(frame(wanted)) + len(frame(wanted))


def test_a_flipped_bit_anywhere_costs_at_most_its_own_row(tmp_path: Path, log: Memory) -> None:
    """The other rows are kept, the damage is reported with advice, and the file is set aside for whoever asks."""
    whole = written(tmp_path / "whole", log)
    for at in range(len(whole)):
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[at] ^= 1 << bit
            path = tmp_path / f"flip-{at}-{bit}"
            path.write_bytes(damaged)
            before = len(log.lines)
            found = kept(path, log)
            assert set(found) <= set(PAYLOADS)
            assert len(found) >= (1 if at >= len(HEADER) else 2)
            assert log.events[before:] in (["journal_damaged"], ["journal_tail_cut"])
            if log.events[-1] == "journal_damaged":
                assert path.with_name(path.name + ".damaged-1").read_bytes() == damaged
            assert kept(path, log) == found, "the second life finds a clean file"
            assert len(log.lines) == before + 1


def test_only_the_last_row_can_pass_for_a_cut(tmp_path: Path, log: Memory) -> None:
    """Damage in the middle is never taken for a power cut: rows behind it prove otherwise."""
    whole = written(tmp_path / "whole", log)
    last = read(whole).rows[-1]
    for at in range(len(HEADER), _end_of(whole, last) - len(frame(last))):
        damaged = bytearray(whole)
        damaged[at] ^= 0x10
        assert not read(bytes(damaged)).is_torn


@given(st.lists(st.binary(max_size=40), max_size=5), st.binary(max_size=60))
def test_noise_before_a_good_row_never_hides_it(payloads: list[bytes], noise: bytes) -> None:
    """Whatever stands between, every whole row is found again."""
    rows = [Row(Kind.KEPT, number, payload) for number, payload in enumerate(payloads)]
    data = HEADER + b"".join(noise + frame(row) for row in rows)
    assert [row for row in read(data).rows if row in rows] == rows


def test_a_tail_of_zeros_is_a_cut(tmp_path: Path, log: Memory) -> None:
    """After a power cut a file may have grown without its bytes."""
    path = tmp_path / "journal"
    path.write_bytes(written(path, log) + bytes(64))
    assert kept(path, log) == [PAYLOADS[0], PAYLOADS[2]]
    assert log.events == ["journal_tail_cut"]


def note_in(path: Path, log: Memory) -> bytes:
    """The note a new life finds."""
    journal = Journal(path, log)
    try:
        return journal.note
    finally:
        journal.close()


def test_a_note_outlives_its_row_and_every_rewriting(tmp_path: Path, log: Memory) -> None:
    """Of a thousand rows that are all answered, the last note remains, and the file stays small."""
    path = tmp_path / "journal"
    journal = Journal(path, log, compact_above=2_000)
    for number in range(1_000):
        journal.done(journal.keep(b"x" * 50, b"note %d" % number))
    journal.done(journal.keep(b"a row without a note"))
    journal.close()
    assert path.stat().st_size < 3_000
    assert note_in(path, log) == b"note 999"
    assert kept(path, log) == []


def test_a_note_is_safe_with_its_row_or_neither_was_promised(tmp_path: Path, log: Memory) -> None:
    """Cut anywhere in the two: the note of before or the new one, and never the new one without its row."""
    path = tmp_path / "journal"
    journal = Journal(path, log)
    journal.keep(b"first", b"note 1")
    size = path.stat().st_size
    journal.keep(b"second", b"note 2")
    journal.close()
    whole = path.read_bytes()
    for cut in range(size, len(whole) + 1):
        path.write_bytes(whole[:cut])
        note, rows = note_in(path, log), kept(path, log)
        assert note == (b"note 2" if cut == len(whole) else b"note 1")
        assert rows[:1] == [b"first"]
        assert note == b"note 1" or rows == [b"first", b"second"]


def test_a_full_disk_refuses_the_row_and_hurts_nothing_else(
    tmp_path: Path, log: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a row on a full disk is undone; what was kept before and is kept later stays whole."""
    path = tmp_path / "journal"
    journal = Journal(path, log)
    journal.keep(PAYLOADS[0])
    size = path.stat().st_size
    real = os.pwrite
    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", _disk_with_room_for(real, 7))
        with pytest.raises(OSError, match="No space left"):
            journal.keep(PAYLOADS[1])
    assert path.stat().st_size == size
    assert list(journal.unfinished.values()) == [PAYLOADS[0]]
    journal.keep(PAYLOADS[2])
    journal.close()
    assert kept(path, log) == [PAYLOADS[0], PAYLOADS[2]]


def _disk_with_room_for(real: object, room: int) -> object:
    """The operating system's pwrite on a disk that has room for so many bytes more."""

    def pwrite(handle: int, data: bytes, offset: int) -> int:
        nonlocal room
        if room == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = real(handle, data[:room], offset)  # type: ignore[operator]  # os.pwrite
        room -= taken
        return int(taken)

    return pwrite


def test_a_failed_fsync_is_no_promise(tmp_path: Path, log: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk does not say that a row is safe, it does not count as kept."""
    path = tmp_path / "journal"
    journal = Journal(path, log)

    def failing(_handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", failing)
        with pytest.raises(OSError, match="Input/output"):
            journal.keep(PAYLOADS[0])
    journal.close()
    assert kept(path, log) == []


def test_a_row_is_on_disk_before_keep_returns(tmp_path: Path, log: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sync comes after the last byte of the row and before the return."""
    path = tmp_path / "journal"
    journal = Journal(path, log)
    synced: list[int] = []
    real = os.fsync

    def watched(handle: int) -> None:
        real(handle)
        synced.append(os.fstat(handle).st_size)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", watched)
        journal.keep(PAYLOADS[0])
    assert synced[0] == path.stat().st_size
    journal.close()


def test_the_journal_has_a_limit_and_says_what_fills_it(tmp_path: Path, log: Memory) -> None:
    """A service that never answers does not fill the SD card."""
    journal = Journal(tmp_path / "journal", log, max_bytes=400)
    journal.keep(b"x" * 150)
    journal.keep(b"x" * 150)
    with pytest.raises(JournalError, match="the journal is full: 2 rows wait for an answer"):
        journal.keep(b"x" * 150)
    assert len(journal.unfinished) == 2
    journal.done(1)
    journal.keep(b"y" * 150)
    journal.close()
    assert kept(tmp_path / "journal", log) == [b"x" * 150, b"y" * 150]


def test_what_is_done_leaves_the_file(tmp_path: Path, log: Memory) -> None:
    """A busy pad does not grow a file for ever, and the rewriting loses nothing."""
    path = tmp_path / "journal"
    journal = Journal(path, log, compact_above=2_000)
    first = journal.keep(b"never answered")
    for _ in range(200):
        journal.done(journal.keep(b"x" * 100))
    assert list(journal.unfinished) == [first]
    assert path.stat().st_size < 3_000
    last = journal.keep(b"last")
    journal.close()
    assert kept(path, log) == [b"never answered", b"last"]
    assert last > 200


def test_two_processes_never_share_a_journal(tmp_path: Path, log: Memory) -> None:
    """A second instance of a node is told to go, and the first is not disturbed."""
    journal = Journal(tmp_path / "journal", log)
    with pytest.raises(JournalError, match="stop the other instance"):
        Journal(tmp_path / "journal", log)
    journal.keep(PAYLOADS[0])
    journal.close()
    assert kept(tmp_path / "journal", log) == [PAYLOADS[0]]


def test_numbers_are_never_given_twice(tmp_path: Path, log: Memory) -> None:
    """A mark of an earlier life can never end a row of a later one."""
    path = tmp_path / "journal"
    journal = Journal(path, log)
    last = journal.keep(PAYLOADS[0])
    journal.done(last)
    journal.close()
    journal = Journal(path, log)
    assert journal.keep(PAYLOADS[1]) > last
    journal.close()
