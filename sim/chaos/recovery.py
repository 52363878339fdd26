"""``hall-sim recovery``: how long people wait after one thing has died in a hall that is otherwise well.

Measured as people see it. Service and MQTT server: from the kill to the next call on a sign, while a clerk presses 叫下一位
again and again. Nodes: from the start of the new process to the right face of its device, which was wiped. One second of
supervisor (``RestartSec=1``) is in the first two and not in the last.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.values import CounterId, Ms
from sim.actors import Part, Story, Teller, Until
from sim.chaos.episode import LOOK_S, clear
from sim.chaos.figures import spread
from sim.chaos.hall import SERVER, ChaosHall, clerk_cards
from sim.chaos.supervisor import Supervisor
from sim.furniture import Furniture
from sim.mqtt_process import NoServerError
from sim.process_hall import SERVICE, NotReadyError
from sim.processes import wait_a_moment
from sim.senses import number_in, waiting_in
from sim.stopping import INTERRUPTED, stoppable
from words import text

GOALS_MS: dict[str, Ms] = {"service": 5_000, "server": 10_000, "display": 3_000, "terminal": 3_000, "kiosk": 3_000}
AT = CounterId("W02")
GROUP = "A"
_FREE = text("con.free").zh
_SERVING = text("con.serving").zh.split("{", maxsplit=1)[0]
_CARD = text("con.card").zh
_CHOOSE = text("tm.service.choose").zh
_TOO_LONG: Ms = 60_000


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line this command."""
    one = commands.add_parser("recovery", help="how long until the next call, or the right display, after a kill -9")
    one.add_argument("--rounds", type=int, default=20, help="of each kind (20)")
    one.add_argument("--json", type=Path, metavar="OUT", help="where the figures go")
    one.add_argument("--folder", type=Path, default=Path("build/recovery"), help="where the hall runs (build/recovery)")
    one.set_defaults(act=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure; exit code 1 if a goal is missed."""
    clear(arguments.folder)
    try:
        with stoppable():
            found = measure(arguments.folder, arguments.rounds)
    except (NotReadyError, NoServerError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    said = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    sys.stdout.write(said)
    if arguments.json is not None:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(said, encoding="utf-8")
    return 0 if all(one["holds"] for one in found.values()) else 1


def measure(folder: Path, rounds: int) -> dict[str, dict[str, Any]]:
    """So many rounds of each kind, interleaved; milliseconds beside their goals."""
    hall = ChaosHall(folder, seed=1, plain=True)
    try:
        with hall:
            times = _Rounds(hall).play(rounds)
    finally:
        hall.close()
    return {kind: _figure(kind, samples) for kind, samples in times.items()}


def _figure(kind: str, samples: list[Ms]) -> dict[str, Any]:
    found = spread(samples)
    p99 = found["p99"]
    return {**found, "goal_p99": GOALS_MS[kind], "holds": p99 is not None and p99 <= GOALS_MS[kind]}


@dataclass(slots=True)
class _Mark:
    """Where a story leaves what it measured."""

    ms: Ms | None = None
    is_over: bool = False
    began: Ms = 0


class _Rounds:
    """Plays rounds in an open hall; from the main thread."""

    def __init__(self, hall: ChaosHall) -> None:
        self._hall = hall
        self._supervisor = Supervisor(hall)
        self._counter = hall.furnished.counters[AT]
        self._machine = next(iter(hall.furnished.machines.values()))
        self._signs = next(iter(hall.furnished.displays.values()))

    def play(self, rounds: int) -> dict[str, list[Ms]]:
        """All rounds; a round that takes a minute counts as a minute."""
        self._tell(self._log_in)
        times: dict[str, list[Ms]] = {kind: [] for kind in GOALS_MS}
        for _ in range(rounds):
            for kind in GOALS_MS:
                self._tell(self._prepare)
                times[kind].append(self._one(kind))
        return times

    def _one(self, kind: str) -> Ms:
        match kind:
            case "service" | "server":
                name = SERVICE if kind == "service" else SERVER
                ms = self._tell(self._call, kill=name)
                self._tell(self._serve)
            case "display":
                ms = self._reborn(self._signs, self._wipe_signs)
            case "terminal":
                ms = self._reborn(self._counter, lambda: self._wait_for_text(self._counter.text))
            case _:
                ms = self._reborn(self._machine, lambda: self._wait_for_text(self._machine_text))
        return ms

    # --- The clerk -------------------------------------------------------------------------------------------------------

    def _log_in(self, mark: _Mark) -> Story:
        while _FREE not in self._counter.text():
            if _CARD in self._counter.text():
                self._counter.show_card(clerk_cards()[AT])
            yield 3_300
        mark.is_over = True

    def _prepare(self, mark: _Mark) -> Story:
        """Somebody waits, and the counter is free; the hall is quiet."""
        yield 1_500
        yield from self._finish()
        while waiting_in(self._counter.text()) < 1:
            self._machine.press(GROUP)
            yield 3_000
        yield Until(lambda: _FREE in self._counter.text(), within=_TOO_LONG)
        while self._machine.has_paper_in_tray():
            self._machine.take_paper()
        mark.is_over = True

    def _call(self, mark: _Mark) -> Story:
        """Press until a number is on the sign."""
        began = mark.began
        while not _calls(self._signs.text(AT)):
            if number_in(self._counter.text()) is None:
                self._counter.press("next")
            yield Until(lambda: _calls(self._signs.text(AT)), within=300, look_every=5)
            if self._hall.loop.now - began > _TOO_LONG:
                break
        mark.ms = self._hall.loop.now - began
        mark.is_over = True

    def _serve(self, mark: _Mark) -> Story:
        yield from self._finish()
        mark.is_over = True

    def _finish(self) -> Part[None]:
        while (shown := self._counter.text()) and _FREE not in shown:
            if number_in(shown) is not None:
                self._counter.press("finish" if _SERVING in shown else "start")
            yield 1_000

    # --- A node ----------------------------------------------------------------------------------------------------------

    def _reborn(self, piece: Furniture, wait: Callable[[], Callable[[], bool]]) -> Ms:
        is_right = self._hall.loop.ask(wait)
        mark = _Mark()
        born = self._supervisor.born[piece.node]
        self._supervisor.kill(piece.node, "recovery")
        while self._supervisor.born[piece.node] == born:
            self._turn()
        mark.began = self._supervisor.born[piece.node]
        self._hall.loop.ask(lambda: Teller(self._hall.loop).tell(self._until_right(mark, is_right)))
        self._wait_for(mark)
        return _TOO_LONG if mark.ms is None else mark.ms

    def _until_right(self, mark: _Mark, is_right: Callable[[], bool]) -> Story:
        if (yield Until(is_right, within=_TOO_LONG, look_every=5)):
            mark.ms = self._hall.loop.now - mark.began
        mark.is_over = True

    def _wipe_signs(self) -> Callable[[], bool]:
        """Every sign is dark; right is what they said before."""
        before = self._signs.texts()
        for sign in self._signs.signs.values():
            sign.card.start_anew()
        return lambda: self._signs.texts() == before

    def _machine_text(self) -> str:
        return "\n".join(line for line in self._machine.display.lines() if _CHOOSE in line)

    def _wait_for_text(self, read: Callable[[], str]) -> Callable[[], bool]:
        """Right is what it said before, once it has said something else; a new process begins with something else."""
        before, has_changed = read(), False

        def is_right() -> bool:
            nonlocal has_changed
            has_changed = has_changed or read() != before
            return has_changed and read() == before

        return is_right

    # --- Keeping the hall going ------------------------------------------------------------------------------------------

    def _tell(self, story: Callable[[_Mark], Story], *, kill: str = "") -> Ms:
        mark = _Mark(began=self._hall.loop.now)
        if kill:
            self._supervisor.kill(kill, "recovery")
        self._hall.loop.ask(lambda: Teller(self._hall.loop).tell(story(mark)))
        self._wait_for(mark)
        return _TOO_LONG if mark.ms is None else mark.ms

    def _wait_for(self, mark: _Mark) -> None:
        began = self._hall.loop.now
        while not mark.is_over:
            self._turn()
            if self._hall.loop.now - began > 2 * _TOO_LONG:
                raise NotReadyError(f"the hall does not come back: {self._counter.text()!r}, {self._signs.texts()}")

    def _turn(self) -> None:
        self._supervisor.look()
        wait_a_moment(self._hall.children[SERVER], LOOK_S)


def _calls(shown: str) -> bool:
    return shown.startswith("请") and number_in(shown) is not None
