"""A serial text display of a few rows (客显): the staff side of a counter terminal and the face of a punch clock.

Commands of the Epson DM-D customer displays as their many clones repeat them: ``1B 40`` initialise, ``0C`` clear, ``1F 24``
column row for the cursor, both from 1, ``1F 01`` overwrite mode. Source: the tables "EPSON Command Mode" of the POS-X XP8200
manual (4.1.2; columns 1-20, rows 1-2) and "EPSON ESC/POS Compatible" of the POS-408 manual, which agree; read, not tried.
Less certain: Chinese text. It is sent as the two-byte codes of GB18030 (so GB2312 and GBK models read it too), one hanzi on
two cells; a model must be bought with a Chinese font, and its own manual decides.

The display never answers, so we cannot know whether it was switched off: everything is written anew after the wire opens
and every 30 s, then without initialising or clearing, which would flicker.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from contracts.values import Ms
from firmware.drivers.base import Output, Report, Send, TimeReached, WakeAt
from firmware.wire.base import WireLost, WireOpened

INITIALISE = b"\x1b\x40"
CLEAR = b"\x0c"
CURSOR = b"\x1f\x24"
OVERWRITE = b"\x1f\x01"
PAGE_STAYS: Ms = 3_000
REWRITE_EVERY: Ms = 30_000
MISSING = "〓"
"""Stands for a character the display cannot have (the printers' sign for a missing type)."""

PUNCTUATION = ",，。!！?？:：;；、)）》"
"""Belongs to what stands before it: no row begins with it."""

_UNBREAKABLE = re.compile(rf"(?:[!-~]+|.)[{re.escape(PUNCTUATION)}]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Show:
    """Command: show these lines. Long ones are wrapped; what does not fit at once is shown page after page."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextLost:
    """The display's line is gone; nothing can be read on it."""

    reason: str


@dataclass(frozen=True, slots=True)
class TextBack:
    """The display's line is open, at the start and after every loss."""


Row = bytes
"""The text of one row in the display's code: as many bytes as cells."""
Page = tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Unplugged:
    """No wire; the last wish is kept."""

    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Showing:
    """The wire is open and ``pages[page]`` was written to the glass."""

    lines: tuple[str, ...]
    pages: tuple[Page, ...]
    page: int
    turn_at: Ms | None
    rewrite_at: Ms


class TextLine:
    """A driver for a display of so many rows and columns (2 by 20 on the DM-D110 and its clones)."""

    def __init__(self, *, rows: int = 2, columns: int = 20) -> None:
        self._rows = rows
        self._columns = columns

    def begin(self, now: Ms) -> tuple[Unplugged | Showing, Sequence[Output]]:
        """Nothing to show, and no wire yet."""
        del now
        return Unplugged(), ()

    def _write_all(self, lines: tuple[str, ...], now: Ms) -> tuple[Showing, Sequence[Output]]:
        pages = pages_of(lines, self._rows, self._columns)
        state = Showing(lines, pages, 0, _turn_at(pages, now), now + REWRITE_EVERY)
        return state, (Send(INITIALISE + CLEAR + _write(pages[0])), Report(TextBack()), _wish(state))

    def _change(self, state: Showing, lines: tuple[str, ...], now: Ms) -> tuple[Showing, Sequence[Output]]:
        if lines == state.lines:
            return state, ()
        pages = pages_of(lines, self._rows, self._columns)
        changed = replace(state, lines=lines, pages=pages, page=0, turn_at=_turn_at(pages, now))
        return changed, (*_difference(state, changed), _wish(changed))

    def step(self, state: Unplugged | Showing, happening: object, now: Ms) -> tuple[Unplugged | Showing, Sequence[Output]]:
        """Wishes and waking in, bytes out."""
        match state, happening:
            case (Unplugged(), Show(lines)):
                return Unplugged(lines), ()
            case (_, WireOpened()):
                return self._write_all(state.lines, now)
            case (_, WireLost(reason)):
                return Unplugged(state.lines), (Report(TextLost(reason)), WakeAt(None))
            case (Showing(), Show(lines)):
                return self._change(state, lines, now)
            case (Showing(), TimeReached()):
                return _refresh(state, now)
            case _:
                return state, ()


def pages_of(lines: tuple[str, ...], rows: int, columns: int) -> tuple[Page, ...]:
    """What is shown page after page; a line that fits on one page is not torn over two."""
    pages: list[list[Row]] = [[]]
    for line in lines:
        wrapped = [row.ljust(columns) for row in _wrap(line, columns)]
        if len(wrapped) > rows - len(pages[-1]) and len(wrapped) <= rows:
            pages.append([])
        for row in wrapped:
            if len(pages[-1]) == rows:
                pages.append([])
            pages[-1].append(row)
    blank = b" " * columns
    return tuple((*page, *[blank] * (rows - len(page))) for page in pages)


def _refresh(state: Showing, now: Ms) -> tuple[Showing, Sequence[Output]]:
    """Turn the page if it is time, and write everything again if it is time."""
    before = state
    if state.turn_at is not None and now >= state.turn_at:
        state = replace(state, page=(state.page + 1) % len(state.pages), turn_at=now + PAGE_STAYS)
    if now >= state.rewrite_at:
        state = replace(state, rewrite_at=now + REWRITE_EVERY)
        return state, (Send(OVERWRITE + _write(state.pages[state.page])), _wish(state))
    return state, (*_difference(before, state), _wish(state))


def _turn_at(pages: tuple[Page, ...], now: Ms) -> Ms | None:
    return now + PAGE_STAYS if len(pages) > 1 else None


def _wish(state: Showing) -> WakeAt:
    return WakeAt(state.rewrite_at if state.turn_at is None else min(state.turn_at, state.rewrite_at))


def _difference(before: Showing, after: Showing) -> tuple[Send, ...]:
    """The rows that change, and nothing else."""
    data = _write(after.pages[after.page], unlike=before.pages[before.page])
    return (Send(data),) if data else ()


def _write(page: Page, unlike: Page | None = None) -> bytes:
    rows = [(number, row) for number, row in enumerate(page, 1) if unlike is None or unlike[number - 1] != row]
    return b"".join(CURSOR + bytes([1, number]) + row for number, row in rows)


@lru_cache(maxsize=256)
def _wrap(line: str, columns: int) -> tuple[Row, ...]:
    """Cut a line into rows, between clauses if that takes no more rows, else between hanzi, words and numbers."""
    pieces = _UNBREAKABLE.findall(line)
    rows, by_clause = _fill(pieces, columns), _fill(_clauses(pieces, columns), columns)
    return tuple(by_clause if len(by_clause) <= len(rows) else rows)


def _clauses(pieces: list[str], columns: int) -> list[str]:
    """The pieces joined into clauses; a clause that is longer than a row stays in pieces."""
    ends = [number for number, piece in enumerate(pieces, 1) if piece[-1] in PUNCTUATION or piece == " "]
    spans = zip([0, *ends], [*ends, len(pieces)], strict=True)
    clauses = [pieces[start:end] for start, end in spans]
    return [one for clause in clauses for one in (["".join(clause)] if _cells(clause) <= columns else clause)]


def _cells(pieces: list[str]) -> int:
    return sum(len(_code(character)) for character in "".join(pieces).rstrip())


def _fill(pieces: list[str], columns: int) -> list[Row]:
    """Put pieces into rows, whole where they fit; no row but the first begins with a space."""
    rows = [b""]
    for piece in pieces:
        if len(rows[-1]) + _cells([piece]) > columns and rows[-1]:
            rows.append(b"")
        for code in map(_code, piece):
            if len(rows[-1]) + len(code) > columns:
                rows.append(b"")
            if code != b" " or rows[-1] or len(rows) == 1:
                rows[-1] += code
    return rows


def _code(character: str) -> bytes:
    """One cell or two; a control character (it would be a command) is a space, what has no short code is missing."""
    if character < " " or character == "\x7f":
        return b" "
    code = character.encode("gb18030", errors="replace")
    return code if len(code) <= 2 else MISSING.encode("gb18030")  # noqa: PLR2004 - a cell or two
