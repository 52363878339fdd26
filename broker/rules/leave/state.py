"""The leaves the hall remembers: all that are open, and those that are over for as long as they can still be changed."""

from dataclasses import dataclass, field

from broker.rules.facts.leave import Leave, LeaveState
from broker.rules.facts.posts import Absence
from contracts.values import LeaveNo, StaffNo

STANDS = frozenset({LeaveState.APPROVED, LeaveState.RENEWED, LeaveState.OVERDUE, LeaveState.RETURNED})
"""All levels have signed, and nobody has taken it back: it excuses."""
AWAITED = frozenset({LeaveState.APPROVED, LeaveState.OVERDUE})
"""The person will come back from it, or should have."""


@dataclass(slots=True)
class Leaves:
    """By number; ``count`` numbers those entered today."""

    all: dict[LeaveNo, Leave] = field(default_factory=dict)
    count: int = 0

    def of(self, staff: StaffNo) -> list[Leave]:
        """The leaves of one person, in the order they were entered."""
        return [one for one in self.all.values() if one.staff == staff]


def absence_of(leave: Leave) -> Absence:
    """A leave that stands, as the absence it is."""
    return Absence(staff=leave.staff, begins=leave.begins, ends=leave.ends, kind=leave.kind, ref=leave.no)
