"""What a hall knows of its own times when the day that is played begins: it has been open before (decision 25).

The days before are not lived through. Their people are drawn like those of the day itself, from seeds of their own, and each
teaches what the service would have learned of them: how long they kept a counter from the call on.
"""

from datetime import date

from broker.rules.estimate.state import Learning, Sums
from broker.rules.facts import LearnedTime
from broker.rules.pick import Pair
from broker.schema import HallConfig, QueueParams
from contracts.values import Ms
from sim.day.draw import Visitor, cast
from sim.day.nature import SECOND, Nature

_SEEDS = (-1, -2, -3)
"""No day that is played has such a seed."""
_VISITORS = 400


def experience(config: HallConfig, day: date, nature: Nature) -> tuple[LearnedTime, ...]:
    """What ``DayBegan`` carries in a hall where people like these have been served before."""
    learned, memory = Learning(), config.params.estimate.memory_tickets
    for seed in _SEEDS:
        people = cast(config, day, seed, _VISITORS, nature)
        for place, visitor in enumerate(people.visitors):
            for pair in (Pair(visitor.group, visitor.service), Pair(visitor.group, None)):
                learned.turns.setdefault(pair, Sums()).learn(_kept_a_counter(visitor, config.params.queue), memory)
            learned.pauses.learn(people.clerks[place % len(people.clerks)].reaction, memory)
    return learned.over_night()


def _kept_a_counter(visitor: Visitor, queue: QueueParams) -> Ms:
    """From the call to the end of the service; or until the last call was in vain."""
    start, again = visitor.reactions
    if visitor.misses:
        calls = queue.calls_per_ticket - 1
        return calls * (queue.recall_gap_s * SECOND + again) + queue.noshow_after_s * SECOND + again
    return visitor.walk + start + visitor.needs
