"""``hall-broker run``: the service as a process, on the real MQTT server and the real clock."""

import argparse
import gc
import os
import sys
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from broker import safe_mode
from broker.cli import clock_note
from broker.cli.hall_wall import HallWall
from broker.config import ConfigError
from broker.identity_keys import FOLDER, FileKeys, KeyFileError
from broker.opening import FILE_NAME
from broker.rows import UnreadableFactError
from broker.service import Service, nothing
from broker.store import Store
from broker.trouble import StoreError
from broker.turnstile import Turnstile
from contracts.cards import CARD_KEY_BYTES, read_card_key
from contracts.messages import ServiceState
from contracts.topics import Topics
from contracts.values import BootId, Ms
from firmware.runtime.clock import SystemClock
from firmware.runtime.files import write_atomically
from firmware.runtime.inbox import Inbox
from firmware.runtime.link import Arrived, Connected, ServiceItem, ServiceLink
from firmware.runtime.link.service_link import LIMITS
from firmware.runtime.log import JsonLog
from firmware.runtime.loop import run_forever
from firmware.runtime.node import Log

CANNOT_START = 78
"""EX_CONFIG: a person must put something right first; systemd does not try again (deploy/systemd)."""


class CardKeyError(ValueError):
    """``card.key`` is there but holds no key."""


def run(arguments: argparse.Namespace) -> int:
    """Be the service until told to stop; returns the exit code."""
    return serve(arguments)


def serve(arguments: argparse.Namespace, milestone: Callable[[str], None] = nothing) -> int:
    """Like :func:`run`; ``milestone`` is for tests that kill the process at a chosen point (:class:`Service`)."""
    clock = SystemClock()
    log = JsonLog("service", clock, level=arguments.log_level)
    try:
        chosen = safe_mode.choose(arguments.config, arguments.data, clock.monotonic_ms(), log)
        topics = Topics(chosen.hall)
        store = Store.open(arguments.data / FILE_NAME)
        card_key = _card_key(arguments.data / "card.key", log)
        keys = FileKeys(arguments.data / FOLDER)
        wall = HallWall(clock, log, not_before=store.hall_clock, start=arguments.hall_clock_start, note=clock_note.in_run())
        inbox: Inbox[ServiceItem] = Inbox()
        boot = BootId(os.urandom(8).hex())
        will = ServiceState(epoch=store.epoch, boot=boot, hall_now=store.hall_clock, online=False)
        link = ServiceLink(arguments.mqtt, topics, will, inbox.post, log)
        inbox.listen_to(link)
        service: Service[Arrived] = Service(
            store,
            link,
            chosen.text,
            boot=boot,
            card_key=card_key,
            keys=keys,
            entropy=os.urandom,
            log=log,
            milestone=milestone,
        )
        service.trouble = chosen.trouble
        service.begin(wall.read())
        safe_mode.keep_good(arguments.data, chosen)
    except (ConfigError, StoreError, UnreadableFactError, CardKeyError, KeyFileError, OSError) as error:
        log("cannot_start", level="error", error=str(error))
        sys.stderr.write(f"{error}\n")
        return getattr(error, "exit_code", CANNOT_START)
    turnstile = Turnstile(topics, service.declared, link, log, batch=LIMITS.inflight)
    process = _Process(service, turnstile, wall, inbox, log)
    link.start()
    gc.freeze()  # what is loaded by now stays: the collector need not walk through it while somebody waits
    code = run_forever(process, inbox, clock, log, each_turn=link.tend)
    return code if process.trouble is None else process.trouble.exit_code


class _Process:
    """Hands the service what the inbox brings, in batches, and stops everything when the database fails."""

    def __init__(
        self,
        service: Service[Arrived],
        turnstile: Turnstile[Arrived],
        wall: HallWall,
        inbox: Inbox[ServiceItem],
        log: Log,
    ) -> None:
        self._service = service
        self._turnstile = turnstile
        self._wall = wall
        self._inbox = inbox
        self._log = log
        self._now: Ms = 0
        self.trouble: StoreError | None = None

    @property
    def wake_at(self) -> Ms | None:
        """The service's wish, in monotonic time; a hall clock that runs slower makes it early, never late."""
        if self.trouble:
            return None
        due = self._now + max(0, self._service.wake_at - self._service.hall_now)
        turn = self._turnstile.wake_at
        return due if turn is None else min(due, turn)

    def begin(self, now: Ms) -> None:
        """The service has begun before there was a link."""
        self._now = now

    def handle(self, item: ServiceItem, now: Ms) -> None:
        """Take as much with it as may be unacknowledged at once: one transaction for all of it."""
        self._now = now
        items = [item]
        while len(items) < LIMITS.inflight and (more := self._inbox.take(0)) is not None:
            items.append(more)
        self._guarded(lambda: self._take(items))

    def _take(self, items: list[ServiceItem]) -> None:
        for are_messages, group in groupby(items, lambda one: isinstance(one, Arrived)):
            if are_messages:
                self._take_turns([one for one in group if isinstance(one, Arrived)])
            elif any(isinstance(one, Connected) for one in group):
                self._turnstile.connected()
                self._service.connected(self._wall.read())

    def _take_turns(self, arrived: list[Arrived]) -> None:
        batch = self._turnstile.take(arrived, self._now)
        if batch:
            self._service.handle(batch, self._wall.read())

    def wake(self, now: Ms) -> None:
        """Time alone brings something about."""
        self._now = now
        self._guarded(lambda: self._take_turns([]))
        self._guarded(lambda: self._service.wake(self._wall.read()))

    def close(self, *, reason: str = "planned") -> None:
        """Say goodbye. After trouble with the database there is nothing left to store."""
        self._log("service_ends", reason=reason)
        self._guarded(self._service.close)

    def _guarded(self, act: Callable[[], None]) -> None:
        if self.trouble is not None and act != self._service.close:
            return
        try:
            act()
        except StoreError as trouble:
            if self.trouble is None:
                self._log("store_failed", level="error", error=str(trouble))
                sys.stderr.write(f"{trouble}\n")
            self.trouble = trouble
            self._inbox.stop()


def _card_key(path: Path, log: Log) -> bytes:
    """The hall's card key, made on the first start; attendance clocks get a copy of the file."""
    if not path.exists():
        previous = os.umask(0o177)
        try:
            write_atomically(path, os.urandom(CARD_KEY_BYTES).hex().encode() + b"\n")
        finally:
            os.umask(previous)
        log("card_key_made", level="warning", path=str(path), note="copy it to every attendance clock, keep it secret")
    try:
        return read_card_key(path.read_text(encoding="ascii"))
    except ValueError as error:
        raise ValueError(
            f"{path} is no card key ({error}); put the original file back, or every card hash changes"
        ) from error
