"""What the LED sign of a counter shows: one line, always, for every situation of counter and hall. Pure."""

from dataclasses import dataclass
from functools import lru_cache

from contracts.messages import CounterBoard, SignInfo
from contracts.values import CounterId, CounterPhase, HallPhase
from display.phrases import window
from firmware.drivers.sign_text import Colour, fits
from words import text

ATTENTION, SERVICE, NOTICE = Colour.RED, Colour.GREEN, Colour.YELLOW
"""Red calls somebody, green says that this counter works, yellow that it does not work now."""


@dataclass(frozen=True, slots=True)
class SignText:
    """A line and its colour; ``is_call`` says that somebody is waiting to read it."""

    text: str
    colour: Colour
    is_call: bool = False


DARK = None
"""A sign that shows nothing."""


def sign_text(sign: SignInfo, board: CounterBoard, hall: HallPhase | None) -> SignText | None:  # noqa: PLR0911 -- one case a line
    """What this counter's sign says while the service lives; ``None`` for a dark sign.

    A counter where nobody is logged in says 暂停服务 in opening hours: a dark sign looks broken, and the counter's name
    would invite citizens to wait in front of an empty chair. Before opening every sign shows its name, so that people find
    their place. On a rest day the signs are dark: there is no text for it, and 今日已结束 would be untrue.
    """
    match board.phase, hall:
        case CounterPhase.CALLED, _:
            return SignText(text("wled.call").zh.format(no=board.ticket), ATTENTION, is_call=True)
        case CounterPhase.SERVING, _:
            return SignText(text("wled.serving").zh.format(no=board.ticket), SERVICE)
        case _, HallPhase.REST:
            return DARK
        case _, HallPhase.CLOSED:
            return SignText(text("wled.closed").zh, NOTICE)
        case _, HallPhase.NOON:
            return SignText(text("wled.noon").zh, NOTICE)
        case _ if board.go_to is not None:
            return SignText(text("wled.goto").zh.format(w=window(board.go_to)), NOTICE)
        case CounterPhase.PAUSED, _:
            return SignText(text("wled.pause").zh, NOTICE)
        case (CounterPhase.FREE, _) | (_, HallPhase.BEFORE_OPENING):
            return SignText(name(sign), SERVICE)
        case _, HallPhase.AFTER_CLOSING:
            return SignText(text("wled.closed").zh, NOTICE)
        case _:
            return SignText(text("wled.pause").zh, NOTICE)


def recovering(board: CounterBoard | None) -> SignText:
    """What a sign says when the service has not been heard for 15 s: the last number, but not as a call."""
    if board is not None and board.ticket and board.phase in (CounterPhase.CALLED, CounterPhase.SERVING):
        last = text("wled.recovering.last").zh.format(no=board.ticket)
        if fits(last):
            return SignText(last, NOTICE)
    return SignText(text("wled.recovering").zh, NOTICE)


@lru_cache(maxsize=256)
def name(sign: SignInfo) -> str:
    """The counter's number and name; the number alone where both do not fit or the font lacks a character."""
    number = window(CounterId(sign.counter))
    full = text("wled.idle").zh.format(w=number, name=sign.name_zh)
    return full if fits(full) else text("wled.number").zh.format(w=number)
