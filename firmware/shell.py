"""The thin shell every room's ``__main__`` is: read node.toml, build the node on real wires and a real link, run the loop.

A room hands over its configuration type and its ``build``; nothing else of a room touches the operating system.
"""

from dataclasses import dataclass
from typing import Protocol

from contracts.values import BootId, HallId, NodeName
from firmware.runtime.node import Link, Log, Outbox
from firmware.wire.base import Wire


class OpenWire(Protocol):
    """Opens the wire with this URL and posts what it brings to the ports of these names."""

    def __call__(self, url: str, *ports: str) -> Wire:
        """See :mod:`firmware.wire.open` for the URLs. Raises :class:`firmware.wire.base.WireError`."""


@dataclass(frozen=True, slots=True)
class Kit:
    """What a node is built from; the simulator hands over its own."""

    hall: HallId
    node: NodeName
    boot: BootId
    open_wire: OpenWire
    link: Link
    outbox: Outbox
    log: Log
