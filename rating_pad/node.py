"""A rating pad from its configuration: all ports, then the node."""

from firmware.drivers.base import Port
from firmware.drivers.buttons import Buttons
from firmware.drivers.lamps import Lamps
from firmware.drivers.text_line import TextLine
from firmware.runtime.node import Node, PortLike
from firmware.shell import Kit
from rating_pad.behaviour import PadBehaviour
from rating_pad.config import PadConfig
from rating_pad.situations import KEYS, LAMPS, LEVELS, NAMES, TEXT, Pad


def build(config: PadConfig, kit: Kit) -> Node[Pad]:
    """The node of this pad. Raises :class:`firmware.wire.base.WireError` if the pins cannot be had."""
    names = [NAMES[level] for level in LEVELS]
    keys, lamps = config.pins.keys, config.pins.lamps
    url = f"{config.wires.pins}?in={','.join(map(str, keys))}&out={','.join(map(str, lamps))}"
    header = kit.open_wire(url, KEYS, LAMPS)
    ports: dict[str, PortLike] = {
        KEYS: Port(Buttons(dict(zip(keys, names, strict=True))), header),
        LAMPS: Port(Lamps(dict(zip(names, lamps, strict=True))), header),
    }

    wire = config.wires.text_line
    if wire is not None:
        ports[TEXT] = Port(TextLine(rows=config.text_rows, columns=config.text_columns), kit.open_wire(wire, TEXT))
    return Node(PadBehaviour(kit.node, kit.boot, shows=wire is not None), ports, kit.link, kit.outbox, kit.log)
