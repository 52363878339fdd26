"""What goes wrong on the day of a seed, drawn before the day begins: which kinds of faults, how often, when, at whom.

Swarm style: a seed draws a random subset of the kinds first, so that some days have one kind only and often. A forecast is
plain data; the minimiser drops strikes from it one by one, and what is left is drawn from nothing else.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.values import Ms
from sim.storm.setting import MINUTE, SECOND, Setting

NODES = ("LED-00", "CLK-01", "TM-01", "TRM-W01", "PAD-W01", "TRM-W02", "PAD-W02", "TRM-W03", "PAD-W03")
COUNTERS = ("W01", "W02", "W03")
SERVICE = "service"
HOW_OFTEN = {
    "node_killed": 3,
    "node_without_power": 3,
    "node_dies_in_a_step": 6,
    "service_killed": 3,
    "service_dies_at_a_milestone": 5,
    "server_restarts": 2,
    "server_forgets": 2,
    "cut": 3,
    "cut_one_way": 2,
    "slow": 2,
    "kiosk_alone": 2,
    "display_alone": 1,
    "doubled": 2,
    "lost": 2,
    "said_again": 4,
    "late": 2,
    "service_disk_full": 1,
    "node_disk_full": 2,
    "node_clock_wrong": 2,
    "service_clock_jumps": 1,
    "paper_out": 2,
    "printer_cover": 1,
    "printer_fails_meanwhile": 1,
    "printer_silent": 1,
    "printer_without_power": 2,
    "cutter_jammed": 1,
    "line_unplugged": 2,
    "sign_fails": 3,
    "bus_echoes": 1,
    "key_stuck": 1,
    "key_bounces": 1,
    "card_noise": 1,
    "flood": 1,
    "strangers": 1,
    "rubbish": 2,
    "staff_at_work": 4,
    "emergency": 1,
}
"""The kinds of faults, and how often each is drawn against the others once a seed has chosen it."""
LINES = ("TM-01/printer", "LED-00/rs485-1", "CLK-01/reader", "TRM-W02/reader", "TRM-W02/text", "TM-01/text")


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault: at ``at`` ms of the day, of this kind, at ``target`` where it has one, for ``lasts`` ms.

    ``dice`` decides whatever else is left open, and nothing else does.
    """

    at: Ms
    kind: str
    target: str
    lasts: Ms
    dice: int


def forecast(seed: int, setting: Setting) -> tuple[Strike, ...]:
    """The strikes of a seed, in order of time."""
    rng = random.Random(f"weather/{seed}")
    kinds = _chosen(rng)
    number = rng.randint(*setting.strikes)
    begin, end = MINUTE // 2, setting.ends - MINUTE // 2
    strikes = [_strike(rng, rng.randint(begin, end), kinds) for _ in range(number)]
    return tuple(sorted(strikes, key=lambda one: (one.at, one.kind, one.target, one.dice)))


def _chosen(rng: random.Random) -> Sequence[str]:
    every = list(HOW_OFTEN)
    size = rng.choice((1, 2, 3, 5, 8, 12, len(every)))
    return rng.sample(every, min(size, len(every)))


def _strike(rng: random.Random, at: Ms, kinds: Sequence[str]) -> Strike:
    kind = rng.choices(kinds, [HOW_OFTEN[one] for one in kinds])[0]
    lasts = rng.choice(
        (rng.randint(0, 2 * SECOND), rng.randint(1 * SECOND, 20 * SECOND), rng.randint(10 * SECOND, 90 * SECOND))
    )
    return Strike(at, kind, _target(rng, kind), lasts, rng.getrandbits(32))


def _target(rng: random.Random, kind: str) -> str:
    match kind:
        case "cut" | "cut_one_way" | "slow" | "doubled" | "lost":
            return rng.choice((SERVICE, *NODES))
        case "line_unplugged":
            return rng.choice(LINES)
        case "sign_fails" | "key_stuck" | "key_bounces":
            return rng.choice(COUNTERS)
        case "node_disk_full":
            return rng.choice(("CLK-01", "TM-01", "PAD-W01", "PAD-W02", "PAD-W03"))
        case _ if kind.startswith("node_"):
            return rng.choice(NODES)
        case _:
            return ""
