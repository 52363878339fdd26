"""What the drivers say about the health of signs, loudspeaker and board, in the words of :mod:`display.troubles`."""

from collections.abc import Iterable

from contracts.values import Condition
from display.situations import Known, bus_port
from display.troubles import Troubles
from firmware.drivers.main_board import BoardBack, BoardLost
from firmware.drivers.sign_commands import BusBack, BusLost, SignAnswered, SignBack, SignRefused, SignSilent, TextRefused
from firmware.drivers.voice import VoiceBack, VoiceLost


def noticed(known: Known, port: str, what: object) -> Troubles:  # noqa: PLR0911 -- a table is read in one piece
    """The troubles after this report; anything that is no news of health changes nothing."""
    match what:
        case SignSilent(address):
            return _broken(known, port, address, "silent", "does not answer on its bus")
        case SignRefused(address, _, reason):
            return _broken(known, port, address, "refused", f"refuses its text: {reason}")
        case TextRefused(address, reason):
            return _broken(known, port, address, "text", reason)
        case SignBack(address) | SignAnswered(address):
            return _repaired(known, port, address)
        case BusLost(reason) | VoiceLost(reason) | BoardLost(reason):
            return known.troubles.broken(port, "lost", reason)
        case BusBack() | VoiceBack() | BoardBack():
            return known.troubles.repaired(port)
        case _:
            return known.troubles


def missing_wires(known: Known, buses: Iterable[str]) -> Troubles:
    """Signs that the hall declares on a bus this node has no wire for."""
    troubles = known.troubles
    for sign in known.settings.signs if known.settings else ():
        part = f"sign.{sign.counter}"
        if sign.bus not in buses:
            detail = f"bus {sign.bus} is not in this node's node.toml, section [wires.buses]"
            troubles = troubles.broken(part, "no_wire", detail, Condition.FAULT)
        elif (trouble := troubles.now.get(part)) is not None and trouble.code == "no_wire":
            troubles = troubles.repaired(part)
    return troubles


def _parts(known: Known, port: str, address: int) -> list[str]:
    signs = known.settings.signs if known.settings else ()
    return [f"sign.{sign.counter}" for sign in signs if (bus_port(sign.bus), sign.address) == (port, address)]


def _broken(known: Known, port: str, address: int, code: str, detail: str) -> Troubles:
    troubles = known.troubles
    for part in _parts(known, port, address):
        troubles = troubles.broken(part, code, detail)
    return troubles


def _repaired(known: Known, port: str, address: int) -> Troubles:
    troubles = known.troubles
    for part in _parts(known, port, address):
        troubles = troubles.repaired(part)
    return troubles
