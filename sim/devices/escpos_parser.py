"""Takes ESC/POS bytes, cut anywhere, apart into commands: which bytes belong together, not what they do.

Lengths are honoured before anything else, so a status request is never found inside a picture or a QR code, and a picture
that breaks off half-way swallows what follows, as in a real printer. Sources: Epson's command tables for the TM series and
the Chinese additions (FS commands) of GB18030 printers.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

_DLE = 0x10
_TEXT = re.compile(rb"[\x20-\xff]+")
_CUTS_WITH_FEED = (65, 66, 97, 98, 103, 104)
_BARCODES_ENDED_BY_NUL = 6
_COLUMNS_OF_24_DOTS = (32, 33)
_MOST_TABS = 32


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name as in the tables (``GS v 0``, ``LF``; ``text``), what follows the name, its size on the wire."""

    name: str
    args: bytes = b""
    size: int = 0
    known: bool = True


class IncompleteError(Exception):
    """The command goes on beyond the bytes that are there."""


class _Cursor:
    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self.at = at

    def take(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self._data):
            raise IncompleteError
        taken = self._data[self.at : end]
        self.at = end
        return taken

    def take_until_nul(self, most: int) -> bytes:
        taken = b""
        while not taken.endswith(b"\x00") and len(taken) <= most:
            taken += self.take(1)
        return taken


_Tail = Callable[[_Cursor], bytes]


def _plain(count: int) -> _Tail:
    return lambda cursor: cursor.take(count)


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _counted(length_bytes: int) -> _Tail:
    def tail(cursor: _Cursor) -> bytes:
        return cursor.take(_little(cursor.take(length_bytes)))

    return tail


def _raster(cursor: _Cursor) -> bytes:
    head = cursor.take(5)
    return head + cursor.take(_little(head[1:3]) * _little(head[3:5]))


def _columns(cursor: _Cursor) -> bytes:
    head = cursor.take(3)
    return head + cursor.take(_little(head[1:3]) * (3 if head[0] in _COLUMNS_OF_24_DOTS else 1))


def _cut(cursor: _Cursor) -> bytes:
    how = cursor.take(1)
    return how + cursor.take(1) if how[0] in _CUTS_WITH_FEED else how


def _barcode(cursor: _Cursor) -> bytes:
    kind = cursor.take(1)
    if kind[0] <= _BARCODES_ENDED_BY_NUL:
        return kind + cursor.take_until_nul(255)
    count = cursor.take(1)
    return kind + cursor.take(count[0])


def _tabs(cursor: _Cursor) -> bytes:
    return cursor.take_until_nul(_MOST_TABS)


_TAILS: dict[bytes, tuple[str, _Tail]] = {
    b"\x1b@": ("ESC @", _plain(0)),
    b"\x1b2": ("ESC 2", _plain(0)),
    b"\x1bD": ("ESC D", _tabs),
    b"\x1b*": ("ESC *", _columns),
    b"\x1b$": ("ESC $", _plain(2)),
    b"\x1b\\": ("ESC \\", _plain(2)),
    b"\x1bp": ("ESC p", _plain(3)),
    b"\x1bB": ("ESC B", _plain(2)),
    b"\x1bc": ("ESC c", _plain(2)),
    **{bytes((0x1B, code)): (f"ESC {chr(code) if code != 0x20 else 'SP'}", _plain(1)) for code in b"aE!dJteG-M3R{= "},  # noqa: PLR2004 - the space's own name
    b"\x1dv0": ("GS v 0", _raster),
    b"\x1dV": ("GS V", _cut),
    b"\x1d(k": ("GS ( k", _counted(2)),
    b"\x1d(L": ("GS ( L", _counted(2)),
    b"\x1d8L": ("GS ( L", _counted(4)),
    b"\x1dL": ("GS L", _plain(2)),
    b"\x1dW": ("GS W", _plain(2)),
    b"\x1dP": ("GS P", _plain(2)),
    **{bytes((0x1D, code)): (f"GS {chr(code)}", _plain(1)) for code in b"!BraIb"},
    b"\x1c&": ("FS &", _plain(0)),
    b"\x1c.": ("FS .", _plain(0)),
    b"\x1cS": ("FS S", _plain(2)),
    **{bytes((0x1C, code)): (f"FS {chr(code)}", _plain(1)) for code in b"!WC-"},
    b"\x10\x04": ("DLE EOT", _plain(1)),
    b"\x10\x05": ("DLE ENQ", _plain(1)),
    b"\x10\x14": ("DLE DC4", _plain(3)),
}
_UNSUPPORTED: dict[bytes, tuple[str, _Tail]] = {
    b"\x1dk": ("GS k", _barcode),
    **{b"\x1d(" + bytes((code,)): (f"GS ( {chr(code)}", _counted(2)) for code in range(0x41, 0x7B) if code not in b"kL"},
    **{b"\x1c(" + bytes((code,)): (f"FS ( {chr(code)}", _counted(2)) for code in range(0x41, 0x7B)},
}
"""Commands whose length is known but not whose effect: they are reported as unknown and do not spoil what follows."""
_GO_ON = frozenset(name[:2] for name in (*_TAILS, *_UNSUPPORTED) if len(name) > 2)  # noqa: PLR2004 - a two-byte beginning
_SINGLE = {0x09: "HT", 0x0A: "LF", 0x0C: "FF", 0x0D: "CR", 0x18: "CAN"}
_LONGEST_NAME = 3


def _introduced(data: bytes, start: int) -> Command:
    for length in range(2, _LONGEST_NAME + 1):
        prefix = data[start : start + length]
        if len(prefix) < length:
            raise IncompleteError
        for table, known in ((_TAILS, True), (_UNSUPPORTED, False)):
            if prefix in table:
                name, tail = table[prefix]
                cursor = _Cursor(data, start + length)
                args = tail(cursor)
                return Command(name, args, cursor.at - start, known=known)
        if prefix not in _GO_ON:
            break
    return Command(data[start : start + 2].hex(" "), size=2, known=False)


def _next(data: bytes, start: int) -> Command:
    lead = data[start]
    if text := _TEXT.match(data, start):
        return Command("text", text.group(), len(text.group()))
    if lead in (0x1B, 0x1C, 0x1D, _DLE):
        return _introduced(data, start)
    if lead in _SINGLE:
        return Command(_SINGLE[lead], size=1)
    return Command(f"{lead:02x}", size=1, known=lead == 0)


class Parser:
    """Keeps the start of a command until the rest has come."""

    def __init__(self) -> None:
        self._waiting = b""

    def feed(self, data: bytes) -> list[Command]:
        """The commands that are complete now, in order."""
        self._waiting += data
        commands = []
        at = 0
        while at < len(self._waiting):
            try:
                command = _next(self._waiting, at)
            except IncompleteError:
                break
            at += command.size
            commands.append(command)
        self._waiting = self._waiting[at:]
        return commands

    def forget(self) -> None:
        """Power was lost."""
        self._waiting = b""
