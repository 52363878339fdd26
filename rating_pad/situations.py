"""The situations a rating pad can be in, and what its lamps do in each."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from contracts.messages import DeskState, HallBoard
from contracts.values import CounterId, HallTime, Ms, RequestId, SessionId
from firmware.drivers.lamps import Light, Pattern
from firmware.runtime.steps import Effect, HallClock, RequestIds, Tell
from firmware.runtime.troubles import Troubles

KEYS, LAMPS, TEXT = "keys", "lamps", "text_line"
"""The names of the ports."""
LEVELS = (5, 4, 3, 2, 1)
"""非常满意 to 非常不满意, as the keys lie from left to right."""
NAMES = {level: str(level) for level in LEVELS}
"""What key and lamp of each level are called."""


@dataclass(frozen=True, slots=True)
class Dark:
    """There is nothing to rate."""


@dataclass(frozen=True, slots=True)
class Asking:
    """All lamps burn; the visitor of this session may press, until the window ends. ``since`` is our own time."""

    session: SessionId
    until: HallTime
    since: Ms


@dataclass(frozen=True, slots=True)
class Thanking:
    """The rating is in the journal; its lamp burns alone. ``asked`` is where it came from, ``since`` our own time."""

    asked: Asking
    level: int
    request_id: RequestId
    since: Ms


@dataclass(frozen=True, slots=True)
class JournalFull:
    """The rating could not be kept; all lamps blink for a while, then the pad asks again."""

    asked: Asking
    ends: Ms


Situation = Dark | Asking | Thanking | JournalFull


@dataclass(frozen=True, slots=True)
class Pad:
    """A rating pad. ``done`` are the last sessions that were rated; ``troubles`` are the parts that need repair.

    ``shown`` is what stands on its text line, if it has one.
    """

    ids: RequestIds
    clock: HallClock = field(default_factory=HallClock)
    counter: CounterId | None = None
    desk: DeskState | None = None
    hall: HallBoard | None = None
    situation: Situation = field(default_factory=Dark)
    done: tuple[SessionId, ...] = ()
    troubles: Troubles = field(default_factory=Troubles)
    shown: tuple[str, ...] = ()

    @property
    def is_quiet(self) -> bool:
        """Whether nobody is to be asked, because everyone is asked to leave."""
        return self.hall is not None and self.hall.emergency


Result = tuple[Pad, Sequence[Effect]]


def lights(situation: Situation) -> tuple[Tell, ...]:
    """What the five lamps do in a situation."""
    match situation:
        case Dark():
            patterns = dict.fromkeys(LEVELS, Pattern.OFF)
        case Asking():
            patterns = dict.fromkeys(LEVELS, Pattern.ON)
        case Thanking(level=chosen):
            patterns = {level: Pattern.ON if level == chosen else Pattern.OFF for level in LEVELS}
        case JournalFull():
            patterns = dict.fromkeys(LEVELS, Pattern.BLINK)
    return tuple(Tell(LAMPS, Light(NAMES[level], pattern)) for level, pattern in patterns.items())
