"""The one inbox of a process: library threads put happenings in, the loop alone takes them out.

It is bounded, and putting in never waits, because the thread that puts in is paho's or gpiozero's and everything else would
stand still with it.
"""

import threading
from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")

DEFAULT_CAPACITY = 4_000


class Inbox(Generic[Item]):
    """A bounded queue with two doors: ``offer`` for what can be had again, ``post`` for what cannot.

    ``offer`` is refused at ``capacity``; ``post`` has four times that room, and beyond it is counted in ``dropped``.
    """

    def __init__(self, capacity: int = DEFAULT_CAPACITY) -> None:
        self._items: deque[Item] = deque()
        self._changed = threading.Condition()
        self._capacity = capacity
        self._stopped = False
        self.dropped = 0
        """How many items found no room since the start."""

    def post(self, item: Item) -> None:
        """Put in what must not be lost while there is any room at all: an edge, bytes of a wire, a change of the link."""
        self._put(item, self._capacity * 4)

    def offer(self, item: Item) -> bool:
        """Put in what its sender can say again; returns whether there was room."""
        return self._put(item, self._capacity)

    def _put(self, item: Item, room: int) -> bool:
        with self._changed:
            if len(self._items) >= room:
                self.dropped += 1
                return False
            self._items.append(item)
            self._changed.notify()
            return True

    def __len__(self) -> int:
        return len(self._items)

    @property
    def has_room(self) -> bool:
        """Whether at least half of the room for offers is free again."""
        return len(self._items) <= self._capacity // 2

    def stop(self) -> None:
        """Ask the loop to end; may be called from a signal handler."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    @property
    def is_stopped(self) -> bool:
        """Whether the loop has been asked to end."""
        return self._stopped

    def take(self, wait_ms: int | None) -> Item | None:
        """The next item, or ``None`` after that long (``None``: without limit) or when stopped. For the loop only."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._stopped, None if wait_ms is None else wait_ms / 1000)
            return self._items.popleft() if self._items else None
