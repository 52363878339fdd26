"""A ticket machine from its configuration: all ports, then the node."""

from contracts.values import GroupId
from firmware.drivers.base import Port
from firmware.drivers.buttons import Buttons
from firmware.drivers.id_reader import IdReader
from firmware.drivers.keypad import Keypad
from firmware.drivers.lamps import Lamps
from firmware.drivers.text_line import TextLine
from firmware.drivers.thermal_printer import ThermalPrinter
from firmware.runtime.node import Node, PortLike
from firmware.shell import Kit
from kiosk.behaviour import KioskBehaviour
from kiosk.config import KioskConfig
from kiosk.machine import CARE, KEYS, LAMPS, PRINTER, TEXT, Machine
from kiosk.talk import ID_READER, KEYPAD


def build(config: KioskConfig, kit: Kit) -> Node[Machine]:
    """The node of this machine. Raises :class:`firmware.wire.base.WireError` if a wire cannot be made."""
    panel = {**config.groups, CARE: config.care}
    keys = {pins.key: name for name, pins in panel.items()} | {pin: name for name, pin in config.keypad.items()}
    lamps = {name: pins.lamp for name, pins in panel.items()}
    outputs = ",".join(map(str, lamps.values()))
    header = kit.open_wire(f"{config.wires.pins}?in={','.join(map(str, keys))}&out={outputs}", KEYS, LAMPS)
    ports: dict[str, PortLike] = {
        KEYS: Port(Buttons(keys), header),
        LAMPS: Port(Lamps(lamps), header),
        PRINTER: Port(ThermalPrinter(config.printer.on(config.wires.printer)), kit.open_wire(config.wires.printer, PRINTER)),
        TEXT: Port(
            TextLine(rows=config.text_rows, columns=config.text_columns), kit.open_wire(config.wires.text_line, TEXT)
        ),
    }
    if config.wires.id_reader is not None:
        ports[ID_READER] = Port(IdReader(), kit.open_wire(config.wires.id_reader, ID_READER))
    if config.wires.keypad is not None:
        ports[KEYPAD] = Port(Keypad(), kit.open_wire(config.wires.keypad, KEYPAD))

    behaviour = KioskBehaviour(
        kit.node,
        kit.boot,
        [GroupId(group) for group in config.groups],
        secret=kit.secret,
        note=kit.outbox.note,
        unanswered=kit.outbox.unanswered,
        large=config.large,
        project_form=config.project_code,
    )
    return Node(behaviour, ports, kit.link, kit.outbox, kit.log)
