"""How long somebody would wait who takes a number now, as the boards tell it (decision 25).

It ages by itself and changes with every call, so it is no fact and not in the views: it is asked for between events, never
on the way of a call, and travels with the next version of its board.
"""

from typing import NamedTuple

from msgspec.structs import replace

from broker.rules.estimate.views import minutes, of_group
from broker.rules.hall import Hall
from broker.rules.hours import MINUTE
from contracts.messages import QueueBoard, Versioned
from contracts.topics import Topics
from contracts.values import GroupId, HallTime, Ms

SOONEST: Ms = MINUTE
LATEST: Ms = 5 * MINUTE
_TENTH = 10


class _Told(NamedTuple):
    """What a board tells, and when to look again: when a tenth of the longest it tells may have passed."""

    low: int | None
    high: int | None
    again_at: HallTime


class BoardWaits:
    """The last look ahead of every group in which somebody waits."""

    def __init__(self) -> None:
        self._told: dict[GroupId, _Told] = {}

    def look_ahead(self, hall: Hall, now: HallTime) -> None:
        """Look at one group at most, the one that has waited for it longest; a group that nobody is left in is forgotten."""
        if hall.plan is None or hall.day is None:
            return
        busy = [one for one in hall.plan.groups if hall.waiting.get(one)]
        self._told = {one: self._told[one] for one in busy if one in self._told}
        group = min(busy, key=self._again_at, default=None)
        if group is not None and self._again_at(group) <= now:
            low, high = minutes(of_group(hall, group, now))
            age = min(max(SOONEST, (high or 0) * MINUTE // _TENTH), LATEST)
            self._told[group] = _Told(low, high, HallTime(now + age))

    def _again_at(self, group: GroupId) -> HallTime:
        return self._told[group].again_at if group in self._told else HallTime(0)

    def write_on(self, states: dict[str, Versioned], topics: Topics) -> None:
        """Let the boards of these groups tell it."""
        for group, told in self._told.items():
            board = states.get(topics.queue_board(group))
            if isinstance(board, QueueBoard) and board.waiting:
                states[topics.queue_board(group)] = replace(board, wait_low=told.low, wait_high=told.high)
