"""How each kind of blow is dealt to a hall, and how the hall is mended after it."""

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable
from functools import partial

from contracts.values import Ms, NodeName
from sim.chaos import breakage
from sim.chaos.doomed_service import DIE
from sim.chaos.echo import Echo
from sim.chaos.faults import Blow, Kind
from sim.chaos.hall import ON_SMALL_DISK, SERVER, WITH_OWN_CLOCK, ChaosHall
from sim.chaos.supervisor import Supervisor
from sim.furniture import Furniture, TicketMachine
from sim.process_hall import SERVICE
from sim.ptys import PtyLine
from sim.wires import Way

_MAY_STILL_DIE: Ms = 30_000
"""How long after its disk has room again a slow process may still end of that."""
_MILESTONES = ("before_commit", "after_commit", "after_publish")


class Striker:
    """Deals blows; ``mend_due`` mends what is to be mended by now, ``mend_all`` everything. From one thread."""

    def __init__(self, hall: ChaosHall, supervisor: Supervisor, echo: Echo) -> None:
        self.dealt: Counter[str] = Counter()
        self.named: Counter[str] = Counter()
        """Milestones at which the service was wished dead."""
        self._hall = hall
        self._supervisor = supervisor
        self._echo = echo
        self._mending: list[tuple[Ms, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._is_wishing = False
        self._is_over = False
        self._deal: dict[Kind, Callable[[random.Random], bool]] = {
            Kind.KILL_NODE: lambda rng: self._kill(rng.choice(self._nodes), Kind.KILL_NODE),
            Kind.KILL_SERVICE: lambda _: self._kill(SERVICE, Kind.KILL_SERVICE),
            Kind.KILL_SERVICE_AT: self._kill_at_milestone,
            Kind.KILL_SERVER: lambda _: self._kill(SERVER, Kind.KILL_SERVER),
            Kind.KILL_SERVER_FORGETTING: self._kill_forgetting,
            Kind.KILL_AT_PRINT: self._kill_at_print,
            Kind.KILL_AT_TOUCH: self._kill_at_touch,
            Kind.FREEZE: self._freeze,
            Kind.LATE: lambda rng: self._relay(rng, late=rng.randint(20, 900)),
            Kind.STALL: lambda rng: self._relay(rng, **rng.choice(_STALLS)),
            Kind.SPLIT: lambda rng: self._relay(rng, splits=True),
            Kind.REFUSE: self._refuse,
            Kind.RESET: self._reset,
            Kind.ECHO: lambda rng: bool(self._echo.say_again(rng, 30)),
            Kind.CABLE: self._pull_cable,
            Kind.DROP: self._drop,
            Kind.UNPLUG: self._unplug,
            Kind.PRINTER: self._printer,
            Kind.NODE_DISK_FULL: lambda rng: self._fill(ON_SMALL_DISK, rng.randint(1_000, 6_000)),
            Kind.SERVICE_DISK_FULL: lambda rng: self._fill(SERVICE, rng.randint(1_000, 5_000)),
            Kind.CLOCK: self._move_clock,
        }

    @property
    def possible(self) -> list[Kind]:
        """The kinds this machine allows."""
        return [kind for kind in Kind if kind.value not in self._hall.missing]

    def strike(self, blow: Blow) -> None:
        """Deal it; one that meets nobody does not count."""
        if self._deal[blow.kind](random.Random(blow.dice)):
            self.dealt[blow.kind.value] += 1

    def mend_due(self) -> None:
        """Mend what has been broken long enough."""
        while self._mending and self._mending[0][0] <= self._hall.loop.now:
            heapq.heappop(self._mending)[2]()

    def mend_all(self) -> None:
        """Mend everything at once; what was waiting for somebody to touch something does not happen any more."""
        self._is_over = True
        while self._mending:
            heapq.heappop(self._mending)[2]()
        self._hall.heal()
        for name in WITH_OWN_CLOCK:
            if "clock" not in self._hall.missing and name != SERVICE:
                self._hall.move_clock(name, 0)

    def _later(self, after: Ms, mend: Callable[[], None]) -> None:
        heapq.heappush(self._mending, (self._hall.loop.now + after, next(self._order), mend))

    # --- Processes -------------------------------------------------------------------------------------------------------

    @property
    def _nodes(self) -> list[str]:
        return [name for name in self._supervisor.names if name not in (SERVICE, SERVER)]

    def _kill(self, name: str, kind: Kind) -> bool:
        return self._supervisor.kill(name, kind.value)

    def _kill_forgetting(self, _rng: random.Random) -> bool:
        killed = self._kill(SERVER, Kind.KILL_SERVER_FORGETTING)
        if killed:
            self._hall.children[SERVER].popen.wait(2)
            self._hall.forget_server()
        return killed

    def _kill_at_milestone(self, rng: random.Random) -> bool:
        """At the next batch after somebody has touched something, so that it is a person's request that is cut short.

        The service itself sees to it; that it died is counted from its exit.
        """
        where, wish = rng.choice(_MILESTONES), self._hall.wishes / DIE
        if self._is_wishing or wish.exists():
            return False
        self._is_wishing = True

        def touched() -> None:
            self._is_wishing = False
            wish.write_text(where, encoding="ascii")

        self._at_touch(self._busy_piece(rng), touched)
        self.named[where] += 1
        return True

    def _kill_at_print(self, rng: random.Random) -> bool:
        machine: TicketMachine = rng.choice(list(self._hall.furnished.machines.values()))
        left = rng.randint(1, 900)
        is_done = False

        def tap(way: Way, data: bytes, _now: Ms) -> None:
            nonlocal left, is_done
            left -= len(data) if way is Way.TO_DEVICE and len(data) > 3 else 0  # noqa: PLR2004 -- status questions are 3 bytes
            if left <= 0 and not is_done and not self._is_over:
                is_done = True
                self._supervisor.kill(machine.node, Kind.KILL_AT_PRINT.value)
                self._hall.loop.after(0, lambda: machine.printer_line.taps.remove(tap))

        self._hall.loop.call(lambda: machine.printer_line.taps.append(tap))
        return True

    def _kill_at_touch(self, rng: random.Random) -> bool:
        """The node that was touched, or the service while it is being asked."""
        if rng.random() < 0.3:  # noqa: PLR2004 -- a share of the blows
            piece, name, after = self._busy_piece(rng), SERVICE, rng.randint(0, 400)
        else:
            piece = rng.choice([*self._hall.furnished])
            name, after = piece.node, rng.choice((0, 1, 2, 3, 5, 8, 12, 20, 40, 80))

        def kill() -> None:
            self._supervisor.kill(name, Kind.KILL_AT_TOUCH.value)

        return self._at_touch(piece, lambda: self._hall.loop.after(after, kill))

    def _busy_piece(self, rng: random.Random) -> Furniture:
        """A ticket machine, a counter, a pad or a clock; half of the time a ticket machine."""
        furnished = self._hall.furnished
        machines: list[Furniture] = [*furnished.machines.values()]
        others: list[Furniture] = [*furnished.counters.values(), *furnished.pads.values(), *furnished.clocks.values()]
        return rng.choice(machines if rng.random() < 0.5 else others)  # noqa: PLR2004 -- half

    def _at_touch(self, piece: Furniture, act: Callable[[], object]) -> bool:
        """Do this once, when somebody presses a key of it or holds up a card; returns whether it has keys or pins at all."""
        is_done = False

        def once() -> None:
            nonlocal is_done
            if not is_done and not self._is_over:
                is_done = True
                act()

        def on_pin(_pin: int, closed: bool, _now: Ms) -> None:  # noqa: FBT001 -- the shape of a tap
            if closed:
                once()

        def on_line(way: Way, _data: bytes, _now: Ms) -> None:
            if way is Way.TO_FIRMWARE:
                once()

        header = self._hall.world.headers.get(NodeName(piece.node))
        if header is None:
            return False
        self._hall.loop.call(lambda: header.taps.append(on_pin))
        for line in self._lines(piece, "reader"):
            self._hall.loop.call(partial(line.taps.append, on_line))
        return True

    def _freeze(self, rng: random.Random) -> bool:
        name = rng.choice(self._supervisor.names)
        if not self._supervisor.freeze(name):
            return False
        self._later(rng.randint(200, 8_000), partial(self._supervisor.thaw, name))
        return True

    # --- The network -----------------------------------------------------------------------------------------------------

    def _relay(self, rng: random.Random, **changes: object) -> bool:
        name = rng.choice(self._hall.relays.names)
        self._hall.relays.be(name, **changes)
        well = {what: 0 if what == "late" else False for what in changes}
        self._later(rng.randint(500, 9_000), partial(self._hall.relays.be, name, **well))
        return True

    def _refuse(self, rng: random.Random) -> bool:
        name = rng.choice(self._hall.relays.names)
        self._hall.relays.be(name, refuses=True)
        self._hall.relays.reset(name)
        self._later(rng.randint(500, 5_000), partial(self._hall.relays.be, name, refuses=False))
        return True

    def _reset(self, rng: random.Random) -> bool:
        self._hall.relays.reset(rng.choice(self._hall.relays.names))
        return True

    def _pull_cable(self, rng: random.Random) -> bool:
        cable = self._hall.cable
        if cable is None:
            return False
        cable.pull()
        self._later(rng.randint(500, 8_000), cable.mend)
        return True

    def _drop(self, rng: random.Random) -> bool:
        cable = self._hall.cable
        if cable is None:
            return False
        cable.drop(rng.choice((1.0, 0.5, 0.2)))
        self._later(rng.randint(1_000, 8_000), cable.mend)
        return True

    # --- Devices ---------------------------------------------------------------------------------------------------------

    def _unplug(self, rng: random.Random) -> bool:
        return breakage.unplug(self._hall.loop, rng.choice(self._hall.world.lines), rng, lambda: self._is_over)

    def _printer(self, rng: random.Random) -> bool:
        machine = rng.choice(list(self._hall.furnished.machines.values()))
        mend = breakage.break_printer(self._hall.loop, machine, rng)
        self._later(rng.randint(500, 9_000), mend)
        return True

    def _lines(self, piece: Furniture, part: str = "") -> list[PtyLine]:
        return [line for line in self._hall.world.lines if line.path.name.startswith(f"tty-{piece.node}-{part}")]

    # --- Disks and clocks ------------------------------------------------------------------------------------------------

    def _fill(self, name: str, length: Ms) -> bool:
        disk = self._hall.disks.get(name)
        if disk is None or name in self._supervisor.full:
            return False
        self._supervisor.full.add(name)
        disk.fill()
        self._later(length, disk.clear)
        self._later(length + _MAY_STILL_DIE, lambda: self._supervisor.full.discard(name))
        return True

    def _move_clock(self, rng: random.Random) -> bool:
        name = rng.choice(WITH_OWN_CLOCK)
        self._hall.move_clock(name, rng.choice((-86_400, -3_600, -60, 60, 600)))
        return True


_STALLS: tuple[dict[str, bool], ...] = (
    {"stalls_up": True},
    {"stalls_down": True},
    {"stalls_up": True, "stalls_down": True},
)
