"""Sentences on a main board of so many rows and columns: nothing is cut, what finds no room takes turns. Pure."""

import re
from collections.abc import Sequence

WIDEST = 32
"""Half-width cells in a row of the boards that are sold: 16 hanzi."""
LEAST_FOR_OTHERS = 2
"""Rows that take turns, however many are called."""

_CLAUSE = re.compile(r"[^,， ]+[,， ]?|[,， ]")

Sentence = list[str]
"""The rows of one sentence."""


def rows(line: str, columns: int = WIDEST) -> Sentence:
    """A sentence in rows of the board: broken after a comma or at a space, and only where that is not enough within."""
    found = [""]
    for clause in _CLAUSE.findall(line):
        for piece in _pieces(clause, columns):
            if found[-1] and _cells(found[-1] + piece.rstrip()) > columns:
                found.append("")
            found[-1] += piece
    return [row.strip() for row in found]


def page(fixed: Sequence[Sentence], others: Sequence[Sentence], height: int | None, turn: int) -> tuple[str, ...]:
    """What a board of this height shows at this turn: ``fixed`` from the top, then a part of the others.

    What of ``fixed`` leaves no room for the others takes turns with them. A sentence is torn over two turns only if it is
    longer than the room there is. A board of unknown height shows everything.
    """
    if height is None:
        return tuple(row for sentence in (*fixed, *others) for row in sentence)
    top: list[str] = []
    moving: list[Sentence] = []
    for sentence in fixed:
        if not moving and len(top) + len(sentence) <= max(height - LEAST_FOR_OTHERS, 0):
            top += sentence
        else:
            moving.append(sentence)
    pages = _pages([*moving, *others], max(height - len(top), 1))
    return (*top, *(pages[turn % len(pages)] if pages else ()))


def _pages(sentences: Sequence[Sentence], room: int) -> list[list[str]]:
    pages: list[list[str]] = []
    for sentence in sentences:
        for start in range(0, len(sentence), room):
            part = sentence[start : start + room]
            if pages and len(pages[-1]) + len(part) <= room:
                pages[-1] += part
            else:
                pages.append(list(part))
    return pages


def _pieces(clause: str, columns: int) -> list[str]:
    """A clause that is longer than a row, in equal parts."""
    parts = -(-_cells(clause.rstrip()) // columns)
    each = -(-len(clause) // parts) if parts else len(clause)
    return [clause[start : start + each] for start in range(0, len(clause), max(each, 1))]


def _cells(row: str) -> int:
    return 2 * len(row) - sum(map(str.isascii, row))
