"""A node's link: says what the node wants said, and puts every message it hears into the node's inbox, decoded."""

from collections.abc import Sequence

from msgspec.structs import replace

from contracts.codec import ContractError, decode, encode
from contracts.messages import Message, NodeState
from contracts.topics import ROWS, Topics, Way
from contracts.values import CounterId
from firmware.runtime.inbox import Inbox
from firmware.runtime.link.base import Limits, OpenConnection, Publication
from firmware.runtime.link.connection import Connection
from firmware.runtime.node import FromLink, InboxItem, Log
from firmware.runtime.settings import MqttConfig
from firmware.runtime.steps import Heard, LinkDown, LinkUp

LIMITS = Limits(inflight=50, queued=500)


class NodeLink:
    """Implements :class:`firmware.runtime.node.Link` on MQTT.

    ``birth`` is published, retained, on every connection; its last will is the same with ``online`` false. With ``boards``
    the node hears the public state of the whole hall, with ``hall`` only the part of the day. ``connect`` opens the
    connection; the simulator hands over its own.
    """

    def __init__(  # noqa: PLR0913 -- the composition root hands over everything a link has
        self,
        address: MqttConfig,
        topics: Topics,
        birth: NodeState,
        inbox: Inbox[InboxItem],
        log: Log,
        *,
        boards: bool = False,
        hall: bool = False,
        connect: OpenConnection = Connection,
    ) -> None:
        self._topics = topics
        self._birth = birth
        self._inbox = inbox
        self._log = log
        self._public = [topics.all_boards()] if boards else [topics.hall_board] if hall else []
        self._desk: CounterId | None = None
        self._missed = False
        client_id = address.username or f"node-{topics.hall}-{birth.node}"
        self._connection = connect(
            address, client_id, self, log, will=self._state(online=False, reason=""), limits=LIMITS, session=False
        )

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._connection.start()

    def tend(self) -> None:
        """To be called on every turn of the loop: recovers what an overfull inbox or a dead network thread has cost."""
        self._connection.tend()
        if self._missed and self._inbox.has_room:
            self._missed = False
            self._connection.subscribe(self.filters())

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
        """Whether messages can be said now."""
        return self._connection.is_up

    def say(self, message: Message) -> None:
        """See :class:`firmware.runtime.node.Link`."""
        row = ROWS[type(message)]
        if row.way is not Way.UP:
            raise ValueError(f"{type(message).__name__} is not for a node to say")
        taken = self._connection.publish(Publication(self._topics.up(self._birth.node, type(message)), encode(message)))
        if not taken and self.is_up:
            self._log("outgoing_queue_full", level="warning", message=type(message).__name__)

    def follow_desk(self, counter: CounterId) -> None:
        """See :class:`firmware.runtime.node.Link`."""
        before, self._desk = self._desk, counter
        if before == counter:
            return
        if before is not None:
            self._connection.unsubscribe([self._topics.desk(before)])
        self._connection.subscribe([self._topics.desk(counter)])

    def close(self, *, reason: str) -> None:
        """See :class:`firmware.runtime.node.Link`."""
        self._connection.close(self._state(online=False, reason=reason))

    def _state(self, *, online: bool, reason: str) -> Publication:
        state = replace(self._birth, online=online, reason=reason)
        return Publication(self._topics.node_state(state.node), encode(state), retain=True)

    # --- Called by the connection, from paho's thread ---------------------------------------------------------------------

    def filters(self) -> Sequence[str]:
        """Everything this node listens to."""
        node = self._birth.node
        wanted = [self._topics.all_down(node), self._topics.settings(node), self._topics.service_state]
        wanted += self._public
        return wanted + ([self._topics.desk(self._desk)] if self._desk is not None else [])

    def birth(self) -> Publication:
        """The retained birth."""
        return self._state(online=True, reason="")

    def came_up(self, number: int, *, session_present: bool) -> None:  # noqa: ARG002 -- a node keeps no session
        """Tell the node."""
        self._inbox.post(FromLink(LinkUp()))

    def went_down(self, reason: str) -> None:  # noqa: ARG002 -- the connection has logged it
        """Tell the node."""
        self._inbox.post(FromLink(LinkDown()))

    def arrived(self, topic: str, payload: bytes, *, retained: bool, mid: int, number: int) -> None:  # noqa: ARG002 -- see Heard
        """Put a message of ours into the inbox; anything else is logged and dropped."""
        if not payload:  # a retained message was cleared
            return
        try:
            message = decode(topic, payload)
        except ContractError as error:
            self._log("message_refused", level="warning", topic=topic, error=error.what)
            return
        if not self._inbox.offer(FromLink(Heard(message))) and not self._missed:
            self._missed = True
            self._log("inbox_full", level="warning", topic=topic)
