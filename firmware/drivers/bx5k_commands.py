"""What is said inside BX-5K/6K frames: the commands a hall needs, and the replies of a sign. Pure.

Source: as :mod:`firmware.drivers.bx5k`, section 8. Never add A1 00 (format) or A2 01 (reset): they erase the sign's fonts.
"""

from dataclasses import dataclass
from datetime import datetime
from struct import Struct, pack
from typing import Final

from firmware.drivers.bx5k import COMMAND_HEAD, MUST_REPLY, CommandError, FrameError

WIDTH_PX: Final = 128
HEIGHT_PX: Final = 16
PIXELS: Final = 0x8000
"""Set in X and width where they count pixels, not units of eight."""
DIMMEST, BRIGHTEST = 0, 15

STATIC, QUICK, LEFT, RIGHT, UP, DOWN = 1, 2, 3, 4, 5, 6
"""DisplayMode: how a text comes in."""
LOOP, STOP_ON_LAST_PAGE, LOOP_THEN_DELETE = 0, 1, 2
"""RunMode: 2 deletes the area when it has not been updated for its timeout."""
CENTRED: Final = 0x0A
SINGLE_LINE, MULTI_LINE = 0x01, 0x02

AREA = Struct("<BHHHHBBBHBBBBBBBBBL")
"""A3 06, the 27 bytes before an area's text (voice and extension off)."""


def request(group: int, command: int, body: bytes = b"", *, response: int = MUST_REPLY, reserved: bytes = bytes(2)) -> bytes:
    """The data of any request (section 5.1.1)."""
    return bytes((group, command, response)) + reserved + body


def ping() -> bytes:
    """A2 00: are you there? Answered by ACK."""
    return request(0xA2, 0x00)


def status() -> bytes:
    """A1 02: power, brightness and more; see :class:`Status`."""
    return request(0xA1, 0x02)


def clear(*, response: int = MUST_REPLY) -> bytes:
    """A3 10: an empty screen."""
    return request(0xA3, 0x10, response=response)


def power(*, on: bool) -> bytes:
    """A3 00: force the screen on or off."""
    return request(0xA3, 0x00, b"\x01" if on else b"\x02")


def brightness(level: int) -> bytes:
    """A3 02: a fixed brightness from 0 to 15."""
    if not DIMMEST <= level <= BRIGHTEST:
        raise ValueError(f"brightness {level} is not between {DIMMEST} and {BRIGHTEST}")
    return request(0xA3, 0x02, bytes((0x01, level)))


def clock(at: datetime, *, response: int = MUST_REPLY, reserved: bytes = bytes(2)) -> bytes:
    """A2 03: set the sign's clock to this local time."""
    year, month, day, hour, minute, second, weekday, *_ = at.timetuple()
    fields = (year % 100, year // 100, month, day, hour, minute, second, weekday + 1)
    return request(0xA2, 0x03, bytes(_bcd(value) for value in fields), response=response, reserved=reserved)


def _bcd(value: int) -> int:
    return value // 10 << 4 | value % 10


@dataclass(frozen=True, slots=True)
class Area:
    """One dynamic area of A3 06. ``text`` is encoded and holds its escapes; ``timeout_s`` counts in LOOP_THEN_DELETE."""

    text: bytes
    width: int = WIDTH_PX
    height: int = HEIGHT_PX
    x: int = 0
    y: int = 0
    number: int = 0
    run_mode: int = LOOP
    timeout_s: int = 0
    alignment: int = CENTRED
    lines: int = SINGLE_LINE
    entry: int = STATIC
    speed: int = 2
    stay_half_seconds: int = 10

    def to_bytes(self) -> bytes:
        """The area with its own length before it."""
        head = AREA.pack(
            0x00,
            PIXELS | self.x,
            self.y,
            PIXELS | self.width,
            self.height,
            self.number,
            0,  # line spacing
            self.run_mode,
            self.timeout_s,
            0,  # no voice
            0,  # no extension
            self.alignment,
            self.lines,
            0x01,  # new lines are written as \n, the sign wraps nothing
            self.entry,
            0x00,  # exit mode
            self.speed,
            self.stay_half_seconds,
            len(self.text),
        )
        return pack("<H", len(head) + len(self.text)) + head + self.text


def show(*areas: Area) -> bytes:
    """A3 06: update these dynamic areas and leave all others as they are."""
    return request(0xA3, 0x06, b"\x00" + bytes((len(areas),)) + b"".join(area.to_bytes() for area in areas))


def delete_areas(*numbers: int) -> bytes:
    """A3 06: delete these dynamic areas; without a number, all of them."""
    which = bytes((len(numbers), *numbers)) if numbers else b"\xff"
    return request(0xA3, 0x06, which + b"\x00")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a sign answers (section 5.1.2): ACK is A0 00, NACK is A0 01 with its reason."""

    group: int
    command: int
    error: int
    body: bytes

    @classmethod
    def from_data(cls, data: bytes) -> "Reply":
        """The reply in a frame's data, or :class:`FrameError`."""
        if len(data) < COMMAND_HEAD:
            raise FrameError(f"a reply of {len(data)} bytes, at least {COMMAND_HEAD} are needed")
        return cls(data[0], data[1], data[2], data[COMMAND_HEAD:])

    @property
    def is_refusal(self) -> bool:
        """Whether this is a NACK, or another reply that carries an error."""
        return (self.group, self.command) == (0xA0, 0x01) or self.error != CommandError.NO_ERROR


@dataclass(frozen=True, slots=True)
class Status:
    """The start of the reply to A1 02, which every card has alike; what follows differs between 5K1 and the others."""

    is_on: bool
    brightness: int

    @classmethod
    def from_reply(cls, reply: Reply) -> "Status":
        """Read it from the reply's body, or :class:`FrameError`."""
        if (reply.group, reply.command) != (0xA1, 0x02) or len(reply.body) < len(("power", "brightness")):
            raise FrameError("no status")
        return cls(reply.body[0] == 0x01, reply.body[1])
