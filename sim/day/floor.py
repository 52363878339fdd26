"""The floor of the hall: who holds which number, and what everybody needs of everybody else."""

from dataclasses import dataclass, field

from contracts import messages as m
from contracts.values import AppointmentId, CounterId, CounterPhase, GroupId, HallPhase, StaffNo, TicketId, TicketNo
from sim.day.draw import Visitor
from sim.day.house import House
from sim.day.nature import Nature

OPS = "OPS-01"
GUIDE = StaffNo("S004")
LEADER = StaffNo("S002")


_AT_WORK = (CounterPhase.FREE, CounterPhase.CALLED, CounterPhase.SERVING)


@dataclass
class Holder:
    """A visitor with a number. ``here`` tells whether they would come if they were called now."""

    visitor: Visitor
    ticket: TicketId
    no: TicketNo
    here: bool = True
    missed: int = 0
    """How often they did not come."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a paper said of waiting, in minutes, and what a person could count: those ahead, the counters at work."""

    low: int | None
    high: int | None
    ahead: int
    counters: int
    group: GroupId


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment, the code its holder was told, and whose it is."""

    appointment: AppointmentId
    code: str
    visitor: Visitor


@dataclass
class Floor:
    """Everybody in the hall."""

    house: House
    nature: Nature
    holders: dict[TicketNo, Holder] = field(default_factory=dict)
    told: dict[TicketId, Told] = field(default_factory=dict)
    booked: dict[int, Booked] = field(default_factory=dict)
    """Appointments by the number of the visitor."""
    lost: int = 0
    """Visitors who got no number at all."""
    came_back: int = 0
    """Visitors who missed their number and were let into the line once more."""

    @property
    def phase(self) -> HallPhase:
        """The part of the day as the hall board says it."""
        board = self.board
        return HallPhase.CLOSED if board is None else board.phase

    @property
    def board(self) -> m.HallBoard | None:
        """The hall board, once it is there."""
        state = self.house.states.get(self.house.topics.hall_board)
        return state if isinstance(state, m.HallBoard) else None

    def desk(self, counter: CounterId) -> m.DeskState | None:
        """What the terminal of a counter shows."""
        state = self.house.states.get(self.house.topics.desk(counter))
        return state if isinstance(state, m.DeskState) else None

    @property
    def calls(self) -> bool:
        """Whether anybody may be called now."""
        board = self.board
        if board is None or board.emergency:
            return False
        return board.phase in (HallPhase.OPEN, HallPhase.AFTER_CLOSING) or (
            board.phase is HallPhase.NOON and board.noon_service
        )

    def has_pad(self, counter: CounterId) -> bool:
        """Whether a rating pad stands there."""
        return any(one.kind == "rating_pad" and one.counter == counter for one in self.house.config.devices)

    def working_for(self, group: GroupId) -> int:
        """How many counters work for a group, as anybody in the hall can count them."""
        counters = [one.id for one in self.house.config.counters if group in one.groups]
        board = self.board
        added = [] if board is None else [one.counter for one in board.added if one.group == group]
        desks = [self.desk(one) for one in dict.fromkeys([*counters, *added])]
        return sum(desk is not None and desk.phase in _AT_WORK for desk in desks)
