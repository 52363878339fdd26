"""The hash chain over the facts: each hash covers a fact as stored and the hash before it.

Whoever changes, drops, swaps or slips in a fact breaks every hash behind it. What a chain without a key cannot show is a
tail cut off together with the head kept in ``meta``, or a whole chain written anew; both need a copy kept elsewhere.
"""

import hashlib
from typing import NamedTuple

import msgspec

from contracts.values import HallTime, RequestId

BEFORE_THE_FIRST = bytes(32)
"""What the first fact's hash follows."""


class Row(NamedTuple):
    """A fact as it lies in the file, not decoded: the body is its canonical JSON."""

    number: int
    at: HallTime
    request_id: RequestId | None
    kind: str
    body: str


class Head(NamedTuple):
    """The last fact's number and hash; (0, zeros) while there is none."""

    number: int
    hash: bytes


NO_FACTS = Head(0, BEFORE_THE_FIRST)
_encode = msgspec.json.Encoder().encode


def link(before: bytes, row: Row) -> bytes:
    """SHA-256 of the hash before and the JSON array of the row, 32 bytes."""
    return hashlib.sha256(before + _encode(row)).digest()
