"""What signs, loudspeaker and board say about their own health."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from display.situations import Known, bus_port
from firmware.drivers.main_board import BoardBack, BoardLost
from firmware.drivers.sign_commands import BusBack, BusLost, SignAnswered, SignBack, SignRefused, SignSilent, TextRefused
from firmware.drivers.voice import VoiceBack, VoiceLost
from firmware.runtime.steps import Effect
from firmware.runtime.troubles import Reporting, Trouble

Reported = tuple[Known, Sequence[Effect]]
NO_WIRE = "no_wire"


def noticed(known: Known, port: str, what: object) -> Reported:  # noqa: PLR0911 -- a table is read in one piece
    """A driver's report; anything that is no news of health changes nothing."""
    match what:
        case SignSilent(address):
            return _broken(known, _signs(known, port, address), "silent", "does not answer on its bus")
        case SignRefused(address, _, reason):
            return _broken(known, _signs(known, port, address), "refused", f"refuses its text: {reason}")
        case TextRefused(address, reason):
            return _broken(known, _signs(known, port, address), "text", reason)
        case SignBack(address) | SignAnswered(address):
            return _repaired(known, _signs(known, port, address))
        case BusLost(reason) | VoiceLost(reason) | BoardLost(reason):
            return _broken(known, [port], "lost", reason)
        case BusBack() | VoiceBack() | BoardBack():
            return _repaired(known, [port])
        case _:
            return known, ()


def again(known: Known) -> Reported:
    """The link is back."""
    return _with(known, known.troubles.again(known.ids))


def missing_wires(known: Known, buses: frozenset[str]) -> Reported:
    """Signs that the hall declares on a bus this node has no wire for."""
    signs = known.settings.signs if known.settings else ()
    without = {f"sign.{sign.counter}": sign.bus for sign in signs if sign.bus not in buses}
    known_so_far = [trouble.part for trouble in known.troubles.now if trouble.code == NO_WIRE]
    effects: list[Effect] = []
    for part, bus in without.items():
        detail = f"bus {bus} is not in this node's node.toml, section [wires.buses]"
        known, said = _broken(known, [part], NO_WIRE, detail)
        effects += said
    known, said = _repaired(known, [part for part in known_so_far if part not in without])
    return known, [*effects, *said]


def _signs(known: Known, port: str, address: int) -> list[str]:
    signs = known.settings.signs if known.settings else ()
    return [f"sign.{sign.counter}" for sign in signs if (bus_port(sign.bus), sign.address) == (port, address)]


def _broken(known: Known, parts: Iterable[str], code: str, detail: str) -> Reported:
    effects: list[Effect] = []
    for part in parts:
        known, said = _with(known, known.troubles.broken(Trouble(part, code, detail), known.ids))
        effects += said
    return known, effects


def _repaired(known: Known, parts: Iterable[str]) -> Reported:
    effects: list[Effect] = []
    for part in parts:
        known, said = _with(known, known.troubles.repaired(part, known.ids))
        effects += said
    return known, effects


def _with(known: Known, reporting: Reporting) -> Reported:
    troubles, ids, effects = reporting
    return replace(known, troubles=troubles, ids=ids), effects
