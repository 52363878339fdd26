"""What lies between the firmware and a simulated device: the line, with its speed and its faults, and the virtual wires.

A line has a speed (10 bits a byte) and may be bad in the ways lines are: bytes cut anywhere, lost or changed, and unplugged.
All of it comes from a seeded generator, so a bad line is bad in the same way every time. ``sim.ptys`` puts the same line
behind a real pty.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from contracts.values import Ms
from firmware.wire.base import BytesArrived, FromWire, Post, WireError, WireLost, WireOpened
from sim.clock import Alarm, Timetable
from sim.devices.base import Device

BITS_PER_BYTE = 10
"""A start bit, eight data bits and a stop bit."""
_MILLION = 1_000_000


class Cut(StrEnum):
    """How what was written in one piece arrives at the other end."""

    WHOLE = "whole"
    BYTES = "bytes"
    """One byte at a time, each at its own moment."""
    RANDOM = "random"
    """In pieces of 1 to 16 bytes."""


@dataclass(frozen=True, slots=True)
class Line:
    """How good a line is. Loss and noise are per million bytes, each way."""

    baud: int = 9600
    cut: Cut = Cut.WHOLE
    loss: int = 0
    noise: int = 0


SAMPLES_PER_SECOND = 16_000
LOUDSPEAKER = Line(baud=SAMPLES_PER_SECOND * 2 * BITS_PER_BYTE)
"""A loudspeaker takes 16-bit mono samples at the speed at which it plays them."""


class Way(StrEnum):
    """Who speaks on the line."""

    TO_DEVICE = "to_device"
    TO_FIRMWARE = "to_firmware"


Tap = Callable[[Way, bytes, Ms], None]
"""Told of all bytes when they set out on the line, before anything happens to them."""


class Stream:
    """One direction of a line: what is put in comes out later, in pieces, perhaps not all of it."""

    def __init__(self, timetable: Timetable, line: Line, rng: random.Random, deliver: Callable[[bytes], None]) -> None:
        self._timetable = timetable
        self._line = line
        self._rng = rng
        self._deliver = deliver
        self._free_at_us = 0
        self._life = 0

    def carry(self, data: bytes) -> None:
        """Send bytes on their way."""
        for piece in self._pieces(data):
            at = self._arrival(len(piece))
            arriving = self._spoil(piece)
            if arriving:
                self._timetable.at(at, partial(self._arrive, arriving, self._life))

    def cut_off(self) -> None:
        """What is on its way is lost."""
        self._life += 1
        self._free_at_us = 0

    def _pieces(self, data: bytes) -> list[bytes]:
        if self._line.cut is Cut.WHOLE:
            return [data]
        pieces, start = [], 0
        while start < len(data):
            size = 1 if self._line.cut is Cut.BYTES else self._rng.randint(1, 16)
            pieces.append(data[start : start + size])
            start += size
        return pieces

    def _spoil(self, data: bytes) -> bytes:
        if not self._line.loss and not self._line.noise:
            return data
        kept = bytearray()
        for byte in data:
            dice = self._rng.randrange(_MILLION)
            if dice >= self._line.loss:
                kept.append(self._rng.randrange(256) if dice < self._line.loss + self._line.noise else byte)
        return bytes(kept)

    def _arrival(self, size: int) -> Ms:
        start = max(self._free_at_us, self._timetable.now * 1000)
        self._free_at_us = start + size * BITS_PER_BYTE * _MILLION // self._line.baud
        return -(-self._free_at_us // 1000)

    def _arrive(self, data: bytes, life: int) -> None:
        if life == self._life:
            self._deliver(data)


class Plugged:
    """A device at the end of a line, woken when it wants to be."""

    def __init__(self, device: Device, timetable: Timetable, answer: Callable[[bytes], None]) -> None:
        self.device = device
        self._timetable = timetable
        self._alarm = Alarm(timetable, self._wake)
        device.connect(answer)
        self.settle()

    def hear(self, data: bytes) -> None:
        """Bytes reach the device."""
        self.device.hear(data, self._timetable.now)
        self.settle()

    def settle(self) -> None:
        """Look again when the device wants to be woken; for whoever has just handled it (held up a card, opened a cover)."""
        self._alarm.set(self.device.wake_at)

    def _wake(self) -> None:
        self.device.wake(self._timetable.now)
        self.settle()


class FarEnd:
    """The devices' end of a line, virtual or real; on an RS-485 bus several devices hear the same bytes."""

    def __init__(self, timetable: Timetable, line: Line, rng: random.Random) -> None:
        self.line = line
        self.is_plugged = True
        self.taps: list[Tap] = []
        self.plugged: list[Plugged] = []
        self._timetable = timetable
        self._out = Stream(timetable, line, rng, self._to_devices)
        self._back = Stream(timetable, line, rng, self._to_firmware)

    def plug(self, device: Device) -> Plugged:
        """Put a device at the far end."""
        plugged = Plugged(device, self._timetable, self._answer)
        self.plugged.append(plugged)
        return plugged

    def _carry_out(self, data: bytes) -> None:
        """The firmware speaks."""
        self._carry(Way.TO_DEVICE, self._out, data)

    def _answer(self, data: bytes) -> None:
        self._carry(Way.TO_FIRMWARE, self._back, data)

    def _carry(self, way: Way, stream: Stream, data: bytes) -> None:
        if self.is_plugged and data:
            for tap in self.taps:
                tap(way, data, self._timetable.now)
            stream.carry(data)

    def _cut_off(self) -> None:
        self._out.cut_off()
        self._back.cut_off()

    def _to_devices(self, data: bytes) -> None:
        for plugged in self.plugged:
            plugged.hear(data)

    def _to_firmware(self, data: bytes) -> None:
        raise NotImplementedError


