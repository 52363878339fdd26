"""What charts are drawn with: Pillow and the simplified-Chinese face of the simulated paper (``sim.devices.fonts``)."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from sim.devices.fonts import face_file

Colour = tuple[int, int, int]
PAPER: Colour = (255, 255, 255)
INK: Colour = (32, 36, 44)
FAINT: Colour = (120, 126, 136)
GRID: Colour = (226, 229, 234)
SERIES: tuple[Colour, ...] = (
    (31, 119, 180),
    (255, 127, 14),
    (44, 160, 44),
    (214, 39, 40),
    (148, 103, 189),
    (140, 86, 75),
    (227, 119, 194),
    (23, 157, 168),
)
"""Told apart also by people who see red and green alike, in this order of brightness."""
_STEPS = (1, 2, 5)


class Box(NamedTuple):
    """Where a plot lies, in dots from the upper left corner."""

    left: int
    top: int
    right: int
    bottom: int


@lru_cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face_file()), size)


class Sheet:
    """A white sheet to draw on."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width, height), PAPER)
        self._draw = ImageDraw.Draw(self.image)

    def save(self, path: Path) -> None:
        """Write it as PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.image.save(path, optimize=True)

    def text(self, at: tuple[float, float], text: str, size: int = 16, colour: Colour = INK, anchor: str = "la") -> None:
        """A line of text; ``anchor`` as Pillow has it."""
        self._draw.text(at, text, fill=colour, font=_font(size), anchor=anchor)

    def bar(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """A filled rectangle; nothing if it has no height or width."""
        if right - left >= 1 and bottom - top >= 1:
            self._draw.rectangle((round(left), round(top), round(right) - 1, round(bottom) - 1), fill=colour)

    def line(self, points: Sequence[tuple[float, float]], colour: Colour, width: int = 1) -> None:
        """A line through these points."""
        self._draw.line(points, fill=colour, width=width, joint="curve")

    def legend(self, left: float, top: float, entries: Sequence[tuple[str, Colour]], size: int = 15) -> None:
        """Squares of colour with their names in one row."""
        for name, colour in entries:
            self.bar(left, top + 3, left + size - 2, top + size + 1, colour)
            self.text((left + size + 4, top), name, size)
            left += size + 24 + _font(size).getlength(name)

    def scale(self, box: Box, most: float, unit: str) -> float:
        """Horizontal lines with their values up to ``most``; returns the value at the top of the box."""
        step = nice_step(most)
        top = step * max(1, -(-most // step))
        value = 0.0
        while value <= top:
            y = height_of(box, value, top)
            self.line(((box.left, y), (box.right, y)), GRID)
            self.text((box.left - 8, y), f"{value:g}", 14, FAINT, "rm")
            value += step
        self.text((box.left - 8, box.top - 14), unit, 14, FAINT, "rd")
        return top


def nice_step(most: float) -> float:
    """A round distance between four to eight lines."""
    wanted, size = most / 5, 1.0
    while True:
        for step in _STEPS:
            if step * size >= wanted:
                return step * size
        size *= 10


def height_of(box: Box, value: float, top: float) -> float:
    """Where a value lies in a box whose upper edge stands for ``top``."""
    return box.bottom - (box.bottom - box.top) * value / top
