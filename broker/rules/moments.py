"""When something happened that a node kept: from the clocks in its stamp to one hall time, and how far to trust it."""

from dataclasses import dataclass

from broker.rules.hall import Hall
from broker.rules.hours import DAY, SECOND
from contracts.messages import Stamp
from contracts.values import HallTime, NodeName

_HELD_BACK = 15 * SECOND
"""What two clocks of one message may differ by; beyond it an MQTT server held the message back after it was said."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The hall time something counts for; ``unverified`` if a person should check it (ATT-10).

    ``guessed``: no clock told it, it was only put into the outage.
    """

    at: HallTime
    unverified: bool = False
    guessed: bool = False


def happened(hall: Hall, node: NodeName, stamp: Stamp | None, now: HallTime) -> Moment:
    """When a kept request was made.

    In the same boot its age is exact, unless an MQTT server has held the message back: then the hall clock heard before
    tells an earlier time, which counts. After a reboot that clock alone is exact, else the node's own wall clock if it falls
    into the outage, else it is put into the outage and unverified. Never later than ``now``.
    """
    if stamp is None:
        return Moment(now)
    if stamp.age_ms is not None:
        at, heard = HallTime(min(now, now - stamp.age_ms)), by_heard_clock(stamp)
        if heard is not None and heard < at - _HELD_BACK:
            at = heard
        return Moment(at, unverified=_is_off(hall, stamp, at))
    heard = by_heard_clock(stamp)
    first, last = _outage(hall, node, now)
    if heard is not None and heard <= now:
        return Moment(heard)
    if first <= stamp.wall_at <= last:
        return Moment(stamp.wall_at)
    return Moment(HallTime(min(max(stamp.wall_at, first), last)), unverified=True, guessed=True)


def by_heard_clock(stamp: Stamp) -> HallTime | None:
    """The hall time of a stamp by the hall clock its life had heard before, ``None`` if it had heard none."""
    if stamp.heard_hall_at is None or stamp.heard_monotonic_ms is None or stamp.monotonic_ms < stamp.heard_monotonic_ms:
        return None
    return HallTime(stamp.heard_hall_at + stamp.monotonic_ms - stamp.heard_monotonic_ms)


def _is_off(hall: Hall, stamp: Stamp, at: HallTime) -> bool:
    """Whether the clock the person saw was off by more than the hall allows: the hall clock it had heard, else its own."""
    shown = by_heard_clock(stamp)
    offset = (stamp.wall_at if shown is None else shown) - at
    return abs(offset) > hall.in_force.config.params.attendance.clock_offset_s * SECOND


def _outage(hall: Hall, node: NodeName, now: HallTime) -> tuple[HallTime, HallTime]:
    """The time in which a reborn node can have kept what it sends now, with the slack a lost link takes to be noticed."""
    params = hall.in_force.config.params.attendance
    life = hall.nodes.get(node)
    if life is None or life.outage_from is None:
        return HallTime(now - params.kept_days * DAY), now
    first = HallTime(life.outage_from - params.outage_slack_s * SECOND)
    return first, max(first, min(now, life.born_at))
