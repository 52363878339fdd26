"""An MQTT server in memory: what nodes and service may rely on, and no more, in virtual time.

Retained messages, QoS 1 in order for each subscriber, persistent sessions with acknowledgements that belong to one
connection, last wills, and a restart with or without memory. Every client has a :class:`Path` to the server that can be cut,
slowed down or made to deliver twice; faults are put there, from a seed, by whoever runs the simulation.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from contracts.values import Ms
from sim.clock import Appointment, Timetable
from sim.mqtt_network import Delivery, NoWayError, Path, Publication, matches

__all__ = ["Connection", "Delivery", "MqttServer", "NoWayError", "Path", "Publication", "matches"]

MAX_INFLIGHT = 200
"""How many messages may wait for an acknowledgement on one connection, as deploy/mosquitto.conf has it."""
_PACKET = Publication("", b"")
"""What a delay is asked for a packet that carries no message."""


def _nothing() -> None:
    """What a hook does by default."""


class Connection:
    """One connection of one client, from its opening to its loss."""

    def __init__(
        self, server: "MqttServer", path: Path, session: "_Session", will: Publication | None, lost: Callable[[], None]
    ) -> None:
        self.is_open = True
        self.session_present = session.is_known
        session.is_known = True
        self._server = server
        self._timetable = server.timetable
        self._path = path
        self._session = session
        self._will = will
        self._lost = lost
        self._last_up: Ms = 0
        self._last_down: Ms = 0
        self._mid = 0
        self._unacknowledged: dict[int, _Queued] = {}

    def subscribe(self, patterns: Sequence[str], granted: Callable[[], object] = _nothing) -> None:
        """Ask for all messages of these topic filters; first ``granted`` is called, then what is retained comes."""
        self._up(_PACKET, partial(self._subscribe, tuple(patterns), granted))

    def _subscribe(self, patterns: tuple[str, ...], granted: Callable[[], object]) -> None:
        self._down(_PACKET, granted)
        for pattern in patterns:
            self._server.subscribed(self._session, pattern)

    def unsubscribe(self, patterns: Sequence[str]) -> None:
        """Ask no more."""
        for pattern in patterns:
            self._up(_PACKET, partial(self._session.patterns.pop, pattern, None))

    def publish(self, publication: Publication, taken: Callable[[], object] = _nothing) -> None:
        """Send a message with QoS 1; ``taken`` is called when the server's acknowledgement has arrived."""
        for _ in range(self._path.copies(publication)):
            self._up(publication, partial(self._take, publication, taken))

    def _take(self, publication: Publication, taken: Callable[[], object]) -> None:
        self._server.publish(publication)
        self._down(publication, taken)

    def acknowledge(self, mid: int) -> None:
        """The client has dealt with a delivery of this connection."""
        self._up(_PACKET, partial(self._acknowledged, mid))

    def disconnect(self) -> None:
        """Say goodbye: no last will."""
        self._will = None
        self._up(_PACKET, partial(self.end, tell=False))

    def end(self, *, tell: bool = True) -> None:
        """The connection is gone. The server publishes the last will; the client is told unless it asked for it."""
        if not self.is_open:
            return
        self.is_open = False
        self._session.lost(self, list(self._unacknowledged.values()))
        if self._will is not None:
            self._server.publish(self._will)
        if tell:
            self._timetable.after(1, self._lost)

    def send_queued(self) -> None:
        """Put what waits in the session on its way, as far as the window allows."""
        while self._session.queue and len(self._unacknowledged) < MAX_INFLIGHT:
            queued = self._session.queue.popleft()
            self._mid += 1
            self._unacknowledged[self._mid] = queued
            publication = Publication(queued.topic, queued.payload)
            delivery = Delivery(queued.topic, queued.payload, queued.retained, self._mid, queued.is_again)
            for _ in range(self._path.copies(publication)):
                self._down(publication, partial(self._session.deliver, delivery))

    def _acknowledged(self, mid: int) -> None:
        queued = self._unacknowledged.pop(mid, None)
        if queued is not None:
            self._server.acknowledged(self._session, queued.topic, queued.payload)
            self.send_queued()

    def _up(self, publication: Publication, what: Callable[[], object]) -> None:
        if self.is_open:
            self._last_up = max(self._last_up, self._timetable.now + self._path.delay(publication))
            self._timetable.at(self._last_up, partial(self._if_open_up, what))

    def _down(self, publication: Publication, what: Callable[[], object]) -> None:
        self._last_down = max(self._last_down, self._timetable.now + self._path.delay(publication))
        self._timetable.at(self._last_down, partial(self._if_open_down, what))

    def _if_open_up(self, what: Callable[[], object]) -> None:
        if self.is_open and not (self._path.is_cut or self._path.is_cut_up):
            what()

    def _if_open_down(self, what: Callable[[], object]) -> None:
        if self.is_open and not (self._path.is_cut or self._path.is_cut_down):
            what()


@dataclass(slots=True)
class _Queued:
    topic: str
    payload: bytes
    retained: bool
    is_again: bool = False


