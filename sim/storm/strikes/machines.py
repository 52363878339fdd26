"""Full disks and wrong clocks."""

import random
from dataclasses import replace

from contracts.values import NodeName
from firmware.runtime.journal import MAX_BYTES
from sim.storm.hand import Hand
from sim.storm.setting import MINUTE, SECOND
from sim.storm.weather import SERVICE, Strike


def service_disk_full(hand: Hand, one: Strike, _dice: random.Random) -> None:
    """The database cannot grow by a page."""
    database = hand.hall.service.database
    pages = database.execute("PRAGMA page_count").fetchone()[0]
    database.execute(f"PRAGMA max_page_count = {pages}")
    hand.for_a_while(one, lambda: database.execute("PRAGMA max_page_count = 1073741823").fetchone(), SERVICE)


def node_disk_full(hand: Hand, one: Strike, _dice: random.Random) -> None:
    """A journal cannot grow."""
    host = hand.hall.nodes[NodeName(one.target)]

    def limit(size: int) -> None:
        if host.node is not None and host._journal is not None:  # noqa: SLF001 -- under the floor of the simulator
            host._journal._max_bytes = size  # noqa: SLF001 -- as above

    limit(1)
    hand.for_a_while(one, lambda: limit(MAX_BYTES))


def node_clock_wrong(hand: Hand, one: Strike, dice: random.Random) -> None:
    """The wall clock of a node goes wrong and stays so."""
    clock = hand.hall.nodes[NodeName(one.target)].clock
    clock.wall_error += dice.choice((-1, 1)) * dice.choice((90 * SECOND, 60 * MINUTE, 400 * 24 * 60 * MINUTE))


def service_clock_jumps(hand: Hand, one: Strike, dice: random.Random) -> None:
    """Back, as a wrong time server has it, or some minutes ahead."""
    hand.hall.service.clock.wall_error += dice.choice((-3_600, -90, -5, 3, 20)) * SECOND
    hand.watch.has_jumped = True
    hand.for_a_while(replace(one, lasts=30 * SECOND), lambda: None, "clock")
