"""The beep is a promise: whoever heard one is stored, exactly once, wherever the clock or the service is killed (ATT-10)."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from broker.attendance import Duty, Punch, evaluate
from broker.rules.workdays import day_plan
from contracts.values import HallTime, NodeName, PunchIntent
from firmware.shell import Kit
from sim.hall import Hall
from sim.host import NodeKilledError

NODE = NodeName("CLK-01")
POINTS = ("before_journal", "after_journal", "before_beep", "after_beep")


class Axe:
    """Kills the clock once, at one point of a punch."""

    def __init__(self) -> None:
        self.point = ""

    def watch(self, kit: Kit) -> Kit:
        """Stand in the doors of the clock's journal and of its lamps and beeper."""
        return replace(kit, outbox=_Outbox(kit.outbox, self), open_wire=self._open(kit.open_wire))

    def reached(self, point: str) -> None:
        """The clock is here."""
        if point == self.point:
            self.point = ""
            raise NodeKilledError(point)

    def _open(self, open_wire: Callable[..., Any]) -> Callable[..., Any]:
        def opened(url: str, *ports: str) -> Any:
            wire = open_wire(url, *ports)
            return _Pins(wire, self) if "lamps" in ports else wire

        return opened


class _Outbox:
    def __init__(self, outbox: Any, axe: Axe) -> None:
        self._outbox, self._axe = outbox, axe

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outbox, name)

    def keep(self, *args: Any) -> None:
        self._axe.reached("before_journal")
        self._outbox.keep(*args)
        self._axe.reached("after_journal")


class _Pins:
    def __init__(self, wire: Any, axe: Axe) -> None:
        self._wire, self._axe = wire, axe

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wire, name)

    def set(self, pin: int, *, active: bool) -> None:
        self._axe.reached("before_beep")
        self._wire.set(pin, active=active)
        self._axe.reached("after_beep")


class Mortal:
    """A hall at five to nine whose clock can be killed anywhere."""

    def __init__(self, hall: Hall) -> None:
        self.hall, self.axe = hall, Axe()
        hall.nodes[NODE].watch = self.axe.watch
        hall.nodes[NODE].restart()
        hall.run_for(12_000)

    def present(self, staff: str = "S101", *, die: str = "") -> int:
        """Hold a card to the reader, and perhaps kill the clock at that point; how many beeps there were."""
        before = self._beeps()
        self.axe.point = die
        self.hall.clock().show_card(self.hall.card_of(staff))
        self.hall.run_for(600)
        self.axe.point = ""
        return self._beeps() - before

    def revive(self) -> None:
        """Systemd starts it again."""
        if self.hall.nodes[NODE].node is None:
            self.hall.nodes[NODE].start()
        self.hall.run_for(4_000)

    def _beeps(self) -> int:
        clock = self.hall.clock()
        return len(clock.panel.times_on(clock.BEEPER))

    @property
    def stored(self) -> list[tuple[str, HallTime]]:
        """Who punched when, as the database has it."""
        return [tuple(row) for row in self.hall.service.database.execute("SELECT staff, at FROM punches ORDER BY at")]


@pytest.fixture
def mortal() -> Iterator[Mortal]:
    """The small hall."""
    with Hall.demo_small(seed=7, start="2026-03-10T08:54:00") as hall:
        yield Mortal(hall)


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("point", POINTS)
def test_killed_around_the_journal_and_the_beep(mortal: Mortal, point: str, cut: bool) -> None:
    """With a beep exactly once; without one at most once, and the person who punches again is one coming for the record."""
    client = f"node-{mortal.hall.id}-{NODE}"
    if cut:
        mortal.hall.server.cut(client)
    beeped = mortal.present(die=point)
    assert (mortal.hall.nodes[NODE].node is None, bool(beeped)) == (True, point == "after_beep")
    mortal.revive()
    assert mortal.present() == 1, "the person tries again and hears it"
    if cut:
        mortal.hall.server.mend(client)
    mortal.hall.run_for(30_000)
    assert len(mortal.stored) == (1 if point == "before_journal" else 2)
    plan = day_plan(mortal.hall.config, date(2026, 3, 10))
    punches = [Punch(at, PunchIntent.NONE) for _, at in mortal.stored]
    record = evaluate(punches, Duty(plan), (), mortal.hall.config.params.attendance)
    assert record.halves[0].came == mortal.stored[0][1]
    assert evaluate(punches[:1], Duty(plan), (), mortal.hall.config.params.attendance) == record, "as if once"


