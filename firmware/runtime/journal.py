"""What a node must not forget: an append-only file, fsync'd row by row, that survives a cut at any byte.

A kept row is safe when ``keep`` returns, and stays until ``done``. The mark that ends a row is written at once but synced
only with the next kept row: if a power cut takes it, the row is sent once more, and the service answers as the first time.
"""

import contextlib
import errno
import fcntl
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from firmware.runtime.files import replace_file, sync_folder, write_at, write_atomically
from firmware.runtime.journal_rows import HEADER, MAX_PAYLOAD, OVERHEAD, Content, Kind, Row, frame, parted, read, with_note
from firmware.runtime.node import Log

MAX_BYTES = 32 * 1024 * 1024
"""About 80,000 punches; more unanswered rows than that are refused, and the node says so."""
COMPACT_ABOVE = 256 * 1024


class JournalError(OSError):
    """The journal cannot be used; says what to do."""


class Journal:
    """Opens (or makes) the journal at ``path``; ``unfinished`` holds the rows that still matter, oldest first.

    A damaged file is set aside as ``<path>.damaged-<n>`` and every whole row of it is kept. Raises :class:`JournalError` if
    another process has it open, ``OSError`` if the file cannot be read.
    """

    def __init__(self, path: Path, log: Log, *, max_bytes: int = MAX_BYTES, compact_above: int = COMPACT_ABOVE) -> None:
        self._path = path
        self._log = log
        self._max_bytes = max_bytes
        self._compact_above = compact_above
        self._rows: dict[int, bytes] = {}
        self._note = b""
        self._next = 1
        self._end = 0
        self._live = 0
        self._is_named = False
        self._lock_file = _locked(path)
        try:
            self._handle = self._open()
        except BaseException:
            os.close(self._lock_file)
            raise

    @property
    def unfinished(self) -> Mapping[int, bytes]:
        """Payloads of the rows that are not done, by number, oldest first."""
        return MappingProxyType(self._rows)

    @property
    def note(self) -> bytes:
        """The last note that was made; it outlives every row. Empty if there was none."""
        return self._note

    def keep(self, payload: bytes, note: bytes = b"") -> int:
        """Append a row and make it safe; returns its number. ``OSError``: nothing was kept, and nothing else was hurt.

        A ``note`` becomes safe together with the row, and replaces the note before.
        """
        number = self._next
        kept = with_note(number, payload, note) if note else Row(Kind.KEPT, number, payload)
        if len(kept.payload) > MAX_PAYLOAD:
            raise JournalError(errno.EMSGSIZE, f"a row of {len(kept.payload)} bytes; at most {MAX_PAYLOAD} are kept")
        row = frame(kept)
        if self._end + len(row) > self._max_bytes:
            self._compact()
        if self._end + len(row) > self._max_bytes:
            what = f"the journal is full: {len(self._rows)} rows wait for an answer of the rules service"
            raise JournalError(errno.ENOSPC, what, str(self._path))
        self._append(row, sync=True)
        self._next, self._rows[number] = number + 1, payload
        self._live += len(payload) + OVERHEAD
        if note:
            self._live += len(_noted(note)) - len(_noted(self._note))
            self._note = note
        return number

    def done(self, number: int) -> None:
        """This row has been answered and need not be kept. A disk that cannot note it is logged: the row is sent again."""
        payload = self._rows.pop(number, None)
        if payload is None:
            return
        self._live -= len(payload) + OVERHEAD
        try:
            self._append(frame(Row(Kind.DONE, number)), sync=False)
        except OSError as error:
            self._log("journal_mark_failed", level="warning", error=str(error))
        if self._end > self._compact_above and self._live * 2 < self._end:
            self._compact()

    def close(self) -> None:
        """Sync and close the file."""
        with contextlib.suppress(OSError):
            os.fsync(self._handle)
        os.close(self._handle)
        os.close(self._lock_file)

    # --- The file ---------------------------------------------------------------------------------------------------------

    def _append(self, row: bytes, *, sync: bool) -> None:
        """Write at the end of what is good. After a failure the next row overwrites what this one left behind.

        What is promised must be in the file that has the name after a power cut. The name is not safe yet after a rewriting,
        nor at the start: the life before may have been killed right after one.
        """
        try:
            write_at(self._handle, row, self._end)
            if sync:
                os.fsync(self._handle)
            if sync and not self._is_named:
                sync_folder(self._path.parent)
                self._is_named = True
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle, self._end)
            raise
        self._end += len(row)

    def _open(self) -> int:
        data = self._path.read_bytes() if self._path.exists() else b""
        content = read(data)
        for row in content.rows:
            match row.kind:
                case Kind.KEPT:
                    self._rows[row.number] = row.payload
                case Kind.KEPT_NOTED:
                    self._rows[row.number], self._note = parted(row)
                case Kind.DONE:
                    self._rows.pop(row.number, None)
                case Kind.NOTED:
                    self._note = row.payload
        self._next = 1 + max((row.number for row in content.rows), default=0)
        self._live = self._count_live()
        if not data:
            os.close(self._rewrite())
        elif content.lost_bytes and not content.is_torn:
            self._set_aside(data, content)
        handle = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        self._end = os.fstat(handle).st_size
        if content.is_torn:
            self._log("journal_tail_cut", level="warning", bytes=content.lost_bytes, rows=len(self._rows))
            self._end = content.good_end
            os.ftruncate(handle, self._end)
        return handle

    def _set_aside(self, data: bytes, content: Content) -> None:
        """Keep the evidence, and a clean file with every whole row. Without room for that, the damaged file serves on."""
        aside = _free_name(self._path)
        try:
            write_atomically(aside, data)
            os.close(self._rewrite())
        except OSError as error:
            self._log("journal_not_set_aside", level="error", error=str(error))
        advice = f"a power cut or failing storage; give {aside} to support, replace the SD card if it happens again"
        self._log("journal_damaged", level="error", bytes=content.lost_bytes, rows=len(self._rows), advice=advice)

    def _count_live(self) -> int:
        return len(_noted(self._note)) + sum(len(payload) + OVERHEAD for payload in self._rows.values())

    def _rewrite(self) -> int:
        rows = (frame(Row(Kind.KEPT, number, payload)) for number, payload in self._rows.items())
        return replace_file(self._path, HEADER + _noted(self._note) + b"".join(rows))

    def _compact(self) -> None:
        """Write the file anew without what is done. If there is no room for that, the old file serves on."""
        try:
            handle = self._rewrite()
        except OSError as error:
            self._log("journal_not_compacted", level="warning", error=str(error))
            return
        os.close(self._handle)
        self._handle, self._end, self._is_named = handle, os.fstat(handle).st_size, False


def _noted(note: bytes) -> bytes:
    return frame(Row(Kind.NOTED, 0, note)) if note else b""


def _locked(path: Path) -> int:
    """Hold a lock beside the journal for as long as this process has it open."""
    handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        what = "another process has this journal open; stop the other instance of this node first"
        raise JournalError(error.errno, what, str(path)) from error
    return handle


def _free_name(path: Path) -> Path:
    number = 1
    while (name := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return name
