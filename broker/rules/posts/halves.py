"""The half of the day that counts for posts: the one that runs, or the next one while the hall is closed (HALL-11.1)."""

from typing import NamedTuple

from broker.rules.hall import Hall
from broker.rules.hours import MINUTE
from contracts.values import HallTime


class Half(NamedTuple):
    """The morning or the afternoon of a working day, from its first instant up to its end."""

    begins: HallTime
    ends: HallTime


def current_half(hall: Hall) -> Half | None:
    """The half that runs or comes next today; ``None`` on a rest day and after closing. The noon break belongs to none."""
    day = hall.today
    if not day.works:
        return None
    halves = (Half(day.morning, day.noon), Half(day.afternoon, day.close))
    return next((one for one in halves if one.ends >= hall.next_change), None)


def after(hall: Hall, begins: HallTime, minutes: int) -> HallTime:
    """So many minutes of queue clock after an instant: an emergency since then does not count (HALL-8.2)."""
    return hall.hall_time(HallTime(hall.queue_clock_at(begins) + minutes * MINUTE))