class VirtualLine(FarEnd):
    """A line in virtual time: its near end is a :class:`firmware.wire.base.Wire`."""

    def __init__(self, timetable: Timetable, line: Line, rng: random.Random) -> None:
        super().__init__(timetable, line, rng)
        self._wire: LineWire | None = None

    def open(self, post: Post) -> "LineWire":
        """The firmware opens its end; an earlier opening is dead from now on."""
        if self._wire is not None:
            self._wire.close()
        self._wire = LineWire(self, post)
        if self.is_plugged:
            self._post_soon(WireOpened())
        return self._wire

    def unplug(self, reason: str = "unplugged") -> None:
        """Pull the plug at the firmware's end: what is on its way is lost, in both directions."""
        if self.is_plugged:
            self.is_plugged = False
            self._cut_off()
            self._post_soon(WireLost(reason))

    def replug(self) -> None:
        """Put the plug back in."""
        if not self.is_plugged:
            self.is_plugged = True
            self._post_soon(WireOpened())

    def written(self, wire: "LineWire", data: bytes) -> None:
        """The firmware has written, if this is still its wire."""
        if wire is self._wire:
            self._carry_out(data)

    def closed(self, wire: "LineWire") -> None:
        """The firmware has closed its end; bytes that have left it still arrive."""
        if wire is self._wire:
            self._wire = None

    def _to_firmware(self, data: bytes) -> None:
        if self._wire is not None:
            self._wire.post(BytesArrived(data))

    def _post_soon(self, happening: FromWire) -> None:
        if self._wire is not None:
            self._timetable.after(0, partial(self._wire.post, happening))


class LineWire:
    """The firmware's end of a virtual line."""

    def __init__(self, line: VirtualLine, post: Post) -> None:
        self._line = line
        self._post: Post | None = post

    def post(self, happening: FromWire) -> None:
        """Bring something to the node, if it still listens."""
        if self._post is not None:
            self._post(happening)

    def write(self, data: bytes) -> None:
        """Send bytes to the devices."""
        self._line.written(self, data)

    def set(self, pin: int, *, active: bool) -> None:
        """Refuse: a line of bytes has no pins."""
        raise WireError(f"pin {pin} cannot be set {active}: this wire carries bytes")

    def close(self) -> None:
        """Give the line back."""
        self._post = None
        self._line.closed(self)
