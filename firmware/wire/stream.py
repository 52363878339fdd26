"""The wire of everything that is a stream of bytes behind a file descriptor: a serial line, a TCP connection, a pipe.

One thread per wire opens the stream, reads, and opens it again after a loss; it only ever posts. The node's loop writes by
itself what the stream takes at once, and never waits: the rest goes into a bounded buffer, which the thread empties.
"""

import contextlib
import os
import select
import threading
from collections.abc import Callable
from typing import Protocol

from firmware.wire.base import BytesArrived, FromWire, Post, WireError, WireLost, WireOpened

CHUNK = 4_096
BUFFER = 4 * 1024 * 1024
"""The most bytes that may wait to be written: two minutes of speech, or a hundred tickets with pictures."""
FIRST_PAUSE_MS = 200
LONGEST_PAUSE_MS = 5_000


class Stream(Protocol):
    """Something open with a non-blocking file descriptor."""

    def fileno(self) -> int:
        """The file descriptor."""

    def close(self) -> None:
        """Give it back."""


class StreamWire:
    """A :class:`firmware.wire.base.Wire` on a stream that is opened again whenever it is lost.

    ``open_stream`` may wait (it is called from the wire's own thread) and raises ``OSError`` while there is nothing to open.
    ``reads`` is false for a stream that only takes bytes. ``buffer`` bounds what may wait to be written.
    """

    def __init__(
        self, open_stream: Callable[[], Stream], post: Post, *, name: str, reads: bool = True, buffer: int = BUFFER
    ) -> None:
        self._open_stream = open_stream
        self._post = post
        self._reads = reads
        self._room = buffer
        self._lock = threading.Lock()
        self._pending = bytearray()
        self._handle: int | None = None
        self._has_overflowed = False
        self._closed = False
        self._wakened, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        self._thread = threading.Thread(target=self._run, name=f"wire-{name}", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """See :class:`firmware.wire.base.Wire`. More than the buffer holds counts as a lost wire: nobody takes the bytes."""
        with self._lock:
            if self._handle is None or self._closed:
                return
            if not self._pending:
                data = _not_taken(self._handle, data)
            if not data:
                return
            if len(self._pending) + len(data) > self._room:
                self._has_overflowed = True
            else:
                self._pending += data
        self._wake()

    def set(self, pin: int, *, active: bool) -> None:
        """A stream has no pins."""
        raise WireError(f"this wire has no pin {pin} to set {'on' if active else 'off'}; pins need a gpio: wire")

    def close(self) -> None:
        """See :class:`firmware.wire.base.Wire`. Bytes not yet written are dropped."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._wake()
        self._thread.join(timeout=1)
        os.close(self._waker)

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):  # the pipe is full of wake-ups already
            os.write(self._waker, b"x")

    # --- The wire's own thread --------------------------------------------------------------------------------------------

    def _run(self) -> None:
        pause_ms, told = FIRST_PAUSE_MS, False
        while not self._closed:
            try:
                stream = self._open_stream()
            except (OSError, ValueError) as error:
                if not told:
                    self._tell(WireLost(_reason(error)))
                told = True
            else:
                pause_ms = FIRST_PAUSE_MS if self._serve(stream) else pause_ms
                told = True
            self._pause(pause_ms)
            pause_ms = min(pause_ms * 2, LONGEST_PAUSE_MS)
        os.close(self._wakened)

    def _serve(self, stream: Stream) -> bool:
        """Carry bytes until the stream is lost or the wire closed; returns whether any arrived."""
        heard_any = False
        try:
            with self._lock:
                self._pending.clear()
                self._handle, self._has_overflowed = stream.fileno(), False
            self._tell(WireOpened())
            while not self._closed:
                heard_any = self._turn(stream.fileno()) or heard_any
        except (OSError, ValueError) as error:
            self._tell(WireLost(_reason(error)))
        finally:
            with self._lock:
                self._handle = None
            with contextlib.suppress(OSError):
                stream.close()
        return heard_any

    def _turn(self, handle: int) -> bool:
        """Wait until something can be done and do it; returns whether bytes came. ``OSError``: the stream is lost."""
        poll = select.poll()
        poll.register(self._wakened, select.POLLIN)
        poll.register(handle, (select.POLLIN if self._reads else 0) | (select.POLLOUT if self._pending else 0))
        events = dict(poll.poll())
        if self._wakened in events:
            os.read(self._wakened, CHUNK)
        if self._has_overflowed:
            raise OSError(f"more than {self._room} bytes wait to be written; the other end takes none")
        event = events.get(handle, 0)
        if event & select.POLLOUT:
            self._write_some(handle)
        if event & select.POLLIN:
            return self._read_some(handle)
        if event & (select.POLLERR | select.POLLHUP | select.POLLNVAL):
            raise OSError("hung up")
        return False

    def _read_some(self, handle: int) -> bool:
        try:
            data = os.read(handle, CHUNK)
        except BlockingIOError:
            return False
        if not data:
            raise OSError("closed by the other end")
        self._tell(BytesArrived(data))
        return True

    def _write_some(self, handle: int) -> None:
        with self._lock, contextlib.suppress(BlockingIOError):
            del self._pending[: os.write(handle, self._pending[:CHUNK])]

    def _pause(self, milliseconds: int) -> None:
        """Wait before opening again, unless the wire is closed."""
        poll = select.poll()
        poll.register(self._wakened, select.POLLIN)
        if not self._closed and poll.poll(milliseconds):
            os.read(self._wakened, CHUNK)

    def _tell(self, happening: FromWire) -> None:
        with self._lock:
            if not self._closed:
                self._post(happening)


def _not_taken(handle: int, data: bytes) -> bytes:
    """Write what the stream takes at once; returns the rest. An error is met again, and told, by the wire's own thread."""
    try:
        return data[os.write(handle, data[:CHUNK]) :]
    except OSError:
        return data


def _reason(error: Exception) -> str:
    strerror = getattr(error, "strerror", None)
    return strerror or str(error) or type(error).__name__
