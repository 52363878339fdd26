"""Rotation of stationed people: asked for, decided, closed (ROT). Their ledger is these facts.

``sealed`` and ``explanation`` are references into the vault; in clear nothing stands here of who is to come, or why.
"""

from msgspec import Struct

from broker.rules.facts.base import Fact
from contracts.values import RotationNo, StaffNo


class RotationAsked(Fact, frozen=True, kw_only=True):
    """A department asks to change a person (ROT-4), with what speaks against it on this day.

    ``days_left``: until the person has served a year; 0 for who has, and for the operator's own people (ROT-3).
    """

    rotation: RotationNo
    outgoing: StaffNo
    department: str
    sealed: str
    within_window: bool
    one_year_served: bool
    days_left: int
    actor: StaffNo


class RotationDecided(Fact, frozen=True, kw_only=True):
    """The management office agreed, or did not. ``exception``: agreed although a condition is not met (ROT-6)."""

    rotation: RotationNo
    approved: bool
    exception: bool
    explanation: str
    actor: StaffNo


class RotationSealRead(Fact, frozen=True, kw_only=True):
    """Who has read what is sealed."""

    rotation: RotationNo
    actor: StaffNo


class RotationClosed(Fact, frozen=True, kw_only=True):
    """Everything is handed over; the card may be withdrawn (ROT-7). ``actor`` confirms cases and borrowed items."""

    rotation: RotationNo
    successor: StaffNo | None
    actor: StaffNo


class RotationOnFile(Struct, frozen=True, kw_only=True):
    """A rotation that is not closed. ``approved`` is ``None`` until it is decided."""

    no: RotationNo
    outgoing: StaffNo
    department: str
    sealed: str
    within_window: bool
    one_year_served: bool
    days_left: int
    approved: bool | None = None
    explanation: str = ""

    @property
    def is_regular(self) -> bool:
        """Whether both conditions are met; they are independent of each other (ROT-6)."""
        return self.within_window and self.one_year_served


RotationFact = RotationAsked | RotationDecided | RotationSealRead | RotationClosed
"""Facts of rotation."""
