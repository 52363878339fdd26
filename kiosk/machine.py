"""Everything a ticket machine knows at one moment, and the situations it can be in."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from contracts.messages import HallBoard, KioskSettings, TicketIssued
from contracts.values import Condition, GroupId, Ms, PrintProof, RequestId, TicketId
from firmware.drivers.lamps import Pattern
from firmware.runtime.steps import Effect, HallClock, RequestIds

PRINTER = "printer"
KEYS = "keys"
LAMPS = "lamps"
TEXT = "text_line"
CARE = "care"
"""The name of the 爱心 key and its lamp; no queue group has it, they are one letter."""

Lines = tuple[str, ...]
NO_CLOCK = HallClock()


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody pressed the key of a group and waits for a paper."""

    group: GroupId
    care: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A ticket to be printed. ``copy`` is what is printed on it as 补打n, 0 for none.

    ``presser``: somebody waits for it at the machine. ``attempts``: how often a part of it may have come out.
    """

    issued: TicketIssued
    copy: int
    presser: bool = False
    attempts: int = 0

    @property
    def job(self) -> str:
        """The name under which the printer gets it."""
        return f"{self.issued.ticket}#{self.copy}"


@dataclass(frozen=True, slots=True)
class Idle:
    """Nobody is being served."""


@dataclass(frozen=True, slots=True)
class AwaitingNumber:
    """The service was asked for a ticket. Offline numbers, ``A2-03``, will lead from here and from ``Idle`` to Printing."""

    wish: Wish
    request_id: RequestId
    give_up_at: Ms


@dataclass(frozen=True, slots=True)
class Printing:
    """The printer has a paper."""

    paper: Paper


Situation = Idle | AwaitingNumber | Printing


@dataclass(frozen=True, slots=True)
class Done:
    """A paper that certainly came out in this boot."""

    ticket: TicketId
    copy: int
    proof: PrintProof


@dataclass(frozen=True, slots=True)
class Part:
    """How a part of the machine is, as last reported."""

    condition: Condition
    code: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something said to the person at the machine, until it has been read."""

    lines: Lines
    until: Ms


@dataclass(frozen=True, slots=True)
class Machine:
    """The state of the behaviour.

    ``wishes`` are pressed keys whose turn has not come, ``papers`` tickets that are issued but not yet in the printer,
    ``printed`` the last papers that came out, ``given_up`` the last tickets whose papers could not be confirmed. ``printer``
    is ``None`` until it has been heard of. ``flash`` are the keys whose wish has just been refused. ``shown`` and ``lit``
    are what text line and lamps were last told.
    """

    ids: RequestIds
    keys: tuple[GroupId, ...]
    settings: KioskSettings | None = None
    clock: HallClock = NO_CLOCK
    hall: HallBoard | None = None
    printer: Part | None = None
    stuck: tuple[str, ...] = ()
    situation: Situation = Idle()
    wishes: tuple[Wish, ...] = ()
    papers: tuple[Paper, ...] = ()
    printed: tuple[Done, ...] = ()
    given_up: tuple[TicketId, ...] = ()
    care_until: Ms | None = None
    sentence: Sentence | None = None
    flash: tuple[str, ...] = ()
    shown: Lines | None = None
    lit: dict[str, Pattern] = field(default_factory=dict)

    @property
    def can_print(self) -> bool:
        """Whether a paper may be begun."""
        return self.printer is not None and self.printer.condition is not Condition.FAULT

    @property
    def care_armed(self) -> bool:
        """Whether the next key is for the care channel."""
        return self.care_until is not None

    def waited_for(self) -> frozenset[GroupId]:
        """The groups for which somebody stands at the machine."""
        groups = {wish.group for wish in self.wishes}
        match self.situation:
            case AwaitingNumber(wish):
                groups.add(wish.group)
            case Printing(Paper(presser=True) as paper):
                groups.add(paper.issued.group)
            case _:
                pass
        return frozenset(groups)


Result: TypeAlias = tuple[Machine, Sequence[Effect]]


def refuse(machine: Machine, lines: Lines, until: Ms, groups: Sequence[str]) -> Machine:
    """Tell the person no: a sentence, and the lamp of the key flashes."""
    return replace(machine, sentence=Sentence(lines, until), flash=(*machine.flash, *groups))
