"""The bytes of a journal: how a row is framed, and how every whole row is found again in a damaged file. Pure.

    file   HEADER row*
    row    FF 52 | length u32 | crc32 u32 | kind u8 | number u64 | payload        little-endian
           length and crc32 cover kind, number and payload; FF occurs in no UTF-8 text, so not in our JSON either

``KEPT`` holds a payload, ``DONE`` says that the kept row of that number is finished, ``NOTED`` (number 0) holds what the
node wants to know in its next life; the last one counts. ``KEPT_NOTED`` is a kept row and a note under one checksum, so that
neither can be left without the other: length of the note u32 | note | payload.
"""

import struct
import zlib
from dataclasses import dataclass
from enum import IntEnum

HEADER = b"hallworks journal 1\n"
MARK = b"\xffR"
MAX_PAYLOAD = 64 * 1024

_FRAME = struct.Struct("<2sII")
_BODY = struct.Struct("<BQ")
_LENGTH = struct.Struct("<I")
OVERHEAD = _FRAME.size + _BODY.size
"""What a row is longer than its payload."""


class Kind(IntEnum):
    """What a row says."""

    KEPT = 1
    DONE = 2
    NOTED = 3
    KEPT_NOTED = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``payload`` is empty for ``DONE``, both parts for ``KEPT_NOTED``."""

    kind: Kind
    number: int
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds. ``good_end`` is where the undamaged beginning ends.

    ``lost_bytes`` counts bytes that belong to no row; ``is_torn`` is true if they are only the beginning of a last row, as a
    power cut leaves it: such a row was never promised to anybody.
    """

    rows: tuple[Row, ...]
    good_end: int
    lost_bytes: int
    is_torn: bool


def frame(row: Row) -> bytes:
    """The bytes of a row."""
    body = _BODY.pack(row.kind, row.number) + row.payload
    return _FRAME.pack(MARK, len(body), zlib.crc32(body)) + body


def with_note(number: int, payload: bytes, note: bytes) -> Row:
    """A kept row and a note in one."""
    return Row(Kind.KEPT_NOTED, number, _LENGTH.pack(len(note)) + note + payload)


def parted(row: Row) -> tuple[bytes, bytes]:
    """Payload and note of a ``KEPT_NOTED``."""
    end = _LENGTH.size + _LENGTH.unpack_from(row.payload)[0]
    return row.payload[end:], row.payload[_LENGTH.size : end]


def read(data: bytes) -> Content:
    """Every whole row of a file, whatever has happened to the rest of it."""
    at = len(HEADER) if data.startswith(HEADER) else 0
    good_end, lost, rows, damaged = at, 0, [], at == 0
    while at < len(data):
        found = _row_at(data, at)
        if found is not None:
            row, at = found
            rows.append(row)
            good_end = at if not lost else good_end
            continue
        next_row = _next_row(data, at + 1)
        damaged = damaged or next_row is not None or not _may_be_torn(data[at:])
        end = len(data) if next_row is None else next_row
        lost, at = lost + end - at, end
    return Content(tuple(rows), good_end, lost, is_torn=lost > 0 and not damaged)


def _row_at(data: bytes, at: int) -> tuple[Row, int] | None:
    """The row that begins here and where it ends, if there is a whole and undamaged one."""
    if len(data) - at < _FRAME.size:
        return None
    mark, length, checksum = _FRAME.unpack_from(data, at)
    begin, end = at + _FRAME.size, at + _FRAME.size + length
    if mark != MARK or end > len(data) or not _BODY.size <= length <= _BODY.size + MAX_PAYLOAD:
        return None
    body = data[begin:end]
    if zlib.crc32(body) != checksum:
        return None
    kind, number = _BODY.unpack_from(body)
    if kind not in iter(Kind):
        return None
    return Row(Kind(kind), number, body[_BODY.size :]), end


def _next_row(data: bytes, at: int) -> int | None:
    while (at := data.find(MARK, at)) >= 0:
        if _row_at(data, at) is not None:
            return at
        at += 1
    return None


def _may_be_torn(tail: bytes) -> bool:
    """Whether this can be the first bytes of a row whose writing was cut."""
    if not tail.strip(b"\0"):  # the file had grown, the bytes had not reached the disk
        return True
    if len(tail) < _FRAME.size:
        return MARK.startswith(tail[:2])
    mark, length, _checksum = _FRAME.unpack_from(tail)
    return bool(mark == MARK and _BODY.size <= length <= _BODY.size + MAX_PAYLOAD and len(tail) < _FRAME.size + length)
