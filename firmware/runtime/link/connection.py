"""One MQTT connection on paho, with its traps closed. The only file that imports paho.

MQTT 3.1.1, because nothing of ours needs version 5: requests carry their own id, expiry and reply topic, every common server
speaks 3.1.1, and a persistent session there needs no property to live on.

The traps:

* an exception in a callback would end the network thread: every callback is wrapped, and ``tend`` restarts the thread;
* paho does not let two threads write, and handing every publication to its own thread costs more than the network does:
  the network is run by ``network``, and whoever touches the client holds the lock;
* Nagle's algorithm costs 40 ms per request: ``TCP_NODELAY`` is set on every new socket;
* packet numbers belong to a connection: an acknowledgement that comes after a reconnect is dropped (design rule 5);
* after a reconnect paho first repeats what was on its way: nothing new goes out before that, else old state would
  overwrite new. That is why a connection counts as up only when its subscription has been confirmed.
"""

import contextlib
import functools
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from firmware.runtime.link.base import Limits, Owner, Publication
from firmware.runtime.link.network import Network
from firmware.runtime.node import Log
from firmware.runtime.settings import MqttConfig

__all__ = ["Connection", "Limits", "Owner", "Publication"]

KEEPALIVE_S = 10
"""A dead peer is noticed, and a last will sent, after at most 15 s."""
FAREWELL_S = 1.0
"""How long an orderly goodbye may take at most."""


