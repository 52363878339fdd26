"""Days in whose records something is missing, as they are carried over the night (ATT-8.3.1c)."""

from msgspec import Struct

from broker.rules.facts.posts import Absence
from contracts.values import HallTime, PunchIntent, StaffNo


class Mark(Struct, frozen=True, kw_only=True):
    """A punch, a line of the paper sheet or a 补签, by its number."""

    id: str
    at: HallTime
    intent: PunchIntent


class OpenDay(Struct, frozen=True, kw_only=True):
    """A past day of a person that lacks a record, with all it is judged by. ``until``: from then on it is too late."""

    staff: StaffNo
    date: str
    until: HallTime
    marks: tuple[Mark, ...] = ()
    excuses: tuple[Absence, ...] = ()
