"""The attendance clock's part of node.toml."""

from typing import Annotated

from msgspec import Meta, Struct, field

from firmware.drivers.work_cards import ReaderModel
from firmware.runtime.settings import NodeConfig

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
    """BCM numbers of the outputs, and of the keys if the clock has any."""

    green: Pin
    red: Pin
    beeper: Pin
    keys: ModeKeys | None = None


class ClockWires(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the clock's parts are attached: ``serial:/dev/ttyUSB0?baud=9600``, ``tcp:host:port``, ``gpio:``."""

    reader: str
    text_line: str
    pins: str = "gpio:"


class ClockConfig(NodeConfig, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an attendance clock's node.toml says. ``card_key_file`` is a copy of the service's ``card.key``."""

    pins: ClockPins
    wires: ClockWires
    card_key_file: str
    reader: ReaderModel = "rdm6300"
    text_rows: Annotated[int, Meta(ge=1, le=8)] = 2
    text_columns: Annotated[int, Meta(ge=8, le=40)] = 20
