"""The thin shell every room's ``__main__`` is: read node.toml, build the node on real wires and a real link, run the loop.

A room hands over its configuration type and its ``build``; nothing else of a room touches the operating system.
"""

import argparse
import gc
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from contracts.messages import HealthReported, NodeState
from contracts.topics import Topics
from contracts.values import BootId, Condition, HallId, Ms, NodeName, RequestId
from firmware import VERSION
from firmware.runtime import settings
from firmware.runtime.clock import SystemClock
from firmware.runtime.files import make_folder
from firmware.runtime.inbox import Inbox
from firmware.runtime.journal import Journal
from firmware.runtime.link import NodeLink
from firmware.runtime.log import JsonLog
from firmware.runtime.loop import run_forever
from firmware.runtime.node import FromLink, FromWire, InboxItem, Link, Log, Node, Outbox
from firmware.runtime.outbox import JournalOutbox
from firmware.runtime.settings import NodeConfig, SettingsError
from firmware.runtime.settings_cache import SettingsCache
from firmware.runtime.steps import Heard
from firmware.wire.base import FromWire as WireHappening
from firmware.wire.base import Wire
from firmware.wire.open import open_wire

CANNOT_START = 2
"""Exit code for a configuration, a wire or a folder that must be put right by a person."""
LAST_WORDS = 2**31
"""The sequence number of a crash report; behaviours count from 0."""


class OpenWire(Protocol):
    """Opens the wire with this URL and posts what it brings to the ports of these names."""

    def __call__(self, url: str, *ports: str) -> Wire:
        """See :mod:`firmware.wire.open` for the URLs. Raises :class:`firmware.wire.base.WireError`."""


@dataclass(frozen=True, slots=True)
class Kit:
    """What a node is built from; the simulator hands over its own. ``secret`` are 32 random bytes of this life."""

    hall: HallId
    node: NodeName
    boot: BootId
    open_wire: OpenWire
    link: Link
    outbox: Outbox
    log: Log
    secret: bytes


Config = TypeVar("Config", bound=NodeConfig)
Build = Callable[[Config, Kit], Node[Any]]


def run(config_type: type[Config], build: Build[Config], *, boards: bool, hall: bool = False) -> None:
    """Be a node: parse the command line, run until told to stop, and leave with the exit code. Does not return.

    ``boards``: the node listens to the public state of the whole hall; ``hall``: to the part of the day only. Exit code 2
    means that a person must put something right first; the one line on stderr says what.
    """
    arguments = _arguments(config_type)
    try:
        config = settings.load(arguments.config, config_type)
        if arguments.check:
            sys.stdout.write(f"{arguments.config}: node {config.node} of hall {config.hall}: in order\n")
            sys.exit(0)
        process = _Process(config, boards=boards, hall=hall)
        node = build(config, process.kit)
    except (SettingsError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(CANNOT_START)
    sys.exit(process.run(node))


def _arguments(config_type: type[NodeConfig]) -> argparse.Namespace:
    room = config_type.__module__.partition(".")[0].replace("_", "-")
    parser = argparse.ArgumentParser(prog=f"hall-{room}", description=f"One {room} node of a hall.")
    parser.add_argument(
        "--config", type=Path, required=True, metavar="node.toml", help="hall, node name, MQTT server, wires"
    )
    parser.add_argument("--check", action="store_true", help="only say whether the file is in order")
    return parser.parse_args()


class _Process:
    """Everything around a node: inbox, log, link, journal, cached settings."""

    def __init__(self, config: NodeConfig, *, boards: bool, hall: bool) -> None:
        boot = BootId(os.urandom(8).hex())
        topics = Topics(config.hall)
        folder = Path(config.data_dir)
        make_folder(folder)
        self._inbox: Inbox[InboxItem] = Inbox()
        self._clock = SystemClock()
        self._log = JsonLog(config.node, self._clock, level=config.log_level)
        room = type(config).__module__.partition(".")[0]
        birth = NodeState(node=config.node, boot=boot, online=True, room=room, version=VERSION)
        self._link = NodeLink(config.mqtt, topics, birth, self._inbox, self._log, boards=boards, hall=hall)
        self._inbox.listen_to(self._link)
        self._cache = SettingsCache(folder / "settings.json", topics.settings(config.node), self._log)
        journal = Journal(folder / "outbox.journal", self._log)
        outbox = JournalOutbox(journal, self._link, self._clock, self._log, topics=topics, node=config.node, boot=boot)
        secret = os.urandom(32)
        self.kit = Kit(config.hall, config.node, boot, self._open_wire, self._link, outbox, self._log, secret)

    def run(self, node: Node[Any]) -> int:
        """Run the node to its end; returns the exit code."""
        self._log("started", boot=self.kit.boot)
        return run_forever(
            node,
            self._inbox,
            self._clock,
            self._log,
            begun=partial(self._begun, node),
            seen=self._seen,
            each_turn=self._each_turn,
            crashed=self._crashed,
        )

    def _open_wire(self, url: str, *ports: str) -> Wire:
        def post(happening: WireHappening) -> None:
            self._inbox.post(FromWire(ports, happening))

        return open_wire(url, post)

    def _begun(self, node: Node[Any], now: Ms) -> None:
        """Before anything is heard: what the node knew when it was last alive."""
        cached = self._cache.load(self._clock.wall_ms())
        if cached is not None:
            node.handle(FromLink(Heard(cached)), now)
        self._link.start()
        gc.freeze()  # what is loaded by now stays: the collector need not walk through it while somebody waits

    def _seen(self, item: InboxItem) -> None:
        if isinstance(item, FromLink) and isinstance(item.happening, Heard):
            self._cache.hear(item.happening.message, self._clock.monotonic_ms())

    def _each_turn(self) -> None:
        self._link.tend()
        self._cache.tend(self._clock.monotonic_ms())

    def _crashed(self, error: str) -> None:
        last = RequestId(f"{self.kit.node}/{self.kit.boot}/{LAST_WORDS}")
        report = HealthReported(request_id=last, part="node", condition=Condition.FAULT, code="crashed", detail=error[:500])
        self._link.say(report)
