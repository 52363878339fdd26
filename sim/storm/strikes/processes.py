"""Processes that die, and machines whose power goes."""

import random

from contracts.values import NodeName
from sim.storm.hand import Hand
from sim.storm.weather import Strike


def node_killed(hand: Hand, one: Strike, _dice: random.Random) -> None:
    """``kill -9``; systemd is slow to start it again."""
    hand.hall.nodes[NodeName(one.target)].kill()
    hand.for_a_while(one, lambda: None, f"down {one.target}")


def node_without_power(hand: Hand, one: Strike, dice: random.Random) -> None:
    """The plug is pulled, and with it mostly the time of day."""
    host = hand.hall.nodes[NodeName(one.target)]
    host.kill()
    if dice.random() < 0.5:  # noqa: PLR2004 -- half of them have no battery: their clock begins in 1970 or last summer
        host.clock.wall_error = dice.choice((-1_773_000_000_000, -200 * 86_400_000))

    def back() -> None:
        if host.node is None:
            host.clock.power_on()

    hand.for_a_while(one, back, f"down {one.target}")


def node_dies_in_a_step(hand: Hand, one: Strike, dice: random.Random) -> None:
    """Dead between two steps of its carrying out, some steps from now."""
    hand.doorways[NodeName(one.target)].die_after(dice.randint(0, 12))


def service_killed(hand: Hand, one: Strike, _dice: random.Random) -> None:
    """``kill -9``; systemd is slow to start it again."""
    hand.hall.service.kill()
    hand.for_a_while(one, lambda: None, "service down")


def service_dies_at_a_milestone(hand: Hand, _one: Strike, dice: random.Random) -> None:
    """Dead just before or after the next commit, or after the next publication."""
    hand.hall.service.die_at = dice.choice(("before_commit", "after_commit", "after_publish"))
