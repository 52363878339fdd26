"""What a sign area says: takes the card's text with its escapes apart and lays it out in lines and pages of cells.

Chinese characters are GB2312, 16, 24 or 32 dots square; ASCII is half as wide. Source: the maker's protocol description,
chapters 9.1 and 11.1.
"""

import re
from dataclasses import dataclass
from datetime import datetime

_TOKEN = re.compile(
    rb"\\FO00(?P<hanzi_font>[0-2])|\\FE00(?P<latin_font>[0-2])|\\C(?P<colour>[1-7])|(?P<line>\\n)"
    rb"|\\D(?P<clock>[HMSYLDW])|\\T[^|]{0,12}\|(?P<picture>)|\\W[CF]\d\d(?P<temperature>)"
    rb"|(?P<hanzi>[\xa1-\xf7][\xa1-\xfe])|(?P<ascii>[\x20-\x7e])|(?P<other>(?s:.))"
)
_HEIGHTS = (16, 24, 32)
RED, GREEN, BLUE = 1, 2, 4
_COLOURS = (RED, GREEN, RED | GREEN, BLUE, GREEN | BLUE, RED | BLUE, RED | GREEN | BLUE)
_WEEKDAYS = "一二三四五六日"
_CLOCK = {b"Y": "%Y", b"L": "%m", b"D": "%d", b"H": "%H", b"M": "%M", b"S": "%S"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One character: ``height`` dots high, in red, green and blue bits."""

    char: str
    colour: int
    height: int

    @property
    def width(self) -> int:
        """Dots: a full square, or half of it for ASCII."""
        return self.height if ord(self.char) > 0x7F else self.height // 2  # noqa: PLR2004 - the end of ASCII


Line = tuple[Cell, ...]


def width_of(line: Line) -> int:
    """Dots to the right."""
    return sum(cell.width for cell in line)


def words(lines: tuple[Line, ...]) -> str:
    """What lines say."""
    return "\n".join("".join(cell.char for cell in line) for line in lines)


@dataclass(frozen=True, slots=True)
class Text:
    """Text taken apart: its lines as its sender broke them, and what the card has no picture for."""

    lines: tuple[Line, ...]
    unshown: tuple[str, ...]

    @property
    def heights(self) -> set[int]:
        """The heights of the fonts in it."""
        return {cell.height for line in self.lines for cell in line}


class _Reader:
    def __init__(self, clock: datetime) -> None:
        self._clock = clock
        self._colour = RED
        self._hanzi_height = self._latin_height = _HEIGHTS[0]
        self.lines: list[list[Cell]] = [[]]
        self.unshown: list[str] = []

    def take(self, kind: str, value: bytes) -> None:
        match kind:
            case "hanzi_font":
                self._hanzi_height = _HEIGHTS[int(value)]
            case "latin_font":
                self._latin_height = _HEIGHTS[int(value)]
            case "colour":
                self._colour = _COLOURS[int(value) - 1]
            case "line":
                self.lines.append([])
            case "clock":
                self._put(f"{self._clock:{_CLOCK[value]}}" if value in _CLOCK else _WEEKDAYS[self._clock.weekday()])
            case "hanzi":
                self._put_hanzi(value)
            case "ascii":
                self._put(value.decode("ascii"))
            case _:
                self.unshown.append(value.hex(" ") if value else kind)

    def _put(self, text: str) -> None:
        for char in text:
            height = self._hanzi_height if ord(char) > 0x7F else self._latin_height  # noqa: PLR2004 - the end of ASCII
            self.lines[-1].append(Cell(char, self._colour, height))

    def _put_hanzi(self, value: bytes) -> None:
        try:
            self._put(value.decode("gb18030"))
        except UnicodeDecodeError:
            self.unshown.append(value.hex(" "))


def read(data: bytes, clock: datetime) -> Text:
    """Take a text apart. ``clock`` is the card's own, for texts that show the time."""
    reader = _Reader(clock)
    for token in _TOKEN.finditer(data):
        kind = token.lastgroup or "other"
        reader.take(kind, token.group(kind))
    return Text(tuple(tuple(line) for line in reader.lines), tuple(reader.unshown))


def wrap_lines(lines: tuple[Line, ...], width: int) -> tuple[Line, ...]:
    """Break lines wherever the next cell would not fit."""
    wrapped: list[Line] = []
    for line in lines:
        begun: list[Cell] = []
        for cell in line:
            if begun and width_of(tuple(begun)) + cell.width > width:
                wrapped.append(tuple(begun))
                begun = []
            begun.append(cell)
        wrapped.append(tuple(begun))
    return tuple(wrapped)


def pages(lines: tuple[Line, ...], lines_a_page: int) -> tuple[tuple[Line, ...], ...]:
    """Lines in groups that fit the area one after the other."""
    return tuple(lines[at : at + lines_a_page] for at in range(0, len(lines), lines_a_page))
