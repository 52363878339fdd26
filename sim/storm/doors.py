"""Doors of nodes and service at which a storm stands: to kill in the middle of a step, and to see what is said when."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from contracts.messages import Kept, Message, ServiceState
from contracts.values import Ms, NodeName
from firmware.runtime.link import Arrived, ServiceLink
from firmware.shell import Kit
from firmware.wire.base import Wire
from sim.host import NodeKilledError


class Doorway:
    """Counts what a node does to the world, and kills it at the n-th thing if told so."""

    def __init__(self) -> None:
        self.left: int | None = None
        """How many things it may still do in this life."""

    def die_after(self, things: int) -> None:
        """Let it do so many things more."""
        self.left = things

    def __call__(self, kit: Kit) -> Kit:
        """Stand in the doors of a new life."""
        say, keep = kit.link.say, kit.outbox.keep

        def say_through(message: Message) -> None:
            self._pass()
            say(message)

        def keep_through(message: Kept, now: Ms, note: bytes = b"") -> None:
            self._pass()
            keep(message, now, note)

        def open_through(url: str, *ports: str) -> Wire:
            return _WireDoor(kit.open_wire(url, *ports), self._pass)

        kit.link.say = say_through  # type: ignore[method-assign]  # a door is put in front of this one life's link
        kit.outbox.keep = keep_through  # type: ignore[method-assign]  # and of its outbox
        return replace(kit, open_wire=open_through)

    def _pass(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise NodeKilledError


class _WireDoor:
    """A wire through which a node may die."""

    def __init__(self, wire: Wire, passing: Callable[[], None]) -> None:
        self._wire = wire
        self._pass = passing
        self.close = wire.close

    def write(self, data: bytes) -> None:
        """Send bytes to the devices."""
        self._pass()
        self._wire.write(data)

    def set(self, pin: int, *, active: bool) -> None:
        """Switch an output."""
        self._pass()
        self._wire.set(pin, active=active)


class CheckedLink:
    """The service's link, which sees to it that nothing is said or acknowledged before COMMIT (design 5)."""

    def __init__(
        self,
        link: ServiceLink,
        is_writing: Callable[[], bool],
        handled: Counter[tuple[str, bytes]],
        says: Callable[[str, bytes], None],
        wrong: Callable[[str], None],
    ) -> None:
        self._link = link
        self._is_writing = is_writing
        self._handled = handled
        self._says = says
        self._wrong = wrong

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> bool:
        """Publish."""
        if self._is_writing():
            self._wrong(f"order: {topic} was said before COMMIT")
        if retain and payload:
            self._says(topic, payload)
        return self._link.publish(topic, payload, retain=retain)

    def ack(self, item: Arrived, /) -> bool:
        """Acknowledge."""
        if self._is_writing():
            self._wrong(f"order: {item.topic} was acknowledged before COMMIT")
        self._handled[item.topic, item.payload] += 1
        return self._link.ack(item)

    def listen(self, declared: Collection[NodeName], silenced: Collection[NodeName]) -> None:
        """Hear everybody but these."""
        self._link.listen(declared, silenced)

    def tidy(self, declared: Collection[NodeName]) -> None:
        """Give up every subscription but the present ones."""
        self._link.tidy(declared)

    def close(self, farewell: ServiceState, /) -> None:
        """Say goodbye."""
        self._link.close(farewell)


def connection_of(host: Any) -> Any:
    """The connection to the MQTT server in the present life of a host, or ``None``."""
    return host._connection  # noqa: SLF001 -- the storm looks under the floor of its own simulator
