"""The hand of fate in one hall: what is broken at the moment, and how it is put right."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contracts.values import Ms, NodeName
from sim.hall import Hall
from sim.mqtt import Publication
from sim.mqtt_network import Path
from sim.storm.doors import Doorway, connection_of
from sim.storm.watch import Watch
from sim.storm.weather import SERVICE, Strike


@dataclass(frozen=True, slots=True)
class People:
    """What fate can make the people of the hall do."""

    work: Callable[[random.Random], None]
    """Guide or duty leader do something of their day."""
    dawdle: Callable[[Ms], None]
    """Clerks who have called somebody do something else until then."""
    alarm: Callable[..., None]
    """``alarm(on=True)``: everybody has to leave; ``on=False``: they may come back."""


class Hand:
    """The hand of fate in one hall."""

    def __init__(
        self,
        hall: Hall,
        watch: Watch,
        doorways: dict[NodeName, Doorway],
        people: People,
    ) -> None:
        self.hall = hall
        self.watch = watch
        self.doorways = doorways
        self.people = people
        self.is_calm = False
        self.said: list[Publication] = []
        """What was said lately, to be said again."""
        self._undo: dict[int, Callable[[], None]] = {}

    def hear(self, publication: Publication) -> None:
        """Remember what is said, except what is said again."""
        if not self.watch.is_saying_again:
            self.said.append(publication)
            if len(self.said) > 400:  # noqa: PLR2004 -- some minutes
                del self.said[:200]

    def calm(self) -> None:
        """Put everything right."""
        self.is_calm = True
        for undo in list(self._undo.values()):
            undo()
        self.watch.spoilt.clear()
        for doorway in self.doorways.values():
            doorway.left = None
        self.hall.service.die_at = None
        self.hall.service.clock.wall_error = 0
        if not self.hall.server.is_up:
            self.hall.server.start()
        self.revive()

    def revive(self) -> None:
        """Systemd starts whatever is dead."""
        if self.hall.service.service is None:
            self.hall.service.start()
        for host in self.hall.nodes.values():
            if host.node is None:
                host.start()

    def for_a_while(self, one: Strike, undo: Callable[[], None], *spoils: str) -> None:
        """Undo it when its time is over; until then these are spoilt."""
        for what in spoils:
            self.watch.spoilt[what] += 1
        key = len(self._undo)
        while key in self._undo:
            key += 1

        def put_right() -> None:
            if self._undo.pop(key, None) is not None:
                undo()
                for what in spoils:
                    self.watch.spoilt[what] -= 1
                    self.watch.mended(what)

        self._undo[key] = put_right
        self.hall.scheduler.after(max(1, one.lasts), put_right)

    def client(self, target: str) -> str:
        """The MQTT client of a node or the service."""
        host: Any = self.hall.service if target == SERVICE else self.hall.nodes[NodeName(target)]
        return str(connection_of(host).client_id)

    def path(self, target: str) -> Path:
        """The network between a node, or the service, and the server."""
        return self.hall.server.path(self.client(target))

    def tend(self) -> None:
        """What systemd does: start again what has died. Called every second."""
        if self.is_calm:
            return
        host = self.hall.service
        if host.service is None and not self.watch.spoilt["service down"]:
            host.start()
        for name, node in self.hall.nodes.items():
            if node.node is None and not self.watch.spoilt[f"down {name}"]:
                node.start()
