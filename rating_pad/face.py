"""岗位公示牌: what a pad with a text line shows, the post sign first (COND-8). Pure; a pad without one says nothing of it.

Whoever really serves is named, and B with the main person they act for. Nothing of a visitor stands there.
"""

from dataclasses import replace

from contracts.messages import DeskState
from contracts.values import CounterPhase
from firmware.drivers.text_line import Show
from firmware.runtime.steps import Tell
from rating_pad.situations import TEXT, Asking, Dark, JournalFull, Pad, Result, Thanking
from words import text

Lines = tuple[str, ...]


def shown(state: Pad) -> Result:
    """Tell the text line what has changed."""
    now = lines(state)
    return (state, ()) if now == state.shown else (replace(state, shown=now), (Tell(TEXT, Show(now)),))


def lines(state: Pad) -> Lines:
    """What is to be read."""
    if state.is_quiet:
        return (_zh("disp.emergency"),)
    match state.situation:
        case Asking():
            return _zh("pad.prompt"), _zh("pad.sub")
        case Thanking():
            return (_zh("pad.thanks"),)
        case JournalFull():
            return (_zh("pad.again"),)
        case Dark():
            return () if state.desk is None else _sign(state.desk)


def _sign(desk: DeskState) -> Lines:
    """Who is here, and what is going on."""
    match desk.phase:
        case CounterPhase.CLOSED:
            return ()
        case CounterPhase.PAUSED:
            return (_zh("wled.pause"),)
        case CounterPhase.SERVING if desk.extended:
            return *_person(desk), _zh("pad.ext")
        case CounterPhase.SERVING:
            return *_person(desk), _zh("pad.serving")
        case _:
            return *_person(desk), _zh("pad.welcome")


def _person(desk: DeskState) -> Lines:
    """Name, number and post; nothing if the service does not tell."""
    if desk.server is None:
        return ()
    name = desk.server_name or ""
    if desk.server_for is not None:
        return (_zh("pad.idle.b", name=name, id=desk.server, a=desk.server_for),)
    return (_zh("pad.idle", w=str(int(desk.counter[1:])), name=name, id=desk.server),)


def _zh(key: str, **values: str) -> str:
    return text(key).zh.format_map(values)
