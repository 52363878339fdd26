"""Serial plugs pulled at a certain byte, and what people do to printers."""

import contextlib
import random
from collections.abc import Callable
from functools import partial

from contracts.values import Ms
from sim.furniture import TicketMachine
from sim.ptys import PtyLine
from sim.realtime import RealTime
from sim.wires import Way

_Handling = Callable[[Ms], None]


def unplug(loop: RealTime, line: PtyLine, rng: random.Random, is_over: Callable[[], bool]) -> bool:
    """Pull the plug once so many bytes have passed, either way, and put it back after a while."""
    left, away, is_done = rng.randint(1, 600), rng.randint(100, 4_000), False

    def tap(_way: Way, data: bytes, _now: Ms) -> None:
        nonlocal left, is_done
        left -= len(data)
        if left <= 0 and not is_done and not is_over():
            is_done = True
            loop.after(0, pull)

    def pull() -> None:
        with contextlib.suppress(ValueError):
            line.taps.remove(tap)
        line.unplug()
        loop.after(away, line.replug)

    loop.call(lambda: line.taps.append(tap))
    return True


def break_printer(loop: RealTime, machine: TicketMachine, rng: random.Random) -> Callable[[], None]:
    """Something happens to the printer of this machine; returns how it is put right."""
    break_it, mend_it = rng.choice(_troubles(machine, rng.randint(0, 30)))

    def do(what: _Handling) -> None:
        what(loop.now)
        machine.printer_plug.settle()

    loop.call(partial(do, break_it))
    return lambda: loop.call(partial(do, mend_it))


def _troubles(machine: TicketMachine, lines: int) -> list[tuple[_Handling, _Handling]]:
    """What happens, and what helps. ``lines`` are left on the roll where it ends."""
    printer = machine.printer
    return [
        (lambda now: printer.set_quirks(now, paper_out_after_lines=lines), lambda _now: machine.renew_roll()),
        (printer.open_cover, printer.close_cover),
        (lambda now: printer.set_quirks(now, silent=True), lambda now: printer.set_quirks(now, silent=False)),
        (lambda now: printer.set_quirks(now, dead=True), lambda now: printer.set_quirks(now, dead=False)),
        (printer.power_off, printer.power_on),
        (lambda now: printer.set_quirks(now, cutter_jammed=True), printer.free_cutter),
        (lambda now: printer.set_quirks(now, slowness=6), lambda now: printer.set_quirks(now, slowness=1)),
    ]
