"""The simulator's end of a node's pin socket (``sim.gpio``): keys and lamps soldered to a node in another process.

It has the same face as ``sim.pins.VirtualPins``. Contacts close to ground against a pull-up, as the keys of the hall do: a
closed contact pulls its pin down whatever anybody else does to it, and as soon as a process has taken the pin.
"""

import json
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from contracts.values import Ms
from sim.devices.base import PinDevice
from sim.pins import PinTap
from sim.realtime import RealTime

TRY_AGAIN_AFTER: Ms = 20


class PinSocket:
    """The pins of one node process; construct and use it in the thread of its :class:`RealTime` loop."""

    def __init__(self, timetable: RealTime, path: Path, inputs: Iterable[int], outputs: Iterable[int]) -> None:
        self.taps: list[PinTap] = []
        self.levels = dict.fromkeys(sorted({*inputs, *outputs}), False)
        self.refused: list[str] = []
        """What the node said it could not do; a test or the demo looks here."""
        self.is_connected = False
        self._inputs = frozenset(inputs)
        self._outputs = frozenset(outputs)
        self._taken: set[int] = set()
        self._path = path
        self._loop = timetable
        self._devices: list[PinDevice] = []
        self._socket: socket.socket | None = None
        self._unread = b""
        self._is_closed = False
        self._connect()

    @property
    def is_ready(self) -> bool:
        """Whether the node has taken every input."""
        return self.is_connected and self._taken >= self._inputs

    def plug(self, device: PinDevice) -> None:
        """Solder a device to the pins."""
        device.connect(self.drive)
        self._devices.append(device)

    def drive(self, pin: int, active: bool) -> None:  # noqa: FBT001 - the shape of sim.devices.base.PinDevice.connect
        """A contact closes or opens."""
        if pin not in self._inputs:
            raise ValueError(f"pin {pin} is no input of this node, its inputs are {sorted(self._inputs)}")
        if self.levels[pin] != active:
            self.levels[pin] = active
            for tap in self.taps:
                tap(pin, active, self._loop.now)
            self._put(pin)

    def close(self) -> None:
        """Let go of the node."""
        self._is_closed = True
        self._lose()

    def _connect(self) -> None:
        if self._is_closed:
            return
        fresh = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            fresh.connect(str(self._path))
        except OSError:
            fresh.close()
            self._loop.after(TRY_AGAIN_AFTER, self._connect)
            return
        self._socket, self._unread, self.is_connected = fresh, b"", True
        self._loop.watch(fresh.fileno(), self._read)

    def _lose(self) -> None:
        """The process is gone: its outputs fall, its inputs are nobody's."""
        lost, self._socket = self._socket, None
        self.is_connected = False
        self._taken.clear()
        if lost is not None:
            self._loop.unwatch(lost.fileno())
            lost.close()
            for pin in sorted(self._outputs):
                self._show(pin, active=False)

    def _read(self) -> None:
        assert self._socket is not None
        try:
            data = self._socket.recv(4096)
        except OSError:
            data = b""
        if not data:
            self._lose()
            self._loop.after(TRY_AGAIN_AFTER, self._connect)
            return
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            self._hear(json.loads(line))

    def _hear(self, told: dict[str, Any]) -> None:
        if "error" in told:
            self.refused.append(str(told["error"]))
        elif told["function"] == "output" and told["pin"] in self._outputs:
            self._show(told["pin"], active=bool(told["level"]))
        elif told["function"] == "input" and told["pin"] in self._inputs:
            self._taken.add(told["pin"])
            if told["level"] and self.levels[told["pin"]]:
                self._put(told["pin"])

    def _show(self, pin: int, *, active: bool) -> None:
        if self.levels[pin] != active:
            self.levels[pin] = active
            for device in self._devices:
                device.saw(pin, self._loop.now, active=active)

    def _put(self, pin: int) -> None:
        """Put a contact's level on the wire: closed is low."""
        if self._socket is not None and pin in self._taken:
            wish = {"pin": pin, "drive": 0 if self.levels[pin] else 1}
            try:
                self._socket.sendall(json.dumps(wish).encode() + b"\n")
            except OSError:
                self.refused.append(f"pin {pin} could not be driven: the node is going away")
