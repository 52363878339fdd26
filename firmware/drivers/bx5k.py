"""The words of Onbon BX-5K/6K font-card signs: frames, commands and replies as bytes. Pure, no wire, no time.

Source: the vendor's "BX-5K/6K通讯协议用户版本" v1.4 (2021-02-28), https://doc.onbonbx.com/zh/k/potocol; section numbers
below are its own. A frame is eight A5, then the escaped rest, then 5A. Lengths and checksum are those before escaping.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from struct import Struct, pack

from firmware.drivers.crc import crc16_arc

OUR_ADDRESS = 0x8000
"""Section 4: host software takes source addresses from 8000 on."""
BROADCAST_SILENT = 0xFFFF
"""Section 4: every sign obeys, none replies."""
BROADCAST = 0xFFFE
"""Section 4: every sign obeys and replies; only safe with one sign on the bus."""
LOWEST_ADDRESS, HIGHEST_ADDRESS = 0x0001, 0x7FFF

LEAD_IN = 8 * b"\xa5"
"""Section 3: one A5 is enough to open a frame, eight are sent because some may be lost while the line turns round."""
END = b"\x5a"
ESCAPES = {0xA6: b"\xa6\x01", 0xA5: b"\xa6\x02", 0x5B: b"\x5b\x01", 0x5A: b"\x5b\x02"}
"""Section 3.3; the bytes that open an escape stand before those whose escapes hold them."""
RAW_OF_ESCAPE = {escaped: raw for raw, escaped in ESCAPES.items()}

HEADER = Struct("<HH3sBBBBBH")
"""Section 4: destination, source, reserved, barcode option, check mode, display mode, device type, version, data length."""
LONGEST_FRAME = HEADER.size + 1024 + 2
"""Section 5.1.3: no card receives more than 1024 bytes of data; a longer run without an end is noise."""

ANY_DEVICE = 0xFE
PROTOCOL_VERSION = 0x02
MUST_REPLY, NEED_NOT_REPLY = 0x01, 0x02
COMMAND_HEAD = 5
"""Group, command, response wish or error, and two reserved bytes stand before every command's own data (section 5.1)."""


class FrameError(ValueError):
    """These bytes are no frame; says why."""


class CommandError(IntEnum):
    """Why a sign refuses (section 6)."""

    NO_ERROR = 0
    GROUP = 1
    NO_SUCH_COMMAND = 2
    BUSY = 3
    MEMORY_VOLUME = 4
    CHECKSUM = 5
    FILE_NOT_EXIST = 6
    FLASH = 7
    DOWNLOAD = 8
    FILE_NAME = 9
    FILE_TYPE = 10
    FILE_CRC = 11
    FONT_NOT_EXIST = 12
    FIRMWARE_TYPE = 13
    DATE_TIME_FORMAT = 14
    FILE_EXISTS = 15
    BLOCK_NUMBER = 16


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of either direction. ``data`` is unescaped."""

    destination: int
    source: int
    data: bytes
    reserved: bytes = bytes(3)
    display_mode: int = 0
    device_type: int = ANY_DEVICE

    def to_bytes(self) -> bytes:
        """The frame as it goes over the wire."""
        head = HEADER.pack(
            self.destination,
            self.source,
            self.reserved,
            0,
            0,
            self.display_mode,
            self.device_type,
            PROTOCOL_VERSION,
            len(self.data),
        )
        covered = head + self.data
        return LEAD_IN + escape(covered + pack("<H", crc16_arc(covered))) + END

    @classmethod
    def from_escaped(cls, escaped: bytes) -> "Frame":
        """The frame between lead-in and end, or :class:`FrameError`."""
        content = unescape(escaped)
        if len(content) < HEADER.size + 2:
            raise FrameError(f"{len(content)} bytes, a frame has at least {HEADER.size + 2}")
        destination, source, reserved, barcode, check, display_mode, device, _version, length = HEADER.unpack_from(content)
        data, tail = content[HEADER.size : -2], content[-2:]
        if barcode != 0 or check != 0:
            raise FrameError(f"barcode option {barcode}, check mode {check}: only plain frames with a CRC are used here")
        if length != len(data):
            raise FrameError(f"length says {length}, there are {len(data)} bytes of data")
        if pack("<H", crc16_arc(content[:-2])) != tail:
            raise FrameError("checksum does not match")
        return cls(destination, source, data, reserved, display_mode, device)


def escape(raw: bytes) -> bytes:
    """Section 3.3, forwards: afterwards neither A5 nor 5A is left."""
    for byte, escaped in ESCAPES.items():
        raw = raw.replace(bytes((byte,)), escaped)
    return raw


def unescape(escaped: bytes) -> bytes:
    """Section 3.3, backwards; an escape that does not exist is a :class:`FrameError`."""
    raw, rest = bytearray(), iter(escaped)
    for byte in rest:
        if byte in (0xA6, 0x5B):
            pair = bytes((byte, next(rest, 0)))
            if pair not in RAW_OF_ESCAPE:
                raise FrameError(f"no such escape: {pair.hex(' ')}")
            raw.append(RAW_OF_ESCAPE[pair])
        else:
            raw.append(byte)
    return bytes(raw)


@dataclass(frozen=True, slots=True)
class Decoder:
    """Finds frames in bytes that arrive cut anywhere, with noise before, between and inside them.

    An A5 always opens a frame, because none can stand inside one; whatever was open before it is given up. So a good
    frame is found whatever came before it.
    """

    opened: bytes | None = field(default=None)
    """The escaped bytes since the last A5, or ``None`` while no frame is open."""

    def feed(self, data: bytes) -> "tuple[Decoder, list[Frame]]":
        """The decoder after these bytes, and the good frames that ended in them; bad ones are dropped."""
        frames: list[Frame] = []
        opened = self.opened
        # Split at the lead-in bytes: only the first piece can continue what was open.
        for index, piece in enumerate(data.split(b"\xa5")):
            content = piece if index else (None if opened is None else opened + piece)
            if content is None:
                continue
            frame, ended, _ = content.partition(END)
            if ended and frame:
                _append_if_good(frames, frame)
            opened = None if ended or len(frame) > 2 * LONGEST_FRAME else frame
        return Decoder(opened), frames


def _append_if_good(frames: list[Frame], escaped: bytes) -> None:
    try:
        frames.append(Frame.from_escaped(escaped))
    except FrameError:
        return
