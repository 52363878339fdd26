"""One node of the hall under virtual time: what ``firmware.shell`` is to a node in a process of its own.

The node, its behaviour, drivers, link, journal and cached settings are the product's. Here stand only its inbox, which hands
on at once, its clock, and the hand that kills it.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from contracts.messages import NodeState
from contracts.topics import Topics
from contracts.values import BootId, HallId, HallTime, Ms, NodeName
from firmware.runtime.inbox import Inbox
from firmware.runtime.journal import Journal
from firmware.runtime.link import NodeLink
from firmware.runtime.node import FromLink, FromWire, InboxItem, Node
from firmware.runtime.outbox import JournalOutbox
from firmware.runtime.settings import MqttConfig
from firmware.runtime.settings_cache import SettingsCache
from firmware.runtime.steps import Heard
from firmware.shell import Kit
from firmware.wire.base import FromWire as WireHappening
from firmware.wire.base import Post, Wire
from sim.clock import Alarm, Scheduler
from sim.eventlog import EventLog
from sim.link import MemoryConnection
from sim.mqtt import MqttServer


class HostClock:
    """The clock of one machine: its monotonic time begins when it is powered on, its wall clock may be wrong."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._powered_at: Ms = scheduler.now
        self.wall_error: Ms = 0

    def power_on(self) -> None:
        """Monotonic time begins anew."""
        self._powered_at = self._scheduler.now

    def monotonic_ms(self) -> Ms:
        """Milliseconds since power-on."""
        return self._scheduler.now - self._powered_at

    def wall_ms(self) -> HallTime:
        """What this machine takes for the time."""
        return HallTime(self._scheduler.clock.wall_ms() + self.wall_error)

    def scheduled(self, at: Ms) -> Ms:
        """The scheduler's time at a monotonic time of this machine."""
        return at + self._powered_at


@dataclass(frozen=True, slots=True)
class Room:
    """How a kind of node is built: its folder, and its ``build`` with the configuration already given."""

    name: str
    build: Callable[[Kit], Node[Any]]
    boards: bool = False
    hall: bool = False


class _DirectInbox(Inbox[InboxItem]):
    """An inbox without a thread at its other door: what is put in is handled now."""

    def __init__(self, handle: Callable[[InboxItem], None]) -> None:
        super().__init__()
        self._handle = handle

    def _put(self, item: InboxItem, room: int) -> bool:  # noqa: ARG002 -- there is always room
        self._handle(item)
        return True


class NodeKilledError(Exception):
    """Raised in the middle of a step to die there, between one effect and the next, as ``kill -9`` would have it."""


Watch = Callable[[Kit], Kit]
"""Stands in the doors of a node: gives it other doors, which may raise :class:`NodeKilledError`."""


def nobody(kit: Kit) -> Kit:
    """Nobody stands in the doors."""
    return kit


OpenEnd = Callable[[str, Post], Wire]
"""Opens the firmware's end of the virtual wire with this URL."""


