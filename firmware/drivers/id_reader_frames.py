"""Frames of the serial reader of ID cards (SDT, with the SAM inside): 115200 8N1. Pure.

    AA AA AA 96 69 | length, high byte first | body | check      length = body + 1; check = XOR of length and body

The body of a request is command and parameter; that of a reply is SW1 SW2 SW3 and data, and SW3 says what came of it. The
reply to "read" (1295 bytes) has the lengths of its blocks first: text 256, photo 1024. The photo is dropped here and goes
nowhere.
Source: hardware notes 4.
"""

from dataclasses import dataclass, field
from functools import reduce
from operator import xor

PREAMBLE = bytes.fromhex("AA AA AA 96 69")
SHORTEST_BODY = 3
LONGEST_BODY = 3 + 6 + 256 + 1024 + 1024
"""Text, photo and two fingerprints: more than any reply has."""

TEXT_BYTES, PHOTO_BYTES = 256, 1024

FOUND = 0x9F
DONE = 0x90
NO_CARD = 0x80
SAM_FAILED = frozenset({0x60, 0x66})
"""The self-test of the security module failed; it is not authorised: the reader needs repair."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole frame with the right check. ``status`` is SW3; ``text`` the text block of a card, if there is one."""

    status: int
    text: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Garbled:
    """A frame whose check is wrong, or whose blocks are not those of a card."""


def request(command: int, parameter: int) -> bytes:
    """The bytes of a request."""
    body = bytes((0, 3, command, parameter))
    return PREAMBLE + body + bytes((_check(body),))


def _check(data: bytes) -> int:
    return reduce(xor, data, 0)


@dataclass(frozen=True, slots=True)
class Decoder:
    """Finds replies in bytes cut anywhere; whatever is no frame is skipped."""

    waiting: bytes = field(default=b"", repr=False)

    def feed(self, data: bytes) -> "tuple[Decoder, list[Reply | Garbled]]":
        """The decoder after these bytes, and what they complete."""
        found: list[Reply | Garbled] = []
        waiting = self.waiting + data
        while True:
            waiting = _from_preamble(waiting)
            size = _size(waiting)
            if size is None or size > len(waiting):
                return Decoder(waiting), found
            if size == 0:
                waiting = waiting[1:]
                continue
            reply = _reply(waiting[len(PREAMBLE) : size])
            found.append(reply)
            waiting = waiting[1:] if isinstance(reply, Garbled) else waiting[size:]


EMPTY = Decoder()


def _from_preamble(data: bytes) -> bytes:
    """From the first preamble on, whole or begun at the very end."""
    at = data.find(PREAMBLE)
    if at >= 0:
        return data[at:]
    kept = next((size for size in range(len(PREAMBLE) - 1, 0, -1) if data.endswith(PREAMBLE[:size])), 0)
    return data[len(data) - kept :]


def _size(data: bytes) -> int | None:
    """The size of the whole frame, ``None`` if it cannot be known yet, 0 if this begins no frame."""
    head = len(PREAMBLE) + 2
    if len(data) < head:
        return None
    length = int.from_bytes(data[len(PREAMBLE) : head], "big")
    return head + length if SHORTEST_BODY < length <= LONGEST_BODY + 1 else 0


def _reply(frame: bytes) -> Reply | Garbled:
    """Length, body and check of a frame."""
    if _check(frame) != 0:
        return Garbled()
    status, data = frame[4], frame[5:-1]
    if status != DONE or len(data) < 2 * TEXT_BYTES:
        return Reply(status)
    if int.from_bytes(data[:2], "big") != TEXT_BYTES or int.from_bytes(data[2:4], "big") != PHOTO_BYTES:
        return Garbled()
    return Reply(status, data[4 : 4 + TEXT_BYTES]) if len(data) == 4 + TEXT_BYTES + PHOTO_BYTES else Garbled()
