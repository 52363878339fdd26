"""What the hall has learned of itself: how long a ticket keeps a counter, and how many visitors of which class come."""

from dataclasses import dataclass, field

from broker.rules.facts.estimate import LearnedTime
from broker.rules.pick import Pair
from contracts.values import CounterId, GroupId, HallTime, ServiceId, VisitorClass

ONE = 1000
"""What a new ticket weighs in the sums."""
TENTH_MS = 100
LONGEST_TENTHS = 4 * 36_000
"""Longer ones count as this: somebody has forgotten to press a key."""


@dataclass(slots=True)
class Sums:
    """Sums in which older tickets count less and less; integers, so that every machine folds them alike."""

    weight: int = 0
    tenths: int = 0
    squares: int = 0

    def learn(self, took_ms: int, memory: int) -> None:
        """One more ticket; one that came ``memory`` tickets earlier counts about a third of it."""
        tenths = min(max(0, took_ms // TENTH_MS), LONGEST_TENTHS)
        self.weight = self.weight * (memory - 1) // memory + ONE
        self.tenths = self.tenths * (memory - 1) // memory + ONE * tenths
        self.squares = self.squares * (memory - 1) // memory + ONE * tenths * tenths


@dataclass(slots=True)
class Learning:
    """All of it. ``pauses``: how long a counter stays free between two visitors while somebody waits for it.

    ``called_q`` is the queue clock at which the ticket on a desk was called there, ``freed_q`` at which a desk became free
    while somebody was waiting for it. ``came`` are the issue times of the day's tickets by group and class.
    """

    turns: dict[Pair, Sums] = field(default_factory=dict)
    pauses: Sums = field(default_factory=Sums)
    called_q: dict[CounterId, HallTime] = field(default_factory=dict)
    freed_q: dict[CounterId, HallTime] = field(default_factory=dict)
    came: dict[tuple[GroupId, VisitorClass], list[HallTime]] = field(default_factory=dict)

    def over_night(self) -> tuple[LearnedTime, ...]:
        """What the next day begins with."""
        turns = [_stored(one, pair.group, pair.service) for pair, one in self.turns.items()]
        return (*turns, *([_stored(self.pauses, None, None)] if self.pauses.weight else []))


def _stored(sums: Sums, group: GroupId | None, service: ServiceId | None) -> LearnedTime:
    return LearnedTime(group=group, service=service, weight=sums.weight, tenths=sums.tenths, squares=sums.squares)


def next_morning(learned: tuple[LearnedTime, ...]) -> Learning:
    """What is known when a day begins."""
    morning = Learning()
    for one in learned:
        sums = Sums(one.weight, one.tenths, one.squares)
        if one.group is None:
            morning.pauses = sums
        else:
            morning.turns[Pair(one.group, one.service)] = sums
    return morning
