"""The numbers a ticket machine gives by itself, ``A2-03``: how far it has counted, and when it may count anew. Pure.

No number may come twice on one day, whatever the machine forgets. So it counts on as long as it is not certain that another
day has begun, and only the hall clock, heard in this life, is certain: a wall clock without a battery may say any day.
"""

from collections.abc import Iterable

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from contracts.messages import Kept, KioskSettings, OfflineTicketTaken
from contracts.values import GroupId, TicketNo


class OwnNumbers(Struct, frozen=True, forbid_unknown_fields=True):
    """The highest number given in each group, and their ``day``, ``None`` if some were given on an unknown one.

    Counts of an unknown day are taken for those of whatever day it turns out to be.
    """

    day: str | None = None
    counts: dict[GroupId, int] = {}


def next_number(
    numbers: OwnNumbers, group: GroupId, today: str | None, settings: KioskSettings
) -> tuple[TicketNo, OwnNumbers]:
    """The next number of a group, and the count after it. ``today`` is ``None`` where the hall clock is not known.

    What the service last confirmed counts too: it knows the numbers of a machine whose storage was replaced.
    """
    numbers = _begin_day(numbers, today)
    confirmed = settings.offline_counts.get(group, 0) if today in (None, settings.day) else 0
    ordinal = max(numbers.counts.get(group, 0), confirmed) + 1
    counted = OwnNumbers(numbers.day, {**numbers.counts, group: ordinal})
    return TicketNo(f"{group}{settings.ordinal}-{ordinal:02d}"), counted


def _begin_day(numbers: OwnNumbers, today: str | None) -> OwnNumbers:
    if today is None:
        return replace(numbers, day=None)
    if numbers.day is not None and numbers.day < today:
        return OwnNumbers(today)
    return replace(numbers, day=max(numbers.day or today, today))


def note_of(numbers: OwnNumbers) -> bytes:
    """The count as the journal keeps it."""
    return msgspec.json.encode(numbers)


def remembered(note: bytes, unanswered: Iterable[Kept]) -> OwnNumbers:
    """The count with which a life begins: the journal's note, and whatever its unanswered rows know beyond it.

    A note that cannot be read tells nothing; the rows and the service's confirmation remain.
    """
    try:
        numbers = msgspec.json.decode(note, type=OwnNumbers) if note else OwnNumbers()
    except msgspec.DecodeError:
        numbers = OwnNumbers()
    for taken in unanswered:
        if isinstance(taken, OfflineTicketTaken):
            numbers = _with_row(numbers, taken)
    return numbers


def _with_row(numbers: OwnNumbers, taken: OfflineTicketTaken) -> OwnNumbers:
    if not numbers.counts:
        numbers = OwnNumbers(taken.day)
    if numbers.day is not None and taken.day is not None:
        if taken.day < numbers.day:
            return numbers
        if taken.day > numbers.day:
            numbers = OwnNumbers(taken.day)
    ordinal = int(taken.no.rpartition("-")[2])
    day = None if taken.day is None else numbers.day
    if ordinal <= numbers.counts.get(taken.group, 0):
        return numbers
    return OwnNumbers(day, {**numbers.counts, taken.group: ordinal})
