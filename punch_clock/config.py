"""The attendance clock's part of node.toml."""

from typing import Annotated

from msgspec import Meta, Struct, field

from firmware.drivers.work_cards import ReaderModel
from firmware.runtime.settings import NodeConfig
from punch_clock.situations import PAD_KEYS

Pin = Annotated[int, Meta(ge=0, le=27, description="a BCM number from 0 to 27")]


class ModeKeys(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """BCM numbers of the keys that say what a punch means (to ground, pulled up); a clock without them infers it.

    ``confirm`` and ``cancel`` answer the question about leaving early.
    """

    in_: Pin = field(name="in")
    out: Pin
    outing: Pin
    return_: Pin = field(name="return")
    train: Pin
    confirm: Pin
    cancel: Pin

    @property
    def by_name(self) -> dict[str, int]:
        """Each key's pin by what it means."""
        names = {"in_": "in", "return_": "return"}
        return {names.get(one, one): getattr(self, one) for one in self.__struct_fields__}


class ClockPins(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """BCM numbers of the outputs, and of the keys if the clock has any.

    ``keypad``: the pins of the keys 0 to 9, ok and back, for staff number and PIN; a pad on a line of its own stands in
    ``wires.keypad`` instead.
    """

    green: Pin
    red: Pin
    beeper: Pin
    keys: ModeKeys | None = None
    keypad: dict[str, Pin] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in self.keypad:
            if key not in PAD_KEYS:
                raise ValueError(f'"{key}" in section [pins.keypad] is no key; accepted are {", ".join(PAD_KEYS)}')


class ClockWires(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the clock's parts are attached: ``serial:/dev/ttyUSB0?baud=9600``, ``tcp:host:port``, ``gpio:``.

    ``keypad`` (one byte a key, ``baud=9600``) is left out where there is none: then nobody can use a PIN here.
    """

    reader: str
    text_line: str
    pins: str = "gpio:"
    keypad: str | None = None


class ClockConfig(NodeConfig, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an attendance clock's node.toml says. ``card_key_file`` is a copy of the service's ``card.key``."""

    pins: ClockPins
    wires: ClockWires
    card_key_file: str
    reader: ReaderModel = "rdm6300"
    text_rows: Annotated[int, Meta(ge=1, le=8)] = 2
    text_columns: Annotated[int, Meta(ge=8, le=40)] = 20
