"""The keys of single days: without them nothing personal can be read, wherever copies of it lie.

They are kept beside the database, not in it, so that no backup of it holds them; destroying one is what ends a retention.
"""

import os
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Protocol

from broker.sealing import Kind
from firmware.runtime.files import make_folder, sync_folder, write_atomically

KEY_BYTES = 32
_DESTROYED = bytes(KEY_BYTES)
"""What a power cut leaves of a key that was just being destroyed."""
FOLDER = "identity"


class KeyFileError(ValueError):
    """A file in the folder of identity keys is no key of ours; says which, and what to do."""


class KeyRing(Protocol):
    """The keys of single days, by what they protect."""

    def get(self, kind: Kind, day: date) -> bytes | None:
        """The key of a day, ``None`` if it was never made or is destroyed."""

    def make(self, kind: Kind, day: date) -> bytes:
        """The key of a day, drawn if there is none yet; it is safe on disk before it is used."""

    def destroy(self, kind: Kind, day: date) -> None:
        """Never again."""

    def days(self, kind: Kind) -> Iterable[date]:
        """The days that have a key."""


class MemoryKeys:
    """Keys without a disk, for the simulator and for tests. ``entropy(n)`` gives n random bytes."""

    def __init__(self, entropy: Callable[[int], bytes]) -> None:
        self._entropy = entropy
        self._keys: dict[tuple[Kind, date], bytes] = {}

    def get(self, kind: Kind, day: date) -> bytes | None:
        """See :class:`KeyRing`."""
        return self._keys.get((kind, day))

    def make(self, kind: Kind, day: date) -> bytes:
        """See :class:`KeyRing`."""
        if (kind, day) not in self._keys:
            self._keys[kind, day] = self._entropy(KEY_BYTES)
        return self._keys[kind, day]

    def destroy(self, kind: Kind, day: date) -> None:
        """See :class:`KeyRing`."""
        self._keys.pop((kind, day), None)

    def days(self, kind: Kind) -> list[date]:
        """See :class:`KeyRing`."""
        return [day for of, day in self._keys if of is kind]


class FileKeys(MemoryKeys):
    """One file a day and kind, ``2026-03-10.ticket``, 64 hex digits, for the service's account alone (mode 0600).

    All are read when it is made. Raises :class:`KeyFileError` for a file that holds no key.
    """

    def __init__(self, folder: Path, entropy: Callable[[int], bytes] = os.urandom) -> None:
        super().__init__(entropy)
        self._folder = folder
        make_folder(folder)
        folder.chmod(0o700)
        for path in sorted(folder.iterdir()):
            if path.suffix == ".new":
                path.unlink()  # a key that was never used: a power cut came between drawing and keeping it
            elif path.suffix.removeprefix(".") in set(Kind):
                self._keys[Kind(path.suffix[1:]), _day(path)] = _read(path)
        for kind, day in [of for of, key in self._keys.items() if key == _DESTROYED]:
            self.destroy(kind, day)

    def make(self, kind: Kind, day: date) -> bytes:
        """See :class:`KeyRing`."""
        known = self.get(kind, day)
        if known is not None:
            return known
        key = self._entropy(KEY_BYTES)
        previous = os.umask(0o177)
        try:
            write_atomically(self._path(kind, day), key.hex().encode() + b"\n")
        finally:
            os.umask(previous)
        self._keys[kind, day] = key
        return key

    def destroy(self, kind: Kind, day: date) -> None:
        """Overwritten where it lies, as far as the disk allows that, and removed."""
        super().destroy(kind, day)
        path = self._path(kind, day)
        if path.exists():
            with path.open("r+b") as file:
                file.write(_DESTROYED.hex().encode())
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            sync_folder(self._folder)

    def _path(self, kind: Kind, day: date) -> Path:
        return _path(self._folder, kind, day)


def key_on_disk(folder: Path, kind: Kind, day: date) -> bytes | None:
    """The key of a day as it lies there, touching nothing: the service may be writing meanwhile.

    Raises :class:`KeyFileError` for a file that holds no key, ``PermissionError`` for whoever may not read it.
    """
    path = _path(folder, kind, day)
    key = _read(path) if path.exists() else _DESTROYED
    return None if key == _DESTROYED else key


def _path(folder: Path, kind: Kind, day: date) -> Path:
    return folder / f"{day.isoformat()}.{kind.value}"


def _day(path: Path) -> date:
    try:
        return date.fromisoformat(path.stem)
    except ValueError as error:
        raise KeyFileError(f"{path} is named after no day; move it away") from error


def _read(path: Path) -> bytes:
    """A key that a power cut has half destroyed is all zeros, and as good as gone."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise KeyFileError(_ADVICE.format(path=path)) from error
    if len(key) != KEY_BYTES:
        raise KeyFileError(_ADVICE.format(path=path))
    return key


_ADVICE = "{path} is no identity key; put the original file back, or remove it: what it protects can then not be read again"
