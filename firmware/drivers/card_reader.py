"""The RDM6300 reader of EM4100 work cards: 9600 8N1, listens only, repeats a card's frame while the card stays.

A frame (hardware notes 3.1) is ``02``, ten hex digits, two hex digits with the XOR of the five bytes, ``03``. Neither 02
nor 03 is a hex digit, so a new 02 always starts a new frame and any noise is left behind by the next one.

One swipe: the reader's notes name two measures, "the same id within 2-3 s" and "a gap of 500 ms means removed". The first
decides here: a card seen again within 2.5 s of its *last* frame is the same presentation, however it wobbled in between,
and two cards in the field together are each presented once. The second bounds our patience with bad frames: only when
no good frame follows within 500 ms is the card called unreadable, and at most every 3 s.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import xor

from contracts.values import Ms
from firmware.drivers.base import Output, Report, TimeReached, WakeAt
from firmware.wire.base import BytesArrived, WireLost, WireOpened

START, END = 0x02, 0x03
DIGITS = b"0123456789ABCDEFabcdef"
FRAME_DIGITS = 12
SAME_SWIPE: Ms = 2_500
PATIENCE: Ms = 500
UNREADABLE_AT_MOST_EVERY: Ms = 3_000


@dataclass(frozen=True, slots=True)
class CardPresented:
    """A card was presented; ``card`` is all its 10 hex digits in capitals, as work cards are registered."""

    card: str


@dataclass(frozen=True, slots=True)
class CardUnreadable:
    """Something is at the reader that it cannot read: held too far away, too briefly, or a broken card."""


@dataclass(frozen=True, slots=True)
class ReaderLost:
    """The reader is unplugged or its line is gone."""

    reason: str


@dataclass(frozen=True, slots=True)
class ReaderBack:
    """The reader's line is open, at the start and after every loss."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What has come so far.

    ``frame`` is the digits since the last 02, ``None`` outside a frame. ``seen`` is each recent card's last frame.
    ``doubtful_at`` is when a bad frame becomes an unreadable card; ``silent_until`` is when that may be said again.
    """

    frame: bytes | None = None
    seen: tuple[tuple[str, Ms], ...] = ()
    doubtful_at: Ms | None = None
    silent_until: Ms = 0


class CardReader:
    """A driver for one RDM6300."""

    def begin(self, now: Ms) -> tuple[Reader, Sequence[Output]]:
        """Nothing is sent to this reader, ever."""
        del now
        return Reader(), ()

    def step(self, state: Reader, happening: object, now: Ms) -> tuple[Reader, Sequence[Output]]:
        """Bytes cut anywhere in, cards out."""
        reports: list[object] = []
        match happening:
            case BytesArrived(data):
                for byte in data:
                    state, found = _take(state, byte, now)
                    reports += found
            case TimeReached():
                state, reports = _give_up(state, now)
            case WireOpened():
                reports = [ReaderBack()]
            case WireLost(reason):
                state, reports = replace(state, frame=None, doubtful_at=None), [ReaderLost(reason)]
            case _:
                return state, ()
        return state, (*map(Report, reports), WakeAt(state.doubtful_at))


Result = tuple[Reader, list[object]]


def _take(reader: Reader, byte: int, now: Ms) -> Result:
    """One byte of the line: noise, the start of a frame, a digit or the end."""
    if byte == START:
        return replace(reader, frame=b""), []
    if reader.frame is None:
        return reader, []
    if byte == END:
        return _finish(replace(reader, frame=None), reader.frame, now)
    if byte in DIGITS and len(reader.frame) < FRAME_DIGITS:
        return _doubt(replace(reader, frame=reader.frame + bytes([byte])), now), []
    return replace(reader, frame=None), []


def _finish(reader: Reader, frame: bytes, now: Ms) -> Result:
    """A whole frame: a card, if its checksum is right."""
    if len(frame) != FRAME_DIGITS:
        return reader, []
    *data, checksum = bytes.fromhex(frame.decode("ascii"))
    if reduce(xor, data) != checksum:
        return reader, []
    card = frame[:-2].decode("ascii").upper()
    recent = _recent(reader, now)
    others = tuple(sight for sight in recent if sight[0] != card)
    reader = replace(reader, seen=(*others, (card, now)), doubtful_at=None)
    return reader, [CardPresented(card)] if others == recent else []


def _doubt(reader: Reader, now: Ms) -> Reader:
    """Digits have come that may never make a card; the half frame of a card just read and taken away is no reason."""
    if reader.doubtful_at is not None or _recent(reader, now):
        return reader
    return replace(reader, doubtful_at=max(now + PATIENCE, reader.silent_until))


def _give_up(reader: Reader, now: Ms) -> Result:
    if reader.doubtful_at is None or now < reader.doubtful_at:
        return reader, []
    return replace(reader, doubtful_at=None, silent_until=now + UNREADABLE_AT_MOST_EVERY), [CardUnreadable()]


def _recent(reader: Reader, now: Ms) -> tuple[tuple[str, Ms], ...]:
    """The cards whose last frame is not too old for the same swipe."""
    return tuple((card, at) for card, at in reader.seen if now - at < SAME_SWIPE)
