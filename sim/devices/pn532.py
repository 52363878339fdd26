"""A PN532 module on a serial line, written from the user manual's frames: sleeps, acknowledges, looks for a card, answers.

It hears nothing until it is woken, carries out one command at a time, and forgets its settings when its power fails. Retries
are as set by RFConfiguration: without that it keeps looking until a card comes, as the real one does.
"""

from dataclasses import dataclass, replace
from typing import Any

from contracts.values import Ms
from sim.devices.base import Send

_ACK = bytes.fromhex("0000FF00FF00")
_ERROR = bytes.fromhex("0000FF01FF7F8100")
_WAKE = b"\x55\x55\x00\x00\x00"
_SINGLE_SIZE = 4
_HEAD, _TAIL = 4, 2
"""What stands before TFI and data in a frame, and behind them."""
_RETRIES, _RETRY_BYTES, _FOR_EVER = 5, 4, 0xFF
"""Item 5 of RFConfiguration with its three numbers; the last one says how often a card is looked for."""
_ACK_AFTER: Ms = 1
_LOOK_TAKES: Ms = 15


@dataclass(frozen=True, slots=True)
class Pn532Quirks:
    """What is wrong with the module now."""

    dead: bool = False
    bad_checksum: bool = False
    no_ack: bool = False
    half_answers: bool = False
    noise: bytes = b""
    """Arrives before every answer."""
    broken_card: bool = False
    """The card in the field answers, but its number does not fit its length."""
    errors: bool = False
    """Looking for a card ends in an application error."""


def framed(body: bytes) -> bytes:
    """A normal information frame around TFI and data."""
    length = len(body)
    return bytes([0, 0, 0xFF, length, (0x100 - length) % 0x100]) + body + bytes([(0x100 - sum(body) % 0x100) % 0x100, 0])


