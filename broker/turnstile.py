"""Between the MQTT server and the service: nobody's requests wait for somebody else's flood. Pure but for its link.

Every node gets its turn. A node of ours has at most 20 kept requests unanswered, and presses by hand; whatever is far beyond
that is acknowledged and forgotten without an answer, which a node of ours survives: it says what is kept again later, and
shows a press as failed. Who goes on flooding is not listened to for a while, so that the server's queue, which is one for
all, does not fill with him. The promises and their figures: ``docs/decisions/0013-a-flooding-node.md``.
"""

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from contracts.topics import Topics
from contracts.values import Ms, NodeName
from firmware.runtime.node import Log

WAITING = 45
"""Requests of one node that may wait for their turn: twice the window of its outbox, and some presses.

Twice, because after a kill the server delivers once more what was answered and not yet acknowledged, beside the rest.
"""
SHARE = 10
"""Of one node in one batch at most; what others then wait for it is a few milliseconds."""
RATE = 200
"""Requests of one node a second, in the long run. A clock that has a month of punches to tell needs half a minute."""
BURST = 50
"""Requests of one node that need not keep to ``RATE``."""
FLOOD = 200
"""Forgotten requests within a second that make a flood."""
FIRST_SILENCE: Ms = 10_000
LONGEST_SILENCE: Ms = 160_000
"""For how long a flooding node is not listened to; doubled each time, back to the first after as long without a flood."""
_STRANGERS = NodeName("")


class Incoming(Protocol):
    """A message as it came (``firmware.runtime.link.Arrived``). ``mid`` is 0 if nobody waits for an acknowledgement."""

    @property
    def topic(self) -> str:
        """Where it was said."""

    @property
    def mid(self) -> int:
        """What to acknowledge."""


Item = TypeVar("Item", bound=Incoming)
Item_contra = TypeVar("Item_contra", bound=Incoming, contravariant=True)


class Link(Protocol[Item_contra]):
    """What is asked of the link (``firmware.runtime.link.ServiceLink``)."""

    def ack(self, item: Item_contra, /) -> bool:
        """Acknowledge."""

    def listen(self, declared: Collection[NodeName], silenced: Collection[NodeName]) -> None:
        """Hear everybody, or, if anybody is silenced, all that are declared but those."""

    def tidy(self, declared: Collection[NodeName]) -> None:
        """Give up every subscription but the present ones."""


@dataclass(slots=True)
class _Node(Generic[Item]):
    """What is known of one node. ``tokens`` are thousandths of a request."""

    waiting: deque[Item] = field(default_factory=deque)
    tokens: int = BURST * 1000
    filled_at: Ms = 0
    forgotten: int = 0
    counted_since: Ms = 0
    silent_until: Ms | None = None
    silence: Ms = FIRST_SILENCE
    heard_again_at: Ms = 0

    def fill(self, now: Ms) -> None:
        self.tokens = min(BURST * 1000, self.tokens + (now - self.filled_at) * RATE)
        self.filled_at = now

    @property
    def turn(self) -> int:
        """How many requests it may have decided at once, when it has the tokens; waiting for all of them saves commits."""
        return min(SHARE, len(self.waiting))

    @property
    def next_at(self) -> Ms:
        """When its next turn may come."""
        return self.filled_at + max(0, -(-(1000 * self.turn - self.tokens) // RATE))


class Turnstile(Generic[Item]):
    """Hand over everything that arrives with :meth:`take`; it gives back what is to be decided now. Times are monotonic."""

    def __init__(self, topics: Topics, declared: Collection[NodeName], link: Link[Item], log: Log, *, batch: int) -> None:
        self._prefix = f"{topics.root}/node/"
        self._declared = frozenset(declared)
        self._link = link
        self._log = log
        self._batch = batch
        self._nodes: dict[NodeName, _Node[Item]] = {}
        self._order: deque[NodeName] = deque()
        self.forgotten = 0
        """How many requests were acknowledged and not decided."""

    def connected(self) -> None:
        """A connection is up: its session may have kept subscriptions from before."""
        self._link.tidy(sorted(self._declared))

    def take(self, items: Iterable[Item], now: Ms) -> list[Item]:
        """Take what has arrived, in order; returns a batch, a few of each node in turn, each node's own in order."""
        for item in items:
            self._put(item, now)
        self._hear_again(now)
        quotas = {name: self._quota(name, now) for name in self._order}
        batch: list[Item] = []
        later: deque[NodeName] = deque()
        while self._order:
            name = self._order.popleft()
            node = self._nodes[name]
            if quotas[name] > 0 and len(batch) < self._batch:
                quotas[name] -= 1
                node.tokens -= 1000
                batch.append(node.waiting.popleft())
                self._order.append(name)
            elif node.waiting:
                later.append(name)
        self._order = later
        return batch

    def _quota(self, name: NodeName, now: Ms) -> int:
        node = self._nodes[name]
        node.fill(now)
        return node.turn if node.tokens >= 1000 * node.turn else 0

    @property
    def wake_at(self) -> Ms | None:
        """When to call :meth:`take` again although nothing has arrived; ``None`` if only an arrival can bring anything."""
        due = [self._nodes[name].next_at for name in self._order]
        due += [node.silent_until for node in self._nodes.values() if node.silent_until is not None]
        return min(due, default=None)

    def _put(self, item: Item, now: Ms) -> None:
        name = self._name(item)
        node = self._nodes.get(name)
        if node is None:
            node = self._nodes[name] = _Node(filled_at=now, counted_since=now)
        if item.mid == 0 or len(node.waiting) >= WAITING or node.silent_until is not None:
            self._forget(name, node, item, now)
            return
        if not node.waiting:
            self._order.append(name)
        node.waiting.append(item)

    def _name(self, item: Item) -> NodeName:
        """Who said it; whoever is not declared counts together with all others that are not."""
        name = NodeName(item.topic.removeprefix(self._prefix).partition("/")[0])
        return name if name in self._declared else _STRANGERS

    def _forget(self, name: NodeName, node: _Node[Item], item: Item, now: Ms) -> None:
        self.forgotten += 1
        if item.mid != 0:
            self._link.ack(item)
        if now - node.counted_since >= 1000:  # noqa: PLR2004 -- a second
            node.counted_since, node.forgotten = now, 0
        node.forgotten += 1
        if node.forgotten >= FLOOD and node.silent_until is None:
            self._silence(name, node, now)

    def _silence(self, name: NodeName, node: _Node[Item], now: Ms) -> None:
        is_relapse = node.heard_again_at > 0 and now - node.heard_again_at < node.silence
        node.silence = min(LONGEST_SILENCE, 2 * node.silence) if is_relapse else FIRST_SILENCE
        node.silent_until = now + node.silence
        self._log("node_floods", level="warning", node=name or "undeclared", not_heard_for_ms=node.silence)
        self._listen()

    def _hear_again(self, now: Ms) -> None:
        for name, node in self._nodes.items():
            if node.silent_until is not None and node.silent_until <= now:
                node.silent_until, node.heard_again_at, node.forgotten = None, now, 0
                self._log("node_heard_again", node=name or "undeclared", forgotten_in_all=self.forgotten)
                self._listen()

    def _listen(self) -> None:
        self._link.listen(
            sorted(self._declared), [name for name, node in self._nodes.items() if node.silent_until is not None]
        )
