"""The service's retained state on the MQTT server: said when it changes, and all of it again on every connection.

Each topic keeps the version (epoch, fact) at which it last changed, so saying it again changes nothing for whoever has it.
"""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from contracts.codec import encode
from contracts.messages import Message, Versioned

Publish = Callable[[str, bytes], bool]


class Retained:
    """Knows what stands on every topic. ``publish`` sends a retained payload and returns whether it was taken."""

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._states: dict[str, Message] = {}
        self._payloads: dict[str, bytes] = {}
        self._unsaid: set[str] = set()

    def become(self, states: Mapping[str, Message], epoch: int, fact: int) -> None:
        """Say what is different from before, under this version. A topic no longer there is cleared."""
        changed = [topic for topic, state in states.items() if _differs(self._states.get(topic), state)]
        gone = [topic for topic in self._states if topic not in states]
        for topic in changed:
            state = states[topic]
            versioned = replace(state, epoch=epoch, fact=fact) if isinstance(state, Versioned) else state
            self._payloads[topic] = encode(versioned)
        for topic in gone:
            self._payloads[topic] = b""
        self._states = dict(states)
        self._say([*changed, *gone])

    def say_again(self) -> None:
        """Say everything: the server is new, or has lost its memory."""
        self._say(list(self._payloads))

    def say_unsaid(self) -> None:
        """Say what the link had no room for."""
        self._say([topic for topic in self._payloads if topic in self._unsaid])

    def _say(self, topics: list[str]) -> None:
        for topic in topics:
            if self._publish(topic, self._payloads[topic]):
                self._unsaid.discard(topic)
            else:
                self._unsaid.add(topic)


def _differs(before: Message | None, state: Message) -> bool:
    """Most states are the very same object as before: whoever makes them keeps what has not changed."""
    return before is not state and before != state
