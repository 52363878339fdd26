"""The controller inside a BX-5K sign: its memory, and the requests it carries out or refuses.

Source: the maker's protocol description, chapters 5 to 8. Where that does not say how a card answers a malformed request,
this one answers "no such command".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from contracts.values import Ms
from sim.devices.sign_frames import ANSWER_AS_BROADCAST, ANY_DEVICE, Frame
from sim.devices.sign_screen import Area, AreaError, Shown, misfits, parse_area
from sim.devices.sign_text import GREEN, RED, read, words

BX_5K1 = 0x51
BX_5K2 = 0x58
OK, NO_GROUP, NO_COMMAND, BUSY, MEMORY, CHECK, NO_FILE, FLASH = range(8)
NO_FONT, WRONG_DEVICE, BAD_DATE = 12, 13, 14
_HEAD = 5
_ALL = 0xFF
_BAR_CODE = b"SIM-BX5K-0000001"
_HIGHEST_ADDRESS = 0x7FFF
_MOST_TIMERS = 3
BRIGHTEST = 15
_BROADCAST_ONLY = ((0xA2, 0x06), (0xA2, 0x07))


@dataclass(frozen=True, slots=True)
class Panel:
    """What kind of sign it is. ``colours`` are the bits its LEDs can light."""

    width: int = 128
    height: int = 16
    colours: int = RED | GREEN
    device_type: int = BX_5K1
    most_areas: int = 8
    most_area_bytes: int = 512


@dataclass(frozen=True, slots=True)
class Misfit:
    """A text that people cannot read whole."""

    at: Ms
    area: int
    text: str
    why: str


class RefusedError(Exception):
    """The card answers NACK with ``error``."""

    def __init__(self, error: int, why: str) -> None:
        super().__init__(why)
        self.error = error


def _expect(body: bytes, *lengths: int) -> None:
    if len(body) not in lengths:
        raise RefusedError(NO_COMMAND, f"{len(body)} bytes of data where {lengths} belong")


def _from_bcd(raw: bytes) -> list[int]:
    if any(byte >> 4 > 9 or byte & 15 > 9 for byte in raw):  # noqa: PLR2004 - decimal digits
        raise RefusedError(BAD_DATE, f"{raw.hex(' ')} is not BCD")
    return [(byte >> 4) * 10 + (byte & 15) for byte in raw]


def _to_bcd(*values: int) -> bytes:
    return bytes(value // 10 << 4 | value % 10 for value in values)


class SignCard:
    """One card. ``carry_out`` takes a request, the rest is what it remembers."""

    def __init__(self, address: int, panel: Panel) -> None:
        self.address = address
        self.panel = panel
        self.brightness = BRIGHTEST
        self.is_on = True
        self.fonts_erased = False
        self.timers: tuple[int, ...] = ()
        """On, off, on, off ... in minutes of the day."""
        self.areas: dict[int, Shown] = {}
        self.overflows: list[Misfit] = []
        self.hurried: list[Ms] = []
        """When dynamic areas came less than a second after the last ones, faster than the card is made for."""
        self._areas_at: Ms | None = None
        self._clock_set = datetime(2000, 1, 1, tzinfo=UTC)
        self._clock_set_at: Ms = 0
        self._commands: dict[tuple[int, int], Callable[[bytes, Ms], bytes | None]] = {
            (0xA1, 0x00): self._erase_fonts,
            (0xA1, 0x02): self._status,
            (0xA1, 0x05): self._write_flash,
            (0xA1, 0x06): self._write_flash,
            (0xA2, 0x00): lambda body, _: _expect(body, 0),
            (0xA2, 0x01): self._erase_fonts,
            (0xA2, 0x03): self._set_clock,
            (0xA2, 0x06): self._set_address,
            (0xA2, 0x07): lambda _body, _now: bytes((0xA2, 0x07, OK, 0, 0)) + self.address.to_bytes(2, "little"),
            (0xA3, 0x00): self._switch,
            (0xA3, 0x01): self._set_timers,
            (0xA3, 0x02): self._set_brightness,
            (0xA3, 0x04): self._lock_program,
            (0xA3, 0x06): self._take_areas,
            (0xA3, 0x08): self._cancel_timers,
            (0xA3, 0x10): self._clear,
        }

    def clock(self, now: Ms) -> datetime:
        """The card's own clock, which knows no time zone; UTC stands for whatever it was set to."""
        return self._clock_set + timedelta(milliseconds=now - self._clock_set_at)

    def shown(self, now: Ms) -> list[Shown]:
        """The dynamic areas that are on, by number."""
        return [self.areas[number] for number in sorted(self.areas) if self.areas[number].is_visible(now)]

    def start_anew(self) -> None:
        """Power came back: areas are gone; clock, brightness and address are kept."""
        self.areas.clear()
        self._areas_at = None
        self.is_on = True

    def carry_out(self, frame: Frame, now: Ms) -> bytes | None:
        """The data of an answer, ``None`` for a plain ACK. Raises ``RefusedError``."""
        if not frame.check_ok:
            raise RefusedError(CHECK, "checksum")
        if frame.device_type not in (ANY_DEVICE, self.panel.device_type):
            raise RefusedError(WRONG_DEVICE, f"device type {frame.device_type:02x}")
        asked = (frame.data[0], frame.data[1]) if len(frame.data) >= _HEAD else (0, 0)
        if all(asked[0] != group for group, _ in self._commands):
            raise RefusedError(NO_GROUP, "no such group")
        if asked not in self._commands:
            raise RefusedError(NO_COMMAND, "no such command")
        if asked in _BROADCAST_ONLY and frame.destination != ANSWER_AS_BROADCAST:
            raise RefusedError(NO_COMMAND, "only as a broadcast")
        return self._commands[asked](frame.data[_HEAD:], now)

    # --- Commands --------------------------------------------------------------------------------------------------------

    def _status(self, body: bytes, now: Ms) -> bytes:
        _expect(body, 0)
        clock, numbers = self.clock(now), bytes(one.area.number for one in self.shown(now))
        year_to_day = _to_bcd(clock.year % 100, clock.year // 100, clock.month, clock.day)
        time = year_to_day + _to_bcd(clock.isoweekday(), clock.hour, clock.minute, clock.second)
        no_programs = bytes(1) + bytes(4)
        no_special_area = b"" if self.panel.device_type == BX_5K1 else bytes(2)
        state = bytes((1 if self.is_on else 2, self.brightness)) + time + no_programs + no_special_area
        return bytes((0xA1, 0x02, OK, 0, 0)) + state + bytes((len(numbers),)) + numbers + _BAR_CODE + bytes(12)

    def _set_clock(self, body: bytes, now: Ms) -> None:
        _expect(body, 8)
        low, high, month, day, hour, minute, second, weekday = _from_bcd(body)
        try:
            self._clock_set = datetime(high * 100 + low, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError as error:
            raise RefusedError(BAD_DATE, str(error)) from error
        if weekday != self._clock_set.isoweekday():
            raise RefusedError(BAD_DATE, f"weekday {weekday} on a {self._clock_set:%A}")
        self._clock_set_at = now

    def _set_address(self, body: bytes, _now: Ms) -> None:
        _expect(body, 2)
        address = int.from_bytes(body, "little")
        if address > _HIGHEST_ADDRESS:
            raise RefusedError(NO_COMMAND, f"screen id {address:04x}")
        self.address = address

    def _switch(self, body: bytes, _now: Ms) -> None:
        _expect(body, 1)
        if body[0] not in (1, 2):
            raise RefusedError(NO_COMMAND, f"on/off {body[0]:02x}")
        self.is_on = body[0] == 1

    def _set_timers(self, body: bytes, _now: Ms) -> None:
        _expect(body, *(1 + 4 * count for count in range(1, _MOST_TIMERS + 1)))
        times = _from_bcd(body[1:])
        minutes = tuple(times[at] * 60 + times[at + 1] for at in range(0, len(times), 2))
        if len(minutes) != 2 * body[0] or any(on >= off for on, off in zip(minutes[::2], minutes[1::2], strict=True)):
            raise RefusedError(BAD_DATE, "on and off times")
        self.timers = minutes

    def _cancel_timers(self, body: bytes, _now: Ms) -> None:
        _expect(body, 0)
        self.timers = ()

    def _set_brightness(self, body: bytes, _now: Ms) -> None:
        _expect(body, 2, 50)
        if (body[0], len(body)) not in ((1, 2), (2, 50)) or max(body[1:]) > BRIGHTEST:
            raise RefusedError(NO_COMMAND, "brightness")
        if len(body) == 2:  # noqa: PLR2004 - forced, not a table for the day
            self.brightness = body[1]

    def _clear(self, body: bytes, _now: Ms) -> None:
        _expect(body, 0)
        self.areas.clear()

    def _lock_program(self, body: bytes, _now: Ms) -> None:
        _expect(body, 6)
        raise RefusedError(NO_FILE, f"no program {body[2:]!r}: nothing of ours writes programs")

    def _write_flash(self, _body: bytes, _now: Ms) -> None:
        raise RefusedError(FLASH, "program files wear the flash out")

    def _erase_fonts(self, _body: bytes, _now: Ms) -> None:
        self.fonts_erased = True
        self.areas.clear()
        raise RefusedError(FLASH, "format or reset: the fonts of this sign are gone for good")

    def _take_areas(self, body: bytes, now: Ms) -> None:
        if self.fonts_erased:
            raise RefusedError(NO_FONT, "fonts were erased")
        deleted, new = _split_areas(body)
        for area in new:
            self._check_size(area)
        if self._areas_at is not None and now - self._areas_at < 1000:  # noqa: PLR2004 - a second
            self.hurried.append(now)
        self._areas_at = now
        for number in list(self.areas) if deleted is None else deleted:
            self.areas.pop(number, None)
        for area in new:
            self._show(area, now)

    def _check_size(self, area: Area) -> None:
        if area.number >= self.panel.most_areas or len(area.data) > self.panel.most_area_bytes:
            raise RefusedError(MEMORY, f"area {area.number} with {len(area.data)} bytes of text")
        if area.box[2] > self.panel.width or area.box[3] > self.panel.height or not (area.width and area.height):
            raise RefusedError(MEMORY, f"area {area.number} at {area.box} on {self.panel.width} x {self.panel.height}")

    def _show(self, area: Area, now: Ms) -> None:
        whys = list(misfits(area, self.clock(now)))
        left, top, right, bottom = area.box
        for other in self.shown(now):
            box = other.area.box
            if other.area.number != area.number and left < box[2] and box[0] < right and top < box[3] and box[1] < bottom:
                whys.append(f"lies over area {other.area.number}")
        says = words(read(area.data, self.clock(now)).lines)
        self.overflows += [Misfit(now, area.number, says, why) for why in whys]
        self.areas[area.number] = Shown(area, now)


def _split_areas(body: bytes) -> tuple[list[int] | None, list[Area]]:
    """The areas to delete (``None``: all) and those to show, from the body of A3 06."""
    try:
        count = body[0]
        deleted = None if count == _ALL else list(body[1 : 1 + count])
        at = 1 if count == _ALL else 1 + count
        new, at_end = [], at + 1
        for _ in range(body[at]):
            length = int.from_bytes(body[at_end : at_end + 2], "little")
            new.append(parse_area(body[at_end + 2 : at_end + 2 + length]))
            at_end += 2 + length
    except (IndexError, AreaError) as error:
        raise RefusedError(NO_COMMAND, f"areas: {error}") from error
    if at_end != len(body):
        raise RefusedError(NO_COMMAND, f"{len(body)} bytes of areas where {at_end} belong")
    return deleted, new
