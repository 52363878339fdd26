"""What the parts of a terminal say about their own health."""

from dataclasses import replace

from contracts.values import Condition
from counter.terminal import PRINTER, READER, TEXT, Result, Terminal
from firmware.drivers.buttons import Stuck, Unstuck
from firmware.drivers.card_reader import ReaderBack, ReaderLost
from firmware.drivers.text_line import TextBack, TextLost
from firmware.drivers.thermal_printer import PrinterChanged
from firmware.runtime.troubles import Reporting, Trouble


def noticed(state: Terminal, what: object) -> Result:
    """A driver's report; anything that is not about health changes nothing."""
    reporting = _reporting(state, what)
    return (state, ()) if reporting is None else _with(state, reporting)


def again(state: Terminal) -> Result:
    """The link is back."""
    return _with(state, state.troubles.again(state.ids))


def _with(state: Terminal, reporting: Reporting) -> Result:
    troubles, ids, effects = reporting
    return replace(state, troubles=troubles, ids=ids), effects


def _reporting(state: Terminal, what: object) -> Reporting | None:  # noqa: PLR0911 -- a table is read in one piece
    match what:
        case Stuck(key):
            return state.troubles.broken(Trouble(f"key.{key}", "stuck"), state.ids)
        case Unstuck(key):
            return state.troubles.repaired(f"key.{key}", state.ids)
        case ReaderLost(reason):
            return state.troubles.broken(Trouble(READER, "lost", reason), state.ids)
        case ReaderBack():
            return state.troubles.repaired(READER, state.ids)
        case TextLost(reason):
            return state.troubles.broken(Trouble(TEXT, "lost", reason), state.ids)
        case PrinterChanged(condition, code) if condition is Condition.FAULT:
            return state.troubles.broken(Trouble(PRINTER, code), state.ids)
        case PrinterChanged():
            return state.troubles.repaired(PRINTER, state.ids)
        case TextBack():
            return state.troubles.repaired(TEXT, state.ids)
        case _:
            return None
