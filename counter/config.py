"""The counter terminal's part of node.toml."""

from typing import Annotated

from msgspec import Meta, Struct

from firmware.runtime.settings import NodeConfig

Pin = Annotated[int, Meta(ge=0, le=27, description="a BCM number from 0 to 27")]


class CounterPins(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """BCM numbers of the keys (to ground, pulled up) and of the lamp."""

    next: Pin
    recall: Pin
    start: Pin
    finish: Pin
    no_show: Pin
    pause: Pin
    lamp: Pin


class CounterWires(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the terminal's parts are attached: ``serial:/dev/ttyUSB0?baud=9600``, ``tcp:host:port``, ``gpio:``."""

    reader: str
    text_line: str
    pins: str = "gpio:"


class CounterConfig(NodeConfig, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a counter terminal's node.toml says; which counter it stands at comes from the service."""

    pins: CounterPins
    wires: CounterWires
    text_rows: Annotated[int, Meta(ge=1, le=8)] = 2
    text_columns: Annotated[int, Meta(ge=8, le=40)] = 20
