"""What each kind of node needs of the hall's configuration."""

from msgspec import Struct, field

from contracts.messages.base import Settings
from contracts.values import CardHash, CounterId, GroupId, HalfOfDay, HallTime, StaffNo, TrainingNo


class GroupInfo(Struct, frozen=True, kw_only=True):
    """What a ticket says about its queue group."""

    id: GroupId
    zh: str
    en: str
    zone: str
    counters: tuple[CounterId, ...]


class TicketHours(Struct, frozen=True, kw_only=True):
    """When tickets are given on one working day: from ``opens`` on, no more from ``closes`` on."""

    opens: HallTime
    closes: HallTime


class KioskSettings(Settings, frozen=True, kw_only=True):
    """For a ticket machine. ``ordinal`` is the 2 of ``A2-03``; ``elsewhere`` is the place of the next machine, if any.

    ``hours`` are the working days from ``day`` on, as far as they are given: what a machine without the service goes by.
    ``offline_counts`` is the highest offline number of this machine the service has stored for ``day``, by group.
    ``identity_key`` (64 hex digits) keys the hashes of ID cards on ``identity_day`` alone; the service destroys it when the
    retention of ticket identities ends, and a machine forgets it with the next settings. Whoever has reached
    ``care_from_age`` or not passed ``care_to_age`` on the day is offered the care channel by the age on the card (D6).
    """

    ordinal: int
    groups: tuple[GroupInfo, ...]
    rating_url: str
    rating_days: int
    elsewhere: str = ""
    day: str | None = None
    hours: tuple[TicketHours, ...] = ()
    offline_counts: dict[GroupId, int] = field(default_factory=dict)
    identity_day: str | None = None
    identity_key: str = ""
    care_from_age: int = 60
    care_to_age: int = 16


class CounterSettings(Settings, frozen=True, kw_only=True):
    """For a counter terminal. ``groups`` are all of the hall: where a visitor may be transferred or led to.

    ``pause_reasons`` and ``extension_reasons`` are what a clerk may choose from for 暂停服务 and 无法延时 (EXT-4).
    """

    counter: CounterId
    name_zh: str
    groups: tuple[GroupInfo, ...] = ()
    pause_reasons: tuple[str, ...] = ()
    extension_reasons: tuple[str, ...] = ()


class SignInfo(Struct, frozen=True, kw_only=True):
    """One LED sign of a display node: which counter's, on which bus (a wire of node.toml), under which address.

    ``special``: the counter is kept for the care and green channels, and its sign says so while it is free.
    """

    counter: CounterId
    name_zh: str
    bus: str
    address: int
    special: bool = False


class DisplaySettings(Settings, frozen=True, kw_only=True):
    """For the display node: its signs, and the groups its main board names.

    ``board_rows`` and ``board_hanzi`` are the size of that board; without them nothing takes turns, and rows hold 16 hanzi.
    """

    signs: tuple[SignInfo, ...]
    groups: tuple[GroupInfo, ...]
    calls_spoken_twice: bool = True
    board_rows: int | None = None
    board_hanzi: int | None = None


class PadSettings(Settings, frozen=True, kw_only=True):
    """For a rating pad."""

    counter: CounterId


class RosterEntry(Struct, frozen=True, kw_only=True):
    """One person an attendance clock knows; never the card number itself."""

    staff: StaffNo
    name: str
    card: CardHash


class PinEntry(Struct, frozen=True, kw_only=True):
    """A person who may punch by staff number and PIN; ``verifier`` tells nothing without the card key."""

    staff: StaffNo
    name: str
    salt: str
    verifier: str


class Shift(Struct, frozen=True, kw_only=True):
    """One half of a working day: when people are to be there."""

    start: HallTime
    end: HallTime


class Away(Struct, frozen=True, kw_only=True):
    """Approved leave (``kind`` such as annual) or a business outing of one person: for what a clock says, no ban.

    ``outing``: the hall's configuration counts the kind among the outings (``params.attendance.outing_kinds``).
    """

    staff: StaffNo
    begins: HallTime
    ends: HallTime
    kind: str
    outing: bool = False


class TrainingInfo(Struct, frozen=True, kw_only=True):
    """A training that takes sign-ins at a clock (TRN-9.1): from ``opens`` on, in time up to the minute of ``in_time_until``.

    A later one is late by the minutes since ``begins``. ``staff`` are the invited; others may sign in too.
    """

    training: TrainingNo
    title: str
    place: str
    opens: HallTime
    begins: HallTime
    in_time_until: HallTime
    ends: HallTime
    staff: tuple[StaffNo, ...] = ()


class MissingRecord(Struct, frozen=True, kw_only=True):
    """A record of a past day is missing: of coming, or of leaving; it may be made good before ``until`` (ATT-8.3.1c)."""

    staff: StaffNo
    date: str
    half: HalfOfDay
    coming: bool
    until: HallTime


class ClockSettings(Settings, frozen=True, kw_only=True):
    """For an attendance clock. ``shifts`` are the halves of the next weeks' working days, ``away`` who is away then.

    ``trainings`` are those that run or lie ahead, the earliest first. ``roster`` is every card that counts, ``lost`` those
    reported lost (COND-4), ``pins`` who may punch without a card (D15), ``missing`` what people are reminded of.
    """

    roster: tuple[RosterEntry, ...]
    elsewhere: str = ""
    shifts: tuple[Shift, ...] = ()
    away: tuple[Away, ...] = ()
    trainings: tuple[TrainingInfo, ...] = ()
    lost: tuple[CardHash, ...] = ()
    pins: tuple[PinEntry, ...] = ()
    missing: tuple[MissingRecord, ...] = ()
