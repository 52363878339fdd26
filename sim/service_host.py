"""The rules service under virtual time: the product's service on a database in memory, with a hand that kills it.

What came in is drained as in its own process: everything that has arrived by now, up to the bound of a batch.
"""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from broker.cli.hall_wall import HallWall
from broker.identity_keys import MemoryKeys
from broker.opening import in_memory
from broker.service import Link, Service
from broker.store import Store
from broker.trouble import WriteFailedError
from broker.turnstile import Link as Waiting
from broker.turnstile import Turnstile
from contracts.messages import ServiceState
from contracts.topics import Topics
from contracts.values import BootId, HallId, HallTime, Ms
from firmware.runtime.link import Arrived, Connected, Disconnected, ServiceItem, ServiceLink
from firmware.runtime.link.service_link import LIMITS
from firmware.runtime.settings import MqttConfig
from sim.clock import Alarm, Scheduler
from sim.eventlog import EventLog
from sim.host import HostClock
from sim.link import MemoryConnection
from sim.mqtt import MqttServer

NAME = "service"


class ServiceKilledError(Exception):
    """Raised at a milestone to die there, as ``kill -9`` would have it."""


def _nothing(_service: Service[Arrived]) -> None:
    """Nobody checks."""


def _as_it_is(link: ServiceLink) -> ServiceLink:
    return link


class Door(Link[Arrived], Waiting[Arrived], Protocol):
    """The way to the MQTT server, for the service and for the turnstile before it."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the service is put together from; a test may put in another part to see whether anybody notices."""

    service: type[Service[Arrived]] = Service
    store: type[Store] = Store
    wall: type[HallWall] = HallWall
    door: Callable[[ServiceLink], Door] = _as_it_is


class RunFolder:
    """What lies in /run of the service's machine: it outlives the process. A power cut is ``forget``."""

    def __init__(self) -> None:
        self._at = HallTime(0)

    def read(self) -> HallTime:
        """See :class:`broker.cli.clock_note.Note`."""
        return self._at

    def write(self, at: HallTime) -> None:
        """The same."""
        self._at = at

    def forget(self) -> None:
        """The machine has lost its power."""
        self._at = HallTime(0)


class ServiceHost:
    """Runs the service, one life after the other, on one database."""

    def __init__(  # noqa: PLR0913 -- everything the service stands on
        self,
        *,
        hall: HallId,
        config_text: str,
        card_key: bytes,
        scheduler: Scheduler,
        server: MqttServer,
        events: EventLog,
        seed: int,
        parts: Parts | None = None,
    ) -> None:
        self.parts = parts or Parts()
        self.note = RunFolder()
        self.clock = HostClock(scheduler)
        self.settled: Callable[[Service[Arrived]], None] = _nothing
        """Called after everything the service has done, for whoever checks each step."""
        self.database = in_memory()
        self.log = events.log_of(NAME)
        self.service: Service[Arrived] | None = None
        self.lives = 0
        self.die_at: str | None = None
        """The next milestone (``before_commit``, ``after_commit``, ``after_publish``) at which to be killed."""
        self._hall = hall
        self._config_text = config_text
        self._card_key = card_key
        self.keys = MemoryKeys(random.Random(f"{seed}/identity").randbytes)
        """The folder of identity keys: it outlives the process."""
        self._scheduler = scheduler
        self._server = server
        self._draw = random.Random(f"{seed}/{NAME}")
        self._alarm = Alarm(scheduler, self._wake)
        self._drain = Alarm(scheduler, self._handle)
        self._arrived: deque[Arrived] = deque()
        self._connection: MemoryConnection | None = None

    def start(self) -> None:
        """Start the process; the fact that somebody arrived is not in memory any more, only in the database."""
        if self.service is not None:
            raise RuntimeError("the service is running already")
        self.lives += 1
        self._is_dead = False
        self._arrived.clear()
        store = self.parts.store(self.database)
        self._hall_wall = self.parts.wall(self.clock, self.log, not_before=store.hall_clock, note=self.note)
        boot = BootId(f"{self._draw.getrandbits(64):016x}")
        will = ServiceState(epoch=store.epoch, boot=boot, hall_now=store.hall_clock, online=False)
        topics = Topics(self._hall)
        link = ServiceLink(MqttConfig(), topics, will, self._post, self.log, connect=self._connect)
        door = self.parts.door(link)
        service = self.parts.service(
            store,
            door,
            self._config_text,
            boot=boot,
            card_key=self._card_key,
            keys=self.keys,
            entropy=self._draw.randbytes,
            log=self.log,
            milestone=self._milestone,
        )
        self._turnstile = Turnstile(topics, service.declared, door, self.log, batch=LIMITS.inflight)
        self._mortally(service.begin)
        if self._is_dead:
            return
        self.service = service
        link.start()
        self._settle()

    def kill(self) -> None:
        """End the process as kill -9 does: what was committed is there, everything else is not."""
        if self.service is not None:
            assert self._connection is not None
            self._connection.kill()
            self.service = None
            self._alarm.set(None)
            self._drain.set(None)
            self._arrived.clear()

    def close(self) -> None:
        """End it and give the database back."""
        self.kill()
        self.database.close()

    def restart(self, *, after: Ms = 0) -> None:
        """Kill the process; systemd starts it again a while later."""
        self.kill()
        self._scheduler.after(after, self.start)

    @property
    def _wall(self) -> HallTime:
        return self._hall_wall.read()

    def _connect(self, *arguments: object, **options: object) -> MemoryConnection:
        self._connection = MemoryConnection(self._server, *arguments, **options)  # type: ignore[arg-type]  # passed on as given
        return self._connection

    def _milestone(self, point: str) -> None:
        if point == self.die_at:
            self.die_at = None
            raise ServiceKilledError(point)

    def _post(self, item: ServiceItem) -> None:
        if self.service is None:
            return
        match item:
            case Arrived():
                self._arrived.append(item)
                self._drain.set(self._scheduler.now)
            case Connected():
                self._turnstile.connected()
                self.service.connected(self._wall)
            case Disconnected():
                pass
        self._settle()

    def _handle(self) -> None:
        if self.service is None:
            return
        arrived = [self._arrived.popleft() for _ in range(min(len(self._arrived), LIMITS.inflight))]
        self._take_turns(arrived)
        if self._arrived:
            self._drain.set(self._scheduler.now)

    def _take_turns(self, arrived: list[Arrived]) -> None:
        batch = self._turnstile.take(arrived, self._scheduler.now)
        if self.service is not None and batch:
            self._mortally(partial(self.service.handle, batch))
        self._settle()

    def _wake(self) -> None:
        if self.service is not None:
            self._take_turns([])
        if self.service is not None:
            self._mortally(self.service.wake)

    def _mortally(self, act: Callable[[HallTime], None]) -> None:
        """Let the service do something at which it may die."""
        try:
            act(self._wall)
        except ServiceKilledError:
            self._is_dead = True
            self.kill()
        except WriteFailedError as error:
            self.log("database_not_written", level="error", error=error.what)
            self._is_dead = True
            self.kill()
        self._settle()

    def _settle(self) -> None:
        if self.service is not None:
            self.settled(self.service)
            due = self._scheduler.now + max(0, self.service.wake_at - self.service.hall_now)
            turn = self._turnstile.wake_at
            self._alarm.set(due if turn is None else max(self._scheduler.now, min(due, turn)))
