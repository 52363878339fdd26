"""Who is away, who acts for whom, and which counters stand empty, as the rules know it."""

from dataclasses import dataclass, field

from broker.rules.facts.posts import Absence
from contracts.values import CounterId, CoverMode, HallTime, StaffNo


@dataclass(frozen=True, slots=True)
class Cover:
    """The B of a post serves two counters (AB-4.6): ``counter`` is the own one, ``covered`` the other."""

    counter: CounterId
    covered: CounterId
    staff: StaffNo
    mode: CoverMode

    @property
    def at(self) -> CounterId:
        """Where visitors of both are called to."""
        return self.counter if self.mode is CoverMode.MERGE else self.covered

    @property
    def empty(self) -> CounterId:
        """Whose visitors are sent to the other."""
        return self.covered if self.mode is CoverMode.MERGE else self.counter


@dataclass(frozen=True, slots=True)
class Serving:
    """Who called or serves the ticket on a desk, and for which main person, if not for themselves (AB-4.3, EVAL-3)."""

    staff: StaffNo
    post_owner: StaffNo | None = None


@dataclass(slots=True)
class Posts:
    """All that the posts of the hall remember.

    ``covers`` stand under the own counter of who covers; ``awaits`` are main persons who come back while the B serves.
    ``empty_since``: since when nobody works at a counter, nor for it; ``reasons`` are those of paused counters.
    ``proposed`` is the start of the half in which the B of a counter was last asked to act, and why.
    ``serving`` counts only while a ticket lies on the desk. ``logins_checked`` is the half whose logins were looked at.
    """

    absences: list[Absence] = field(default_factory=list)
    covers: dict[CounterId, Cover] = field(default_factory=dict)
    awaits: dict[CounterId, StaffNo] = field(default_factory=dict)
    empty_since: dict[CounterId, HallTime] = field(default_factory=dict)
    reasons: dict[CounterId, str] = field(default_factory=dict)
    proposed: dict[CounterId, tuple[HallTime, str]] = field(default_factory=dict)
    serving: dict[CounterId, Serving] = field(default_factory=dict)
    logins_checked: HallTime | None = None

    def absent(self, staff: StaffNo, now: HallTime) -> Absence | None:
        """The absence of this person that is running now."""
        return next((one for one in self.absences if one.staff == staff and one.begins <= now < one.ends), None)

    def cover_of(self, counter: CounterId) -> Cover | None:
        """The cover this counter has a part in, as the own one or the covered one; there is never more than one."""
        mine = self.covers.get(counter)
        return mine or next((one for one in self.covers.values() if one.covered == counter), None)
