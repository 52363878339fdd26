"""The one inbox of a process: library threads put happenings in, the loop alone takes them out.

It is bounded, and putting in never waits, because the thread that puts in is a wire's or gpiozero's and everything else
would stand still with it.

While it waits, the loop also watches the sources it listens to and lets them put in what they have: the network is read by
the loop's own thread, for every hand-over from thread to thread is one more time to wait for a processor.
"""

import os
import select
import threading
import weakref
from collections import deque
from typing import Generic, Protocol, TypeVar

from firmware.runtime.clock import precise_ns

Item = TypeVar("Item")
_MS = 1_000_000
"""Nanoseconds."""
_LONGEST_POLL = 2**31 - 1
"""Milliseconds, 24 days: ``poll`` takes no more; who waits for longer looks up in between."""


class Source(Protocol):
    """Something with a file that can be watched."""

    def fileno(self) -> int:
        """The file, or -1 if there is none just now; then it must put something in when there is one again."""

    def ready(self) -> None:
        """There is something to read; puts it in without waiting."""


DEFAULT_CAPACITY = 4_000


class Inbox(Generic[Item]):
    """A bounded queue with two doors: ``offer`` for what can be had again, ``post`` for what cannot.

    ``offer`` is refused at ``capacity``; ``post`` has four times that room, and beyond it is counted in ``dropped``.
    """

    def __init__(self, capacity: int = DEFAULT_CAPACITY) -> None:
        self._items: deque[Item] = deque()
        self._lock = threading.RLock()  # a signal handler may stop us while we hold it
        self._sources: list[Source] = []
        self._alarm: tuple[int, int] | None = None
        self._is_waiting = False
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
        with self._lock:
            if len(self._items) >= room:
                self.dropped += 1
                return False
            self._items.append(item)
            self._wake()
            return True

    def __len__(self) -> int:
        return len(self._items)

    @property
    def has_room(self) -> bool:
        """Whether at least half of the room for offers is free again."""
        return len(self._items) <= self._capacity // 2

    def stop(self) -> None:
        """Ask the loop to end; may be called from a signal handler."""
        with self._lock:
            self._stopped = True
            self._wake()

    @property
    def is_stopped(self) -> bool:
        """Whether the loop has been asked to end."""
        return self._stopped

    def listen_to(self, source: Source) -> None:
        """Watch this source whenever the loop waits. Before the loop begins."""
        self._sources.append(source)

    def take(self, wait_ms: int | None) -> Item | None:
        """The next item, or ``None`` after that long (``None``: without limit) or when stopped. For the loop only."""
        until = None if wait_ms is None else precise_ns() + wait_ms * _MS
        alarm = self._alarm_heard()
        while True:
            with self._lock:
                if self._items:
                    return self._items.popleft()
                if self._stopped:
                    return None
                self._is_waiting = True
            left = None if until is None else max(0, until - precise_ns())
            self._watch(alarm, None if left is None else min(-(-left // _MS), _LONGEST_POLL))
            if left == 0:
                with self._lock:
                    return self._items.popleft() if self._items else None

    def _watch(self, alarm: int, wait_ms: int | None) -> None:
        """Wait until something is put in or a source has something, which then puts it in."""
        poll = select.poll()
        poll.register(alarm, select.POLLIN)
        handles = {source.fileno(): source for source in self._sources}
        for handle in handles:
            if handle >= 0:
                poll.register(handle, select.POLLIN)
        ready = [handle for handle, _ in poll.poll(wait_ms)]
        with self._lock:
            self._is_waiting = False
            if alarm in ready:
                os.read(alarm, 64)
        for handle in ready:
            if handle in handles:
                handles[handle].ready()

    def _alarm_heard(self) -> int:
        """The reading end of the alarm, made when it is first needed."""
        if self._alarm is None:
            self._alarm = os.pipe()
            for end in self._alarm:
                weakref.finalize(self, os.close, end)
        return self._alarm[0]

    def _wake(self) -> None:
        """Ring once for whoever waits; the lock is held."""
        if self._is_waiting and self._alarm is not None:
            self._is_waiting = False
            os.write(self._alarm[1], b"x")
