"""What was seen in a hall from outside: paper, lamps, signs, fingers and cards. Times are the simulator's milliseconds."""

from dataclasses import dataclass, field

from contracts.values import CounterId, Ms


@dataclass(frozen=True, slots=True)
class PaperSeen:
    """A piece of paper came out with a number on it. ``code`` is what its QR code says, empty if not read."""

    at: Ms
    kiosk: str
    no: str
    whole: bool
    reprint: bool
    code: str


@dataclass(slots=True)
class KeyPress:
    """Somebody pressed the key of a queue group; ``answered``: by a paper or a sentence; ``must_answer``: it has to be."""

    at: Ms
    kiosk: str
    group: str
    must_answer: bool = False
    answered: str = ""


@dataclass(frozen=True, slots=True)
class FacePress:
    """Somebody pressed a face of a pad. ``lit``: its lamp then burnt alone."""

    at: Ms
    pad: str
    level: int
    lit: bool


@dataclass(frozen=True, slots=True)
class CardShown:
    """Somebody held a card to the attendance clock; every card is used once. ``green``: the clock said that it is safe."""

    at: Ms
    clock: str
    staff: str
    green: bool


@dataclass(frozen=True, slots=True)
class SignCalled:
    """A sign began to call a number."""

    at: Ms
    counter: CounterId
    no: str


@dataclass(frozen=True, slots=True)
class CallTimed:
    """A clerk saw a number on the terminal; ``sign_after`` is when the sign showed it, ``None``: not while it was called."""

    at: Ms
    counter: CounterId
    no: str
    sign_after: Ms | None
    calm: bool


@dataclass(slots=True)
class History:
    """Everything that was seen in one episode."""

    papers: list[PaperSeen] = field(default_factory=list)
    presses: list[KeyPress] = field(default_factory=list)
    faces: list[FacePress] = field(default_factory=list)
    cards: list[CardShown] = field(default_factory=list)
    signs: list[SignCalled] = field(default_factory=list)
    timed: list[CallTimed] = field(default_factory=list)
    final_signs: dict[CounterId, str] = field(default_factory=dict)
    stuck: list[str] = field(default_factory=list)
    """Tickets that had not ended although clerks went on pressing."""
    crashes: list[str] = field(default_factory=list)
    """Processes that ended although nobody had struck them."""
    misread: list[str] = field(default_factory=list)
    """Papers without a number, and what devices had to refuse."""


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket as the database has it in the end."""

    no: str
    group: str
    state: str
    reason: str
    printed: str
    kiosk: str
    token: str
    """What its QR code must end with."""


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call as the database has it."""

    no: str
    counter: str


@dataclass(frozen=True, slots=True)
class RatingRow:
    """A rating as the database has it: from which pad, recorded or refused."""

    pad: str
    level: int
    session: str
    refused: str


@dataclass(frozen=True, slots=True)
class Records:
    """What the database says in the end, in the order in which it happened.

    ``issued`` are the numbers given to what was asked for at each kiosk.
    """

    tickets: tuple[TicketRow, ...] = ()
    calls: tuple[CallRow, ...] = ()
    ratings: tuple[RatingRow, ...] = ()
    punches: tuple[str, ...] = ()
    """Whose punch, one for each."""
    issued: dict[str, list[str]] = field(default_factory=dict)
    differences: tuple[str, ...] = ()
    """What ``verify`` found."""
    broken: tuple[str, ...] = ()
    """What the invariants of the rules said, after every decision."""
