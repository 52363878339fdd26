"""What departments and leaders ask about rotation: somebody else is to come for a person of the hall (ROT)."""

from contracts.messages.base import Answer, Perishable
from contracts.values import RotationNo, StaffNo


class RotationRequested(Perishable, frozen=True, kw_only=True):
    """A department asks to change a person (ROT-4). The answer's ``no`` is its number, ``unmet`` what speaks against it.

    That is ``year`` (with ``days`` left of the first one), ``window``, both or nothing.

    ``name`` and ``particulars`` are those of who is to come, who is nobody of the hall yet: they and the ``reason`` are
    sealed before anything is stored.
    """

    actor: StaffNo
    outgoing: StaffNo
    name: str
    reason: str
    particulars: str = ""


class RotationDecisionRequested(Perishable, frozen=True, kw_only=True):
    """The management office decides; not to agree is the default (ROT-6). ``explanation``: from 10 characters on, sealed."""

    actor: StaffNo
    rotation: RotationNo
    approve: bool = False
    explanation: str = ""


class RotationShowRequested(Perishable, frozen=True, kw_only=True):
    """Who decides, or has asked, wants to read what is sealed; that it was read is recorded."""

    actor: StaffNo
    rotation: RotationNo


class RotationCloseRequested(Perishable, frozen=True, kw_only=True):
    """The person has handed over and gives the card back (ROT-7). ``successor`` is who has come, by their staff number.

    What the hall does not know of is confirmed: ``cases`` handed over, borrowed ``items`` given back.
    """

    actor: StaffNo
    rotation: RotationNo
    cases: bool = False
    items: bool = False
    successor: StaffNo | None = None


class RotationShown(Answer, frozen=True, kw_only=True):
    """What was sealed, to the node that asked and nobody else; empty if its time was over and it is destroyed."""

    rotation: RotationNo
    name: str
    particulars: str
    reason: str
    explanation: str
