"""What the sections of hall.toml are made of."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from contracts.values import CounterId, GroupId, HallId, NodeName, StaffNo

Name = Annotated[str, Meta(min_length=1, max_length=60)]
Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="a time of day such as 09:00")]
MonthDay = Annotated[
    str, Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", description="a month and day such as 06-01")
]
Count = Annotated[int, Meta(ge=0)]
Positive = Annotated[int, Meta(ge=1)]

_LEVEL = Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$", description="letters, digits, - _ . (at most 63)")
HallName = Annotated[HallId, _LEVEL]
DeviceName = Annotated[NodeName, _LEVEL]
CounterKey = Annotated[CounterId, Meta(pattern=r"^W[0-9]{2}$", description="W and two digits, such as W02")]
GroupKey = Annotated[GroupId, Meta(pattern=r"^[A-Z]$", description="one capital letter")]
StaffKey = Annotated[StaffNo, Meta(pattern=r"^S[0-9]{3,5}$", description="S and three to five digits, such as S101")]
CardNo = Annotated[
    str,
    Meta(
        pattern=r"^([0-9A-F]{8}|[0-9A-F]{10}|[0-9A-F]{14}|[0-9A-F]{20})$",
        description="the hex digits of a work card in capital letters: 10 of an EM4100, 8, 14 or 20 of a MIFARE card",
    ),
]

Role = Literal["clerk", "guide", "agent", "inspector", "duty_leader", "ops", "manager"]
Level = Literal["chief_rep", "duty_leader", "manager"]
"""Who decides about a person, from the nearest on (ATT-5.1)."""
ExcludedProcedure = Literal["听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审"]
DeviceKind = Literal[
    "ticket_machine",
    "query_machine",
    "main_display",
    "window_led",
    "counter_terminal",
    "speaker",
    "rating_pad",
    "attendance_clock",
    "guide_console",
    "ops",
    "central",
]


class Section(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Any section of hall.toml: an unknown key in it is refused."""


class YearRange(Section, frozen=True, kw_only=True):
    """From a month and day to another, both included, every year; it may run over the turn of the year."""

    first: MonthDay = field(name="from")
    last: MonthDay = field(name="to")