@pytest.mark.parametrize("seed", [1, 2])
def test_any_deaths_of_clock_and_service_keep_every_promise(mortal: Mortal, seed: int) -> None:
    """Thirty tries under random blows: who heard a beep is stored once for it, who heard none at most once for that try."""
    hall, chance, promised, tried = mortal.hall, random.Random(seed), 0, 30
    client = f"node-{hall.id}-{NODE}"
    for name, host in hall.nodes.items():
        if name != NODE:
            host.kill()
    for _ in range(tried):
        match chance.choice(["", "", "before_commit", "after_commit", "after_publish", "service", "cut", "mend"]):
            case "service":
                hall.service.kill()
            case "cut":
                hall.server.cut(client)
            case "mend":
                hall.server.mend(client)
            case point:
                hall.service.die_at = point or hall.service.die_at
        promised += mortal.present(chance.choice(["S101", "S102", "S103"]), die=chance.choice(["", "", *POINTS]))
        mortal.revive()
        if hall.service.service is None:
            hall.service.start()
        hall.run_for(3_000)
    hall.service.die_at = None
    hall.server.mend(client)
    hall.run_for(60_000)
    if hall.service.service is None:
        hall.service.start()
        hall.run_for(30_000)
    assert 0 < promised <= len(mortal.stored) <= tried
    assert promised < tried, "some were killed before their beep"
    kept = hall.service.database.execute("SELECT count(DISTINCT request_id) FROM punches").fetchone()
    assert kept == (len(mortal.stored),)


# --- Clocks that are wrong (ATT-10) --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("error", "unverified"), [(20_000, False), (240_000, True), (-3_600_000, True)])
def test_a_clock_set_wrong_never_hides_or_moves_a_punch(mortal: Mortal, error: int, unverified: bool) -> None:
    """Four minutes ahead, an hour back: it counts for when it was, flagged, and the person was told that it would be."""
    hall = mortal.hall
    hall.service.kill()
    hall.nodes[NODE].kill()
    hall.nodes[NODE].clock.wall_error = error
    hall.nodes[NODE].power_cycle()
    hall.run_for(2_000)
    assert mortal.present() == 1
    when = hall.scheduler.clock.wall_ms()
    assert hall.wait_until(lambda: "时钟校准中" in hall.clock().text(), within=8_000)
    hall.run_for(60_000)
    hall.service.start()
    hall.run_for(20_000)
    ((_, at),) = mortal.stored
    assert abs(at - when) < 2_000
    flags = hall.service.database.execute("SELECT unverified FROM punches").fetchall()
    assert flags == [(int(unverified),)]


def test_a_clock_that_hears_the_hall_is_right_whatever_its_own_says(mortal: Mortal) -> None:
    """Set back an hour in the middle of the day: it shows the hall's time and nothing is doubtful."""
    mortal.hall.nodes[NODE].clock.wall_error = -3_600_000
    mortal.hall.run_for(6_000)
    mortal.present()
    assert mortal.hall.clock().text().startswith("张敏,打卡成功 08:5")
    mortal.hall.run_for(2_000)
    assert mortal.hall.service.database.execute("SELECT unverified FROM punches").fetchall() == [(0,)]


def test_a_punch_two_days_old_counts_for_its_own_day(mortal: Mortal) -> None:
    """The service was away from Tuesday to Thursday; the clock was not."""
    hall = mortal.hall
    hall.service.kill()
    hall.run_for(20_000)
    mortal.present()
    when = hall.scheduler.clock.wall_ms()
    for name, host in hall.nodes.items():
        if name != NODE:
            host.kill()
    hall.run_for(2 * 86_400_000)
    hall.service.start()
    hall.run_for(30_000)
    ((staff, at),) = mortal.stored
    assert (staff, abs(at - when) < 1_000) == ("S101", True)
