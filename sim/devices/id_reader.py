"""A serial reader of ID cards (SDT) with its security module: answers find, select and read, and can misbehave.

What it hears is ``AA AA AA 96 69``, a length of two bytes (high first), a body, and a last byte that makes the XOR of
length, body and itself zero. A body is a command and its parameter. Source: hardware notes 4;
written without a look at the driver.
"""

from dataclasses import dataclass, replace
from typing import Any

from contracts.values import Ms
from sim.devices.base import Send
from sim.devices.id_cards import TEXT_BYTES, Card

_LEAD = b"\xaa\xaa\xaa\x96\x69"
_PHOTO = bytes(range(256)) * 4
"""Stands for a photo; nobody may keep it."""
_MOST = 64
"""No request is longer."""


@dataclass(frozen=True, slots=True)
class IdReaderQuirks:
    """What is wrong with a reader, or with the card on it."""

    dead: bool = False
    """Answers nothing."""
    no_select: bool = False
    unreadable: bool = False
    bad_checksum: bool = False
    half_frames: bool = False
    noise: bytes = b""
    """Arrives before every answer."""
    slow_ms: Ms = 0
    """Later than usual by so much."""
    sam_failed: bool = False
    finds_again: bool = False
    """Goes on finding a card that was read and still lies there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was understood."""

    at: Ms
    command: int
    parameter: int


def framed(body: bytes) -> bytes:
    """A body as a whole frame."""
    inner = (len(body) + 1).to_bytes(2, "big") + body
    last = 0
    for byte in inner:
        last ^= byte
    return _LEAD + inner + bytes([last])


def reading(text: bytes) -> bytes:
    """The 1295 bytes that answer a read."""
    return framed(b"\x00\x00\x90\x01\x00\x04\x00" + text + _PHOTO)


