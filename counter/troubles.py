"""Parts of a terminal that need repair: reported to the service once, and shown to the clerk until they work again."""

from dataclasses import replace

from contracts.messages import HealthReported
from contracts.values import Condition
from counter.terminal import READER, TEXT, Result, Terminal
from firmware.drivers.buttons import Stuck, Unstuck
from firmware.drivers.card_reader import ReaderBack, ReaderLost
from firmware.drivers.text_line import TextBack, TextLost
from firmware.runtime.steps import Effect, Say


def _broken(state: Terminal, part: str, code: str) -> Result:
    """A part needs repair: tell the service, and whoever sits here."""
    if part in state.troubles:
        return state, ()
    return _report(replace(state, troubles=(*state.troubles, part)), part, Condition.FAULT, code)


def _repaired(state: Terminal, part: str) -> Result:
    if part not in state.troubles:
        return state, ()
    return _report(replace(state, troubles=tuple(one for one in state.troubles if one != part)), part, Condition.OK, "ok")


def _report(state: Terminal, part: str, condition: Condition, code: str) -> Result:
    request_id, ids = state.ids.next()
    health = HealthReported(request_id=request_id, part=part, condition=condition, code=code)
    return replace(state, ids=ids), (Say(health),)


def report_all(state: Terminal) -> Result:
    """The link is back; what was reported without it was not heard."""
    effects: list[Effect] = []
    for part in state.troubles:
        state, said = _report(state, part, Condition.FAULT, "still")
        effects += said
    return state, effects


def noticed(state: Terminal, what: object) -> Result:  # noqa: PLR0911 -- a table is read in one piece
    """What a driver says about its own health; anything else changes nothing."""
    match what:
        case Stuck(key):
            return _broken(state, f"key.{key}", "stuck")
        case Unstuck(key):
            return _repaired(state, f"key.{key}")
        case ReaderLost():
            return _broken(state, READER, "lost")
        case ReaderBack():
            return _repaired(state, READER)
        case TextLost():
            return _broken(state, TEXT, "lost")
        case TextBack():
            return _repaired(state, TEXT)
        case _:
            return state, ()
