"""What is going on between a ticket machine and the person before it, beside the tickets: situations and keys. Pure data.

A conversation never holds up a ticket: papers are asked for and printed meanwhile, and a group key ends it with a ticket. It
is over :data:`TALK_STAYS` after the last key or card. What is known of a card is a keyed hash and whether its holder is of
an age for the care channel; number, name and birth are gone before the first of these situations begins.
"""

from dataclasses import dataclass, field
from enum import Enum

from contracts.values import GroupId, HolderHash, Ms, RequestId, TicketNo

ID_READER = "id_reader"
KEYPAD = "keypad"
DIGITS = tuple("0123456789")
OK, BACK = "ok", "back"
APPOINTMENT, REACTIVATE, PROJECT, HELP = "appointment", "reactivate", "project", "help"
FUNCTIONS = (APPOINTMENT, REACTIVATE, PROJECT, HELP)
KEYPAD_KEYS = (*DIGITS, OK, BACK, *FUNCTIONS)

TALK_STAYS: Ms = 20_000
COUNTS_DOWN: Ms = 5_000
"""So long before it ends the person sees the seconds (tm.countdown)."""
ANSWERED_WITHIN: Ms = 3_500
"""A request of a conversation perishes after 3 s; what is not answered soon after will not be."""

PHONE_DIGITS, CODE_DIGITS = 4, 6
MOST_TICKET_DIGITS = 6
MOST_PROJECT_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who laid a card on the reader. ``holder`` is ``None`` where the key of the day is not known, or the day."""

    holder: HolderHash | None = None
    by_age: bool = False


NOBODY = Visitor()


@dataclass(frozen=True, slots=True)
class Silent:
    """Nobody has begun anything."""


@dataclass(frozen=True, slots=True)
class OfferingCare:
    """The card's holder is of an age for the care channel. It counts for the next group key unless it is declined."""

    visitor: Visitor


@dataclass(frozen=True, slots=True)
class ChoosingService:
    """Everything is said; a group key takes the ticket."""

    visitor: Visitor = NOBODY
    care: bool = False
    project: str | None = None


@dataclass(frozen=True, slots=True)
class NamingTicket:
    """恢复排队: a card, or the letter of a missed number by its group key and the digits."""

    group: GroupId | None = None
    digits: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmingReturn:
    """Shall this number wait again?"""

    group: GroupId
    digits: str

    @property
    def no(self) -> TicketNo:
        """The number as the service gives them."""
        return TicketNo(f"{self.group}{self.digits.zfill(3)}")

    @property
    def own_no(self) -> TicketNo | None:
        """The same keys as a number a machine gave by itself, ``A2-03``; nobody need look for the hyphen."""
        machine, ordinal = self.digits[:1], self.digits[1:]
        return TicketNo(f"{self.group}{machine}-{ordinal}") if len(ordinal) > 1 and machine != "0" else None


@dataclass(frozen=True, slots=True)
class CheckingIn:
    """预约签到: a card, or four digits of a telephone and six of the booking code."""

    digits: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class NamingProject:
    """重点项目: the digits of the project's code."""

    visitor: Visitor = NOBODY
    digits: str = ""


def project_code(digits: str, form: str) -> str:
    """The code these digits stand for: ``2026007`` is ``YA2026-007`` in the form ``YA####-###``.

    Without a form, or with another number of digits than it has places, the digits are the code; the service judges it.
    """
    if form.count("#") != len(digits):
        return digits
    rest = iter(digits)
    return "".join(next(rest) if place == "#" else place for place in form)


Talk = Silent | OfferingCare | ChoosingService | NamingTicket | ConfirmingReturn | CheckingIn | NamingProject
SILENT = Silent()


class Purpose(Enum):
    """What the service was asked in a conversation."""

    RETURN = "return"
    CHECK_IN = "check_in"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question under way. ``otherwise`` is asked next if no such ticket is known; ``by_card``: a card asked it."""

    purpose: Purpose
    request_id: RequestId
    give_up_at: Ms
    otherwise: TicketNo | None = None
    by_card: bool = False
