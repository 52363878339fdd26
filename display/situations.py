"""The situations a display node can be in, and what it knows in all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from contracts.messages import DisplaySettings
from contracts.values import CallId, CounterId, Ms
from display.picture import Picture
from display.signs import SignText
from firmware.drivers.main_board import ShowBoard
from firmware.runtime.steps import Effect, HallClock, RequestIds
from firmware.runtime.troubles import Troubles

VOICE, BOARD = "voice", "board"
"""The names of these ports; that of a bus is ``bus.`` and its name in node.toml."""


def bus_port(bus: str) -> str:
    """The port of a bus."""
    return f"bus.{bus}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sign is: which port, which address on its bus."""

    port: str
    address: int


@dataclass(frozen=True, slots=True)
class Evacuation:
    """Everyone is asked to leave: heard of at ``since``, to be said (again) at ``say_at``, in this node's own time."""

    since: Ms
    say_at: Ms


@dataclass(frozen=True, slots=True)
class Known:
    """What the node knows. ``shown`` and ``board`` are what signs and main board were last told.

    ``announced`` is the latest announcement heard of for each counter, whether it was spoken or not: it is never spoken
    again; so is the news of the hall in ``said``. ``evacuation`` goes on while the service is away.
    """

    ids: RequestIds
    troubles: Troubles = field(default_factory=Troubles)
    settings: DisplaySettings | None = None
    picture: Picture = field(default_factory=Picture)
    clock: HallClock = field(default_factory=HallClock)
    shown: Mapping[Place, SignText | None] = field(default_factory=dict)
    board: ShowBoard | None = None
    announced: Mapping[CounterId, tuple[CallId, int]] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    evacuation: Evacuation | None = None


@dataclass(frozen=True, slots=True)
class Starting:
    """The service has not been heard since this node started. The signs are left alone until ``until``."""

    known: Known
    until: Ms


@dataclass(frozen=True, slots=True)
class Live:
    """The service lives; what is shown is true until ``until``, when a heartbeat must have come."""

    known: Known
    until: Ms


@dataclass(frozen=True, slots=True)
class Recovering:
    """The service has not been heard for 15 s: nothing is called, the last numbers are greyed."""

    known: Known


Situation: TypeAlias = Starting | Live | Recovering
Result: TypeAlias = tuple[Situation, Sequence[Effect]]