@dataclass(slots=True)
class _Session:
    """What the server remembers of a client: its filters, and what it has not acknowledged."""

    client: str
    is_persistent: bool
    deliver: Callable[[Delivery], None]
    patterns: dict[str, None] = field(default_factory=dict)
    queue: deque[_Queued] = field(default_factory=deque)
    connection: Connection | None = None
    is_known: bool = False
    """Whether it has served an earlier connection."""

    def take(self, queued: _Queued) -> None:
        """Queue a message, and send it if the client is there."""
        if self.connection is not None or self.is_persistent:
            self.queue.append(queued)
        if self.connection is not None:
            self.connection.send_queued()

    def lost(self, connection: Connection, unacknowledged: list[_Queued]) -> None:
        """A connection is gone: what it had not acknowledged waits for the next, before anything newer."""
        if connection is not self.connection:
            return
        self.connection = None
        if self.is_persistent:
            for queued in unacknowledged:
                queued.is_again = True
            self.queue.extendleft(reversed(unacknowledged))
        else:
            self.queue.clear()


class MqttServer:
    """The server."""

    def __init__(self, timetable: Timetable) -> None:
        self.timetable = timetable
        self.is_up = True
        self.retained: dict[str, bytes] = {}
        self.taps: list[Callable[[Publication], None]] = []
        """Told of every message the server takes, in order: an observer that is no client."""
        self.acknowledgements: list[Callable[[str, str, bytes], None]] = []
        """Told of every delivery a client acknowledges: client, topic, payload."""
        self._sessions: dict[str, _Session] = {}
        self._paths: dict[str, Path] = {}

    def path(self, client: str) -> Path:
        """The network between this client and the server; there before its first connection."""
        return self._paths.setdefault(client, Path())

    def connect(
        self,
        client: str,
        deliver: Callable[[Delivery], None],
        lost: Callable[[], None],
        *,
        will: Publication | None = None,
        is_persistent: bool = False,
    ) -> Connection:
        """Open a connection, or raise :class:`NoWayError`; an earlier one of this client ends, with its last will."""
        if not self.is_up or self.path(client).is_broken:
            raise NoWayError(client)
        session = self._sessions.get(client)
        if session is not None and session.connection is not None:
            session.connection.end()
        if session is None or not (is_persistent and session.is_persistent):
            session = self._sessions[client] = _Session(client, is_persistent, deliver)
        session.deliver = deliver
        session.connection = Connection(self, self.path(client), session, will, lost)
        session.connection.send_queued()
        return session.connection

    def cut(self, client: str, *, notice_after: Ms = 15_000, up: bool = True, down: bool = True) -> Appointment:
        """Cut a client off, one way or both; server and client notice after a while, as keep-alive does. :meth:`mend` it."""
        path = self.path(client)
        path.is_cut, path.is_cut_up, path.is_cut_down = up and down, up and not down, down and not up
        return self.timetable.after(notice_after, partial(self._notice, client))

    def mend(self, client: str) -> None:
        """The network to a client is whole again; what was under way while it was cut is lost with its connection."""
        self._notice(client)
        path = self.path(client)
        path.is_cut = path.is_cut_up = path.is_cut_down = False

    def subscribed(self, session: _Session, pattern: str) -> None:
        """A filter of a session is in force; its retained messages follow."""
        session.patterns[pattern] = None
        for topic, payload in sorted(self.retained.items()):
            if matches(pattern, topic):
                session.take(_Queued(topic, payload, retained=True))

    def publish(self, publication: Publication) -> None:
        """Take a message: keep it if it is retained, and hand it to every session that asked for it."""
        for tap in self.taps:
            tap(publication)
        if publication.retain:
            if publication.payload:
                self.retained[publication.topic] = publication.payload
            else:
                self.retained.pop(publication.topic, None)
        for session in list(self._sessions.values()):
            if any(matches(pattern, publication.topic) for pattern in session.patterns):
                session.take(_Queued(publication.topic, publication.payload, retained=False))

    def acknowledged(self, session: _Session, topic: str, payload: bytes) -> None:
        """A client has dealt with a delivery."""
        for tap in self.acknowledgements:
            tap(session.client, topic, payload)

    def stop(self, *, with_memory: bool) -> None:
        """The server dies; without memory it forgets sessions, retained and queued messages (kill -9 and no database)."""
        self.is_up = False
        sessions = dict(self._sessions)
        for session in sessions.values():
            if session.connection is not None:
                session.connection._will = None  # noqa: SLF001 - a dead server publishes nothing
                session.connection.end()
        if with_memory:
            self._sessions = {client: session for client, session in sessions.items() if session.is_persistent}
        else:
            self._sessions = {}
            self.retained = {}

    def start(self) -> None:
        """The server is back; clients find it when they try again."""
        self.is_up = True

    def _notice(self, client: str) -> None:
        session = self._sessions.get(client)
        if self.path(client).is_broken and session is not None and session.connection is not None:
            session.connection.end()
