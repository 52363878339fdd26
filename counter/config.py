"""The counter terminal's part of node.toml."""

from typing import Annotated

from msgspec import Meta, Struct

from firmware.drivers.printer_model import PrinterModel
from firmware.drivers.work_cards import ReaderModel
from firmware.runtime.settings import NodeConfig

Pin = Annotated[int, Meta(ge=0, le=27, description="a BCM number from 0 to 27")]


class CounterPins(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """BCM numbers of the keys (to ground, pulled up) and of the lamp.

    The six keys must be there. ``more`` and ``confirm`` together open everything else as a list on the text line; ``hold``,
    ``transfer``, ``lead`` and ``check`` each open that list at their own place and need ``confirm`` too.
    """

    next: Pin
    recall: Pin
    start: Pin
    finish: Pin
    no_show: Pin
    pause: Pin
    lamp: Pin
    more: Pin | None = None
    confirm: Pin | None = None
    hold: Pin | None = None
    transfer: Pin | None = None
    lead: Pin | None = None
    check: Pin | None = None

    def __post_init__(self) -> None:
        """A list that cannot be confirmed, or one pin for two things, is a mistake of whoever wrote the file."""
        opening = [name for name in ("more", "hold", "transfer", "lead", "check") if getattr(self, name) is not None]
        if opening and self.confirm is None:
            raise ValueError(f"{opening[0]} opens a list, so confirm is needed too")
        if self.confirm is not None and not opening:
            raise ValueError("confirm alone opens nothing: more is needed too")
        places = [pin for name in self.__struct_fields__ if (pin := getattr(self, name)) is not None]
        twice = [pin for pin in places if places.count(pin) > 1]
        if twice:
            raise ValueError(f"pin {twice[0]} is named twice")

    @property
    def keys(self) -> dict[int, str]:
        """What every key that there is means, by its pin."""
        names = [name for name in self.__struct_fields__ if name != "lamp"]
        return {pin: name for name in names if (pin := getattr(self, name)) is not None}


class CounterWires(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the terminal's parts are attached: ``serial:/dev/ttyUSB0?baud=9600``, ``tcp:host:port``, ``gpio:``.

    ``printer`` prints 领办单; a counter without one tells its visitor where to go.
    """

    reader: str
    text_line: str
    pins: str = "gpio:"
    printer: str | None = None


class CounterConfig(NodeConfig, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a counter terminal's node.toml says; which counter it stands at comes from the service."""

    pins: CounterPins
    wires: CounterWires
    reader: ReaderModel = "rdm6300"
    printer: PrinterModel = PrinterModel()
    text_rows: Annotated[int, Meta(ge=1, le=8)] = 2
    text_columns: Annotated[int, Meta(ge=8, le=40)] = 20
