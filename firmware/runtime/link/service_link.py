"""The rules service's link: a persistent session, acknowledged by hand after the commit (design rule 5)."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from contracts.codec import encode
from contracts.messages import ServiceState
from contracts.topics import Topics
from contracts.values import NodeName
from firmware.runtime.link.base import Limits, OpenConnection, Publication
from firmware.runtime.link.connection import Connection
from firmware.runtime.node import Log
from firmware.runtime.settings import MqttConfig

LIMITS = Limits(inflight=200, queued=20_000)
"""``inflight`` is also mosquitto's ``max_inflight_messages`` (deploy/mosquitto.conf); it bounds what is unacknowledged."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message as it came, not decoded. ``connection`` is the one it must be acknowledged on."""

    topic: str
    payload: bytes
    retained: bool
    mid: int
    connection: int


@dataclass(frozen=True, slots=True)
class Connected:
    """A new connection is up: republish all retained state, the server may have lost it.

    ``session_present`` is false if the server no longer knew our session.
    """

    connection: int
    session_present: bool


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The MQTT server is gone; what was not acknowledged will arrive again."""

    reason: str


ServiceItem = Arrived | Connected | Disconnected


class ServiceLink:
    """Hears every request and every node's birth, undecoded, and speaks for the service.

    ``post`` is called from paho's thread with every :data:`ServiceItem`. ``will`` is what the world hears when the service
    dies; its ``online`` is set to false here.
    """

    def __init__(  # noqa: PLR0913 -- the composition root hands over everything a link has
        self,
        address: MqttConfig,
        topics: Topics,
        will: ServiceState,
        post: Callable[[ServiceItem], None],
        log: Log,
        *,
        connect: OpenConnection = Connection,
    ) -> None:
        self._topics = topics
        self._post = post
        self._log = log
        self.stale_acknowledgements = 0
        """How many acknowledgements came after their connection had gone, and were dropped."""
        self._early: list[Arrived] = []
        self._everybody = [topics.all_up(), topics.all_node_states()]
        self._filters = self._everybody
        self._connection = connect(
            address,
            address.username or f"service-{topics.hall}",
            self,
            log,
            will=self._away(will),
            limits=LIMITS,
            session=True,
        )

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._connection.start()

    def tend(self) -> None:
        """To be called on every turn of the service's loop."""
        self._connection.tend()

    def fileno(self) -> int:
        """See :class:`firmware.runtime.inbox.Source`: the loop reads what the server says."""
        return self._connection.fileno()

    def ready(self) -> None:
        """See :class:`firmware.runtime.inbox.Source`."""
        self._connection.ready()

    @property
    def has_nodelay(self) -> bool:
        """Whether ``TCP_NODELAY`` is really set."""
        return self._connection.has_nodelay

    @property
    def is_up(self) -> bool:
        """Whether anything can be published now."""
        return self._connection.is_up

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> bool:
        """Publish with QoS 1; returns whether it was taken. Nothing is while down: ``Connected`` asks for everything."""
        taken = self._connection.publish(Publication(topic, payload, retain))
        if not taken and self.is_up:
            self._log("outgoing_queue_full", level="error", topic=topic)
        return taken

    def ack(self, item: Arrived) -> bool:
        """Acknowledge a message whose effects are committed; returns false if its connection is gone (it will come again).

        An acknowledgement sent on a later connection could hit another message with the same packet number.
        """
        sent = self._connection.acknowledge(item.mid, item.connection)
        self.stale_acknowledgements += not sent
        return sent

    def listen(self, declared: Collection[NodeName], silenced: Collection[NodeName]) -> None:
        """Hear everybody; or, if anybody is silenced, those of ``declared`` that are not, and the others not at all.

        The server then queues nothing more of a silenced node for us. Between the two ways something may come twice. What
        was retained comes again with the new subscriptions.
        """
        some = [one for node in declared if node not in silenced for one in self._filters_of(node)]
        self._filters = some if silenced else self._everybody
        self._connection.subscribe(self._filters)
        self.tidy(declared)

    def tidy(self, declared: Collection[NodeName]) -> None:
        """Give up every subscription but the present ones: the session may have kept others from before a reconnect."""
        every = [*self._everybody, *(one for node in declared for one in self._filters_of(node))]
        self._connection.unsubscribe([one for one in every if one not in self._filters])

    def _filters_of(self, node: NodeName) -> list[str]:
        return [self._topics.all_up_of(node), self._topics.node_state(node)]

    def close(self, farewell: ServiceState) -> None:
        """Say goodbye with this (retained, ``online`` false) and disconnect; the session stays."""
        self._connection.close(self._away(farewell))

    def _away(self, state: ServiceState) -> Publication:
        return Publication(self._topics.service_state, encode(replace(state, online=False)), retain=True)

    # --- Called by the connection, from paho's thread ---------------------------------------------------------------------

    def filters(self) -> Sequence[str]:
        """Everything nodes say, but for those that are not listened to."""
        return self._filters

    def birth(self) -> None:
        """The service's birth is its first heartbeat, said by its own loop."""

    def came_up(self, number: int, *, session_present: bool) -> None:
        """Tell the service, and then what the session brought before: it could not have been answered yet."""
        self._post(Connected(number, session_present))
        early, self._early = self._early, []
        for item in early:
            if item.connection == number:
                self._post(item)

    def went_down(self, reason: str) -> None:
        """Tell the service."""
        self._post(Disconnected(reason))

    def arrived(self, topic: str, payload: bytes, *, retained: bool, mid: int, number: int) -> None:
        """Tell the service; whether it is a message of ours, the service decides, because it must answer and acknowledge."""
        item = Arrived(topic, payload, retained, mid, number)
        if self.is_up:
            self._post(item)
        else:
            self._early.append(item)
