"""The ticket machine's part of node.toml."""

from collections import Counter
from typing import Annotated

from msgspec import Meta, Struct, field

from firmware.drivers.printer_model import PrinterModel
from firmware.runtime.settings import NodeConfig
from kiosk.talk import KEYPAD_KEYS

Pin = Annotated[int, Meta(ge=0, le=27, description="a BCM number from 0 to 27")]


class KeyPins(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One key: its contact (to ground, pulled up) and the lamp in it."""

    key: Pin
    lamp: Pin


class KioskWires(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the machine's parts are attached: ``serial:/dev/ttyUSB0?baud=115200``, ``tcp:host:9100``, ``gpio:``.

    ``id_reader`` (SDT, ``baud=115200``) and ``keypad`` (one byte a key, ``baud=9600``) are left out where there are none.
    """

    printer: str
    text_line: str
    pins: str = "gpio:"
    id_reader: str | None = None
    keypad: str | None = None


class KioskConfig(NodeConfig, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a ticket machine's node.toml says. ``groups``: the pins of each queue group's key, by the group's letter.

    ``keypad``: the pins of the keys 0 to 9, ok, back, appointment, reactivate, project and help, as far as there are any.
    ``large = true`` prints every ticket in large print. ``project_code = "YA####-###"`` tells how the digits somebody types
    make a project's code; without it they are the code.
    """

    wires: KioskWires
    groups: dict[str, KeyPins]
    care: KeyPins
    keypad: dict[str, Pin] = field(default_factory=dict)
    large: bool = False
    project_code: Annotated[str, Meta(max_length=40)] = ""
    printer: PrinterModel = PrinterModel()
    text_rows: Annotated[int, Meta(ge=1, le=8)] = 4
    text_columns: Annotated[int, Meta(ge=8, le=40)] = 20

    def __post_init__(self) -> None:
        """Refuse a group that is no capital letter, a key of the pad that is none, and a pin that is used twice."""
        for group in self.groups:
            if len(group) != 1 or not "A" <= group <= "Z":
                raise ValueError(f'"{group}" in section [groups] is no queue group; accepted is one letter A to Z')
        for key in self.keypad:
            if key not in KEYPAD_KEYS:
                raise ValueError(f'"{key}" in section [keypad] is no key; accepted are {", ".join(KEYPAD_KEYS)}')
        pins = Counter(pin for one in (*self.groups.values(), self.care) for pin in (one.key, one.lamp))
        pins.update(self.keypad.values())
        twice = [pin for pin, uses in pins.items() if uses > 1]
        if twice:
            raise ValueError(f"pin {twice[0]} is used {pins[twice[0]]} times; each key and lamp needs its own")
