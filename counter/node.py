"""A counter terminal from its configuration: all ports, then the node."""

from counter.behaviour import CounterBehaviour
from counter.config import CounterConfig
from counter.terminal import KEYS, LAMP, LAMPS, PRINTER, READER, TEXT, Terminal
from firmware.drivers.base import Port
from firmware.drivers.buttons import Buttons
from firmware.drivers.lamps import Lamps
from firmware.drivers.text_line import TextLine
from firmware.drivers.thermal_printer import ThermalPrinter
from firmware.drivers.work_cards import reader_driver
from firmware.runtime.node import Node, PortLike
from firmware.shell import Kit


def build(config: CounterConfig, kit: Kit) -> Node[Terminal]:
    """The node of this terminal. Raises :class:`firmware.wire.base.WireError` if a wire cannot be made."""
    pins = config.pins
    keys = pins.keys
    header = kit.open_wire(f"{config.wires.pins}?in={','.join(map(str, keys))}&out={pins.lamp}", KEYS, LAMPS)
    ports: dict[str, PortLike] = {
        KEYS: Port(Buttons(keys), header),
        LAMPS: Port(Lamps({LAMP: pins.lamp}), header),
        READER: Port(reader_driver(config.reader), kit.open_wire(config.wires.reader, READER)),
        TEXT: Port(
            TextLine(rows=config.text_rows, columns=config.text_columns), kit.open_wire(config.wires.text_line, TEXT)
        ),
    }

    wire = config.wires.printer
    if wire is not None:
        ports[PRINTER] = Port(ThermalPrinter(config.printer.on(wire)), kit.open_wire(wire, PRINTER))
    return Node(CounterBehaviour(kit.node, kit.boot, prints=wire is not None), ports, kit.link, kit.outbox, kit.log)
