"""The links of nodes and service, joined to the MQTT server in memory.

The links themselves are the product's (``firmware.runtime.link``), with their topics, codec, births, wills and stale
acknowledgements; only what lies under them, the connection on paho, is replaced by this one.
"""

import itertools
from collections.abc import Sequence
from functools import partial

from contracts.values import Ms
from firmware.runtime.link.connection import Limits, Owner
from firmware.runtime.link.connection import Publication as Outgoing
from firmware.runtime.node import Log
from firmware.runtime.settings import MqttConfig
from sim.mqtt import Connection, Delivery, MqttServer, NoWayError, Publication

TRY_AGAIN_FIRST: Ms = 200
TRY_AGAIN_AT_MOST: Ms = 2_000
"""As paho is set up: the pause between attempts doubles from the one to the other."""


class MemoryConnection:
    """A connection to :class:`MqttServer`; takes the place of ``firmware.runtime.link.connection.Connection``.

    Like paho it repeats, after a reconnect, what the server had not acknowledged. Make one with
    ``functools.partial(MemoryConnection, server)`` as the ``connect`` of a link.
    """

    has_nodelay = True
    """There is no socket that could delay anything."""

    def __init__(  # noqa: PLR0913 -- the shape of firmware.runtime.link.connection.OpenConnection
        self,
        server: MqttServer,
        address: MqttConfig,  # noqa: ARG002 -- the same
        client_id: str,
        owner: Owner,
        log: Log,
        *,
        will: Outgoing,
        limits: Limits,
        session: bool,
    ) -> None:
        self.client_id = client_id
        self.is_up = False
        self._server = server
        self._owner = owner
        self._log = log
        self._will = _told(will)
        self._limits = limits
        self._is_session = session
        self._number = 0
        self._is_over = False
        self._pause = TRY_AGAIN_FIRST
        self._connection: Connection | None = None
        self._on_its_way: dict[int, Publication] = {}
        self._sequence = itertools.count()

    @property
    def number(self) -> int:
        """Which connection of this life it is."""
        return self._number

    def start(self) -> None:
        """Begin to connect."""
        self._server.timetable.after(0, self._try)

    def tend(self) -> None:
        """There is no thread that could die."""

    def fileno(self) -> int:
        """There is no socket."""
        return -1

    def ready(self) -> None:
        """Nobody calls it."""

    def publish(self, publication: Outgoing) -> bool:
        """Send it on its way, unless down or too much is under way."""
        if not self.is_up or len(self._on_its_way) >= self._limits.queued:
            return False
        self._send(_told(publication))
        return True

    def subscribe(self, filters: Sequence[str]) -> None:
        """Subscribe (again)."""
        if self._connection is not None:
            self._connection.subscribe(filters)

    def unsubscribe(self, filters: Sequence[str]) -> None:
        """Hear no more of these."""
        if self._connection is not None:
            self._connection.unsubscribe(filters)

    def acknowledge(self, mid: int, number: int) -> bool:
        """Acknowledge a delivery, if it came on the present connection."""
        if self._connection is None or number != self._number:
            return False
        self._connection.acknowledge(mid)
        return True

    def close(self, farewell: Outgoing) -> None:
        """Say goodbye and disconnect."""
        if self._connection is not None:
            self._connection.publish(_told(farewell))
            self._connection.disconnect()
        self._forget()

    def kill(self) -> None:
        """The process is gone: the server sees the socket close and speaks the last will."""
        if self._connection is not None:
            self._connection.end(tell=False)
        self._forget()

    def _forget(self) -> None:
        self._is_over = True
        self.is_up = False
        self._connection = None

    def _try(self) -> None:
        if self._is_over:
            return
        number = self._number + 1
        try:
            connection = self._server.connect(
                self.client_id,
                partial(self._deliver, number),
                partial(self._lost, number),
                will=self._will,
                is_persistent=self._is_session,
            )
        except NoWayError:
            self._server.timetable.after(self._pause, self._try)
            self._pause = min(self._pause * 2, TRY_AGAIN_AT_MOST)
            return
        self._number, self._connection, self._pause = number, connection, TRY_AGAIN_FIRST
        self._introduce(connection)

    def _introduce(self, connection: Connection) -> None:
        connection.subscribe(self._owner.filters(), partial(self._granted, self._number, connection.session_present))
        unanswered = self._on_its_way
        self._on_its_way = {}
        if (birth := self._owner.birth()) is not None:
            self._send(_told(birth))
        for publication in unanswered.values():
            self._send(publication)

    def _granted(self, number: int, session_present: bool) -> None:  # noqa: FBT001 -- a fact of the protocol
        if number == self._number and not self._is_over:
            self.is_up = True
            self._log("link_up", connection=number)
            self._owner.came_up(number, session_present=session_present)

    def _lost(self, number: int) -> None:
        if number != self._number or self._is_over:
            return
        was_up, self.is_up, self._connection = self.is_up, False, None
        if was_up:
            self._log("link_down", level="warning")
            self._owner.went_down("connection lost")
        self._server.timetable.after(self._pause, self._try)

    def _deliver(self, number: int, delivery: Delivery) -> None:
        if self._is_over or number != self._number or self._connection is None:
            return
        retained = delivery.retained
        self._owner.arrived(delivery.topic, delivery.payload, retained=retained, mid=delivery.mid, number=number)
        if not self._is_session and self._connection is not None:
            self._connection.acknowledge(delivery.mid)

    def _send(self, publication: Publication) -> None:
        assert self._connection is not None
        key = next(self._sequence)
        self._on_its_way[key] = publication
        self._connection.publish(publication, partial(self._on_its_way.pop, key, None))


def _told(publication: Outgoing) -> Publication:
    return Publication(publication.topic, publication.payload, publication.retain)
