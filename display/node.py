"""A display node from its configuration: all ports, then the node."""

from display.behaviour import DisplayBehaviour
from display.config import DisplayConfig
from display.situations import BOARD, VOICE, Situation, bus_port
from firmware.drivers.base import Port
from firmware.drivers.clip_bank import ClipBank
from firmware.drivers.led_sign import SignBus
from firmware.drivers.main_board import MainBoard
from firmware.drivers.voice import Voice
from firmware.runtime.node import Node, PortLike
from firmware.shell import Kit


def build(config: DisplayConfig, kit: Kit) -> Node[Situation]:
    """The node of this display. Raises :class:`firmware.wire.base.WireError` if a wire cannot be made."""
    wires = config.wires
    ports: dict[str, PortLike] = {
        bus_port(bus): Port(SignBus(), kit.open_wire(url, bus_port(bus))) for bus, url in wires.buses.items()
    }
    bank = ClipBank.load() if wires.audio else ClipBank({})
    if wires.audio:
        ports[VOICE] = Port(Voice(bank), kit.open_wire(wires.audio, VOICE))
    if wires.board:
        ports[BOARD] = Port(MainBoard(), kit.open_wire(wires.board, BOARD))

    behaviour = DisplayBehaviour(
        kit.node, kit.boot, buses=frozenset(wires.buses), vocabulary=bank.names, has_board=bool(wires.board)
    )
    return Node(behaviour, ports, kit.link, kit.outbox, kit.log)
