"""What the people of a simulated day are like: shares, times and habits, every one a number to change."""

from dataclasses import dataclass

from contracts.values import Ms

SECOND: Ms = 1_000
MINUTE: Ms = 60 * SECOND


@dataclass(frozen=True, slots=True)
class Nature:
    """Shares are of all visitors unless said otherwise; pairs of times are from and to.

    ``peaks`` are (share, middle in minutes after midnight, spread in minutes) of arrivals, the rest is spread evenly from
    the first ticket to the last. Service times are gamma with ``shape`` around the service's ``avg_min`` times ``pace``.
    """

    peaks: tuple[tuple[float, float, float], ...] = ((0.42, 10 * 60, 50), (0.33, 14 * 60 + 50, 55))
    at_noon: float = 0.15
    """The share of those who would come between noon and the afternoon that does come then."""
    shape: float = 3.0
    pace: float = 0.55
    """People who know their counter well are quicker than the catalogue says."""
    shortest: Ms = 45 * SECOND
    seniors: float = 0.17
    minors: float = 0.02
    takes_care: float = 0.9
    """Of those whose age gives them the care channel, the share that wants it."""
    green: float = 0.05
    """Of the visitors of a group with construction or company matters, the share that belongs to a green project."""
    urgent: float = 0.15
    """Of these, the share whose leader has approved an urgent ticket, if a project is registered as urgent."""
    appointments: float = 0.1
    absent: float = 0.08
    """Of appointments, the share that does not come."""
    late: float = 0.1
    """Of appointments, the share that comes after the agreed time."""
    early_min: tuple[int, int] = (2, 28)
    late_min: tuple[int, int] = (3, 45)
    misses: float = 0.06
    """The share that does not hear its first call to the end."""
    returns: float = 0.7
    """Of these, the share that comes back and asks to wait again."""
    returns_after: tuple[Ms, Ms] = (2 * MINUTE, 25 * MINUTE)
    rates: float = 0.55
    walk: tuple[Ms, Ms] = (8 * SECOND, 35 * SECOND)
    walk_with_care: tuple[Ms, Ms] = (15 * SECOND, 60 * SECOND)
    reaction: tuple[Ms, Ms] = (4 * SECOND, 20 * SECOND)
    """How long a clerk takes before the next key."""
    pauses: int = 2
    """How many short pauses a clerk takes in a day, at most."""
    pause: tuple[Ms, Ms] = (3 * MINUTE, 9 * MINUTE)
