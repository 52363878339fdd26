"""The entries of the outing ledger that can still change, as the rules know them."""

from dataclasses import dataclass, field

from broker.rules.facts.outing import Outing, OutingState
from contracts.values import HallTime, OutingNo, StaffNo

WAITS_FOR_RETURN = frozenset({OutingState.PLANNED, OutingState.OUT, OutingState.OVERDUE, OutingState.UNCLOSED})
"""Approved, and the person is not known to be back."""
STANDS = WAITS_FOR_RETURN | {OutingState.SUBMITTED}
"""Takes the person's time: no other entry may lie in it."""
APPROVED = WAITS_FOR_RETURN | {OutingState.RETURNED}


@dataclass(slots=True)
class Outings:
    """All that outings remember.

    ``count`` numbers those entered today. ``next_at`` is when time has something to do with an entry next. ``unapproved``
    is the last 公出 punch of today that no approved outing covered, by person.
    """

    entries: dict[OutingNo, Outing] = field(default_factory=dict)
    count: int = 0
    next_at: dict[OutingNo, HallTime] = field(default_factory=dict)
    unapproved: dict[StaffNo, HallTime] = field(default_factory=dict)

    def latest(self, staff: StaffNo, at: HallTime) -> Outing | None:
        """The approved entry of this person that had begun last at this time, by a punch or by the plan."""
        begun = [
            one
            for one in self.entries.values()
            if one.staff == staff
            and one.state in APPROVED
            and min(one.begins, one.begins if one.left_at is None else one.left_at) <= at
        ]
        return max(begun, key=lambda one: one.begins, default=None)
