"""Frames of Onbon BX-5K sign cards, as a card sees them: finds requests among noise, builds replies.

A frame is one or more A5, then header, data and checksum with A5, A6, 5A and 5B escaped, then 5A. Checksum and lengths count
the bytes before escaping. Source: the maker's protocol description for the BX-5K/6K, version 1.4, chapters 3 to 7.
"""

import re
from dataclasses import dataclass
from functools import lru_cache, reduce

_START, _END = 0xA5, 0x5A
_ESCAPE = re.compile(rb"[\xa6\x5b](?s:.)?")
_UNESCAPED = {b"\xa6\x02": b"\xa5", b"\xa6\x01": b"\xa6", b"\x5b\x02": b"\x5a", b"\x5b\x01": b"\x5b"}
_RESERVED = re.compile(rb"[\xa5\xa6\x5a\x5b]")
_ESCAPED = {plain: escaped for escaped, plain in _UNESCAPED.items()}
_PREAMBLE = bytes((_START,)) * 8
_HEADER = 14
_CHECK = 2
_LONGEST = 4096
"""A card's buffer is far smaller; noise without an end must not pile up."""
ANSWER_AS_BROADCAST = 0xFFFE
BROADCAST = 0xFFFF
ANY_DEVICE = 0xFE
_PROTOCOL = 0x02


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame with a readable header. If ``check_ok`` is false nothing in it can be trusted, not even its addresses."""

    destination: int
    source: int
    display_mode: int
    device_type: int
    data: bytes
    check_ok: bool


@dataclass(frozen=True, slots=True)
class BadFrame:
    """Bytes that began like a frame."""

    raw: bytes
    reason: str


@lru_cache
def _crc_table() -> tuple[int, ...]:
    return tuple(reduce(lambda rest, _: rest >> 1 ^ (0xA001 if rest & 1 else 0), range(8), byte) for byte in range(256))


def crc16(data: bytes) -> int:
    """CRC-16/ARC: polynomial 8005 reflected, start 0."""
    table = _crc_table()
    crc = 0
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc


def _word(covered: bytes, at: int) -> int:
    return int.from_bytes(covered[at : at + 2], "little")


def _check_holds(covered: bytes, check: bytes) -> bool:
    by_crc, by_sum = 0, 1
    mode = covered[8]
    value = int.from_bytes(check, "little")
    return (mode == by_crc and value == crc16(covered)) or (mode == by_sum and value == sum(covered) & 0xFFFF)


@lru_cache(maxsize=4096)
def _unwrap(body: bytes) -> Frame | BadFrame:
    if any(match.group() not in _UNESCAPED for match in _ESCAPE.finditer(body)):
        return BadFrame(body, "an escape that does not exist")
    plain = _ESCAPE.sub(lambda match: _UNESCAPED[match.group()], body)
    if len(plain) < _HEADER + _CHECK:
        return BadFrame(body, "shorter than a header")
    covered, check = plain[:-_CHECK], plain[-_CHECK:]
    check_ok = _check_holds(covered, check)
    if check_ok and covered[7] & 1:
        return BadFrame(body, "a bar code in the header, which a 5K card does not know")
    if check_ok and _word(covered, 12) != len(covered) - _HEADER:
        return BadFrame(body, f"data length {_word(covered, 12)} announced, {len(covered) - _HEADER} sent")
    return Frame(_word(covered, 0), _word(covered, 2), covered[9], covered[10], covered[_HEADER:], check_ok)


@lru_cache(maxsize=4096)
def wrap(destination: int, source: int, data: bytes) -> bytes:
    """A frame on the wire, as a card sends it."""
    header = destination.to_bytes(2, "little") + source.to_bytes(2, "little") + bytes(6)
    covered = header + bytes((ANY_DEVICE, _PROTOCOL)) + len(data).to_bytes(2, "little") + data
    plain = covered + crc16(covered).to_bytes(_CHECK, "little")
    return _PREAMBLE + _RESERVED.sub(lambda match: _ESCAPED[match.group()], plain) + bytes((_END,))


class FrameFinder:
    """Keeps the start of a frame until the rest has come; a new start ends whatever was there before."""

    def __init__(self) -> None:
        self._waiting = b""

    def feed(self, data: bytes) -> list[Frame | BadFrame]:
        """The frames that are complete now, in order."""
        self._waiting += data
        found: list[Frame | BadFrame] = []
        while (end := self._waiting.find(_END)) >= 0:
            found += self._split(self._waiting[:end])
            self._waiting = self._waiting[end + 1 :]
        self._waiting = self._waiting[-_LONGEST:] if _START in self._waiting else b""
        return found

    @staticmethod
    def _split(raw: bytes) -> list[Frame | BadFrame]:
        _, *pieces = raw.split(bytes((_START,)))
        broken: list[Frame | BadFrame] = [BadFrame(piece, "broken off") for piece in pieces[:-1] if piece]
        return [*broken, *(_unwrap(piece) for piece in pieces[-1:] if piece)]
