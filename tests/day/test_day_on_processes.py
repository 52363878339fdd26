"""A slice of a day on real processes: mosquitto, the service, every node by itself; staff ask as an ``ops`` node."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from contracts.values import CounterId, GroupId, TicketNo
from sim.actors import Story, Teller
from sim.halls import config_text
from sim.manners import Manners
from sim.people import People
from sim.process_hall import ProcessHall
from sim.processes import wait_a_moment

pytestmark = [pytest.mark.usefixtures("require_mosquitto"), pytest.mark.mosquitto]

DAY = "2026-03-10"
CLERKS = {CounterId("W01"): "S101", CounterId("W02"): "S102", CounterId("W03"): "S103"}
MANNERS = Manners(
    walk=(500, 1_500),
    service=(800, 2_000),
    reaction=(300, 900),
    looking=300,
    never_come=0.06,
    care=0.3,
    sits_down=3_000,
    transfers={CounterId("W02"): "社会事务"},
    holds=1,
)
_VISITORS, _EARLY, _OVER_MS, _MOMENTS = 20, 3, 12_000, 3_600


class Day:
    """A hall of processes at nine in the morning, and staff at the command line."""

    def __init__(self, hall: ProcessHall) -> None:
        self.hall = hall
        self.people = hall.loop.ask(lambda: People(hall.furnished, Teller(hall.loop), 5, MANNERS, ears=True))
        hall.loop.ask(self.people.begin)

    def clerks_come(self) -> None:
        """Three clerks with their cards."""
        cards = {str(person.id): person.card or "" for person in self.hall.config.staff}
        at = {counter: cards[one] for counter, one in CLERKS.items()}
        self.hall.loop.ask(lambda: self.people.staff(at, over=1_000))

    def visitors_come(self, number: int) -> None:
        """So many, for both groups."""
        shares = {GroupId("A"): 0.6, GroupId("B"): 0.4}
        self.hall.loop.ask(lambda: self.people.citizens(number, over=_OVER_MS, shares=shares))

    def typed(self, *words: str) -> str:
        """What ``hall-broker`` prints."""
        server = f"{self.hall.mqtt_of('')['host']}:{self.hall.mqtt_of('')['port']}"
        command = [sys.executable, "-m", "broker", *words, "--data", str(self.hall.data), "--mqtt", server]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def waits(self, no: TicketNo) -> None:
        """Somebody who was told this number sits down in the hall."""

        def story() -> Story:
            yield from self.people._wait_and_be_served(no, self.people._person())
            self.people.in_hall -= 1

        def begin() -> None:
            self.people.in_hall += 1
            self.people._teller.tell(story())

        self.hall.loop.ask(begin)

    def until(self, what: str, is_so: object) -> None:
        """Wait for something that happens; fail with what the hall says if it does not."""
        assert callable(is_so)
        for _ in range(_MOMENTS):
            assert not self.hall.trouble()
            if self.hall.loop.ask(is_so):
                return
            wait_a_moment(self.hall.service, 0.05)
        raise AssertionError(f"{what} did not come: {self.people.memories}")


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    """The small hall; its clock begins at nine."""
    with ProcessHall(
        config_text("demo-small"), tmp_path, seed=5, clock_start=f"{DAY}T09:00:00", only_mosquitto=True
    ) as hall:
        yield Day(hall)


def states(database: Path) -> dict[str, str]:
    """What became of every ticket."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return dict(connection.execute("SELECT no, state FROM tickets").fetchall())


def facts(database: Path) -> set[str]:
    """Which kinds of fact are stored."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return {kind for (kind,) in connection.execute("SELECT DISTINCT kind FROM facts").fetchall()}


def test_twenty_visitors_with_all_that_a_day_has(day: Day) -> None:
    """Issue 3: an appointment made, confirmed, checked in; care opened; held, handed on; everybody served."""
    day.typed("appointment", "make", "--group", "A", "--at", f"{DAY}T09:10", "--contact", "13900000000", "--actor", "S004")
    day.typed("appointment", "confirm", "P001", "--notice", "ONCE-1", "--actor", "S004")
    told = day.typed("appointment", "check-in", "P001", "--actor", "S004")
    assert "A001" in told
    day.waits(TicketNo("A001"))
    day.visitors_come(_EARLY)
    day.until("an early visitor with a paper", lambda: bool(day.people.memories.papers))
    day.typed("ticket", "class", day.people.memories.papers[0], "care", "--basis", "visible", "--actor", "S004")
    day.clerks_come()
    day.visitors_come(_VISITORS - _EARLY)
    day.people.is_over = True
    day.until("the end of the day", lambda: day.people.have_gone)
    assert day.hall.close() == []
    database = day.hall.data / "hall.db"
    found = states(database)
    assert len(found) == _VISITORS + 1
    assert set(found.values()) <= {"done", "no_show"}
    assert found["A001"] == "done"
    stored, seen = facts(database), day.people.memories
    assert {"AppointmentMade", "AppointmentConfirmed", "AppointmentCheckedIn", "ClassChanged", "RatingRecorded"} <= stored
    assert seen.put_aside or seen.handed_on
    assert bool(seen.put_aside) == ("TicketHeld" in stored)
    assert bool(seen.handed_on) == ("TicketTransferred" in stored)
    verified = subprocess.run(
        [sys.executable, "-m", "broker", "verify", "--data", str(day.hall.data)], capture_output=True, text=True, check=False
    )
    assert verified.returncode == 0, verified.stdout
