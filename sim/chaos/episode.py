"""One episode: a hall opens, a storm of blows goes over it, then it is left alone until everybody has been served."""

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from broker.trouble import StoreError
from contracts.values import Ms
from sim.actors import Teller
from sim.chaos.codes import PROGRAM, read_code
from sim.chaos.crowd import Crowd
from sim.chaos.echo import Echo
from sim.chaos.faults import plan
from sim.chaos.hall import ChaosHall, clerk_cards, workers
from sim.chaos.history import History
from sim.chaos.judge import judge
from sim.chaos.records import progress, read_records
from sim.chaos.strikes import Striker
from sim.chaos.supervisor import Supervisor
from sim.devices.paper import Paper
from sim.mqtt_process import HOST
from sim.process_hall import SERVICE
from sim.processes import wait_a_moment

LOOK_S = 0.03
SETTLED: Ms = 7_000
"""After the last birth: everybody is connected again and signs must be right (I10)."""
QUIET: Ms = 8_000
"""How long people still come in after that, in a hall where nothing is wrong any more."""
DRAINED_WITHIN: Ms = 150_000
"""I13: after that nobody may be waiting any more."""
STILL: Ms = 4_000
"""No new fact for so long: nothing is on its way any more."""


@dataclass(slots=True)
class Episode:
    """What came of an episode."""

    seed: str
    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    service_to_call: list[Ms] = field(default_factory=list)
    server_to_call: list[Ms] = field(default_factory=list)
    call_to_sign: list[Ms] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    milestones: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """For the report."""
        return {"seed": self.seed, "kills": sum(self.kills.values()), "seen": self.seen, "violations": self.violations}


Tell = Callable[[str], None]
"""Told what is going on, often."""


def _silent(_: str) -> None:
    """Nobody looks."""


def play(  # noqa: PLR0913 -- all of these decide what an episode is
    folder: Path, seed: str, length: Ms, *, slow_commit: Ms, program: Sequence[str] = (), tell: Tell = _silent
) -> Episode:
    """Play one episode in an empty folder. Raises ``sim.process_hall.NotReadyError`` if the hall does not open."""
    episode = Episode(seed)
    hall = ChaosHall(folder, seed=_number(seed), slow_commit=slow_commit, program=program)
    try:
        with hall:
            echo = Echo(HOST, hall.mqtt.port)
            try:
                history, papers = _storm_and_calm(hall, echo, episode, length, tell)
            finally:
                echo.close()
        history.papers = [replace(seen, code=read_code(one)) for seen, one in zip(history.papers, papers, strict=True)]
        episode.seen["codes_read"] = sum(bool(paper.code) for paper in history.papers)
        episode.violations = judge(history, read_records(hall.data))
        if episode.violations:
            hall.copy_database(folder)
            _keep_papers(folder / "papers", papers)
    finally:
        hall.close()
        hall.give_back()
    return episode


def _keep_papers(folder: Path, papers: Sequence[Paper]) -> None:
    folder.mkdir()
    for place, paper in enumerate(papers, 1):
        name = f"{place:03d}-{paper.at}-{paper.cut}{'' if paper.complete else '-not-whole'}.png"
        paper.image.save(folder / name)


def _number(seed: str) -> int:
    return int.from_bytes(seed.encode(), "big") % 2**31


def _storm_and_calm(hall: ChaosHall, echo: Echo, episode: Episode, length: Ms, tell: Tell) -> tuple[History, list[Paper]]:
    supervisor = Supervisor(hall)
    striker = Striker(hall, supervisor, echo)
    crowd = hall.loop.ask(lambda: Crowd(hall.furnished, Teller(hall.loop), episode.seed, clerk_cards()))
    hall.loop.ask(lambda: crowd.begin(workers()))
    keeper = _Keeper(hall, supervisor, striker, tell)
    keeper.storm(plan(episode.seed, length, striker.possible), length)
    striker.mend_all()
    keeper.until(lambda: all(supervisor.is_up(name) for name in supervisor.names), 60_000)
    keeper.until(lambda: hall.loop.now - max(supervisor.born.values()) >= SETTLED, 60_000)
    crowd.is_calm = True
    keeper.pause(QUIET)
    crowd.comes = False
    still_open = keeper.drain(crowd.history)
    crowd.goes_home = True
    keeper.pause(4_000)
    history = hall.loop.ask(lambda: crowd.history)
    history.stuck = still_open
    history.final_signs = hall.loop.ask(hall.furnished.texts)
    history.crashes = list(supervisor.crashes)
    history.misread += hall.loop.ask(
        lambda: [str(one) for m in hall.furnished.machines.values() for one in m.printer.unknown]
    )
    _tell(episode, hall, supervisor, striker, history)
    return history, crowd.papers


