"""A small MQTT 5 client on a bare socket, for tests that look at what the server really does.

It has no thread, no retries and no opinion. It hears with QoS 0, so that no window holds anything back, and says with QoS 1,
because then the server answers with a reason. All it waits for is an answer of the server.
"""

import itertools
import socket
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from sim.testing import PATIENCE_S

REFUSED = 0x87
"""Not authorised."""
_WINDOW = 100
"""How many publications may wait for their answer; a server that allows fewer than 200 is not ours."""


@dataclass(frozen=True, slots=True)
class Will:
    """What the server is to say for a client that dies."""

    topic: str
    payload: bytes
    retain: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that was delivered."""

    topic: str
    payload: bytes
    retained: bool


class RawClient:
    """One connection. ``reason`` is what the server said to it: 0 for welcome, ``None`` if it hung up without a word."""

    def __init__(
        self,
        sock: socket.socket,
        client_id: str,
        username: str | None = None,
        password: str | None = None,
        *,
        will: Will | None = None,
    ) -> None:
        self._sock = sock
        self._buffer = b""
        self._mids = itertools.cycle(range(1, 60_000))
        self.heard: list[Heard] = []
        sock.settimeout(PATIENCE_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(_connect(client_id, username, password, will))
        found = self._packet()
        self.reason: int | None = None if found is None else found[1][1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.vanish()

    def vanish(self) -> None:
        """Die without a goodbye: the will is spoken."""
        self._sock.close()

    def subscribe(self, filters: Sequence[str]) -> list[int]:
        """Ask for these; returns the server's reasons, which with an ``acl_file`` mean nothing."""
        body = struct.pack("!HB", 1, 0) + b"".join(_text(one) + b"\x00" for one in filters)
        self._sock.sendall(_packet(0x82, body))
        return list(self._until(0x90)[3:])

    def shout(self, what: Iterable[tuple[str, bytes]]) -> None:
        """Say these with QoS 0: nobody answers."""
        self._sock.sendall(b"".join(_packet(0x30, _text(topic) + b"\x00" + payload) for topic, payload in what))

    def next_heard(self) -> Heard:
        """The next delivery, waiting for it."""
        while not self.heard:
            found = self._packet()
            if found is None:
                raise ConnectionError("the server hung up")
            self._take(*found)
        return self.heard.pop(0)

    def publish(self, what: Iterable[tuple[str, bytes]], *, retain: bool = False) -> list[int]:
        """Say these, in order; returns the server's reason for each."""
        reasons: list[int] = []
        waiting = iter(what)
        while chunk := list(itertools.islice(waiting, _WINDOW)):
            head = 0x33 if retain else 0x32
            bodies = [_text(topic) + struct.pack("!HB", next(self._mids), 0) + payload for topic, payload in chunk]
            self._sock.sendall(b"".join(_packet(head, body) for body in bodies))
            answers = [self._until(0x40) for _ in chunk]
            reasons += [answer[2] if len(answer) > 2 else 0 for answer in answers]  # noqa: PLR2004 -- a reason, if any
        return reasons

    def settle(self) -> list[Heard]:
        """Everything delivered until the server has answered a ping; it answers in order."""
        self._sock.sendall(b"\xc0\x00")
        self._until(0xD0)
        heard, self.heard = self.heard, []
        return heard

    def is_cut_off(self) -> bool:
        """Whether the server hangs up on us, waiting for it."""
        while (found := self._packet()) is not None:
            self._take(*found)
        return True

    def _until(self, kind: int) -> bytes:
        while (found := self._packet()) is not None:
            if found[0] & 0xF0 == kind & 0xF0:
                return found[1]
            self._take(*found)
        raise ConnectionError("the server hung up")

    def _take(self, head: int, body: bytes) -> None:
        if head & 0xF0 == 0x30:  # noqa: PLR2004 -- PUBLISH
            length = int.from_bytes(body[:2], "big")
            topic, rest = body[2 : 2 + length].decode(), body[2 + length :]
            assert head & 0x06 == 0, "it asked for QoS 0"
            self.heard.append(Heard(topic, rest[1 + rest[0] :], retained=bool(head & 1)))

    def _packet(self) -> tuple[int, bytes] | None:
        try:
            head = self._read(1)[0]
            length = shift = 0
            while True:
                digit = self._read(1)[0]
                length |= (digit & 0x7F) << shift
                shift += 7
                if digit < 0x80:  # noqa: PLR2004 -- the last digit of a length
                    return head, self._read(length)
        except ConnectionError:
            return None

    def _read(self, count: int) -> bytes:
        while len(self._buffer) < count:
            more = self._sock.recv(65_536)
            if not more:
                raise ConnectionError("the server hung up")
            self._buffer += more
        found, self._buffer = self._buffer[:count], self._buffer[count:]
        return found


def _connect(client_id: str, username: str | None, password: str | None, will: Will | None) -> bytes:
    flags = 0x02
    body = _text(client_id)
    if will is not None:
        flags |= 0x0C | (0x20 if will.retain else 0)
        body += b"\x00" + _text(will.topic) + struct.pack("!H", len(will.payload)) + will.payload
    if username is not None:
        flags |= 0x80
        body += _text(username)
    if password is not None:
        flags |= 0x40
        body += _text(password)
    return _packet(0x10, _text("MQTT") + bytes([5, flags]) + struct.pack("!HB", 60, 0) + body)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("!H", len(encoded)) + encoded


def _packet(head: int, body: bytes) -> bytes:
    length, digits = len(body), b""
    while True:
        length, digit = divmod(length, 128)
        digits += bytes([digit | (0x80 if length else 0)])
        if not length:
            return bytes([head]) + digits + body
