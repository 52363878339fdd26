"""Times what people wait for, on the wires: from the edge of a key to the first byte of what it brings about.

Resolution is the millisecond of the simulator's clock. What goes over a wire anyhow, status questions to the printer and
refreshed sign texts, does not count.
"""

import math
import re
from collections.abc import Sequence
from functools import partial

from contracts.values import CounterId, Ms
from sim.devices.sign_frames import Frame, FrameFinder
from sim.furnishing import Furnished
from sim.furniture import Counter, Signs, TicketMachine
from sim.wires import Way

_STATUS = re.compile(rb"\x10\x04.")
_CALLED = re.compile("请".encode("gbk") + rb"([A-Z](?:\d-\d{2,3}|\d{3}))")


class Stopwatch:
    """Put it to a hall before people come; ``press_to_print`` and ``call_to_sign`` fill with milliseconds."""

    def __init__(self, furnished: Furnished) -> None:
        self.press_to_print: list[Ms] = []
        self.call_to_sign: list[Ms] = []
        self._pressed: dict[str, Ms] = {}
        self._called: dict[CounterId, Ms] = {}
        for machine in furnished.machines.values():
            machine.header.taps.append(partial(self._key, machine))
            machine.printer_line.taps.append(partial(self._to_printer, machine))
        for counter in furnished.counters.values():
            counter.header.taps.append(partial(self._call_key, counter))
        for display in furnished.displays.values():
            for name, line in display.bus_lines.items():
                line.taps.append(partial(self._to_signs, _numbers_of(display, name), FrameFinder(), {}))

    def _key(self, machine: TicketMachine, pin: int, closed: bool, now: Ms) -> None:  # noqa: FBT001 -- the shape of a tap
        if closed and pin in machine.keys.values():
            self._pressed[machine.node] = now

    def _to_printer(self, machine: TicketMachine, way: Way, data: bytes, now: Ms) -> None:
        if way is Way.TO_DEVICE and _STATUS.sub(b"", data) and machine.node in self._pressed:
            self.press_to_print.append(now - self._pressed.pop(machine.node))

    def _call_key(self, counter: Counter, pin: int, closed: bool, now: Ms) -> None:  # noqa: FBT001 -- the shape of a tap
        if closed and pin == counter.KEYS["next"]:
            self._called[counter.counter] = now

    def _to_signs(  # noqa: PLR0913, PLR0917 -- the shape of a tap, after what it is about
        self,
        counters: dict[int, CounterId],
        finder: FrameFinder,
        shown: dict[int, bytes],
        way: Way,
        data: bytes,
        now: Ms,
    ) -> None:
        if way is not Way.TO_DEVICE:
            return
        for frame in finder.feed(data):
            if isinstance(frame, Frame) and (called := _CALLED.search(frame.data)):
                counter = counters.get(frame.destination)
                if shown.get(frame.destination) != called[1] and counter in self._called:
                    self.call_to_sign.append(now - self._called.pop(counter))
                shown[frame.destination] = called[1]


def _numbers_of(display: Signs, bus: str) -> dict[int, CounterId]:
    """Which counter's sign has which address on a bus."""
    on_bus = {id(sign) for sign in display.buses[bus].signs}
    return {sign.card.address: counter for counter, sign in display.signs.items() if id(sign) in on_bus}


def percentile(samples: Sequence[Ms], percent: int) -> Ms | None:
    """The nearest-rank percentile; ``None`` without samples."""
    if not samples:
        return None
    return sorted(samples)[max(0, math.ceil(len(samples) * percent / 100) - 1)]
