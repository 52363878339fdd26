"""What people wait for, in a hall of processes: a press until the printer's first byte, a call until the sign's first byte.

One visit after the other, so that nothing else is under way: press, paper, call, start, finish. The floor is sampled before
every figure, on the same server. The hall is small on purpose (a ticket machine, two counters, their two signs): in a real
hall every node has a processor of its own, here all share this machine's.
"""

import queue
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import bench_probe
from bench_floor import Floor

from contracts.values import CounterId, Ms, NodeName
from firmware.runtime.clock import precise_ns
from sim.demo import OPENS_AT
from sim.devices.sign_frames import Frame, FrameFinder
from sim.furniture import Counter
from sim.halls import config_text
from sim.process_hall import ProcessHall
from sim.processes import wait_a_moment
from sim.senses import waiting_in
from sim.wires import Line, Way
from words import text

_LEFT_OUT = re.compile(r'^ *\{ id = "(PAD|CLK|SPK)-.*\n|^ *\{ id = "(LED|TRM)-W01".*\n', re.MULTILINE)
_STATUS = re.compile(rb"\x10\x04.")
_CALL = re.compile("请".encode("gbk") + rb"[A-Z]\d{3}")
_COUNTERS = {CounterId("W02"): ("A", "04A1000102"), CounterId("W03"): ("B", "04A1000103")}
PROBE = NodeName("PROBE")
_QUIET_NS = 60_000_000
"""A bus on which nothing was said for so long is idle: a refresh takes 30 ms with its answer."""
_PATIENCE_S = 10.0


class SlowError(RuntimeError):
    """Something that should have happened did not."""


@dataclass(slots=True)
class Samples:
    """Nanoseconds of each kind, taken in turns; ``busy`` counts calls that met a refresh on the bus and do not count."""

    press: list[int] = field(default_factory=list)
    press_floor: list[int] = field(default_factory=list)
    call: list[int] = field(default_factory=list)
    call_floor: list[int] = field(default_factory=list)
    wires: list[int] = field(default_factory=list)
    busy: int = 0


def open_hall(folder: Path) -> ProcessHall:
    """The hall of the latency figures."""
    config = _LEFT_OUT.sub("", config_text("demo-small"))
    return ProcessHall(config, folder, seed=1, clock_start=OPENS_AT, only_mosquitto=True)


