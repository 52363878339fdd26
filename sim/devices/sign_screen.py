"""The picture of an LED sign: its dynamic areas, how long they stay, and the dots that are lit at a moment.

Areas live in memory only. Source: the maker's protocol description, chapter 9.1. Scrolling text is drawn as its first page:
what matters to a test is what the sign says, ``text`` gives all of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from PIL import Image

from contracts.values import Ms
from sim.devices.fonts import DOTS, dots_cell, outline_cell
from sim.devices.sign_text import Cell, Line, Text, pages, read, width_of, words, wrap_lines

_FIXED_BYTES = 27
_PIXELS = 0x8000
_LAST_PAGE, _UNTIL_TIMEOUT = 1, 2
_SINGLE_LINE, _AUTO_WRAP = 1, 2
_SIDEWAYS = (3, 4)
_UP_DOWN = (5, 6)
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""For texts that show no clock; makes them one entry of a cache."""


class AreaError(ValueError):
    """A card cannot show this area; the message says why."""


@dataclass(frozen=True, slots=True)
class Area:
    """One dynamic area as it was sent. Places and sizes in dots."""

    number: int
    left: int
    top: int
    width: int
    height: int
    line_spacing: int
    run_mode: int
    timeout_s: int
    align: int
    single_line: bool
    auto_wrap: bool
    effect: int
    stay_halves: int
    data: bytes

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom."""
        return (self.left, self.top, self.left + self.width, self.top + self.height)


def _across(raw: bytes) -> int:
    value = int.from_bytes(raw, "little")
    return value & ~_PIXELS if value & _PIXELS else value * 8


@lru_cache(maxsize=1024)
def parse_area(raw: bytes) -> Area:
    """Read the AreaData of command A3 06. Raises ``AreaError``."""
    if len(raw) < _FIXED_BYTES:
        raise AreaError(f"area data of {len(raw)} bytes")
    if raw[14] or raw[15]:
        raise AreaError("voice or typesetting bytes, which a 5K card does not know")
    length = int.from_bytes(raw[23:27], "little")
    if length != len(raw) - _FIXED_BYTES:
        raise AreaError(f"text of {length} bytes announced, {len(raw) - _FIXED_BYTES} sent")
    accepted = {0: (0,), 11: (0, 1, 2), 17: (1, 2), 18: (1, 2), 19: range(1, 7)}
    for at, values in accepted.items():
        if raw[at] not in values:
            raise AreaError(f"byte {at} of the area is {raw[at]:02x}")
    return Area(
        number=raw[9],
        left=_across(raw[1:3]),
        top=int.from_bytes(raw[3:5], "little"),
        width=_across(raw[5:7]),
        height=int.from_bytes(raw[7:9], "little"),
        line_spacing=raw[10],
        run_mode=raw[11],
        timeout_s=int.from_bytes(raw[12:14], "little"),
        align=raw[16],
        single_line=raw[17] == _SINGLE_LINE,
        auto_wrap=raw[18] == _AUTO_WRAP,
        effect=raw[19],
        stay_halves=raw[22],
        data=raw[_FIXED_BYTES:],
    )


def _lines_a_page(area: Area, text: Text) -> int:
    line = max(text.heights, default=DOTS) + area.line_spacing
    return 1 if area.single_line else max(1, (area.height + area.line_spacing) // line)


def _as_shown(area: Area, clock: datetime) -> datetime:
    return clock if b"\\D" in area.data else _ANY_TIME


def layout(area: Area, clock: datetime) -> tuple[tuple[Line, ...], ...]:
    """The pages of an area."""
    return _layout(area, _as_shown(area, clock))


def misfits(area: Area, clock: datetime) -> tuple[str, ...]:
    """Why people will not be able to read this area whole; empty if they will."""
    return _misfits(area, _as_shown(area, clock))


@lru_cache(maxsize=1024)
def _layout(area: Area, clock: datetime) -> tuple[tuple[Line, ...], ...]:
    text = read(area.data, clock)
    lines = wrap_lines(text.lines, area.width) if area.auto_wrap and area.effect not in _SIDEWAYS else text.lines
    return pages(lines, _lines_a_page(area, text))


@lru_cache(maxsize=1024)
def _misfits(area: Area, clock: datetime) -> tuple[str, ...]:
    text = read(area.data, clock)
    laid = layout(area, clock)
    found = [f"{what} cannot be shown" for what in text.unshown]
    if len(text.heights) > 1:
        found.append(f"fonts of {sorted(text.heights)} dots in one area")
    if max(text.heights, default=0) > area.height:
        found.append(f"{max(text.heights)} dots high, {area.height} fit")
    widest = max((width_of(line) for page in laid for line in page), default=0)
    if widest > area.width and area.effect not in _SIDEWAYS:
        found.append(f"{widest} dots wide, {area.width} fit")
    if len(laid) > 1 and area.effect not in _UP_DOWN:
        found.append(f"{len(laid)} pages")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Shown:
    """An area and since when."""

    area: Area
    since: Ms

    def is_visible(self, now: Ms) -> bool:
        """Not yet deleted by its own timeout."""
        return self.area.run_mode != _UNTIL_TIMEOUT or now - self.since < self.area.timeout_s * 1000

    def page(self, now: Ms, clock: datetime) -> tuple[Line, ...]:
        """The page that is on now."""
        laid = layout(self.area, clock)
        if len(laid) == 1 or self.area.stay_halves == 0:
            return laid[0]
        turned = (now - self.since) // (self.area.stay_halves * 500)
        return laid[min(turned, len(laid) - 1) if self.area.run_mode == _LAST_PAGE else turned % len(laid)]


def _cell_dots(cell: Cell) -> Image.Image:
    return dots_cell(cell.char) if cell.height == DOTS else outline_cell(cell.char, cell.width, cell.height)


def _offset(free: int, how: int) -> int:
    return (0, free, free // 2, 0)[how & 3] if free > 0 else 0


def draw(area: Area, page: tuple[Line, ...]) -> Image.Image:
    """The dots of one page, mode ``L``: each dot holds its red, green and blue bits."""
    dots = Image.new("L", (area.width, area.height), 0)
    heights = [max((cell.height for cell in line), default=DOTS) for line in page]
    y = _offset(area.height - sum(heights) - area.line_spacing * (len(page) - 1), area.align >> 2)
    for line, height in zip(page, heights, strict=True):
        x = _offset(area.width - width_of(line), area.align)
        for cell in line:
            dots.paste(cell.colour, (x, y), _cell_dots(cell))
            x += cell.width
        y += height + area.line_spacing
    return dots


def words_on(shown: Iterable[Shown], now: Ms, clock: datetime) -> str:
    """What people read, areas from top to bottom; of a scrolling area all of it."""
    said = []
    for one in sorted(shown, key=lambda one: (one.area.top, one.area.left)):
        scrolls = one.area.effect in (*_SIDEWAYS, *_UP_DOWN)
        said.append(words(read(one.area.data, clock).lines if scrolls else one.page(now, clock)))
    return "\n".join(said)
