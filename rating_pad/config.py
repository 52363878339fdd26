"""The rating pad's part of node.toml."""

from typing import Annotated

from msgspec import Meta, Struct

from firmware.runtime.settings import NodeConfig

Pins = Annotated[
    tuple[int, ...],
    Meta(min_length=5, max_length=5, description="five BCM numbers, from 非常满意 to 非常不满意"),
]


class PadPins(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """BCM numbers of the keys (to ground, pulled up) and of their lamps, best to worst (EVAL-4)."""

    keys: Pins
    lamps: Pins


class PadWires(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where keys and lamps are attached, and the text line of a pad that has one: the post sign (COND-8)."""

    pins: str = "gpio:"
    text_line: str | None = None


class PadConfig(NodeConfig, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a rating pad's node.toml says; which counter it stands at comes from the service."""

    pins: PadPins
    wires: PadWires = PadWires()
    text_rows: Annotated[int, Meta(ge=1, le=8)] = 2
    text_columns: Annotated[int, Meta(ge=8, le=40)] = 20
