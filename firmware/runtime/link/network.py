"""The network thread of a connection: it connects, and connects again.

Whoever publishes writes himself, and where a loop watches the socket (``is_watched``) the loop reads it; the thread then
only lets paho look at its clock now and then.

paho's own thread would have to be woken for every publication, and while the loop goes on computing it waits for Python's
interpreter lock: together with a wire's own hand-over that was a fifth of the time between a press and its paper. So paho
is run by its functions for foreign event loops, and ``lock`` keeps both threads apart: whoever touches the client holds it.
"""

import os
import select
import threading
import traceback
from collections.abc import Callable
from typing import Any

from firmware.runtime.node import Log

FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 200, 2_000
_LOOK_AT_LEAST_EVERY_MS = 1_000
"""paho sends its pings and notices a dead server only when it is asked to look."""


class Network:
    """Runs the client's network until it is stopped. ``unreachable`` is told when nobody takes the connection."""

    def __init__(self, client: Any, lock: threading.RLock, log: Log, unreachable: Callable[[], None]) -> None:
        self._client = client
        self._lock = lock
        self._log = log
        self._unreachable = unreachable
        self._stopping = False
        self.is_watched = False
        """Whether somebody else calls :meth:`turn` when the server has said something."""
        self._wakened, self._waker = os.pipe()
        os.set_blocking(self._wakened, False)
        os.set_blocking(self._waker, False)
        self._thread: threading.Thread | None = None

    # --- Called by the process's own loop ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to connect; also after the thread has died."""
        self._thread = threading.Thread(target=self._run_guarded, name="network", daemon=True)
        self._thread.start()

    @property
    def has_died(self) -> bool:
        """Whether the thread has ended although nobody stopped it."""
        return self._thread is not None and not self._thread.is_alive() and not self._stopping

    def attend(self) -> None:
        """To be called after writing: what could not leave at once must leave later, and a lost socket must be replaced."""
        if self._client.socket() is None or self._client.want_write():
            self._wake()

    def turn(self, events: int = select.POLLIN) -> None:
        """Read what has come, write what could not leave before. Never waits."""
        with self._lock:
            if events & ~select.POLLOUT:
                self._read()
            if self._client.want_write():
                self._client.loop_write()

    def watch_again(self) -> None:
        """Nobody else watches the socket any more."""
        self.is_watched = False
        self._wake()

    def _read(self) -> None:
        self._client.loop_read()
        while _is_pending(self._client.socket()):
            self._client.loop_read()

    def stop(self, within_s: float) -> None:
        """Disconnect, and wait that long for it. To be called once."""
        self._stopping = True
        self._wake()
        if self._thread is not None:
            self._thread.join(within_s)
            if self._thread.is_alive():
                return  # it is just connecting; it ends with the process
        os.close(self._waker)
        os.close(self._wakened)

    def _wake(self) -> None:
        try:
            os.write(self._waker, b"x")
        except BlockingIOError:
            return  # it has been woken often enough

    # --- The thread -------------------------------------------------------------------------------------------------------

    def _run_guarded(self) -> None:
        try:
            self._run()
        except Exception as error:  # noqa: BLE001 -- it would die without a word; the loop's next turn starts another
            self._log("network_thread_failed", level="error", error=repr(error), traceback=traceback.format_exc())

    def _run(self) -> None:
        pause = FIRST_PAUSE_MS
        while not self._stopping:
            if self._client.socket() is None and not self._connect():
                self._unreachable()
            elif self._serve():
                pause = FIRST_PAUSE_MS
            self._wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE_MS)

    def _connect(self) -> bool:
        """May take seconds, so without the lock: nobody publishes before the server has taken us."""
        try:
            self._client.reconnect()
        except (OSError, ValueError):
            return False
        return True

    def _serve(self) -> bool:
        """Carry what comes and what waits until the connection ends; returns whether the server had taken us."""
        accepted = said_goodbye = False
        while (sock := self._client.socket()) is not None:
            events = self._poll(sock)
            with self._lock:
                if self._stopping and not said_goodbye:
                    said_goodbye = True
                    self._client.disconnect()
                self.turn(events)
                self._client.loop_misc()
            accepted = accepted or self._client.is_connected()
        return accepted

    def _poll(self, sock: Any) -> int:
        """Wait for the server or for ourselves; returns what the server's socket is ready for."""
        with self._lock:
            handle = sock.fileno()
            wanted = select.POLLOUT if self._client.want_write() else 0
            wanted |= 0 if self.is_watched else select.POLLIN
        if handle < 0:
            return select.POLLIN
        events = self._await(_LOOK_AT_LEAST_EVERY_MS, {handle: wanted})
        return events.get(handle, select.POLLIN)  # after the time has run out too: the loop may be busy for long

    def _wait(self, milliseconds: int) -> None:
        if not self._stopping:
            self._await(milliseconds, {})

    def _await(self, milliseconds: int, wanted: dict[int, int]) -> dict[int, int]:
        poll = select.poll()
        poll.register(self._wakened, select.POLLIN)
        for handle, events in wanted.items():
            poll.register(handle, events)
        found = dict(poll.poll(milliseconds))
        if self._wakened in found:
            os.read(self._wakened, 4096)
        return found


def _is_pending(sock: Any) -> bool:
    """Whether TLS has decoded more than was asked for; no poll tells."""
    return hasattr(sock, "pending") and sock.pending() > 0
