"""An attendance clock from its configuration: the card key, all ports, then the node."""

from functools import partial
from pathlib import Path

from contracts.cards import card_hash, read_card_key
from contracts.messages import PinEntry
from contracts.pins import is_pin
from firmware.drivers.base import Port
from firmware.drivers.keypad import Keypad
from firmware.drivers.lamps import Lamps
from firmware.drivers.text_line import TextLine
from firmware.drivers.work_cards import reader_driver
from firmware.runtime.node import Node, PortLike
from firmware.runtime.settings import SettingsError
from firmware.shell import Kit
from punch_clock.behaviour import ClockBehaviour
from punch_clock.config import ClockConfig
from punch_clock.situations import BEEPER, GREEN, KEYPAD, KEYS, LAMPS, READER, RED, TEXT, Clock, Glass


def build(config: ClockConfig, kit: Kit) -> Node[Clock]:
    """The node of this clock.

    Raises :class:`SettingsError` if the card key cannot be used, :class:`firmware.wire.base.WireError` if a wire cannot
    be made.
    """
    key = _card_key(Path(config.card_key_file))
    pins, wires = config.pins, config.wires
    keys = ({} if pins.keys is None else pins.keys.by_name) | pins.keypad
    inputs = f"in={','.join(map(str, keys.values()))}&" if keys else ""
    header = kit.open_wire(
        f"{wires.pins}?{inputs}out={pins.green},{pins.red},{pins.beeper}", *([KEYS] if keys else []), LAMPS
    )
    ports: dict[str, PortLike] = {
        LAMPS: Port(Lamps({GREEN: pins.green, RED: pins.red, BEEPER: pins.beeper}), header),
        READER: Port(reader_driver(config.reader), kit.open_wire(wires.reader, READER)),
        TEXT: Port(TextLine(rows=config.text_rows, columns=config.text_columns), kit.open_wire(wires.text_line, TEXT)),
    }
    if wires.keypad is not None:
        ports[KEYPAD] = Port(Keypad(), kit.open_wire(wires.keypad, KEYPAD))
    if keys:
        from firmware.drivers.buttons import Buttons  # noqa: PLC0415 -- a clock without keys starts without them

        ports = {KEYS: Port(Buttons({pin: name for name, pin in keys.items()}), header), **ports}
    glass = Glass(config.text_rows, config.text_columns)
    hash_card, check_pin = partial(card_hash, key), partial(_check_pin, key)
    behaviour = ClockBehaviour(kit.node, kit.boot, hash_card, check_pin, glass)
    return Node(behaviour, ports, kit.link, kit.outbox, kit.log)


def _check_pin(key: bytes, entry: PinEntry, typed: str) -> bool:
    return is_pin(key, entry.salt, entry.verifier, typed)


def _card_key(path: Path) -> bytes:
    try:
        return read_card_key(path.read_text(encoding="ascii"))
    except OSError as error:
        raise SettingsError(
            path, f"the card key cannot be read: {error.strerror}; copy card.key from the service"
        ) from error
    except ValueError as error:
        raise SettingsError(path, f"no card key: {error}; copy card.key from the service") from error
