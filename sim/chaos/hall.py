"""A hall of processes made to be struck: every process behind a relay or a cable, small disks, clocks that can be moved.

What needs root or a program that is not installed is left out, and ``missing`` says so.
"""

import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from broker.config import load
from contracts.values import CounterId, Ms
from firmware.runtime.clock import SystemClock
from sim import mqtt_process
from sim.chaos.doomed_service import SLOW
from sim.chaos.privileges import Cable, NotPermittedError, SmallDisk
from sim.chaos.relay import Relays
from sim.halls import CHINA, config_text
from sim.process_hall import SERVICE, ProcessHall
from sim.processes import Child

HALL = "demo-small"
OPENS_AT = "2026-03-10T09:00:00"
SERVER = "mosquitto"
BEHIND_CABLE = ("TM-01", "PAD-W02")
ON_SMALL_DISK = "CLK-01"
WITH_OWN_CLOCK = (SERVICE, "CLK-01", "PAD-W01", "TM-01")
CLERKS = {CounterId("W01"): "S101", CounterId("W02"): "S102", CounterId("W03"): "S103"}
WORKERS = 160
_FAKETIME = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1")


def hall_text() -> str:
    """The small demo hall, with many people who have nothing to do but to hold up a card each."""
    people = "".join(
        f'{{ id = "S{500 + n}", zh = "工{n}", dept = "DSJ", role = "clerk", since = 2024-01-08, card = "{card_of(n)}" }},\n'
        for n in range(WORKERS)
    )
    return config_text(HALL).replace("\nstaff = [\n", f"\nstaff = [\n{people}", 1)


def card_of(number: int) -> str:
    """The card of the n-th of these people."""
    return f"0B{number:08X}"


def workers() -> list[tuple[str, str]]:
    """These people: staff number and card."""
    return [(f"S{500 + n}", card_of(n)) for n in range(WORKERS)]


def clerk_cards() -> dict[CounterId, str]:
    """The card of the clerk of each counter."""
    cards = {str(person.id): person.card or "" for person in load(hall_text(), "hall.toml").staff}
    return {counter: cards[staff] for counter, staff in CLERKS.items()}


def _faketime() -> str:
    """Where libfaketime is, if it is."""
    return next((str(path) for pattern in _FAKETIME for path in Path("/").glob(pattern[1:])), "")


def _opening() -> Ms:
    return round(datetime.fromisoformat(OPENS_AT).replace(tzinfo=CHINA).timestamp() * 1000)


