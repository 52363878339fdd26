"""Doors of nodes and service at which a storm stands: to kill in the middle of a step, and to see what is said when."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from contracts.messages import Kept, Message, OfflineTicketTaken, PunchMade, RatingSubmitted, ServiceState
from contracts.values import Ms, NodeName
from firmware.runtime.link import Arrived, ServiceLink
from firmware.shell import Kit
from firmware.wire.base import Wire
from sim.host import NodeKilledError

_LONGER_THAN_TEXT = 150
"""Bytes: a paper is longer, a text line and a question to the printer are shorter."""


class Doorway:
    """Counts what a node does to the world, and kills it at the n-th thing if told so.

    Virtual time stands still during a step, so what a step does in the wrong order nobody would see: the doorway does. What
    nobody can repeat is kept before the lamp, the beep or the paper that promises it (design 5).
    """

    def __init__(self, now: Callable[[], Ms], wrong: Callable[[str], None]) -> None:
        self.left: int | None = None
        """How many things it may still do in this life."""
        self._now = now
        self._wrong = wrong
        self._switched_at: Ms | None = None
        self._sounded_at: Ms | None = None
        self._printed_at: Ms | None = None

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
            if self._promised(message) == self._now():
                self._wrong(f"order: {kit.node} promised something before its {type(message).__name__} was in the journal")
            keep(message, now, note)

        def open_through(url: str, *ports: str) -> Wire:
            return _WireDoor(kit.open_wire(url, *ports), self._pass, self)

        kit.link.say = say_through  # type: ignore[method-assign]  # a door is put in front of this one life's link
        kit.outbox.keep = keep_through  # type: ignore[method-assign]  # and of its outbox
        return replace(kit, open_wire=open_through)

    def switches(self, *, on: bool) -> None:
        """A lamp or a beeper goes on or off."""
        self._switched_at = self._now()
        if on:
            self._sounded_at = self._now()

    def prints(self) -> None:
        """A paper leaves for the printer."""
        self._printed_at = self._now()

    def _promised(self, message: Kept) -> Ms | None:
        """When that which promises this message to somebody was done last."""
        if isinstance(message, RatingSubmitted):
            return self._switched_at
        if isinstance(message, PunchMade):
            return self._sounded_at
        return self._printed_at if isinstance(message, OfflineTicketTaken) else None

    def _pass(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise NodeKilledError


class _WireDoor:
    """A wire through which a node may die."""

    def __init__(self, wire: Wire, passing: Callable[[], None], doorway: Doorway) -> None:
        self._wire = wire
        self._pass = passing
        self._doorway = doorway
        self.close = wire.close

    def write(self, data: bytes) -> None:
        """Send bytes to the devices."""
        self._pass()
        if len(data) > _LONGER_THAN_TEXT:
            self._doorway.prints()
        self._wire.write(data)

    def set(self, pin: int, *, active: bool) -> None:
        """Switch an output."""
        self._pass()
        self._doorway.switches(on=active)
        self._wire.set(pin, active=active)


class CheckedLink:
    """The service's link, which sees to it that nothing is said or acknowledged before COMMIT (design 5)."""

    def __init__(
        self,
        link: ServiceLink,
        is_writing: Callable[[], bool],
        handled: Counter[tuple[str, bytes, int]],
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
        self._handled[item.topic, item.payload, item.connection] += 1
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
