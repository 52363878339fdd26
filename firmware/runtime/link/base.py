"""What a link and its connection owe each other; the real connection is on paho, the simulator has one in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from firmware.runtime.node import Log
from firmware.runtime.settings import MqttConfig


@dataclass(frozen=True, slots=True)
class Publication:
    """What to publish where, with QoS 1."""

    topic: str
    payload: bytes
    retain: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be on its way at once, and how much may wait for that."""

    inflight: int
    queued: int


class Owner(Protocol):
    """Who uses the connection. Called from any thread, so it must only put things into an inbox."""

    def filters(self) -> Sequence[str]:
        """What to subscribe to; asked at every connect. The filters must not overlap."""

    def birth(self) -> Publication | None:
        """What to publish first on every connection."""

    def came_up(self, number: int, *, session_present: bool) -> None:
        """Connected and subscribed; ``number`` counts the connections of this process."""

    def went_down(self, reason: str) -> None:
        """The connection that was up is gone."""

    def arrived(self, topic: str, payload: bytes, *, retained: bool, mid: int, number: int) -> None:
        """A message arrived on connection ``number``."""


class MqttConnection(Protocol):
    """Keeps one connection to the MQTT server alive from ``start`` to ``close``. Used by the process's own loop."""

    @property
    def is_up(self) -> bool:
        """Whether the server has confirmed our subscription on the present connection."""

    @property
    def has_nodelay(self) -> bool:
        """Whether ``TCP_NODELAY`` is really set on the present socket."""

    def start(self) -> None:
        """Begin to connect; returns at once and keeps trying."""

    def tend(self) -> None:
        """Restart the network thread if it has died in spite of everything. Call it now and then."""

    def fileno(self) -> int:
        """The socket for the process's loop to watch, or -1 if there is none or it is watched elsewhere."""

    def ready(self) -> None:
        """The server has said something: hand it to the owner, now."""

    def publish(self, publication: Publication) -> bool:
        """Send it on its way; returns whether it was taken (not while down, not beyond the limit of the queue)."""

    def subscribe(self, filters: Sequence[str]) -> None:
        """Subscribe (again); the server then sends retained messages (again). At the next connect ``filters()`` decides."""

    def unsubscribe(self, filters: Sequence[str]) -> None:
        """Hear no more of these."""

    def acknowledge(self, mid: int, number: int) -> bool:
        """Send the PUBACK for a message of connection ``number``; returns false, and sends nothing, if that one is gone."""

    def close(self, farewell: Publication) -> None:
        """Publish the farewell if the server is there, and disconnect; takes a second or two at most."""


class OpenConnection(Protocol):
    """Makes a connection; ``session`` asks for a persistent session and acknowledgements by hand."""

    def __call__(  # noqa: PLR0913 -- what an MQTT connection is made of
        self,
        address: MqttConfig,
        client_id: str,
        owner: Owner,
        log: Log,
        *,
        will: Publication,
        limits: Limits,
        session: bool,
    ) -> MqttConnection:
        """Nothing is connected before ``start``."""