class Desk:
    """Presses keys in a hall and sees when bytes come out. ``fresh`` clears what was seen before."""

    def __init__(self, hall: ProcessHall) -> None:
        self._hall = hall
        self.machine = next(iter(hall.furnished.machines.values()))
        self.signs = next(iter(hall.furnished.displays.values()))
        self._edge = 0
        self._passed_on = queue.SimpleQueue[int]()
        self._papers = queue.SimpleQueue[int]()
        self._calls = queue.SimpleQueue[tuple[int, bool]]()
        self._bus_at = 0
        self._said = 0
        self._finder = FrameFinder()
        hall.loop.ask(self._look)

    def _look(self) -> None:
        self.machine.printer.model = replace(self.machine.printer.model, dots_per_second=50_000)  # papers in no time
        self.machine.header.taps.append(self._key)
        self.machine.printer_line.taps.append(self._to_printer)
        for counter in self._hall.furnished.counters.values():
            counter.header.taps.append(self._key)
        for line in self.signs.bus_lines.values():
            line.taps.append(self._to_signs)

    # --- In the loop's thread ---------------------------------------------------------------------------------------------

    def _key(self, _pin: int, closed: bool, _now: Ms) -> None:
        if closed:
            self._edge = precise_ns()

    def _to_printer(self, way: Way, data: bytes, _now: Ms) -> None:
        at = precise_ns()
        if way is Way.TO_DEVICE and _STATUS.sub(b"", data):
            self._papers.put(at - self._edge)

    def _to_signs(self, way: Way, data: bytes, _now: Ms) -> None:
        at = precise_ns()
        self._bus_at = at
        if way is not Way.TO_DEVICE:
            return
        self._said += 1
        for frame in self._finder.feed(data):
            if isinstance(frame, Frame) and _CALL.search(frame.data):
                self._calls.put((at - self._edge, self._said == 1))

    def _put_up_probe(self) -> str:
        """Returns the URL of its serial line."""
        self._hall.world.header(PROBE, [bench_probe.KEY], []).taps.append(self._key)
        line, url = self._hall.world.line(PROBE, "out", Line(baud=115_200))
        line.taps.append(self._passed)
        return url

    def _passed(self, _way: Way, _data: bytes, _now: Ms) -> None:
        self._passed_on.put(precise_ns() - self._edge)

    def _close_and_open(self, *, closed: bool) -> None:
        self._hall.world.headers[PROBE].drive(bench_probe.KEY, closed)

    # --- In the bench's thread --------------------------------------------------------------------------------------------

    def start_probe(self) -> None:
        """Start the process that only passes on."""
        url = self._hall.loop.ask(self._put_up_probe)
        environment = {"GPIOZERO_PIN_FACTORY": "hallsim", "HALLSIM_GPIO": str(self._hall.world.socket(PROBE))}
        self._hall.processes.start(PROBE, [sys.executable, bench_probe.__file__, url], environment)
        self.wait(lambda: self._hall.world.headers[PROBE].is_ready, "the probe is ready")

    def probe(self) -> int:
        """A contact until a byte, with nothing between."""
        self._hall.loop.call(partial(self._close_and_open, closed=True))
        taken = self._passed_on.get(timeout=_PATIENCE_S)
        self._hall.loop.ask(partial(self._close_and_open, closed=False))
        return taken

    def log_in(self) -> None:
        """Both clerks hold their cards to the readers."""
        for name, (_, card) in _COUNTERS.items():
            counter = self._hall.furnished.counters[name]
            self._hall.loop.ask(partial(counter.show_card, card))
            self.sees(counter, "con.free")

    def press(self, group: str) -> int:
        """A key of the ticket machine until the first byte of the paper."""
        _drain(self._papers)
        self._hall.loop.call(lambda: self.machine.press(group))
        return self._papers.get(timeout=_PATIENCE_S)

    def call(self, counter: Counter) -> tuple[int, bool]:
        """The call key until the first byte of the call; false if anything else was on the bus between."""
        _drain(self._calls)
        self._hall.loop.call(lambda: self._press_next(counter))
        return self._calls.get(timeout=_PATIENCE_S)

    def _press_next(self, counter: Counter) -> None:
        self._said = 0
        counter.press("next")

    def press_and_see(self, counter: Counter, key: str, shown: str) -> None:
        """A key of the clerk, until the text line shows this."""
        self._hall.loop.ask(lambda: counter.press(key))
        self.sees(counter, shown)

    def sees(self, counter: Counter, shown: str) -> None:
        """Wait until the text line shows the beginning of the sentence with this key."""
        start = text(shown).zh.partition("{")[0]
        self.wait(lambda: counter.text().startswith(start), f"{counter.counter} shows {start}")

    def quiet(self) -> None:
        """Wait until the bus is idle."""
        self.wait(lambda: precise_ns() - self._bus_at > _QUIET_NS, "the bus is quiet")

    def wait(self, happened: Callable[[], bool], what: str) -> None:
        """Wait until this is so."""
        for _ in range(int(_PATIENCE_S / 0.01)):
            if self._hall.loop.ask(happened):
                return
            wait_a_moment(self._hall.service, 0.01)
        raise SlowError(f"not within {_PATIENCE_S} s: {what}; {self._hall.trouble()}")


def _drain(seen: "queue.SimpleQueue[Any]") -> None:
    while not seen.empty():
        seen.get()


def measure(folder: Path, visits: int, warm_up: int, progress: Callable[[str, int, int], None]) -> tuple[Samples, str]:
    """Let so many visitors through; returns the samples and which server it was."""
    with open_hall(folder) as hall, Floor(hall.mqtt.port, folder) as floor:
        desk = Desk(hall)
        desk.start_probe()
        desk.log_in()
        samples = Samples()
        for visit in range(-warm_up, visits):
            name = list(_COUNTERS)[visit % len(_COUNTERS)]
            _visit(desk, floor, hall.furnished.counters[name], _COUNTERS[name][0], samples if visit >= 0 else Samples())
            progress("visits", visit + warm_up + 1, visits + warm_up)
        return samples, hall.mqtt.name


def _visit(desk: Desk, floor: Floor, counter: Counter, group: str, samples: Samples) -> None:
    desk.quiet()
    samples.wires.append(desk.probe())
    samples.press_floor.append(floor.sample())
    samples.press.append(desk.press(group))
    desk.wait(lambda: waiting_in(counter.text()) > 0, "the paper is known to be out")
    desk.quiet()
    samples.call_floor.append(floor.sample())
    taken, alone = desk.call(counter)
    if alone:
        samples.call.append(taken)
    samples.busy += not alone
    desk.sees(counter, "con.called")
    desk.press_and_see(counter, "start", "con.serving")
    desk.press_and_see(counter, "finish", "con.free")
