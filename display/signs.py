"""What the LED sign of a counter shows: one line, always, for every situation of counter and hall. Pure."""

from dataclasses import dataclass
from functools import lru_cache

from contracts.messages import CounterBoard, HallBoard, SignInfo
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


EMERGENCY_PAGES = 2
DARK = None
"""A sign that shows nothing."""


def sign_text(  # noqa: PLR0911 -- one case a line
    sign: SignInfo, board: CounterBoard, hall: HallBoard | None, page: int = 0
) -> SignText | None:
    """What this counter's sign says while the service lives; ``None`` for a dark sign.

    The order of precedence:

    1. an emergency (HALL-8.2): two pages that take turns, on every sign
    2. who is called here, who is served here, whatever the hall does meanwhile
    3. a rest day (dark: there is no text for it, and 今日已结束 would be untrue), the day is over, the lunch break, unless
       calling goes on through it (D8) or this counter serves on (EXT-1)
    4. where the visitors of an empty counter are sent (AB-4.6)
    5. the counter itself: paused, free, or nobody there
    """
    if hall is not None and hall.emergency:
        return emergency(page)
    if board.phase is CounterPhase.CALLED:
        return SignText(text("wled.call").zh.format(no=board.ticket), ATTENTION, is_call=True)
    if board.phase is CounterPhase.SERVING:
        return SignText(text("wled.serving").zh.format(no=board.ticket), SERVICE)
    phase = None if hall is None else hall.phase
    match phase:
        case HallPhase.REST:
            return DARK
        case HallPhase.CLOSED:
            return SignText(text("wled.closed").zh, NOTICE)
        case HallPhase.NOON if not (hall is not None and hall.noon_service) and not board.extended:
            return SignText(text("wled.noon").zh, NOTICE)
        case _ if board.go_to is not None:
            return SignText(text("wled.goto").zh.format(w=window(board.go_to)), NOTICE)
        case _:
            return _without_visitor(sign, board, phase)


def _without_visitor(  # noqa: PLR0911 -- one case a line
    sign: SignInfo, board: CounterBoard, phase: HallPhase | None
) -> SignText:
    """A counter with nobody at its desk, in hours.

    Where nobody is logged in the sign says 暂停服务 in opening hours: a dark sign looks broken, and the counter's name
    would invite citizens to wait in front of an empty chair. Before opening every sign shows its name, so that people find
    their place. A free counter says what is not ordinary about it: after hours, acting, kept for care.
    """
    match board.phase, phase:
        case CounterPhase.PAUSED, _:
            return SignText(text("wled.pause").zh, NOTICE)
        case CounterPhase.FREE, _ if board.extended or phase is HallPhase.AFTER_CLOSING:
            return SignText(text("wled.ext").zh, SERVICE)
        case _, HallPhase.BEFORE_OPENING:
            return SignText(name(sign), SERVICE)
        case CounterPhase.FREE, _ if board.acting:
            return SignText(text("wled.bpost").zh, SERVICE)
        case CounterPhase.FREE, _ if sign.special:
            return SignText(text("wled.special").zh, SERVICE)
        case CounterPhase.FREE, _:
            return SignText(name(sign), SERVICE)
        case _, HallPhase.AFTER_CLOSING:
            return SignText(text("wled.closed").zh, NOTICE)
        case _:
            return SignText(text("wled.pause").zh, NOTICE)


def emergency(page: int) -> SignText:
    """Everyone is asked to leave, in two parts that take turns; not a call to anybody."""
    return SignText(text(f"wled.emergency.{page % EMERGENCY_PAGES + 1}").zh, ATTENTION)


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