class Connection:
    """See :class:`firmware.runtime.link.base.MqttConnection`."""

    def __init__(  # noqa: PLR0913 -- what an MQTT connection is made of
        self,
        address: MqttConfig,
        client_id: str,
        owner: Owner,
        log: Log,
        *,
        will: Publication,
        limits: Limits,
        session: bool,
    ) -> None:
        self._address = address
        self._owner = owner
        self._log = log
        self._lock = threading.RLock()
        """Held by whoever touches the client; callbacks run under it."""
        self._number = 0
        self._connected = False
        self._up = False
        self._closing = False
        self._failing = False
        self._subscribing: int | None = None
        self._session_present = False
        self.refused = 0
        """Publications for which the outgoing queue had no room."""
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id,
            clean_session=not session,
            protocol=MQTTProtocolVersion.MQTTv311,
            manual_ack=session,
        )
        self._prepare(will, limits)
        if session:  # no answer may wait behind unconfirmed ones while the acknowledgement that follows it already leaves
            self._client.max_inflight_messages_set(0)
        self._network = Network(self._client, self._lock, log, self._unreachable)

    def _prepare(self, will: Publication, limits: Limits) -> None:
        client, address = self._client, self._address
        client.will_set(will.topic, will.payload, qos=1, retain=will.retain)
        client.max_inflight_messages_set(limits.inflight)
        client.max_queued_messages_set(limits.queued)
        client.connect_timeout = 3.0
        if address.username:
            client.username_pw_set(address.username, _first_line(address.password_file))
        if address.ca_file:
            client.tls_set(ca_certs=address.ca_file)
        client.on_socket_open = self._guarded(self._on_socket_open)
        client.on_connect = self._guarded(self._on_connect)
        client.on_disconnect = self._guarded(self._on_disconnect)
        client.on_subscribe = self._guarded(self._on_subscribe)
        client.on_message = self._guarded(self._on_message)

    def _guarded(self, callback: Callable[..., None]) -> Callable[..., None]:
        """The callback, made unable to end the network thread."""

        @functools.wraps(callback)
        def guarded(*arguments: Any) -> None:
            try:
                callback(*arguments)
            except Exception as error:  # noqa: BLE001 -- an exception here would silently end the network thread
                self._log("link_callback_failed", level="error", callback=callback.__name__, error=repr(error))

        return guarded

    # --- Called by the process's own loop ---------------------------------------------------------------------------------

    def start(self) -> None:
        """See ``MqttConnection``."""
        self._client.connect_async(self._address.host, self._address.port, keepalive=KEEPALIVE_S)
        self._network.start()

    def tend(self) -> None:
        """See ``MqttConnection``."""
        if not self._closing and self._network.has_died:
            self._network.start()
            self._log("network_thread_restarted", level="error")

    def fileno(self) -> int:
        """See :class:`firmware.runtime.inbox.Source`. Whoever asks must watch it from then on."""
        with self._lock:
            self._network.is_watched = self._up and not self._closing
            sock = self._client.socket() if self._up else None
            return -1 if sock is None else int(sock.fileno())

    def ready(self) -> None:
        """See :class:`firmware.runtime.inbox.Source`."""
        self._network.turn()
        self._network.attend()

    @property
    def is_up(self) -> bool:
        """See ``MqttConnection``."""
        return self._up

    @property
    def has_nodelay(self) -> bool:
        """Whether ``TCP_NODELAY`` is really set on the present socket, asked of the operating system."""
        sock = self._client.socket()
        return isinstance(sock, socket.socket) and sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0

    def publish(self, publication: Publication) -> bool:
        """See ``MqttConnection``."""
        with self._lock:
            return self._up and self._hand_over(publication)

    def _hand_over(self, one: Publication) -> bool:
        code = self._client.publish(one.topic, one.payload, qos=1, retain=one.retain).rc
        if code == MQTTErrorCode.MQTT_ERR_QUEUE_SIZE:
            self.refused += 1
        self._network.attend()
        return code == MQTTErrorCode.MQTT_ERR_SUCCESS

    def subscribe(self, filters: Sequence[str]) -> None:
        """See ``MqttConnection``."""
        with self._lock:
            if self._connected:
                self._client.subscribe([(one, 1) for one in filters])
                self._network.attend()

    def unsubscribe(self, filters: Sequence[str]) -> None:
        """See ``MqttConnection``."""
        with self._lock:
            if self._connected:
                self._client.unsubscribe(list(filters))
                self._network.attend()

    def acknowledge(self, mid: int, number: int) -> bool:
        """See ``MqttConnection``."""
        with self._lock:
            if not self._connected or number != self._number:
                return False
            sent = self._client.ack(mid, 1) == MQTTErrorCode.MQTT_ERR_SUCCESS
            self._network.attend()
            return sent

    def close(self, farewell: Publication) -> None:
        """See ``MqttConnection``."""
        if self._closing:
            return
        self._closing = True
        self._network.watch_again()
        info = None
        with self._lock, contextlib.suppress(RuntimeError, ValueError):  # not sent: then the last will speaks for us
            if self._up:
                info = self._client.publish(farewell.topic, farewell.payload, qos=1, retain=farewell.retain)
                self._network.attend()
        if info is not None:
            with contextlib.suppress(RuntimeError, ValueError):
                info.wait_for_publish(FAREWELL_S)
        self._network.stop(FAREWELL_S)

    # --- Called by paho, with the lock held -------------------------------------------------------------------------------

    def _on_socket_open(self, _client: Client, _userdata: Any, sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _on_connect(self, client: Client, _userdata: Any, flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self._log("link_refused", level="error", reason=str(reason))
            return
        self._number += 1
        self._connected = True
        self._failing = False
        self._session_present = bool(flags.session_present)
        self._subscribing = client.subscribe([(one, 1) for one in self._owner.filters()])[1]
        if (birth := self._owner.birth()) is not None:
            self._hand_over(birth)

    def _on_subscribe(self, _client: Client, _userdata: Any, mid: int, reasons: list[Any], _properties: Any) -> None:
        if any(reason.is_failure for reason in reasons):
            self._log("subscription_refused", level="error", reasons=[str(reason) for reason in reasons])
        elif mid == self._subscribing:
            self._up = True
            self._log("link_up", connection=self._number)
            self._owner.came_up(self._number, session_present=self._session_present)

    def _on_message(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        payload = bytes(message.payload)
        self._owner.arrived(message.topic, payload, retained=message.retain, mid=message.mid, number=self._number)

    def _unreachable(self) -> None:
        if not self._failing:  # once per outage
            self._failing = True
            self._log("link_unreachable", level="warning", host=self._address.host, port=self._address.port)

    def _on_disconnect(self, _client: Client, _userdata: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        was_up, self._up, self._connected = self._up, False, False
        self._network.is_watched = False
        if was_up:
            self._log("link_down", level="info" if self._closing else "warning", reason=str(reason))
            self._owner.went_down(str(reason))


def _first_line(password_file: str) -> str | None:
    if not password_file:
        return None
    lines = Path(password_file).read_text(encoding="utf-8").splitlines()
    return lines[0] if lines else ""
