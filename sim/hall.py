"""A whole hall in one process under virtual time: real nodes, the real service, everything else from ``sim``.

    with Hall.demo_small(seed=1) as hall:
        hall.run_until("08:55")
        hall.kiosk("TM-01").press("A")
        hall.run_for(5_000)
        print(hall.papers()[0].text)

Same seed, same ``hall.events.digest``, under any PYTHONHASHSEED. Times of day are the hall's; the rest is milliseconds.
"""

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from broker.config import load
from broker.schema import HallConfig
from contracts.codec import encode
from contracts.messages import Request
from contracts.topics import Topics
from contracts.values import CounterId, HallId, HallTime, Ms, NodeName, RequestId
from sim.clock import ManualClock, Scheduler
from sim.devices.paper import Paper
from sim.eventlog import EventLog
from sim.furnishing import Furnished, furnish
from sim.furniture import Clock, Counter, Pad, TicketMachine
from sim.halls import CHINA, config_text
from sim.host import NodeHost
from sim.mqtt import MqttServer, Publication
from sim.rooms import room_for
from sim.service_host import Parts, ServiceHost
from sim.wires import Line
from sim.world import VirtualWorld

_MEMORY_DISK = Path("/dev/shm")  # noqa: S108 -- where fsync costs nothing; every hall makes a folder of its own there


class Sign:
    """The sign of one counter, as one stands before it."""

    def __init__(self, furnished: Furnished, counter: CounterId) -> None:
        self._furnished = furnished
        self._counter = counter

    def text(self) -> str:
        """What it says."""
        return self._furnished.texts()[self._counter]


