"""What the hall has learned of how long things take; it outlives the night in ``DayBegan``."""

from msgspec import Struct

from contracts.values import GroupId, ServiceId


class LearnedTime(Struct, frozen=True, kw_only=True):
    """How long called tickets of a service (``None``: of the whole group) kept a counter, recent ones counting more.

    Sums over tickets, each 1000 when it is new: of their number, their tenths of a second, and the squares of these. Without
    a group: how long counters stay free between two visitors while somebody waits.
    """

    group: GroupId | None
    service: ServiceId | None
    weight: int
    tenths: int
    squares: int
