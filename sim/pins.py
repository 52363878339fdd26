"""Virtual pins: the header of one node, with keys, lamps and beepers soldered to it, in virtual time.

Strict as a real header is: driving a pin that is no input, or switching one that is no output, is refused.
"""

from collections.abc import Callable, Iterable
from functools import partial

from contracts.values import Ms
from firmware.wire.base import EdgeSeen, FromWire, Post, WireError, WireOpened
from sim.clock import Timetable
from sim.devices.base import PinDevice

PinTap = Callable[[int, bool, Ms], None]
"""Told of every edge of an input at the moment the contact moves: pin, closed, when."""


class VirtualPins:
    """The pins of one node."""

    def __init__(self, timetable: Timetable, inputs: Iterable[int], outputs: Iterable[int]) -> None:
        self._inputs = frozenset(inputs)
        self._outputs = frozenset(outputs)
        if both := self._inputs & self._outputs:
            raise ValueError(f"pins {sorted(both)} cannot be inputs and outputs at once")
        self.taps: list[PinTap] = []
        self.levels = dict.fromkeys(sorted(self._inputs | self._outputs), False)
        self._timetable = timetable
        self._devices: list[PinDevice] = []
        self._wire: PinWire | None = None

    def plug(self, device: PinDevice) -> None:
        """Solder a device to the pins."""
        device.connect(self.drive)
        self._devices.append(device)

    def open(self, post: Post) -> "PinWire":
        """The firmware takes the pins; keys held down at this moment are seen as edges after ``WireOpened``."""
        if self._wire is not None:
            self._wire.close()
        self._wire = PinWire(self, post)
        self._post_soon(WireOpened())
        for pin in sorted(self._inputs):
            if self.levels[pin]:
                self._post_soon(EdgeSeen(pin, active=True))
        return self._wire

    def drive(self, pin: int, active: bool) -> None:  # noqa: FBT001 - the shape of sim.devices.base.PinDevice.connect
        """A contact closes or opens."""
        if pin not in self._inputs:
            raise ValueError(f"pin {pin} is no input of this node, its inputs are {sorted(self._inputs)}")
        if self.levels[pin] != active:
            self.levels[pin] = active
            for tap in self.taps:
                tap(pin, active, self._timetable.now)
            self._post_soon(EdgeSeen(pin, active))

    def was_set(self, wire: "PinWire", pin: int, *, active: bool) -> None:
        """The firmware switched an output, if this is still its wire."""
        if pin not in self._outputs:
            raise WireError(f"pin {pin} is no output of this node, its outputs are {sorted(self._outputs)}")
        if wire is self._wire:
            self._show(pin, active=active)

    def released(self, wire: "PinWire") -> None:
        """The process is gone: its outputs fall."""
        if wire is self._wire:
            self._wire = None
            for pin in sorted(self._outputs):
                if self.levels[pin]:
                    self._show(pin, active=False)

    def _show(self, pin: int, *, active: bool) -> None:
        self.levels[pin] = active
        for device in self._devices:
            device.saw(pin, self._timetable.now, active=active)

    def _post_soon(self, happening: FromWire) -> None:
        if self._wire is not None:
            self._timetable.after(0, partial(self._wire.post, happening))


class PinWire:
    """The firmware's end of the pins."""

    def __init__(self, pins: VirtualPins, post: Post) -> None:
        self._pins = pins
        self._post: Post | None = post

    def post(self, happening: FromWire) -> None:
        """Bring something to the node, if it still listens."""
        if self._post is not None:
            self._post(happening)

    def write(self, data: bytes) -> None:
        """Refuse: pins carry no bytes."""
        raise WireError(f"{len(data)} bytes cannot be written: this wire is made of pins")

    def set(self, pin: int, *, active: bool) -> None:
        """Switch an output."""
        self._pins.was_set(self, pin, active=active)

    def close(self) -> None:
        """Give the pins back."""
        self._post = None
        self._pins.released(self)
