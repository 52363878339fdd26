"""The display node's part of node.toml."""

from typing import Annotated

from msgspec import Meta, Struct

from firmware.runtime.settings import NodeConfig


class DisplayWires(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where signs, loudspeaker and main board are attached.

    ``buses`` names every RS-485 bus as hall.toml does: ``rs485-1 = "serial:/dev/ttyUSB0?baud=57600"``. Without ``audio`` the
    node does not speak. ``board`` takes the main board's text, see :mod:`firmware.drivers.main_board`.
    """

    buses: Annotated[dict[str, str], Meta(min_length=1)]
    audio: str = ""
    board: str = ""


class DisplayConfig(NodeConfig, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a display node's node.toml says; which sign is whose comes from the service."""

    wires: DisplayWires
