"""What is done where: queues, services, counters, devices, green projects."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from broker.schema.base import (
    Count,
    CounterKey,
    DeviceKind,
    DeviceName,
    ExcludedProcedure,
    GroupKey,
    Name,
    Positive,
    Section,
    StaffKey,
)
from contracts.values import ServiceId, VisitorClass


class QueueGroup(Section, frozen=True, kw_only=True):
    """One queue: the letter of its numbers, its name and its zone."""

    id: GroupKey
    zh: Name
    en: Name
    zone: Name


class Service(Section, frozen=True, kw_only=True):
    """A service item of the catalogue. Limits in ``unit``: wd working days, nd natural days; promised 0 = on the spot.

    ``statutory`` is left out where no law sets a limit; ``promised`` must be within it (TIME-5).
    """

    id: ServiceId
    group: GroupKey
    dept: Name
    zh: Name
    en: Name
    promised: Count
    unit: Literal["wd", "nd"]
    avg_min: Positive
    statutory: Positive | None = None
    extension: Count = 0
    src: Literal["law", "demo"] = "demo"
    excluded: tuple[ExcludedProcedure, ...] = ()


Weight = Annotated[int, Meta(ge=1, le=1000)]


class Reserve(Section, frozen=True, kw_only=True):
    """How a counter weighs the classes, in percent (1.0.4): below 100 it is kept for the others."""

    urgent: Weight = 100
    appointment_due: Weight = 100
    care: Weight = 100
    green: Weight = 100
    normal: Weight = 100

    def of(self, visitor_class: VisitorClass) -> int:
        """The percent this class has at the counter."""
        percent: int = getattr(self, visitor_class.value)
        return percent


class Counter(Section, frozen=True, kw_only=True):
    """A counter (window). ``led_zh`` is what its sign shows (at most 8 Chinese characters fit the small one).

    ``surge_groups`` are served while a surge is activated (EXT-3.4). ``seats``: how many may be logged in at once.
    """

    id: CounterKey
    zh: Name
    kind: Literal["reception", "result", "special", "standby"]
    groups: tuple[GroupKey, ...]
    led_zh: Annotated[str, Meta(max_length=8)] = ""
    post: str | None = None
    low_counter: bool = False
    reserve: Reserve = Reserve()
    surge_groups: tuple[GroupKey, ...] = ()
    seats: Annotated[int, Meta(ge=1, le=2)] = 1


class Device(Section, frozen=True, kw_only=True):
    """A declared device. Nodes speak under ``id``; signs and speakers hang on the node ``driven_by``.

    ``ordinal`` is a ticket machine's number (the 2 of ``A2-03``); ``bus`` and ``address`` place a sign on its RS-485 bus.
    ``counter`` belongs to terminals, pads and signs.
    """

    id: DeviceName
    kind: DeviceKind
    place: str = ""
    hw: str = ""
    ip: str = ""
    port: str = ""
    counter: CounterKey | None = None
    ordinal: Annotated[int, Meta(ge=1, le=9)] | None = None
    paper_roll_m: Positive | None = None
    driven_by: DeviceName | None = None
    bus: str = ""
    address: Annotated[int, Meta(ge=1, le=254)] | None = None
    rows: Positive | None = None
    cols_hanzi: Positive | None = None


class GreenProject(Section, frozen=True, kw_only=True):
    """A project of the green channel (GREEN-2). ``urgent`` ones may get an urgent ticket with a leader's approval."""

    code: Name
    zh: Name
    kind: Literal["政府重点项目", "重大招商引资项目", "紧急民生事项"]
    unit: Name
    case_manager: StaffKey
    valid_to: date
    approved_by: StaffKey
    urgent: bool = False