class NodeHost:
    """Runs one node, one life after the other. ``folder`` is its disk."""

    def __init__(  # noqa: PLR0913 -- everything a machine in the hall has
        self,
        name: NodeName,
        room: Room,
        *,
        hall: HallId,
        folder: Path,
        scheduler: Scheduler,
        server: MqttServer,
        open_end: OpenEnd,
        events: EventLog,
        seed: int,
        watch: Watch = nobody,
    ) -> None:
        self.name = name
        self.watch = watch
        self.clock = HostClock(scheduler)
        self.log = events.log_of(name)
        self.node: Node[Any] | None = None
        """The running node; ``None`` while its process is dead."""
        self.lives = 0
        self._room = room
        self._hall = hall
        self._topics = Topics(hall)
        self._folder = folder
        self._server = server
        self._open_end = open_end
        self._draw = random.Random(f"{seed}/{name}")
        self._alarm = Alarm(scheduler, self._wake)
        self._connection: MemoryConnection | None = None
        self._close_wires: list[Callable[[], None]] = []
        self._journal: Journal | None = None
        self._folder.mkdir(parents=True, exist_ok=True)

    def start(self) -> None:
        """Start the process."""
        if self.node is not None:
            raise RuntimeError(f"{self.name} is running already")
        self.lives += 1
        boot = BootId(f"{self._draw.getrandbits(64):016x}")
        inbox = _DirectInbox(partial(self._handle, self.lives))
        birth = NodeState(node=self.name, boot=boot, online=True, room=self._room.name, version="sim")
        link = NodeLink(
            MqttConfig(),
            self._topics,
            birth,
            inbox,
            self.log,
            boards=self._room.boards,
            hall=self._room.hall,
            connect=self._connect,
        )
        self._journal = Journal(self._folder / "outbox.journal", self.log)
        outbox = JournalOutbox(self._journal, link, self.clock, self.log, topics=self._topics, node=self.name, boot=boot)
        self._cache = SettingsCache(self._folder / "settings.json", self._topics.settings(self.name), self.log)
        kit = Kit(self._hall, self.name, boot, self._open_wire, link, outbox, self.log, self._draw.randbytes(32))
        self._link = link
        self._mortally(partial(self._begin, self.watch(kit)))

    def _begin(self, kit: Kit) -> None:
        self.node = self._room.build(kit)
        self.node.begin(self.clock.monotonic_ms())
        if (cached := self._cache.load(self.clock.wall_ms())) is not None:
            self._handle(self.lives, FromLink(Heard(cached)))
        if self.node is not None:
            self._link.start()
            self._settle()

    def _mortally(self, act: Callable[[], None]) -> None:
        """Let the node do something in the middle of which it may die."""
        try:
            act()
        except NodeKilledError:
            self._die()

    def stop(self) -> None:
        """Stop the process in an orderly way, as systemd does."""
        if self.node is not None:
            self.node.close(reason="planned")
            self._gone()

    def kill(self) -> None:
        """End the process as kill -9 does: no goodbye, wires dropped, what was not fsync'd may be gone."""
        if self.node is not None:
            self._die()

    def _die(self) -> None:
        assert self._connection is not None
        assert self._journal is not None
        self._connection.kill()
        for close in self._close_wires:
            close()
        self._journal.close()
        self._gone()

    def restart(self) -> None:
        """Kill the process and start it again."""
        self.kill()
        self.start()

    def power_cycle(self) -> None:
        """Cut the machine's power and give it back: like a kill, and monotonic time begins anew."""
        self.kill()
        self.clock.power_on()
        self.start()

    def _gone(self) -> None:
        self.node = None
        self._close_wires = []
        self._alarm.set(None)

    def _connect(self, *arguments: Any, **options: Any) -> MemoryConnection:
        self._connection = MemoryConnection(self._server, *arguments, **options)
        return self._connection

    def _open_wire(self, url: str, *ports: str) -> Wire:
        life = self.lives

        def post(happening: WireHappening) -> None:
            self._handle(life, FromWire(ports, happening))

        wire = self._open_end(url, post)
        self._close_wires.append(wire.close)
        return wire

    def _handle(self, life: int, item: InboxItem) -> None:
        if self.node is None or life != self.lives:
            return
        if isinstance(item, FromLink) and isinstance(item.happening, Heard):
            self._cache.hear(item.happening.message, self.clock.monotonic_ms())
        self._mortally(partial(self._take, self.node, item))

    def _take(self, node: Node[Any], item: InboxItem) -> None:
        node.handle(item, self.clock.monotonic_ms())
        self._settle()

    def _wake(self) -> None:
        if self.node is not None:
            self._mortally(partial(self._rouse, self.node))

    def _rouse(self, node: Node[Any]) -> None:
        node.wake(self.clock.monotonic_ms())
        self._settle()

    def _settle(self) -> None:
        assert self.node is not None
        self._cache.tend(self.clock.monotonic_ms())
        at = self.node.wake_at
        self._alarm.set(None if at is None else self.clock.scheduled(at))
