"""A TCP connection to a device that has a network socket of its own, or to a serial device server.

``tcp:192.168.1.30:9100``
"""

import socket

from firmware.wire.base import Post
from firmware.wire.stream import Stream, StreamWire

CONNECT_TIMEOUT_S = 3.0
KEEPALIVE = ((socket.TCP_KEEPIDLE, 5), (socket.TCP_KEEPINTVL, 2), (socket.TCP_KEEPCNT, 3))
"""A device whose cable was pulled is noticed after about 11 s."""


class TcpWire(StreamWire):
    """Connects, and connects again, to ``host:port``."""

    def __init__(self, host: str, port: int, post: Post) -> None:
        def connect() -> Stream:
            sock = socket.create_connection((host, port), timeout=CONNECT_TIMEOUT_S)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option, value in KEEPALIVE:
                sock.setsockopt(socket.IPPROTO_TCP, option, value)
            sock.setblocking(False)  # noqa: FBT003 -- the standard library's signature
            return sock

        super().__init__(connect, post, name=f"{host}:{port}")
