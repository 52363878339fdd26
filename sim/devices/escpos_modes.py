"""The modes of an ESC/POS printer: everything that stays set until changed, and the commands that change it.

Latin letters obey ``ESC !`` and ``ESC -``; hanzi ``FS !``, ``FS W`` and ``FS -``; both obey ``GS !``, ``GS B``, ``ESC E``
and ``ESC G``. Of two commands about the same thing the later one counts. Source: the manuals of GB18030 receipt printers.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sim.devices.ink import Style

HANZI = (24, 24)
FONT_A = (12, 24)
FONT_B = (9, 17)
LINE = 30
"""Dots from one line to the next after ``ESC @``: 3.75 mm at 8 dots per mm."""
_MOST = 7
_PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Modes:
    """Everything ``ESC @`` resets. Lengths in dots, tabs in columns of the Latin font."""

    latin: Style = _PLAIN
    hanzi: Style = _PLAIN
    font: tuple[int, int] = FONT_A
    chinese: bool = True
    """GB18030 printers come up in Chinese mode by themselves."""
    align: int = 0
    spacing: int = LINE
    latin_right: int = 0
    hanzi_sides: tuple[int, int] = (0, 0)
    left_margin: int = 0
    area: int | None = None
    upside_down: bool = False
    tabs: tuple[int, ...] = tuple(range(8, 64, 8))


def _both(modes: Modes, **changes: Any) -> Modes:
    return replace(modes, latin=replace(modes.latin, **changes), hanzi=replace(modes.hanzi, **changes))


def _bit(args: bytes, bit: int) -> bool:
    return bool(args[0] >> bit & 1)


def _word(args: bytes) -> int:
    return int.from_bytes(args[:2], "little")


def _print_mode(modes: Modes, args: bytes) -> Modes:
    latin = replace(
        modes.latin,
        bold=_bit(args, 3),
        high=1 + _bit(args, 4),
        wide=1 + _bit(args, 5),
        underline=int(_bit(args, 7)),
    )
    return replace(modes, latin=latin, font=FONT_B if _bit(args, 0) else FONT_A)


def _hanzi_mode(modes: Modes, args: bytes) -> Modes:
    hanzi = replace(modes.hanzi, wide=1 + _bit(args, 2), high=1 + _bit(args, 3), underline=int(_bit(args, 7)))
    return replace(modes, hanzi=hanzi)


def _hanzi_quadruple(modes: Modes, args: bytes) -> Modes:
    size = 1 + _bit(args, 0)
    return replace(modes, hanzi=replace(modes.hanzi, wide=size, high=size))


def _underline(args: bytes) -> int:
    return args[0] % 48 if args[0] % 48 <= 2 else 0  # noqa: PLR2004 - 0, 1, 2 or their digits


_CHANGES: dict[str, Callable[[Modes, bytes], Modes]] = {
    "ESC @": lambda _modes, _args: Modes(),
    "ESC !": _print_mode,
    "ESC -": lambda modes, args: replace(modes, latin=replace(modes.latin, underline=_underline(args))),
    "ESC E": lambda modes, args: _both(modes, bold=_bit(args, 0)),
    "ESC G": lambda modes, args: _both(modes, bold=_bit(args, 0)),
    "ESC M": lambda modes, args: replace(modes, font=FONT_B if args[0] % 48 == 1 else FONT_A),
    "ESC 2": lambda modes, _args: replace(modes, spacing=LINE),
    "ESC 3": lambda modes, args: replace(modes, spacing=args[0]),
    "ESC SP": lambda modes, args: replace(modes, latin_right=args[0]),
    "ESC a": lambda modes, args: replace(modes, align=args[0] % 48 if args[0] % 48 <= 2 else modes.align),  # noqa: PLR2004 - as above
    "ESC {": lambda modes, args: replace(modes, upside_down=_bit(args, 0)),
    "ESC D": lambda modes, args: replace(modes, tabs=tuple(args.rstrip(b"\x00"))),
    "GS !": lambda modes, args: _both(modes, wide=1 + (args[0] >> 4 & _MOST), high=1 + (args[0] & _MOST)),
    "GS B": lambda modes, args: _both(modes, reverse=_bit(args, 0)),
    "GS L": lambda modes, args: replace(modes, left_margin=_word(args)),
    "GS W": lambda modes, args: replace(modes, area=_word(args)),
    "FS &": lambda modes, _args: replace(modes, chinese=True),
    "FS .": lambda modes, _args: replace(modes, chinese=False),
    "FS !": _hanzi_mode,
    "FS W": _hanzi_quadruple,
    "FS -": lambda modes, args: replace(modes, hanzi=replace(modes.hanzi, underline=_underline(args))),
    "FS S": lambda modes, args: replace(modes, hanzi_sides=(args[0], args[1])),
}
AT_LINE_START_ONLY = frozenset({"ESC a", "ESC {", "GS L", "GS W"})
"""Printers ignore these in the middle of a line."""


def changed(modes: Modes, name: str, args: bytes) -> Modes | None:
    """The modes after a command; ``None`` if the command is not about modes."""
    change = _CHANGES.get(name)
    return None if change is None else change(modes, args)
