"""The two places a simulated hall can stand in: virtual time inside one process, or real ptys and sockets between processes.

Furniture (``sim.furniture``) is put up in a world and asks it for lines and pins; it cannot tell which world it stands in.
"""

import random
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs

from contracts.values import Ms, NodeName
from firmware.wire.base import Post, Wire, WireError
from sim.clock import Alarm, Timetable
from sim.devices.base import Device, PinDevice
from sim.pins import PinTap, VirtualPins
from sim.ptys import PtyLine
from sim.realtime import RealTime
from sim.sockets import PinSocket
from sim.tail import FileTail
from sim.wires import LOUDSPEAKER, FarEnd, Line, VirtualLine


class Header(Protocol):
    """The pins of one node, virtual or on a socket."""

    taps: list[PinTap]
    levels: dict[int, bool]

    def plug(self, device: PinDevice) -> None:
        """Solder a device to the pins."""


class WakingPinDevice(PinDevice, Protocol):
    """A device on pins that does things later by itself, such as letting a key go."""

    wake_at: Ms | None

    def wake(self, now: Ms) -> None:
        """The wished time has come."""


class Soldered:
    """A device on the pins of a node, woken when it wants to be."""

    def __init__(self, device: WakingPinDevice, timetable: Timetable, header: Header) -> None:
        self._device = device
        self._timetable = timetable
        self._alarm = Alarm(timetable, self._wake)
        header.plug(device)

    def settle(self) -> None:
        """Look again when the device wants to be woken; for whoever has just pressed a key."""
        self._alarm.set(self._device.wake_at)

    def _wake(self) -> None:
        self._device.wake(self._timetable.now)
        self.settle()


class World(Protocol):
    """Where a hall stands."""

    @property
    def timetable(self) -> Timetable:
        """Its time."""

    def line(self, node: NodeName, part: str, line: Line) -> tuple[FarEnd, str]:
        """A serial line of a node: the devices' end, and the URL for node.toml."""

    def header(self, node: NodeName, inputs: Collection[int], outputs: Collection[int]) -> Header:
        """The pins of a node; its node.toml says ``gpio:``."""

    def loudspeaker(self, node: NodeName, device: Device) -> str:
        """The loudspeaker of a node, with the device that listens; returns the URL for node.toml."""


class VirtualWorld:
    """A world inside this process, in virtual time.

    ``quality`` says how good lines are, whatever their speed, by part (``printer``, ``reader``, a bus's name, ...), under
    ``*`` for all others; one :class:`Line` is for all.
    """

    def __init__(self, timetable: Timetable, seed: int, quality: Line | Mapping[str, Line] | None = None) -> None:
        self.timetable = timetable
        self.lines: dict[str, VirtualLine] = {}
        self.headers: dict[NodeName, VirtualPins] = {}
        self._seed = seed
        self._quality = {"*": quality} if isinstance(quality, Line) else dict(quality or {})

    def line(self, node: NodeName, part: str, line: Line) -> tuple[FarEnd, str]:
        """See :class:`World`."""
        name = f"{node}/{part}"
        self.lines[name] = VirtualLine(self.timetable, self._spoilt(part, line), random.Random(f"{self._seed}/{name}"))
        return self.lines[name], f"serial:{name}?baud={line.baud}"

    def header(self, node: NodeName, inputs: Collection[int], outputs: Collection[int]) -> Header:
        """See :class:`World`."""
        self.headers[node] = VirtualPins(self.timetable, inputs, outputs)
        return self.headers[node]

    def loudspeaker(self, node: NodeName, device: Device) -> str:
        """See :class:`World`."""
        name = f"{node}/audio"
        self.lines[name] = VirtualLine(self.timetable, LOUDSPEAKER, random.Random(f"{self._seed}/{name}"))
        self.lines[name].plug(device)
        return f"audio:{name}"

    def open_end(self, node: NodeName, url: str, post: Post) -> Wire:
        """The firmware's end of the wire with this URL, as ``firmware.wire.open`` would open it."""
        kind, _, rest = url.partition(":")
        place, _, query = rest.partition("?")
        if kind == "gpio":
            header = self.headers[node]
            asked = [{int(pin) for pin in parse_qs(query).get(way, [""])[0].split(",") if pin} for way in ("in", "out")]
            if (asked[0] | asked[1]) != set(header.levels):
                raise WireError(f"{url}: {node} has other pins: {sorted(header.levels)}")
            return header.open(post)
        if place not in self.lines:
            raise WireError(f"{url}: no such line, there are {', '.join(sorted(self.lines))}")
        return self.lines[place].open(post)

    def _spoilt(self, part: str, line: Line) -> Line:
        quality = self._quality.get(part, self._quality.get("*", Line()))
        return Line(baud=line.baud, cut=quality.cut, loss=quality.loss, noise=quality.noise)


class ProcessWorld:
    """A world of ptys and sockets in a folder, for nodes that run as processes of their own.

    The folder's path must be short: a UNIX socket's may have 107 bytes. Use it in the thread of its loop.
    """

    def __init__(self, loop: RealTime, folder: Path, seed: int) -> None:
        self.timetable = loop
        self.headers: dict[NodeName, PinSocket] = {}
        self.lines: list[PtyLine] = []
        self._tails: list[FileTail] = []
        self._folder = folder
        self._seed = seed

    def line(self, node: NodeName, part: str, line: Line) -> tuple[FarEnd, str]:
        """See :class:`World`."""
        path = self._folder / f"tty-{node}-{part}"
        end = PtyLine(self.timetable, line, random.Random(f"{self._seed}/{path.name}"), path)
        self.lines.append(end)
        return end, f"serial:{path}?baud={line.baud}"

    def header(self, node: NodeName, inputs: Collection[int], outputs: Collection[int]) -> Header:
        """See :class:`World`."""
        self.headers[node] = PinSocket(self.timetable, self.socket(node), inputs, outputs)
        return self.headers[node]

    def loudspeaker(self, node: NodeName, device: Device) -> str:
        """See :class:`World`. The node plays into a file; what it adds is heard within a moment."""
        path = self._folder / f"audio-{node}.pcm"
        self._tails.append(FileTail(self.timetable, path, device))
        return f"audio:file:{path}"

    def socket(self, node: NodeName) -> Path:
        """The socket of a node's pins, for its environment (``HALLSIM_GPIO``)."""
        return self._folder / f"gpio-{node}"

    def close(self) -> None:
        """Take everything down."""
        for line in self.lines:
            line.close()
        for header in self.headers.values():
            header.close()
        for tail in self._tails:
            tail.close()
