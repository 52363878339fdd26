"""One day of a seed: the hall opens, the storm blows, it becomes calm, everybody is served, the night comes, the verdict.

Same seed, same forecast, same log hash, in any process.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from contracts.values import CounterId, GroupId, Ms, NodeName, StaffNo, VisitorClass
from firmware.runtime.link import ServiceLink
from sim.actors import Teller
from sim.hall import Hall
from sim.service_host import Parts
from sim.storm.crowd import Crowd
from sim.storm.doors import CheckedLink, Doorway
from sim.storm.hand import Hand, People
from sim.storm.office import ASKS_AGAIN, Office
from sim.storm.plants import NONE, Plant
from sim.storm.setting import MINUTE, SECOND, START, Setting
from sim.storm.strikes import strike
from sim.storm.verdict import Verdict
from sim.storm.watch import LOOK_EVERY, Watch
from sim.storm.weather import Strike

_CLERKS = {"W01": "S101", "W02": "S102", "W03": "S103"}
_DRAINED_WITHIN = 10 * MINUTE
_NIGHT = "23:59:30"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a day."""

    seed: int
    violations: tuple[str, ...]
    log_hash: str
    tickets: int
    served: int
    papers: int
    facts: int
    steps: int
    checks: int
    faults: dict[str, int]


class Day:
    """A hall on the day of a seed, under these strikes."""

    def __init__(self, seed: int, setting: Setting, strikes: Sequence[Strike], plant: Plant = NONE) -> None:
        self._seed, self._setting, self._strikes, self._plant = seed, setting, strikes, plant
        door: list[Watch] = []

        def checked(link: ServiceLink) -> CheckedLink:
            watch = door[0]
            is_writing = lambda: bool(watch.hall.service.database.conn.in_transaction)  # noqa: E731 -- one question
            return CheckedLink(link, is_writing, watch.handled, watch.says, watch.wrong)

        parts = Parts(plant.service, plant.store, plant.wall, checked)
        self.hall = Hall(setting.text, seed=seed, start=START, parts=parts)
        self.hall.events.keep_nothing()
        self._teller = Teller(self.hall.scheduler)
        cards = {CounterId(counter): self.hall.card_of(staff) for counter, staff in _CLERKS.items()}
        self.crowd = Crowd(self.hall.furnished, self._teller, seed, cards)
        self.watch = Watch(self.hall, self.crowd.called)
        door.append(self.watch)
        self._doorways = {name: Doorway(lambda: self.hall.scheduler.now, self.watch.wrong) for name in self.hall.nodes}
        for name, host in self.hall.nodes.items():
            host.watch = self._doorways[name]
        self._office = Office(self.hall, seed)
        self.hand = Hand(
            self.hall, self.watch, self._doorways, People(self._staff_at_work, self._dawdle, self._office.alarm)
        )
        self._tie()

    def _tie(self) -> None:
        hall = self.hall
        hall.service.settled = self.watch.step
        hall.server.taps += [self.hand.hear, self.watch.published]
        hall.server.acknowledgements.append(self.watch.acknowledged)
        hall.events.taps.append(self.watch.logged)

    def run(self) -> Outcome:
        """Live through it."""
        try:
            self._live()
        except Exception as error:  # noqa: BLE001 -- whatever comes out of a node or the service is a finding (I14)
            self.watch.wrong(f"I14: {type(error).__name__} out of {_where(error)}: {error}")
        finally:
            outcome = self._outcome()
            self.hall.close()
        return outcome

    # --- The parts of the day --------------------------------------------------------------------------------------------

    def _live(self) -> None:
        hall, scheduler = self.hall, self.hall.scheduler
        hall.open()
        self._every(LOOK_EVERY, self.watch.look)
        self._every(SECOND, self.hand.tend)
        self._every(ASKS_AGAIN, self._office.see_to_it)
        self._every(60 * SECOND, self.watch.look_fully)
        for one in self._strikes:
            scheduler.at(one.at, partial(strike, self.hand, one))
        self.crowd.staff(over=2 * MINUTE)
        self.crowd.citizens(self._setting.visitors, over=self._setting.ends - 2 * MINUTE)
        scheduler.run_until(self._setting.ends)
        self._calm()
        self._night()
        verdict = Verdict(hall, self.crowd, self.watch, any(one.kind == "service_clock_jumps" for one in self._strikes))
        for problem in verdict.give():
            self.watch.wrong(problem)

    def _calm(self) -> None:
        """The storm is over: within ten minutes everybody is served, the hall is closed and the clerks have gone (I13)."""
        self.hand.calm()
        self.crowd.is_over = True
        if not self.hall.wait_until(self._is_drained, within=_DRAINED_WITHIN):
            self.watch.wrong(f"I13: {self._what_waits()}")
        self.hall.run_for(70 * SECOND)
        self.watch.look_at_the_server()
        self.watch.look_fully()

    def _is_drained(self) -> bool:
        service = self.hall.service.service
        return self.crowd.on_duty == 0 and service is not None and not service.hall.live

    def _what_waits(self) -> str:
        service = self.hall.service.service
        if service is None:
            return "the service does not come back"
        waiting = [
            one.id for one in service.hall.tickets.values() if one.state.value in {"waiting", "called", "serving", "held"}
        ]
        texts = {str(name): counter.text() for name, counter in self.hall.furnished.counters.items()}
        return f"ten minutes after the storm {len(waiting)} wait ({waiting[:3]}), {self.crowd.on_duty} clerks: {texts}"

    def _night(self) -> None:
        """Lights out; before midnight the hall is switched on again and lives through the day roll."""
        for host in self.hall.nodes.values():
            host.stop()
        self._is_awake = False
        self.hall.service.kill()
        self.hall.run_until(_NIGHT)
        self.hall.service.start()
        for host in self.hall.nodes.values():
            host.clock.power_on()
            host.start()
        self.hall.run_for(15 * SECOND)
        for machine in (None, NodeName("TM-01")):
            self._office.enter(StaffNo("S002"), GroupId("A"), VisitorClass.NORMAL, machine)
        self.hall.run_for(30 * SECOND)

    _is_awake = True

    def _every(self, pause: int, act: Any) -> None:
        scheduler = self.hall.scheduler

        def go_on() -> None:
            if self._is_awake:
                act()
                scheduler.after(pause, go_on)

        scheduler.after(pause, go_on)

    # --- Staff -----------------------------------------------------------------------------------------------------------

    def _dawdle(self, until: Ms) -> None:
        self.crowd.away_until = until

    def _staff_at_work(self, dice: random.Random) -> None:
        """Guide or duty leader do something; somebody comes by and punches."""
        self.crowd.stop_by(self.hall.clock(), self.hall.card_of("S002"))
        self._office.at_work(dice)

    def _outcome(self) -> Outcome:
        database = self.hall.service.database

        def count(table: str) -> int:
            return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 -- two names

        return Outcome(
            self._seed,
            tuple(self.watch.problems),
            self.hall.events.digest,
            tickets=count("tickets"),
            served=self.crowd.seen.served,
            papers=len(self.hall.papers()),
            facts=count("facts"),
            steps=self.hall.scheduler.steps,
            checks=self.watch.checks,
            faults=dict(sorted(Counter(one.kind for one in self._strikes).items())),
        )


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "nowhere"
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"


def live(seed: int, setting: Setting, strikes: Sequence[Strike], plant: Plant = NONE) -> Outcome:
    """The day of a seed, with this bug planted in it."""
    with plant.planted():
        return Day(seed, setting, strikes, plant).run()