class Pn532:
    """A simulated module. Whoever presents a card must then look at ``wake_at`` again."""

    def __init__(self, quirks: Pn532Quirks | None = None) -> None:
        self.quirks = quirks or Pn532Quirks()
        self.wake_at: Ms | None = None
        self.wrong: list[str] = []
        """What the firmware said that a real module would not have understood."""
        self.commands: list[int] = []
        """Every command carried out, by its code."""
        self._send: Send = lambda _: None
        self._heard = b""
        self._card: bytes | None = None
        self._leaves_at: Ms | None = None
        self._sleep()

    def _sleep(self) -> None:
        self._awake = False
        self._normal_mode = False
        self._endless = True
        self._looking = False
        self._answers: list[tuple[Ms, bytes]] = []

    def connect(self, send: Send) -> None:
        """The wire is plugged in."""
        self._send = send

    def power_fails(self) -> None:
        """Off and on again: everything is forgotten."""
        self._heard = b""
        self._sleep()
        self.wake_at = self._leaves_at

    def present(self, uid: str, now: Ms, *, hold_ms: Ms | None = None) -> None:
        """Hold a card with this UID (hex) to the module for ``hold_ms``, or until ``remove``. Raises ``ValueError``."""
        card = bytes.fromhex(uid)
        if len(card) not in (4, 7, 10):
            raise ValueError(f"a card of type A has 4, 7 or 10 bytes, not {len(card)}")
        self._card, self._leaves_at = card, None if hold_ms is None else now + hold_ms
        if self._looking and self._endless:
            self._found(now)
        self._plan()

    def remove(self, now: Ms) -> None:
        """Take the card away."""
        del now
        self._card, self._leaves_at = None, None
        self._plan()

    def set_quirks(self, **changes: Any) -> None:
        """Change what is wrong with it: the fields of :class:`Pn532Quirks`."""
        self.quirks = replace(self.quirks, **changes)

    # --- The line --------------------------------------------------------------------------------------------------------

    def hear(self, data: bytes, now: Ms) -> None:
        """Bytes from the firmware, cut anywhere."""
        self._heard += data
        if not self._awake:
            place = self._heard.find(_WAKE)
            if place < 0:
                self._heard = self._heard[-len(_WAKE) :]
                return
            self._awake, self._heard = True, self._heard[place + len(_WAKE) :]
        while self._one_frame(now):
            pass
        self._plan()

    def _one_frame(self, now: Ms) -> bool:
        start = self._heard.find(b"\x00\xff")
        if start < 0:
            self._heard = self._heard[-1:]
            return False
        frame = self._heard[start:]
        if len(frame) < _HEAD or len(frame) < _HEAD + frame[2] + _TAIL:
            self._heard = frame
            return False
        length, body, check = frame[2], frame[_HEAD : _HEAD + frame[2]], frame[_HEAD + frame[2]]
        self._heard = frame[_HEAD + length + _TAIL :]
        if (length + frame[3]) % 0x100 or (sum(body) + check) % 0x100 or body[:1] != b"\xd4":
            self.wrong.append(frame.hex())
        else:
            self._carry_out(body[1], body[2:], now)
        return True

    def _carry_out(self, code: int, data: bytes, now: Ms) -> None:
        if self.quirks.dead:
            return
        self._answers = [one for one in self._answers if one[1] == _ACK]  # a new command ends the old one
        self._looking = False
        self.commands.append(code)
        if not self.quirks.no_ack:
            self._answers.append((now + _ACK_AFTER, _ACK))
        match code:
            case 0x02:
                self._answer(bytes.fromhex("D50332010607"), now + 2)
            case 0x14:
                self._normal_mode = data[:1] == b"\x01"
                self._answer(b"\xd5\x15", now + 2)
            case 0x32:
                sets_retries = data[:1] == bytes([_RETRIES]) and len(data) == _RETRY_BYTES
                self._endless = not (sets_retries and data[-1] != _FOR_EVER)
                self._answer(b"\xd5\x33", now + 2)
            case 0x4A:
                self._look(now)
            case _:
                self.wrong.append(f"command {code:02X}")
                self._answer(b"\x7f", now + 2)

    def _look(self, now: Ms) -> None:
        if not self._normal_mode:
            self.wrong.append("looked for a card before SAMConfiguration")
        self._looking = True
        if self.quirks.errors:
            self._answers.append((now + _LOOK_TAKES, _ERROR))
        elif self._card is not None:
            self._found(now)
        elif not self._endless:
            self._answer(b"\xd5\x4b\x00", now + 3 * _LOOK_TAKES)

    def _found(self, now: Ms) -> None:
        assert self._card is not None
        kind = b"\x00\x04\x08" if len(self._card) == _SINGLE_SIZE else b"\x00\x44\x00"
        told = len(self._card) + (1 if self.quirks.broken_card else 0)
        self._answer(b"\xd5\x4b\x01\x01" + kind + bytes([told]) + self._card, now + _LOOK_TAKES)

    def _answer(self, body: bytes, at: Ms) -> None:
        frame = framed(body)
        if self.quirks.bad_checksum:
            frame = frame[:-2] + bytes([frame[-2] ^ 0x01, 0])
        if self.quirks.half_answers:
            frame = frame[: len(frame) // 2]
        self._answers.append((at, self.quirks.noise + frame))

    def wake(self, now: Ms) -> None:
        """Say what is due, or notice that the card has left."""
        if self._leaves_at is not None and now >= self._leaves_at:
            self._card, self._leaves_at = None, None
        due = [frame for at, frame in self._answers if at <= now]
        self._answers = [one for one in self._answers if one[0] > now]
        for frame in due:
            self._looking = self._looking and frame == _ACK
            self._send(frame)
        self._plan()

    def _plan(self) -> None:
        wishes = [at for at, _ in self._answers] + ([] if self._leaves_at is None else [self._leaves_at])
        self.wake_at = min(wishes, default=None)
