"""Frames of the PN532 on a serial line (HSU), 115200 8N1 (hardware notes 3.2). Pure.

A frame is ``00 00 FF LEN LCS TFI data DCS 00``: LEN counts TFI and data, LCS makes LEN zero, DCS makes TFI and data zero,
all modulo 256. An acknowledgement is ``00 00 FF 00 FF 00``. The reader says D5 where we say D4.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

HOST, READER = 0xD4, 0xD5
_START = b"\x00\xff"
_SHORTEST = 5
"""Start, LEN, LCS and what follows an empty frame."""
LONGEST = 64
"""The answers this driver asks for are shorter; whatever claims to be longer is noise."""

WAKE_UP = b"\x55\x55" + bytes(14)
"""Sent before the first command: the reader sleeps until it hears it."""


@dataclass(frozen=True, slots=True)
class Ack:
    """The reader has taken a command and works on it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader answers: the code of the command plus one, and its data."""

    code: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """The reader could not carry a command out (``7F``): a syntax error by its notes, in truth mostly a lost byte."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """The bytes of the line that are not yet understood."""

    rest: bytes = b""


def command(code: int, data: bytes = b"") -> bytes:
    """A frame that asks for something."""
    body = bytes([HOST, code]) + data
    length = len(body)
    return b"\x00\x00\xff" + bytes([length, -length & 0xFF]) + body + bytes([-sum(body) & 0xFF, 0x00])


def take(incoming: Incoming, data: bytes) -> tuple[Incoming, tuple[Ack | Answer | Failed, ...]]:
    """What is complete with these bytes. Noise and frames with a wrong sum are passed over; the next good one is found."""
    rest = incoming.rest + data
    found: list[Ack | Answer | Failed] = []
    while True:
        start = rest.find(_START)
        if start < 0:
            return replace(incoming, rest=rest[-1:]), tuple(found)
        rest = rest[start:]
        if len(rest) < _SHORTEST:
            return replace(incoming, rest=rest), tuple(found)
        length, sum_of_length = rest[2], rest[3]
        if (length, sum_of_length) == (0x00, 0xFF):
            found.append(Ack())
            rest = rest[4:]
        elif (length + sum_of_length) & 0xFF or not 0 < length <= LONGEST:
            rest = rest[1:]
        elif len(rest) < 4 + length + 1:
            return replace(incoming, rest=rest), tuple(found)
        else:
            body, checksum = rest[4 : 4 + length], rest[4 + length]
            is_good = (sum(body) + checksum) & 0xFF == 0
            found += _understood(body) if is_good else ()
            rest = rest[4 + length + 1 :] if is_good else rest[1:]


def _understood(body: bytes) -> Iterator[Answer | Failed]:
    if body == b"\x7f":
        yield Failed()
    elif len(body) > 1 and body[0] == READER:
        yield Answer(body[1], body[2:])
