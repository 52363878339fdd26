"""How far the hall clock has been read, kept where a ``kill -9`` does not reach and an SD card does not wear: in /run.

The database keeps the hall clock with every fact, and in a quiet hall every ten minutes. Between those, heartbeats have told
everybody a later time; a service that dies, on a machine whose clock is set back at the same time, must not tell an earlier
one afterwards (I11). A power cut loses the note with the rest of /run; then the battery-less clock of the machine and the
database are all there is.
"""

import os
from pathlib import Path
from typing import Protocol, Self

from contracts.values import HallTime

_BYTES = 8


class Note(Protocol):
    """Remembers one hall time over the end of the process."""

    def read(self) -> HallTime:
        """What was written last, 0 if nothing ever was."""

    def write(self, at: HallTime) -> None:
        """Remember this; cheap enough for every reading of the clock."""


class NoNote:
    """Where no folder for it exists."""

    def read(self) -> HallTime:
        """Nothing is known."""
        return HallTime(0)

    def write(self, at: HallTime) -> None:
        """Nothing is kept."""


class FileNote:
    """Eight bytes in a file that stays open; never synced, because it lives in memory."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def read(self) -> HallTime:
        """See :class:`Note`; a file cut short counts as nothing."""
        data = os.pread(self._handle, _BYTES, 0)
        return HallTime(int.from_bytes(data, "big") if len(data) == _BYTES else 0)

    def write(self, at: HallTime) -> None:
        """See :class:`Note`."""
        os.pwrite(self._handle, at.to_bytes(_BYTES, "big"), 0)

    def close(self) -> None:
        """Give the file back."""
        os.close(self._handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def in_run() -> Note:
    """The note in the folder that systemd gave us (``RuntimeDirectory=``), or none."""
    folder = os.environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    return FileNote(Path(folder) / "hall-clock") if folder else NoNote()
