"""Somebody on the line who publishes again what was said a while ago: doubled, late, out of order. Never retained."""

import random
import threading
from collections import deque
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

_MOST = 4_000


class Echo:
    """Records what goes over an MQTT server; ``say_again`` publishes some of it once more."""

    def __init__(self, host: str, port: int) -> None:
        self.said = 0
        self._heard: deque[tuple[str, bytes]] = deque(maxlen=_MOST)
        self._lock = threading.Lock()
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="echo", clean_session=True)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message
        self._client.connect_async(host, port)
        self._client.loop_start()

    def _on_connect(self, client: Client, *_: Any) -> None:
        client.subscribe([("hall/#", 1)])

    def _on_message(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        with self._lock:
            self._heard.append((message.topic, bytes(message.payload)))

    def say_again(self, rng: random.Random, most: int) -> int:
        """Publish up to so many recorded messages again, newer ones more likely, in any order."""
        with self._lock:
            heard = list(self._heard)
        if not heard or not self._client.is_connected():
            return 0
        recent = heard[-40:] if rng.random() < 0.5 else heard  # noqa: PLR2004 -- half of them are doubled at once
        chosen = [rng.choice(recent) for _ in range(rng.randint(1, most))]
        for topic, payload in chosen:
            self._client.publish(topic, payload, qos=1, retain=False)
        self.said += len(chosen)
        return len(chosen)

    def close(self) -> None:
        """Fall silent."""
        self._client.disconnect()
        self._client.loop_stop()