class ChaosHall(ProcessHall):
    """See the module. ``slow_commit`` holds the service up for that many ms before and after COMMIT.

    ``plain``: no cable, no small disks, no clocks of their own.
    """

    def __init__(
        self, folder: Path, *, seed: int, slow_commit: Ms = 0, plain: bool = False, program: Sequence[str] = ()
    ) -> None:
        self._faketime = "" if plain else _faketime()
        self._offset = round((_opening() - SystemClock().wall_ms()) / 1000)
        shift = "" if self._faketime else OPENS_AT
        super().__init__(hall_text(), folder, seed=seed, clock_start=shift, only_mosquitto=True)
        self.relays = Relays()
        self.missing: dict[str, str] = {}
        """What could not be had, and why."""
        self.wishes = folder / "wishes"
        self.wishes.mkdir(parents=True, exist_ok=True)
        slow = "".join(f"{where} {slow_commit}\n" for where in ("before_commit", "after_commit")) if slow_commit else ""
        (self.wishes / SLOW).write_text(slow, encoding="ascii")
        self.cable: Cable | None = None
        self.disks: dict[str, SmallDisk] = {}
        self._program = list(program)
        if not plain:
            self._take_what_is_permitted()

    def _take_what_is_permitted(self) -> None:
        self.cable = self._try_cable()
        self.disks = {name: disk for name in (SERVICE, ON_SMALL_DISK) if (disk := self._try_disk(name)) is not None}
        if not self._faketime:
            self.missing["clock"] = "libfaketime is not installed"

    def _try_cable(self) -> Cable | None:
        try:
            cable = Cable()
        except NotPermittedError as why:
            self.missing["cable"] = self.missing["drop"] = str(why)
            return None
        if not cable.can_drop:
            self.missing["drop"] = "iptables is not installed"
        return cable

    def _try_disk(self, name: str) -> SmallDisk | None:
        folder = self.data if name == SERVICE else self.folder / "nodes" / name
        try:
            return SmallDisk(folder, "16m" if name == SERVICE else "512k")
        except NotPermittedError as why:
            self.missing[f"{'service' if name == SERVICE else 'node'}_disk_full"] = str(why)
            return None

    # --- What is different here ------------------------------------------------------------------------------------------

    def service_program(self) -> list[str]:
        """See :class:`ProcessHall`."""
        program = self._program or [*super().service_program()[:2], "sim.chaos.doomed_service"]
        return [*program, str(self.wishes)]

    def server_for(self, name: str) -> tuple[str, int]:
        """See :class:`ProcessHall`."""
        near = self.cable.address if self.cable is not None and name in BEHIND_CABLE else mqtt_process.HOST
        return self.relays.add(name, (mqtt_process.HOST, self.mqtt.port), near)

    def wrapped(self, name: str, command: list[str]) -> list[str]:
        """See :class:`ProcessHall`."""
        return self.cable.wrapped(command) if self.cable is not None and name in BEHIND_CABLE else command

    def environment_of(self, name: str) -> dict[str, str]:
        """See :class:`ProcessHall`."""
        if not self._faketime or name not in WITH_OWN_CLOCK:
            return {}
        self.move_clock(name, 0)
        return {
            "LD_PRELOAD": self._faketime,
            "FAKETIME_TIMESTAMP_FILE": str(self._clock_file(name)),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def move_clock(self, name: str, seconds: int) -> None:
        """The wall clock of this process is so many seconds off, within a second; its monotonic clock is not.

        Right is a time of day at which the hall is open; unlike a clock start it goes on while the service is dead.
        """
        fresh = self._clock_file(name).with_suffix(".new")
        fresh.write_text(f"{self._offset + seconds:+d}\n", encoding="ascii")
        fresh.replace(self._clock_file(name))

    def _clock_file(self, name: str) -> Path:
        return self.wishes / f"clock-{name}"

    def _open(self) -> None:
        super()._open()
        program = mqtt_process.mosquitto()
        assert program is not None
        self.children[SERVER] = self.mqtt.child
        self._commands[SERVER] = [program, "-c", str(self.folder / "mqtt" / "mosquitto.conf")], {}

    def forget_server(self) -> None:
        """The MQTT server's store is gone."""
        for path in (self.folder / "mqtt").glob("hallworks.db*"):
            path.unlink(missing_ok=True)

    def start_again(self, name: str) -> Child:
        """See :class:`ProcessHall`."""
        child = super().start_again(name)
        if name == SERVICE:
            self.service = child
        return child

    def heal(self) -> None:
        """Everything that is not a process is well again."""
        self.relays.heal()
        if self.cable is not None:
            self.cable.mend()
        for disk in self.disks.values():
            disk.clear()
        (self.wishes / "die").unlink(missing_ok=True)

    def close(self) -> list[str]:
        """See :class:`ProcessHall`."""
        if self._is_closed:
            return []
        stubborn = super().close()
        self.relays.close()
        if self.cable is not None:
            self.cable.close()
        return stubborn

    def give_back(self) -> None:
        """Take the small disks away, once their files have been read."""
        for disk in self.disks.values():
            disk.close()
        self.disks.clear()

    def copy_database(self, to: Path) -> None:
        """Keep the database of a hall that has been closed."""
        for path in self.data.glob("hall.db*"):
            shutil.copyfile(path, to / path.name)
