"""What the status bytes of an ESC/POS printer mean (``DLE EOT n``, hardware 2.2). Pure.

Every status byte has bits 1 and 4 set and bits 0 and 7 clear, which tells it from noise; the answer to ``GS r 1`` has bits
4 and 7 clear, which tells it from a status byte.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from contracts.values import Condition


class Question(IntEnum):
    """The n of ``DLE EOT n``."""

    PRINTER = 1
    OFFLINE_CAUSE = 2
    ERROR = 3
    PAPER = 4


class Trouble(StrEnum):
    """What can be the matter, the gravest first: that one is told."""

    UNPLUGGED = "unplugged"
    """The wire is gone."""
    SILENT = "silent"
    """It answers nothing."""
    UNCONFIRMED = "unconfirmed"
    """It answers status, but not the barrier after a paper."""
    UNRECOVERABLE = "unrecoverable_error"
    CUTTER = "cutter_error"
    COVER_OPEN = "cover_open"
    PAPER_OUT = "paper_out"
    ERROR = "printer_error"
    OVERHEATED = "recoverable_error"
    """An error that goes by itself, such as a hot head."""
    OFFLINE = "offline"
    """Off line for a reason it does not give."""
    PAPER_LOW = "paper_low"


OK_CODE = "ok"

_BITS: dict[Question, tuple[tuple[int, Trouble], ...]] = {
    Question.PRINTER: ((0x08, Trouble.OFFLINE),),
    Question.OFFLINE_CAUSE: ((0x04, Trouble.COVER_OPEN), (0x20, Trouble.PAPER_OUT), (0x40, Trouble.ERROR)),
    Question.ERROR: ((0x08, Trouble.CUTTER), (0x20, Trouble.UNRECOVERABLE), (0x40, Trouble.OVERHEATED)),
    Question.PAPER: ((0x0C, Trouble.PAPER_LOW), (0x60, Trouble.PAPER_OUT)),
}


@dataclass(frozen=True, slots=True)
class Health:
    """How a printer is; ``code`` is ``ok`` or a :class:`Trouble`."""

    condition: Condition
    code: str

    @property
    def prints(self) -> bool:
        """Whether a paper may be begun."""
        return self.condition is not Condition.FAULT


WELL = Health(Condition.OK, OK_CODE)


def ask(question: Question) -> bytes:
    """The realtime request for one status byte."""
    return b"\x10\x04" + bytes([question])


def status_bytes(data: bytes) -> bytes:
    """Those of these bytes that can be answers to ``DLE EOT``."""
    return bytes(byte for byte in data if byte & 0x93 == 0x12)  # noqa: PLR2004 - the fixed bits


def barrier_bytes(data: bytes) -> bytes:
    """Those of these bytes that can be answers to ``GS r 1`` (bits 5 and 6 are undefined, Epson TM-U220 manual)."""
    return bytes(byte for byte in data if byte & 0x90 == 0)


def troubles(question: Question, answer: int) -> frozenset[Trouble]:
    """What the answer to this question says is the matter."""
    return frozenset(trouble for bits, trouble in _BITS[question] if answer & bits)


def health(found: Iterable[Trouble]) -> Health:
    """The health of a printer with these troubles: the gravest counts, and low paper is only a warning."""
    present = set(found)
    gravest = next((trouble for trouble in Trouble if trouble in present), None)
    if gravest is None:
        return WELL
    return Health(Condition.WARNING if gravest is Trouble.PAPER_LOW else Condition.FAULT, gravest.value)
