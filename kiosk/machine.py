"""Everything a ticket machine knows at one moment, and the situations it can be in."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from contracts.messages import HallBoard, KioskSettings, OfflineTicketTaken, TicketIssued
from contracts.values import Condition, GroupId, HallTime, HolderHash, Ms, PrintProof, RequestId, TicketNo
from firmware.drivers.lamps import Pattern
from firmware.runtime.steps import Effect, HallClock, RequestIds
from kiosk.numbers import OwnNumbers
from kiosk.talk import SILENT, Asked, Talk

PRINTER = "printer"
KEYS = "keys"
LAMPS = "lamps"
TEXT = "text_line"
CARE = "care"
"""The name of the 爱心 key and its lamp; no queue group has it, they are one letter."""

Lines = tuple[str, ...]
NO_CLOCK = HallClock()
NO_NUMBERS = OwnNumbers()


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody pressed the key of a group and waits for a paper.

    ``attempt_of`` is the request the service left without an answer, asked at ``asked_at``: it is not asked again.
    ``holder`` stands for the card that was read before, ``by_age`` for the offer its age brought, ``project`` is a code.
    """

    group: GroupId
    care: bool
    attempt_of: RequestId | None = None
    asked_at: Ms | None = None
    holder: HolderHash | None = None
    by_age: bool = False
    project: str | None = None


@dataclass(frozen=True, slots=True)
class OwnTicket:
    """A number the machine gave by itself. ``at`` is the hall clock of the press, ``None`` where it was not known."""

    taken: OfflineTicketTaken
    at: HallTime | None

    @property
    def group(self) -> GroupId:
        """Its queue group."""
        return self.taken.group


@dataclass(frozen=True, slots=True)
class Paper:
    """A ticket to be printed. ``copy`` is what is printed on it as 补打n, 0 for none.

    ``presser``: somebody waits for it at the machine. ``attempts``: how often a part of it may have come out.
    """

    issued: TicketIssued | OwnTicket
    copy: int
    presser: bool = False
    attempts: int = 0

    @property
    def key(self) -> str:
        """What names the ticket here: the service's id, or the request id of a number of our own."""
        return self.issued.taken.request_id if isinstance(self.issued, OwnTicket) else self.issued.ticket

    @property
    def job(self) -> str:
        """The name under which the printer gets it."""
        return f"{self.key}#{self.copy}"


@dataclass(frozen=True, slots=True)
class Idle:
    """Nobody is being served."""


@dataclass(frozen=True, slots=True)
class AwaitingNumber:
    """The service was asked for a ticket. Without an answer by ``give_up_at`` the machine gives a number of its own."""

    wish: Wish
    request_id: RequestId
    asked_at: Ms
    give_up_at: Ms


@dataclass(frozen=True, slots=True)
class Printing:
    """The printer has a paper."""

    paper: Paper


Situation = Idle | AwaitingNumber | Printing


@dataclass(frozen=True, slots=True)
class Done:
    """A paper that certainly came out in this boot; ``own`` tells a number of the machine's own."""

    key: str
    copy: int
    proof: PrintProof
    own: bool = False


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
class Held:
    """Whose card an own number of this outage was given on, in which group."""

    holder: HolderHash
    group: GroupId
    no: TicketNo


@dataclass(frozen=True, slots=True)
class Machine:
    """The state of the behaviour.

    ``wishes`` are pressed keys whose turn has not come, ``papers`` tickets that are issued but not yet in the printer,
    ``printed`` the last papers that came out, ``given_up`` the last tickets whose papers could not be confirmed. ``printer``
    is ``None`` until it has been heard of. ``numbers`` is how far its own numbers have come, ``attempts`` the last requests
    whose press got one of them, ``secret`` what their tokens are made from. ``flash`` are the keys whose wish has just been
    refused. ``shown`` and ``lit`` are what text line and lamps were last told.

    ``talk`` is what goes on with the person in front, until ``talk_until``; ``asked`` what the service was asked in it;
    ``overdue`` are the last check-ins given up, whose ticket is printed even late: an appointment is kept only once.
    ``held`` are the own numbers given on a card since the service was last heard. ``parts`` are reader and keypad.
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
    given_up: tuple[str, ...] = ()
    numbers: OwnNumbers = NO_NUMBERS
    attempts: tuple[RequestId, ...] = ()
    secret: bytes = field(default=b"", repr=False)
    care_until: Ms | None = None
    talk: Talk = SILENT
    talk_until: Ms | None = None
    asked: tuple[Asked, ...] = ()
    overdue: tuple[RequestId, ...] = ()
    held: tuple[Held, ...] = ()
    parts: dict[str, Part] = field(default_factory=dict)
    large: bool = False
    project_form: str = ""
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

    @property
    def is_emergency(self) -> bool:
        """Whether everybody is asked to leave (HALL-8.2)."""
        return self.hall is not None and self.hall.emergency

    def hall_now(self, now: Ms) -> HallTime | None:
        """The hall clock, if it is certain: what may stand on a paper and tell one day from the next."""
        return self.clock.at(now) if self.clock.confirmed else None

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

    def waiting_holders(self) -> frozenset[tuple[GroupId, HolderHash | None]]:
        """For whom, as far as a card tells, a ticket is asked for or waits to be."""
        wishes = [*self.wishes]
        if isinstance(self.situation, AwaitingNumber):
            wishes.append(self.situation.wish)
        return frozenset((wish.group, wish.holder) for wish in wishes)


Result: TypeAlias = tuple[Machine, Sequence[Effect]]


def refuse(machine: Machine, lines: Lines, until: Ms, groups: Sequence[str]) -> Machine:
    """Tell the person no: a sentence, and the lamp of the key flashes."""
    return replace(machine, sentence=Sentence(lines, until), flash=(*machine.flash, *groups))
