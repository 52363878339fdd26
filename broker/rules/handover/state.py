"""The hand-overs that are not over yet, and what the day remembers of leaving and taking over."""

from dataclasses import dataclass, field
from typing import NamedTuple

from broker.rules.facts.handover import HandoverEntry
from contracts.values import CounterId, HallTime, HandoverNo, StaffNo


class TakenOver(NamedTuple):
    """Who came to act for a counter's main person, and when; ``may_tell``: a telephone call may still be entered."""

    staff: StaffNo
    at: HallTime
    may_tell: bool = True


@dataclass(slots=True)
class Handovers:
    """``open`` are those that both have not confirmed yet, oldest first; ``count`` numbers the entries of the day.

    ``prompted`` are the beginnings of the absences a main person was asked about, ``skipped`` who left a counter without
    handing over, ``substitutes`` whom the duty leader named for it, all of today. ``taken_over`` is who acts for a counter.
    ``next_morning`` is when the next working day begins: whoever is away by then leaves today.
    """

    open: dict[HandoverNo, HandoverEntry] = field(default_factory=dict)
    count: int = 0
    prompted: dict[CounterId, tuple[HallTime, ...]] = field(default_factory=dict)
    skipped: dict[CounterId, StaffNo] = field(default_factory=dict)
    substitutes: dict[CounterId, StaffNo] = field(default_factory=dict)
    taken_over: dict[CounterId, TakenOver] = field(default_factory=dict)
    next_morning: HallTime | None = None

    def standing(self, counter: CounterId, giver: StaffNo) -> HandoverEntry | None:
        """The hand-over of this person for this counter that has not been given back; there is never more than one."""
        found = (one for one in self.open.values() if one.counter == counter and one.giver == giver)
        return next((one for one in found if one.returned_at is None), None)
