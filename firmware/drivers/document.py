"""What can stand on a paper: plain lines without any printer's language. The driver breaks and encodes them."""

from dataclasses import dataclass
from enum import Enum

from firmware.drivers.columns import plain


class Align(Enum):
    """Where a line stands; the value is the operand of ``ESC a``."""

    LEFT = 0
    CENTRE = 1
    RIGHT = 2


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph; broken into as many rows as it needs. ``size`` 2 is double width and height, 1 to 8."""

    text: str
    size: int = 1
    align: Align = Align.LEFT
    bold: bool = False

    @property
    def plain(self) -> str:
        """The text as it may reach a printer: no control characters."""
        return plain(self.text)


@dataclass(frozen=True, slots=True)
class Rule:
    """A dashed line over the whole width."""


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code (model 2), centred. ``correction`` is L or M; ``dots`` is the size of one module."""

    data: str
    dots: int = 6
    correction: str = "M"


@dataclass(frozen=True, slots=True)
class Feed:
    """Empty rows."""

    rows: int = 1


Line = Text | Rule | Qr | Feed
Document = tuple[Line, ...]