class IdReader:
    """A simulated reader. Whoever lays a card on it must then look at ``wake_at`` again."""

    ANSWERS_AFTER: Ms = 20
    READS_AFTER: Ms = 400

    def __init__(self, quirks: IdReaderQuirks | None = None) -> None:
        self.quirks = quirks or IdReaderQuirks()
        self.history: list[Asked] = []
        self.unknown: list[str] = []
        """Bytes that were no frame, and frames that are no request: always a mistake of whoever sent them."""
        self.reads = 0
        """How many times a whole card was sent."""
        self.wake_at: Ms | None = None
        self._send: Send = lambda _: None
        self._heard = b""
        self._answers: list[tuple[Ms, bytes]] = []
        self._text: bytes | None = None
        self._lifted_at: Ms | None = None
        self._stage = "none"

    def connect(self, send: Send) -> None:
        """The wire is plugged in."""
        self._send = send

    def lay(self, card: Card | bytes, now: Ms, *, hold_ms: Ms | None = None) -> None:
        """Lay a card on it (or a text block no real card has) for ``hold_ms``, or until :meth:`lift`."""
        text = card if isinstance(card, bytes) else card.text()
        if len(text) != TEXT_BYTES:
            raise ValueError(f"a card holds {TEXT_BYTES} bytes of text, not {len(text)}")
        self._text, self._stage = text, "new"
        self._lifted_at = None if hold_ms is None else now + hold_ms
        self._plan()

    def lift(self) -> None:
        """Take the card away."""
        self._text, self._stage, self._lifted_at = None, "none", None
        self._plan()

    def set_quirks(self, **changes: Any) -> None:
        """Change what is wrong with it: the fields of :class:`IdReaderQuirks`."""
        self.quirks = replace(self.quirks, **changes)

    def hear(self, data: bytes, now: Ms) -> None:
        """Requests, cut anywhere."""
        self._leave(now)
        self._heard += data
        while (body := self._next_body()) is not None:
            self._obey(body, now)
        self._plan()

    def wake(self, now: Ms) -> None:
        """An answer is due, or the card has left."""
        self._leave(now)
        due = [answer for at, answer in self._answers if at <= now]
        self._answers = [(at, answer) for at, answer in self._answers if at > now]
        for answer in due:
            self._send(answer)
        self._plan()

    # --- Requests --------------------------------------------------------------------------------------------------------

    def _next_body(self) -> bytes | None:
        """The body of the next whole frame; what stands before it is noted."""
        while True:
            start = self._heard.find(_LEAD)
            if start < 0:
                begun = next((n for n in range(4, 0, -1) if self._heard.endswith(_LEAD[:n])), 0)
                self._skip(len(self._heard) - begun)
                return None
            self._skip(start)
            if len(self._heard) < len(_LEAD) + 2:
                return None
            length = int.from_bytes(self._heard[5:7], "big")
            if not 1 < length <= _MOST:
                self._skip(1)
                continue
            whole = self._heard[5 : 7 + length]
            if len(whole) < 2 + length:
                return None
            self._heard = self._heard[7 + length :]
            left = 0
            for byte in whole:
                left ^= byte
            if left:
                self.unknown.append(whole.hex(" "))
                continue
            return whole[2:-1]

    def _skip(self, count: int) -> None:
        if count:
            self.unknown.append(self._heard[:count].hex(" "))
            self._heard = self._heard[count:]

    def _obey(self, body: bytes, now: Ms) -> None:
        request = tuple(body)
        if len(request) == 2:  # noqa: PLR2004 -- command and parameter
            self.history.append(Asked(now, *request))
        match request:
            case (0x10 | 0x11, 0xFF):
                self._answer(b"\x00\x00" + (b"\x60" if self.quirks.sam_failed else b"\x90"), now)
            case (0x12, 0xFF):
                self._answer(b"\x00\x00\x90" + bytes(16), now)
            case _ if self.quirks.sam_failed:
                self._answer(b"\x00\x00\x60", now)
            case (0x20, 0x01):
                self._find(now)
            case (0x20, 0x02):
                self._select(now)
            case (0x30, 0x01):
                self._read(now)
            case _:
                self.unknown.append(body.hex(" "))
                self._answer(b"\x00\x00\x21", now)

    def _find(self, now: Ms) -> None:
        """A card that was read is found again only by some readers."""
        there = self._text is not None and (self._stage != "read" or self.quirks.finds_again)
        if there:
            self._stage = "found"
        self._answer(b"\x00\x00\x9f\x00\x00\x00\x00" if there else b"\x00\x00\x80", now)

    def _select(self, now: Ms) -> None:
        good = self._text is not None and self._stage == "found" and not self.quirks.no_select
        if good:
            self._stage = "selected"
        self._answer(b"\x00\x00\x90" + bytes(8) if good else b"\x00\x00\x81", now)

    def _read(self, now: Ms) -> None:
        if self._text is None or self._stage != "selected" or self.quirks.unreadable:
            self._answer(b"\x00\x00\x41", now)
            return
        self._stage = "read"
        self.reads += 1
        self._say(reading(self._text), now + self.READS_AFTER)

    # --- Answers ---------------------------------------------------------------------------------------------------------

    def _answer(self, body: bytes, now: Ms) -> None:
        self._say(framed(body), now + self.ANSWERS_AFTER)

    def _say(self, frame: bytes, at: Ms) -> None:
        if self.quirks.dead:
            return
        if self.quirks.bad_checksum:
            frame = frame[:-1] + bytes([frame[-1] ^ 0x5A])
        if self.quirks.half_frames:
            frame = frame[: len(frame) // 2]
        self._answers.append((at + self.quirks.slow_ms, self.quirks.noise + frame))

    def _leave(self, now: Ms) -> None:
        if self._lifted_at is not None and now >= self._lifted_at:
            self.lift()

    def _plan(self) -> None:
        wishes = [at for at, _ in self._answers]
        if self._lifted_at is not None:
            wishes.append(self._lifted_at)
        self.wake_at = min(wishes, default=None)
