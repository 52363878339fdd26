"""TCP relays between the processes of a hall and its MQTT server: one for each process, each with its own ill health.

A relay can be late, stand still in one or both directions (the peers believe they are connected), tear its connections
down, turn newcomers away, and hand bytes on one at a time. All relays live in one thread.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any

from contracts.values import Ms

_CHUNK = 4_096
_LOOK_S = 0.02
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with no patience: closing sends RST."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a relay is."""

    late: Ms = 0
    """Every piece is held back that long."""
    stalls_up: bool = False
    """Nothing reaches the server."""
    stalls_down: bool = False
    """Nothing comes from the server."""
    splits: bool = False
    """Bytes are handed on one at a time."""
    refuses: bool = False
    """Newcomers are turned away."""


WELL = Health()


class Relay:
    """One relay; ``port`` is where its process connects. Made by :class:`Relays`."""

    def __init__(self, name: str, host: str, target: tuple[str, int]) -> None:
        self.name = name
        self.host = host
        self.port = 0
        self.health = WELL
        self._target = target
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, self.host, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Listen no more; from the relays' thread."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()

    def reset(self) -> None:
        """Tear every connection down with RST, both ways."""
        for writer in list(self._writers):
            sock = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.health.refuses:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, far_writer}
        self._writers |= both
        for one in both:
            with contextlib.suppress(OSError):
                one.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ways = [
            asyncio.ensure_future(self._carry(reader, far_writer, lambda: self.health.stalls_up)),
            asyncio.ensure_future(self._carry(far_reader, writer, lambda: self.health.stalls_down)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._writers -= both
            for one in both:
                one.close()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_stalled: Callable[[], bool]
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                health = self.health
                if health.late:
                    await asyncio.sleep(health.late / 1000)
                while is_stalled():  # noqa: ASYNC110 -- its health is changed by another thread
                    await asyncio.sleep(_LOOK_S)
                for piece in _pieces(data, splits=health.splits):
                    writer.write(piece)
                    await writer.drain()
                    if health.splits:
                        await asyncio.sleep(0)


def _pieces(data: bytes, *, splits: bool) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))] if splits else [data]


class Relays:
    """All relays of a hall and the thread they live in; from other threads."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._relays: dict[str, Relay] = {}
        self._thread = threading.Thread(target=self._loop.run_forever, name="relays", daemon=True)
        self._thread.start()

    @property
    def names(self) -> list[str]:
        """Every process that has a relay."""
        return sorted(self._relays)

    def add(self, name: str, target: tuple[str, int], host: str = "127.0.0.1") -> tuple[str, int]:
        """Put a relay in the way of this process, once; returns where the process is to connect."""
        if name not in self._relays:
            relay = Relay(name, host, target)
            self._ask(relay.open())
            self._relays[name] = relay
        return self._relays[name].host, self._relays[name].port

    def be(self, name: str, **changes: Any) -> None:
        """Change the health of a relay."""
        relay = self._relays[name]
        relay.health = replace(relay.health, **changes)

    def reset(self, name: str) -> None:
        """Tear the connections of this process down."""
        self._loop.call_soon_threadsafe(self._relays[name].reset)

    def heal(self) -> None:
        """All relays are well."""
        for relay in self._relays.values():
            relay.health = WELL

    def close(self) -> None:
        """End all connections and the thread."""
        self.heal()
        self._ask(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _stop(self) -> None:
        for relay in self._relays.values():
            relay.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # what was aborted closes its sockets in the next turn

    def _ask(self, what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(timeout=5)
