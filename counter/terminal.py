"""The situations a counter terminal can be in."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from contracts.messages import CounterSettings, DeskState
from contracts.values import Ms, RequestId
from counter import views
from counter.menu import Choice
from firmware.drivers.lamps import Pattern
from firmware.runtime.steps import Effect, HallClock, RequestIds
from firmware.runtime.troubles import Troubles

KEYS, LAMPS, READER, TEXT, PRINTER = "keys", "lamps", "reader", "text", "printer"
"""The names of the ports."""
LAMP = "lamp"


@dataclass(frozen=True, slots=True)
class Ready:
    """Keys are enabled. ``late`` is the last request if nobody answered it in time."""

    late: RequestId | None = None


@dataclass(frozen=True, slots=True)
class Choosing:
    """A list stands on the text line, at this line of it; nothing has been asked yet.

    ``offered`` is all the desk offered when the list was opened with ``key``: once that changes the list is gone.
    """

    offered: tuple[Choice, ...]
    choices: tuple[Choice, ...]
    at: int
    key: str
    until: Ms
    late: RequestId | None = None


@dataclass(frozen=True, slots=True)
class AwaitingAnswer:
    """A request is on its way; keys and reader are disabled."""

    request_id: RequestId
    give_up_at: Ms


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something to be read for some seconds instead of the state of the counter."""

    lines: views.Lines
    until: Ms


@dataclass(frozen=True, slots=True)
class Terminal:
    """A counter terminal.

    ``troubles`` are the parts that need repair. ``since`` is when the state of the counter came to stand there; the notes
    follow it. ``shown`` and ``lamp`` are what text line and lamp were last told.
    """

    ids: RequestIds
    clock: HallClock = field(default_factory=HallClock)
    asking: Ready | Choosing | AwaitingAnswer = field(default_factory=Ready)
    settings: CounterSettings | None = None
    desk: DeskState | None = None
    sentence: Sentence | None = None
    since: Ms = 0
    troubles: Troubles = field(default_factory=Troubles)
    shown: views.Lines | None = None
    lamp: Pattern | None = None


Result = tuple[Terminal, Sequence[Effect]]