class _Keeper:
    """Keeps the hall going from the main thread: supervises, strikes when it is time, mends what is due."""

    def __init__(self, hall: ChaosHall, supervisor: Supervisor, striker: Striker, tell: Tell) -> None:
        self._hall, self._supervisor, self._striker, self._tell = hall, supervisor, striker, tell
        self._stage = ""

    def _turn(self) -> None:
        self._supervisor.look()
        self._striker.mend_due()
        self._tell(f"{self._stage}, {sum(self._supervisor.kills.values())} kills")
        wait_a_moment(self._hall.children[min(self._supervisor.names)], LOOK_S)

    def storm(self, blows: Sequence[Any], length: Ms) -> None:
        """Deal the blows, each in its time."""
        began, waiting, self._stage = self._hall.loop.now, list(blows), "storm"
        while (passed := self._hall.loop.now - began) < length:
            while waiting and waiting[0].at <= passed:
                self._striker.strike(waiting.pop(0))
            self._turn()

    def until(self, is_so: Any, within: Ms) -> bool:
        """Keep going until this is so; returns whether it became so."""
        began = self._hall.loop.now
        while not is_so():
            if self._hall.loop.now - began > within:
                return False
            self._turn()
        return True

    def pause(self, length: Ms) -> None:
        """Keep going for a while, in calm."""
        self._stage = "calm"
        self.until(lambda: False, length)

    def drain(self, history: History) -> list[str]:
        """Wait until every paper is on record, every ticket has ended and no new fact comes; returns what is left."""
        began, since, facts = self._hall.loop.now, self._hall.loop.now, -1
        left: list[str] = []
        while self._hall.loop.now - began < DRAINED_WITHIN:
            self.pause(500)
            try:
                now = progress(self._hall.data)
            except StoreError:
                continue
            unknown = {paper.no for paper in list(history.papers)} - now.numbers
            left = [*now.still_open, *(f"{no} printed" for no in sorted(unknown))]
            if now.facts != facts or left:
                facts, since = now.facts, self._hall.loop.now
            elif self._hall.loop.now - since > STILL:
                return []
        return left


def _tell(episode: Episode, hall: ChaosHall, supervisor: Supervisor, striker: Striker, history: History) -> None:
    episode.kills = supervisor.kills
    episode.faults = striker.dealt
    episode.milestones = striker.named
    episode.missing = {**hall.missing, **({} if PROGRAM else {"codes": "zbarimg is not installed"})}
    episode.seen = {
        "papers": len(history.papers),
        "presses": len(history.presses),
        "presses_answered": sum(bool(press.answered) for press in history.presses),
        "calls_seen": len(history.signs),
        "faces_pressed": len(history.faces),
        "faces_lit": sum(face.lit for face in history.faces),
        "cards_shown": len(history.cards),
        "cards_green": sum(card.green for card in history.cards),
        "deaths": len(supervisor.deaths),
    }
    shown = [sign.at for sign in history.signs]
    for names, times in (((SERVICE,), episode.service_to_call), (("mosquitto",), episode.server_to_call)):
        deaths = [death.at for death in supervisor.deaths if death.name in names]
        times += [after[0] - at for at in deaths if (after := [one for one in shown if one > at])]
    episode.call_to_sign = [one.sign_after for one in history.timed if one.calm and one.sign_after is not None]


def clear(folder: Path) -> None:
    """Make room for the next episode."""
    shutil.rmtree(folder, ignore_errors=True)
