"""The record of what a process did to its files, as ``recorder.c`` writes it, and the marks of what it had promised."""

import json
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

_HEAD = struct.Struct("=IIqqQ")
CREATED, EMPTIED, FOLDER = 1, 2, 4
"""How a file was opened, as bits."""


class Kind(IntEnum):
    """What was done; the numbers stand in ``recorder.c`` too."""

    BEGIN = 0
    OPEN = 1
    CLOSE = 2
    WRITE = 3
    TRUNCATE = 4
    SYNC = 5
    UNLINK = 6
    RENAME = 7
    MAKE_FOLDER = 8
    MARK = 100


@dataclass(frozen=True, slots=True)
class Done:
    """One call that succeeded; ``file`` is its descriptor, ``at`` an offset or a size, ``data`` bytes or a path."""

    kind: Kind
    how: int
    file: int
    at: int
    data: bytes

    @property
    def mark(self) -> dict[str, Any]:
        """What a mark says."""
        said: dict[str, Any] = json.loads(self.data)
        return said


def read(path: Path) -> list[Done]:
    """The whole record. A last entry that is cut off, because its process was killed while writing it, is left away."""
    return list(_entries(path.read_bytes()))


def _entries(data: bytes) -> Iterator[Done]:
    at = 0
    while at + _HEAD.size <= len(data):
        kind, how, file, offset, length = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        if at + length > len(data):
            return
        yield Done(Kind(kind), how, file, offset, data[at : at + length])
        at += length


class Marks:
    """Lets the recorded process say in the record, in its place among the calls, what it has just promised."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def say(self, **what: Any) -> None:
        """Write one mark."""
        data = json.dumps(what).encode()
        os.write(self._file, _HEAD.pack(Kind.MARK, 0, 0, 0, len(data)) + data)
