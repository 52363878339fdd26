"""What the rules know of the day's extended hours, surges, added counters, and of the first step of an emergency."""

from bisect import insort
from dataclasses import dataclass, field

from broker.rules.facts.service_day import ArrivalDay, ExtensionReason
from broker.rules.pick import Pair
from contracts.values import CounterId, GroupId, HallTime, SessionId, StaffNo, TicketId


@dataclass(frozen=True, slots=True)
class Extension:
    """A session that runs after hours; ``since`` is the bound it ran over, or its own start if it began after that."""

    session: SessionId
    counter: CounterId
    staff: StaffNo
    since: HallTime
    reason: ExtensionReason


@dataclass(slots=True)
class RefusedExtension:
    """A clerk who could not stay for a visitor; ``to`` is who was picked instead."""

    ticket: TicketId
    counter: CounterId
    staff: StaffNo
    to: StaffNo | None = None


@dataclass(slots=True)
class Leaving:
    """A clerk at a free counter who cannot stay after hours; ``to`` is who was picked, ``stays`` whether it was to stay."""

    counter: CounterId
    staff: StaffNo
    stays: bool
    to: StaffNo | None = None


@dataclass(slots=True)
class Surge:
    """A group with too many waiting. ``calm_q``: the queue clock since when it is below half of every threshold.

    ``arrivals_limit`` is the threshold of arrivals in a quarter of an hour as it was when the surge was raised.
    """

    arrivals_limit: int
    calm_q: HallTime | None = None


@dataclass(slots=True)
class ServiceDay:
    """One day, forgotten at midnight except ``history`` (arrivals of the last weeks) and ``counted_from``, its first day.

    ``confirm_until``: until then an emergency may be confirmed. ``near_close_left`` are the minutes to closing that were
    told last. ``proposed`` and ``staying`` are the counters that stay after closing, as proposed and as confirmed;
    ``leaving`` are those whose clerk cannot stay and where nobody else has sat down since.
    ``groups`` holds only counters that were changed today, ``added`` since when a counter helps a group out.
    ``crowded``: more wait than the guides can see to. ``arrivals`` are today's, in order, by group.
    ``old_pairs`` are lines of tickets whose service the catalogue has taken out of their group since they were issued; they
    are served as what they were issued for (HALL-18).
    """

    confirm_until: HallTime | None = None
    extended: dict[SessionId, Extension] = field(default_factory=dict)
    noon_service: bool = False
    near_close_left: int | None = None
    proposed: tuple[CounterId, ...] | None = None
    staying: tuple[CounterId, ...] | None = None
    refused: dict[TicketId, RefusedExtension] = field(default_factory=dict)
    leaving: dict[CounterId, Leaving] = field(default_factory=dict)
    groups: dict[CounterId, tuple[GroupId, ...]] = field(default_factory=dict)
    added: dict[tuple[CounterId, GroupId], HallTime] = field(default_factory=dict)
    surging: dict[GroupId, Surge] = field(default_factory=dict)
    crowded: bool = False
    arrivals: dict[GroupId, list[HallTime]] = field(default_factory=dict)
    history: tuple[ArrivalDay, ...] = ()
    counted_from: str = ""
    years_asked: set[int] = field(default_factory=set)
    old_pairs: tuple[Pair, ...] = ()

    def arrived(self, group: GroupId, at: HallTime) -> None:
        """A ticket of the group was taken; an offline one may be heard of later than those after it."""
        insort(self.arrivals.setdefault(group, []), at)
