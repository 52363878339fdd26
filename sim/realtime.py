"""The simulator's own loop in real time: one thread that waits for files and for the next appointment.

Devices and people make their appointments here exactly as they do under virtual time. Everything of the simulator runs in
this loop's thread; another thread may only :meth:`RealTime.call`.
"""

import collections
import contextlib
import queue
import selectors
import socket
import threading
from collections.abc import Callable
from typing import TypeVar

from contracts.values import Ms
from firmware.runtime.clock import SystemClock
from sim.clock import Timetable

Answer = TypeVar("Answer")


class RealTime(Timetable):
    """A timetable kept by the machine's clock, with files to watch beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._clock = SystemClock()
        self._selector = selectors.DefaultSelector()
        self._calls: collections.deque[Callable[[], None]] = collections.deque()
        self._waker, self._wakened = socket.socketpair()
        self._waker.setblocking(False)  # noqa: FBT003 - the standard library's signature
        self._wakened.setblocking(False)  # noqa: FBT003 - the same
        self._is_stopping = False
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None
        self.watch(self._wakened.fileno(), lambda: self._wakened.recv(4096))

    @property
    def now(self) -> Ms:
        """This machine's monotonic time."""
        return self._clock.monotonic_ms()

    def watch(self, fd: int, when_readable: Callable[[], object]) -> None:
        """Call back whenever this file can be read; from the loop's thread."""
        self._selector.register(fd, selectors.EVENT_READ, when_readable)

    def unwatch(self, fd: int) -> None:
        """Stop watching, before the file is closed."""
        self._selector.unregister(fd)

    def call(self, what: Callable[[], None]) -> None:
        """Do this soon, in the loop's thread; safe from every thread."""
        self._calls.append(what)
        with contextlib.suppress(BlockingIOError):  # it has been woken often enough
            self._waker.send(b"x")

    def ask(self, what: Callable[[], Answer], *, within_s: float = 5.0) -> Answer:
        """Do this in the loop's thread and wait for what it returns; from any other thread.

        Raises what it raised, what has broken the loop, or ``TimeoutError``.
        """
        answers: queue.SimpleQueue[Answer | BaseException] = queue.SimpleQueue()

        def answer() -> None:
            try:
                answers.put(what())
            except Exception as error:  # noqa: BLE001 - carried over to the thread that asked
                answers.put(error)

        self.call(answer)
        try:
            found = answers.get(timeout=within_s)
        except queue.Empty:
            raise self._failure or TimeoutError(f"the simulator's loop did not answer within {within_s} s") from None
        if isinstance(found, BaseException):
            raise found
        return found

    def start(self) -> None:
        """Run the loop in a thread of its own."""
        self._thread = threading.Thread(target=self._run_guarded, name="sim-realtime", daemon=True)
        self._thread.start()

    def run(self) -> None:
        """Run the loop here until :meth:`stop`."""
        while not self._is_stopping:
            for key, _ in self._selector.select(self._until_next()):
                key.data()
            while self._calls:
                self._calls.popleft()()
            self._do_due()

    def stop(self) -> None:
        """End the loop, close what is its own, and raise what broke it, if anything did. From outside the loop."""
        if self._thread is not None and self._thread.is_alive():
            self.call(self._end)
            self._thread.join()
        self._selector.close()
        self._waker.close()
        self._wakened.close()
        if self._failure is not None:
            raise self._failure

    def _end(self) -> None:
        self._is_stopping = True

    def _run_guarded(self) -> None:
        try:
            self.run()
        except BaseException as error:  # noqa: BLE001 - kept for the thread that stops us, which raises it
            self._failure = error

    def _until_next(self) -> float | None:
        """Seconds until the next appointment."""
        return None if self.next_at is None else max(0, self.next_at - self.now) / 1000

    def _do_due(self) -> None:
        now = self.now
        while self.next_at is not None and self.next_at <= now:
            self._take_next().keep()
