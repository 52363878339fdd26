"""What the people of a post say to each other when one takes over from the other, and back (AB-4).

At a counter terminal a request is of whoever is logged in there; elsewhere ``actor`` names the person. Free text may name
visitors: the service takes it out of a request before anything is decided (docs/decisions/0021).
"""

from msgspec import Struct

from contracts.messages.base import Answer, Perishable
from contracts.values import CounterId, HandoverAct, HandoverKind, HandoverNo, ListedKind, StaffNo


class HandoverRequested(Perishable, frozen=True, kw_only=True):
    """A hands the post over before leaving (AB-4.2a). ``counter`` is needed only by who is A of several."""

    actor: StaffNo | None = None
    counter: CounterId | None = None
    remarks: str = ""


class HandoverPhoneRequested(Perishable, frozen=True, kw_only=True):
    """B has taken over and A has told them by telephone what is open (AB-4.2b)."""

    actor: StaffNo | None = None
    counter: CounterId | None = None
    remarks: str = ""


class HandoverAckRequested(Perishable, frozen=True, kw_only=True):
    """B has read what is handed over (AB-4.2a). ``None``: the oldest that waits for this person."""

    actor: StaffNo | None = None
    no: HandoverNo | None = None


class HandoverShowRequested(Perishable, frozen=True, kw_only=True):
    """B wants to see whom to telephone, and what is open; without a number that of the counter they act for (AB-4.2b)."""

    actor: StaffNo | None = None
    no: HandoverNo | None = None
    counter: CounterId | None = None


class HandoverReturnRequested(Perishable, frozen=True, kw_only=True):
    """B makes the return list, and names the papers that go back with it (AB-4.4)."""

    actor: StaffNo | None = None
    no: HandoverNo | None = None
    documents: str = ""


class HandoverConfirmRequested(Perishable, frozen=True, kw_only=True):
    """A or B confirms the return list (AB-4.4)."""

    actor: StaffNo | None = None
    no: HandoverNo | None = None


class SubstituteRequested(Perishable, frozen=True, kw_only=True):
    """A duty leader names a third person for a post whose B is away too (AB-2)."""

    actor: StaffNo
    counter: CounterId
    staff: StaffNo


class HandoverItem(Struct, frozen=True, kw_only=True):
    """Something in a list of a hand-over: a number that staff know it by."""

    what: ListedKind
    no: str


class HandoverTold(Answer, frozen=True, kw_only=True):
    """The hand-over that was asked about, for this person alone: never on a topic that others read.

    ``act`` is what was done. ``phone`` is A's number, for who takes over. ``done`` and ``still`` stand once it was given
    back; ``served`` are the sessions of all its days. ``remarks`` and ``documents`` are empty at a terminal, and once their
    time is over. ``handover`` is empty for one that is not entered yet.
    """

    act: HandoverAct
    handover: HandoverNo
    counter: CounterId
    giver: StaffNo
    giver_name: str
    taker: StaffNo
    taker_name: str
    kind: HandoverKind
    phone: str = ""
    listed: tuple[HandoverItem, ...] = ()
    done: tuple[str, ...] = ()
    served: int = 0
    still: tuple[HandoverItem, ...] = ()
    remarks: str = ""
    documents: str = ""
