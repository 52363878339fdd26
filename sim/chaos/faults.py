"""What may strike a hall, and when: a plan drawn from a seed. Nothing happens here.

Every episode draws its own mix: some kinds not at all, others often. A plan that always stirs everything evenly misses what
needs a quiet minute between two blows.
"""

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from contracts.values import Ms


class Kind(StrEnum):
    """A kind of blow."""

    KILL_NODE = "kill_node"
    KILL_SERVICE = "kill_service"
    KILL_SERVICE_AT = "kill_service_at"
    """At a milestone: before COMMIT, between COMMIT and publication, between publication and acknowledgement."""
    KILL_SERVER = "kill_server"
    KILL_SERVER_FORGETTING = "kill_server_forgetting"
    """The MQTT server, and its store is deleted."""
    KILL_AT_PRINT = "kill_at_print"
    """A ticket machine, at a certain byte on its way to the printer."""
    KILL_AT_TOUCH = "kill_at_touch"
    """A node, some milliseconds after somebody pressed one of its keys or held up a card."""
    FREEZE = "freeze"
    """SIGSTOP and later SIGCONT: alive for the network, deaf and dumb."""
    LATE = "late"
    STALL = "stall"
    RESET = "reset"
    SPLIT = "split"
    REFUSE = "refuse"
    ECHO = "echo"
    """Messages from a while ago are published again."""
    CABLE = "cable"
    DROP = "drop"
    UNPLUG = "unplug"
    """A serial plug is pulled at a certain byte."""
    PRINTER = "printer"
    NODE_DISK_FULL = "node_disk_full"
    SERVICE_DISK_FULL = "service_disk_full"
    CLOCK = "clock"
    """The clock of a machine is moved."""


KILLS = frozenset(kind for kind in Kind if kind.value.startswith("kill"))
WEIGHTS = {
    Kind.KILL_NODE: 34,
    Kind.KILL_SERVICE: 14,
    Kind.KILL_SERVICE_AT: 12,
    Kind.KILL_SERVER: 10,
    Kind.KILL_SERVER_FORGETTING: 6,
    Kind.KILL_AT_PRINT: 6,
    Kind.KILL_AT_TOUCH: 12,
    Kind.FREEZE: 4,
    Kind.LATE: 3,
    Kind.STALL: 4,
    Kind.RESET: 4,
    Kind.SPLIT: 2,
    Kind.REFUSE: 2,
    Kind.ECHO: 8,
    Kind.CABLE: 3,
    Kind.DROP: 3,
    Kind.UNPLUG: 6,
    Kind.PRINTER: 5,
    Kind.NODE_DISK_FULL: 2,
    Kind.SERVICE_DISK_FULL: 1,
    Kind.CLOCK: 2,
}
_ALWAYS = frozenset({Kind.KILL_NODE, Kind.KILL_SERVICE, Kind.KILL_SERVICE_AT, Kind.KILL_SERVER, Kind.KILL_AT_TOUCH})
_LEFT_OUT = 0.3
_SHORTEST: Ms = 120
_MEAN: tuple[Ms, Ms] = (500, 1_300)


@dataclass(frozen=True, slots=True)
class Blow:
    """One blow. ``dice`` decides everything else about it, so that one blow does not change the next."""

    at: Ms
    kind: Kind
    dice: int


def plan(seed: str, length: Ms, possible: Collection[Kind]) -> list[Blow]:
    """The blows of one episode, in order, from 0 to ``length`` ms; the same for the same seed and the same possibilities."""
    rng = random.Random(f"{seed}/plan")
    mix = {kind: weight * rng.uniform(0.3, 2) for kind, weight in WEIGHTS.items() if kind in possible}
    for kind in list(mix):
        if kind not in _ALWAYS and rng.random() < _LEFT_OUT:
            del mix[kind]
    mean = rng.randint(*_MEAN)
    return list(_draw(rng, mix, mean, length))


def _draw(rng: random.Random, mix: dict[Kind, float], mean: Ms, length: Ms) -> Iterator[Blow]:
    at = 0
    while True:
        at += max(_SHORTEST, round(rng.expovariate(1 / mean)))
        if at >= length:
            return
        kind = rng.choices(list(mix), list(mix.values()))[0]
        yield Blow(at, kind, rng.getrandbits(32))
