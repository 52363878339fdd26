"""The paper in a thermal printer: lines, pictures and codes at their places in dots, and the pieces that are cut off.

The cutter sits beyond the print head. So every piece starts with a blank margin of that distance, and a cut without feeding
goes through what was printed last: the end of one ticket then hangs on the next. Nothing is drawn until somebody looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from PIL import Image

from contracts.values import Ms
from sim.devices.ink import Bitmap, Code, Ink

_WHITE = 255


class Cut(StrEnum):
    """How a piece of paper came off."""

    FULL = "full"
    PARTIAL = "partial"
    """Hangs by a bridge; whoever takes it tears that."""
    TORN = "torn"
    """Not cut at all: pulled out by hand, or left over when the roll ended."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Ink at its place on the paper; turned when the printer prints upside down."""

    x: int
    y: int
    ink: Ink
    turned: bool = False

    @property
    def bottom(self) -> int:
        """The first dot row below it."""
        return self.y + self.ink.height


@dataclass(frozen=True, slots=True)
class TextLine:
    """What one printed line says, and where it stands."""

    y: int
    bottom: int
    text: str


@dataclass(frozen=True)
class Paper:
    """A piece of paper that has come out of the printer."""

    at: Ms
    cut: Cut
    width: int
    length: int
    """In dots; 8 dots are a millimetre."""
    complete: bool
    """It begins and ends at a cut, no cut goes through print, and the printer lost nothing of it."""
    marks: tuple[Mark, ...] = field(repr=False)
    text_lines: tuple[TextLine, ...] = field(repr=False)

    @property
    def lines(self) -> list[str]:
        """The printed lines that say something, in reading order, without the blanks around them."""
        return [line.text.strip() for line in self.text_lines if line.text.strip()]

    @property
    def text(self) -> str:
        """All lines, one below the other."""
        return "\n".join(self.lines)

    @property
    def qr_payloads(self) -> list[bytes]:
        """What the printer's own QR codes hold; a code sent as a picture must be read from the picture."""
        return [mark.ink.payload for mark in self.marks if isinstance(mark.ink, Code)]

    @property
    def pictures(self) -> list[Bitmap]:
        """The rasters on it."""
        return [mark.ink for mark in self.marks if isinstance(mark.ink, Bitmap)]

    @cached_property
    def image(self) -> Image.Image:
        """What one sees: mode ``L``, black on white."""
        sheet = Image.new("L", (self.width, max(1, self.length)), _WHITE)
        for mark in self.marks:
            dots = mark.ink.dots()
            if mark.turned:
                dots = dots.transpose(Image.Transpose.ROTATE_180)
            sheet.paste(0, (mark.x, mark.y), dots)
        return sheet


class Sheet:
    """The paper between the roll and the cutter, measured from its free end."""

    def __init__(self, width: int, gap: int) -> None:
        self.width = width
        self.gap = gap
        self.y = gap
        """Where the head is."""
        self.fed = 0
        """How far the paper has moved in all."""
        self.fallen: list[Paper] = []
        """Pieces that have just come off; whoever takes them empties this."""
        self._marks: list[Mark] = []
        self._lines: list[TextLine] = []
        self._preset_cuts: list[tuple[int, Cut]] = []
        self._is_spoilt = False

    @property
    def is_blank(self) -> bool:
        """Nothing has been printed since the last cut."""
        return not self._marks

    def spoil(self) -> None:
        """Something that belongs on this piece is lost, or belongs to another."""
        self._is_spoilt = True

    def print_marks(self, marks: Sequence[Mark], text: str = "") -> None:
        """Put ink down; ``text`` is what it says."""
        self._marks += marks
        if text and marks:
            self._lines.append(TextLine(min(mark.y for mark in marks), max(mark.bottom for mark in marks), text))

    def feed(self, dots: int) -> None:
        """Move the paper on."""
        self.y += dots
        self.fed += dots
        while self._preset_cuts and self.y - self.gap >= self._preset_cuts[0][0]:
            at, cut = self._preset_cuts.pop(0)
            self._come_off(at, cut, sliced=self._straddle(at))

    def preset_cut(self, dots: int, cut: Cut) -> None:
        """Cut ``dots`` below what is printed now, once that reaches the cutter."""
        self._preset_cuts.append((self.y + dots, cut))

    def cut(self, cut: Cut) -> None:
        """Cut where the cutter stands: ``gap`` dots before the head."""
        at = self.y - self.gap
        self._come_off(at, cut, sliced=any(mark.bottom > at for mark in self._marks))

    def tear(self) -> None:
        """Pull out everything up to the head, print or blank."""
        self.spoil()
        self._come_off(self.y, Cut.TORN, sliced=False)
        self.y = self.gap

    def _straddle(self, at: int) -> bool:
        return any(mark.y < at < mark.bottom for mark in self._marks)

    def _come_off(self, at: int, cut: Cut, *, sliced: bool) -> None:
        off = [mark for mark in self._marks if mark.y < at]
        kept = [mark for mark in self._marks if mark.bottom > at]
        if off:
            lines = tuple(line for line in self._lines if line.y < at)
            self.fallen.append(Paper(0, cut, self.width, at, not (self._is_spoilt or sliced), tuple(off), lines))
        self._marks = [replace(mark, y=mark.y - at) for mark in kept]
        self._lines = [replace(line, y=line.y - at, bottom=line.bottom - at) for line in self._lines if line.y >= at]
        self._preset_cuts = [(where - at, how) for where, how in self._preset_cuts]
        self._is_spoilt = sliced
        self.y -= at
