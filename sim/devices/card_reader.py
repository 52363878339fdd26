"""An RDM6300 reader of EM4100 cards: says a card's number again and again while the card is there, and hears nothing.

A frame is 02, ten hex digits, two hex digits of checksum (the five bytes xored), 03. Source: the module's data sheet.
"""

import re
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from contracts.values import Ms
from sim.devices.base import Send

_CARD = re.compile(r"[0-9A-F]{10}")


@dataclass(frozen=True, slots=True)
class ReaderQuirks:
    """What is wrong with a reader now."""

    dead: bool = False
    bad_checksum: bool = False
    cut_frames: bool = False
    """Every frame breaks off in the middle."""
    noise: bytes = b""
    """Arrives before every frame."""


@dataclass(frozen=True, slots=True)
class Presented:
    """A card came into the field, or, ``card`` being ``None``, left it."""

    at: Ms
    card: str | None


def frame(card: str) -> bytes:
    """What the reader says for a card of ten hex digits in capitals. Raises ``ValueError``."""
    if not _CARD.fullmatch(card):
        raise ValueError(f"a card has ten hex digits in capitals, not {card!r}")
    check = reduce(lambda so_far, byte: so_far ^ byte, bytes.fromhex(card))
    return b"\x02" + f"{card}{check:02X}".encode("ascii") + b"\x03"


class CardReader:
    """A simulated reader. Whoever presents a card must then look at ``wake_at`` again."""

    def __init__(self, repeat_ms: Ms = 80, quirks: ReaderQuirks | None = None) -> None:
        self.quirks = quirks or ReaderQuirks()
        self.history: list[Presented] = []
        self.heard = b""
        """Bytes sent to it, which it cannot hear: always a mistake."""
        self.wake_at: Ms | None = None
        self._repeat_ms = repeat_ms
        self._send: Send = lambda _: None
        self._card: str | None = None
        self._leaves_at: Ms | None = None

    def connect(self, send: Send) -> None:
        """The wire is plugged in."""
        self._send = send

    def hear(self, data: bytes, now: Ms) -> None:  # noqa: ARG002 - the shape of a device
        """Remember the mistake."""
        self.heard += data

    def present(self, card: str, now: Ms, *, hold_ms: Ms | None = None) -> None:
        """Hold a card to the reader for ``hold_ms``, or until ``remove``. Raises ``ValueError`` for no card number."""
        frame(card)
        self._card = card
        self._leaves_at = None if hold_ms is None else now + hold_ms
        self.history.append(Presented(now, card))
        self._say(now)

    def remove(self, now: Ms) -> None:
        """Take the card away; a frame on its way still arrives."""
        if self._card is not None:
            self._card, self.wake_at = None, None
            self.history.append(Presented(now, None))

    def set_quirks(self, **changes: Any) -> None:
        """Change what is wrong with it: the fields of :class:`ReaderQuirks`."""
        self.quirks = replace(self.quirks, **changes)

    def wake(self, now: Ms) -> None:
        """Say it again, or notice that the card has left."""
        if self._leaves_at is not None and now >= self._leaves_at:
            self.remove(self._leaves_at)
        elif self._card is not None:
            self._say(now)

    def _say(self, now: Ms) -> None:
        if self._card is not None and not self.quirks.dead:
            self._send(self.quirks.noise + self._spoilt(frame(self._card)))
        next_frame = now + self._repeat_ms
        self.wake_at = next_frame if self._leaves_at is None else min(next_frame, self._leaves_at)

    def _spoilt(self, good: bytes) -> bytes:
        if self.quirks.bad_checksum:
            good = good[:11] + (b"00" if good[11:13] != b"00" else b"01") + good[13:]
        return good[: len(good) // 2] if self.quirks.cut_frames else good
