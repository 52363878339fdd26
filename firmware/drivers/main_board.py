"""The main board as text: every state of the board as one line of JSON, for whatever draws it at the other end of the wire.

``{"live": true, "for_s": 15, "lines": ["叫号信息", "请A017到2号窗口办理"]}`` and a newline, in UTF-8. A line replaces the
one before. ``live`` false means that the numbers are the last ones known and are to be drawn greyed. So they are once
``for_s`` seconds have passed without another line: the node may have died, and nobody would take its last word back. It is
said again every 5 s, as to the signs.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from contracts.values import Ms
from firmware.drivers.base import Output, Report, Send, TimeReached, WakeAt
from firmware.wire.base import WireLost, WireOpened

GOOD_FOR_S = 15
SAID_EVERY: Ms = 5_000


@dataclass(frozen=True, slots=True)
class ShowBoard:
    """The board is to show these lines until told otherwise."""

    lines: tuple[str, ...]
    is_live: bool


@dataclass(frozen=True, slots=True)
class BoardLost:
    """Nobody draws the board."""

    reason: str


@dataclass(frozen=True, slots=True)
class BoardBack:
    """The board is drawn again."""


@dataclass(frozen=True, slots=True)
class Unplugged:
    """There is no wire; what the board should show is remembered."""

    wanted: ShowBoard | None = None


@dataclass(frozen=True, slots=True)
class Showing:
    """The board shows what is wanted."""

    wanted: ShowBoard | None = None


State: TypeAlias = Unplugged | Showing
Outcome: TypeAlias = tuple[State, Sequence[Output]]


def _say(wanted: ShowBoard, now: Ms) -> list[Output]:
    state = {"live": wanted.is_live, "for_s": GOOD_FOR_S, "lines": wanted.lines}
    return [Send(json.dumps(state, ensure_ascii=False).encode() + b"\n"), WakeAt(now + SAID_EVERY)]


class MainBoard:
    """Tells the board its state when it changes, when its wire comes back, and again and again."""

    def begin(self, now: Ms) -> Outcome:  # noqa: ARG002 -- the signature of every driver
        """Wait for the wire."""
        return Unplugged(), []

    def step(self, state: State, happening: object, now: Ms) -> Outcome:
        """See the module for what is promised."""
        match state, happening:
            case Unplugged(wanted) | Showing(wanted), WireOpened():
                return Showing(wanted), [Report(BoardBack()), *(_say(wanted, now) if wanted else [])]
            case Showing(wanted), WireLost(reason):
                return Unplugged(wanted), [Report(BoardLost(reason)), WakeAt(None)]
            case Unplugged(), ShowBoard() as wanted:
                return Unplugged(wanted), []
            case Showing(shown), ShowBoard() as wanted if wanted != shown:
                return Showing(wanted), _say(wanted, now)
            case Showing(wanted), TimeReached() if wanted is not None:
                return state, _say(wanted, now)
            case _:
                return state, []