class Hall:
    """A hall, see the module. Use it as a context; nodes and service are running once :meth:`open` has been called."""

    def __init__(
        self,
        text: str,
        *,
        seed: int,
        start: str,
        quality: Mapping[str, Line] | None = None,
        parts: Parts | None = None,
    ) -> None:
        self.seed = seed
        self.config: HallConfig = load(text, "hall.toml")
        self.id = HallId(self.config.hall.id)
        self.scheduler = Scheduler(ManualClock(_hall_time(start)))
        self._folder = tempfile.TemporaryDirectory(prefix="hall-", dir=_MEMORY_DISK if _MEMORY_DISK.is_dir() else None)
        self.events = EventLog(lambda: self.scheduler.now, home=self._folder.name)
        self.server = MqttServer(self.scheduler)
        self.server.taps.append(self._note)
        self.world = VirtualWorld(self.scheduler, seed, quality)
        self.furnished = furnish(self.world, self.config)
        card_key = hashlib.sha256(b"card key of hall %d" % seed).digest()
        self.service = ServiceHost(
            hall=self.id,
            config_text=text,
            card_key=card_key,
            scheduler=self.scheduler,
            server=self.server,
            events=self.events,
            seed=seed,
            parts=parts,
        )
        self.nodes = self._hosts(Path(self._folder.name), card_key)
        self._asked = 0

    @classmethod
    def demo_small(
        cls, seed: int = 1, *, start: str = "2026-03-10T08:40:00", quality: Mapping[str, Line] | None = None
    ) -> "Hall":
        """Three counters, two groups, one ticket machine; twenty minutes before opening, everything switched on."""
        hall = cls(config_text("demo-small"), seed=seed, start=start, quality=quality)
        hall.open()
        return hall

    def open(self) -> None:
        """Switch everything on, and let it find itself."""
        self.service.start()
        for host in self.nodes.values():
            host.start()
        self.run_for(3_000)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop everything and forget its disks."""
        for host in self.nodes.values():
            host.kill()
        self.service.close()
        self._folder.cleanup()

    # --- Time ------------------------------------------------------------------------------------------------------------

    @property
    def time(self) -> str:
        """The time of day by a right clock on the wall."""
        return _civil(self.scheduler.clock.wall_ms()).strftime("%H:%M:%S")

    def run_until(self, time: str) -> None:
        """Let time pass until this time of day, ``09:15`` or ``09:15:30``."""
        now = _civil(self.scheduler.clock.wall_ms())
        then = datetime.fromisoformat(f"{now.date()}T{time}").replace(tzinfo=CHINA)
        self.run_for(round((then - now) / timedelta(milliseconds=1)))

    def run_for(self, ms: Ms) -> None:
        """Let so much time pass."""
        if ms < 0:
            raise ValueError(f"it is {self.time} already")
        self.scheduler.run_until(self.scheduler.now + ms)

    def wait_until(self, is_so: Callable[[], bool], *, within: Ms = 10_000) -> bool:
        """Let time pass until something is so; false if it still is not after ``within``."""
        return self.scheduler.run_until_true(is_so, within=within)

    # --- What people see and touch ---------------------------------------------------------------------------------------

    def kiosk(self, name: str = "TM-01") -> TicketMachine:
        """A ticket machine."""
        return self.furnished.machines[NodeName(name)]

    def papers(self) -> list[Paper]:
        """Every paper that has come out of any ticket machine, machine by machine."""
        return [paper for machine in self.furnished.machines.values() for paper in machine.printer.papers]

    def sign(self, counter: str) -> Sign:
        """The sign of a counter."""
        return Sign(self.furnished, CounterId(counter))

    def counter(self, counter: str) -> Counter:
        """A counter, from the clerk's side."""
        return self.furnished.counters[CounterId(counter)]

    def card(self, counter: str, card: str) -> None:
        """Hold a work card to the reader of a counter."""
        self.counter(counter).show_card(card)

    def keys(self, counter: str, *names: str, pause: Ms = 1_000) -> None:
        """Press keys of a counter, with a pause after each: ``next recall start finish no_show pause more confirm``."""
        for name in names:
            self.counter(counter).press(name)
            self.run_for(pause)

    def choose(self, counter: str, *labels: str, pause: Ms = 500) -> None:
        """Step through the list of a counter's text line until it begins with this label, and confirm it; then the next."""
        terminal = self.counter(counter)
        self.keys(counter, "more", pause=pause)
        for label in labels:
            first = terminal.text()
            while not terminal.text().startswith(label):
                self.keys(counter, "more", pause=pause)
                if terminal.text() == first:
                    raise ValueError(f"{label} is not on the list of {counter}, which is back at {first!r}")
            self.keys(counter, "confirm", pause=pause)

    def pad(self, counter: str) -> Pad:
        """The rating pad of a counter."""
        return self.furnished.pads[CounterId(counter)]

    def clock(self, name: str = "CLK-01") -> Clock:
        """An attendance clock."""
        return self.furnished.clocks[NodeName(name)]

    def voice(self) -> list[list[str]]:
        """What the loudspeakers have said, syllable by syllable."""
        return [said for display in self.furnished.displays.values() for said in display.voice.said()]

    def card_of(self, staff: str) -> str:
        """The work card of a person."""
        return next(person.card for person in self.config.staff if person.id == staff and person.card is not None)

    def ops(self, kind: type[Request], /, **fields: Any) -> None:
        """Somebody at the console of the hall asks for this, as ``hall-broker`` would."""
        self._asked += 1
        node = next(NodeName(device.id) for device in self.config.devices if device.kind == "ops")
        request = kind(request_id=RequestId(f"{node}/{self.seed:016x}/{self._asked}"), **fields)
        self.server.publish(Publication(Topics(self.id).up(node, kind), encode(request)))
        self.run_for(200)

    # --- Inside ----------------------------------------------------------------------------------------------------------

    def _hosts(self, folder: Path, card_key: bytes) -> dict[NodeName, NodeHost]:
        return {
            piece.node: NodeHost(
                piece.node,
                room_for(piece, self.id, folder / piece.node, card_key),
                hall=self.id,
                folder=folder / piece.node,
                scheduler=self.scheduler,
                server=self.server,
                open_end=partial(self.world.open_end, piece.node),
                events=self.events,
                seed=self.seed,
            )
            for piece in self.furnished
        }

    def _note(self, publication: Publication) -> None:
        self.events.note("mqtt", f"{publication.topic} {publication.payload.decode(errors='replace')}")


def _hall_time(at: str) -> HallTime:
    """The instant of a civil time of the hall."""
    return HallTime(round(datetime.fromisoformat(at).replace(tzinfo=CHINA).timestamp() * 1000))


def _civil(at: HallTime) -> datetime:
    return datetime.fromtimestamp(at / 1000, CHINA)
