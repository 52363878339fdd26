"""What is personal is taken out of a request before the rules see it. Pure; who keeps it stands in ``broker.vault``.

In its place the rules get a reference that says nothing, and so does everything they decide: facts, answers, states. A
person with an ID card is known to them by a pseudonym of one day (docs/decisions/0021).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from broker.rules.hours import day_of
from contracts import messages as m
from contracts.pins import is_stretched
from contracts.values import HolderHash

MARK = "~"
"""What every reference begins with; no telephone number, name or hash of ours does."""
LONGEST = 80
LONGEST_NOTE = 500
LONGEST_REASON = 200
LONGEST_PARTICULARS = 500
_FEWEST_WORDS = 10
_FEWEST_DIGITS = 7
_Reasoned = m.LeaveSubmitRequested | m.LeaveRenewRequested | m.LeaveImportRequested | m.LeaveRejectRequested


class Kind(StrEnum):
    """How long a secret is kept, ``params.retention_days`` (2.6)."""

    TICKET = "ticket"
    """``ticket_identity``: who holds a ticket, and why somebody is cared for."""
    CONTACT = "contact"
    """``appointment_contact``: how a person with an appointment is reached, and the code they check in with."""
    NOTE = "note"
    """``staff_notes``: what staff write to each other about visitors when one takes over from the other."""
    OUTING = "outing"
    """``attendance``: why and where to somebody is out, and why it was decided as it was."""
    ROTATION = "rotation"
    """``attendance``: who is to come for somebody of the hall, and why, as long as they are nobody of the hall."""
    LEAVE = "leave"
    """``attendance``: why somebody asks for leave, why it was rejected, and why it may leave a post empty."""


class Secret(NamedTuple):
    """What was taken out, under the reference that stands in its place. ``day`` is the one its retention counts from."""

    reference: str
    kind: Kind
    day: date
    content: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A request without anything personal, and what was in it."""

    request: m.Request
    secrets: tuple[Secret, ...] = ()


class Hand(Protocol):
    """What sealing needs from outside: chance, and the keys of the day."""

    def reference(self) -> str:
        """A new reference."""

    def code(self) -> str:
        """Six random digits a person checks in with."""

    def person(self, day: date, holder: HolderHash) -> HolderHash:
        """The pseudonym of this holder on this day; the same each time."""

    def verifier(self, stretched: str) -> str:
        """What may be stored of a PIN (``contracts.pins.verifier``)."""

    def checked_in_by(self, day: date, proof: str) -> str:
        """The reference of the contact whose telephone number and code this proof is made of; one of nobody's if none."""


def sealed(request: m.Request, today: date, hand: Hand) -> Sealed:  # noqa: C901, PLR0911, PLR0912 -- a table, one case a request
    """The request as the rules may see it."""
    match request:
        case m.AppointmentRequested():
            return _appointment(request, hand)
        case m.AppointmentChangeRequested(at=at, holder=holder) if holder is not None:
            return Sealed(replace(request, holder=hand.person(day_of(at), holder)))
        case m.ClassChangeRequested(basis=basis) if basis:
            reference = hand.reference()
            secret = Secret(reference, Kind.TICKET, today, {"ticket": request.ticket, "basis": basis[:LONGEST]})
            return Sealed(replace(request, basis=reference), (secret,))
        case m.HandoverRequested() | m.HandoverPhoneRequested() | m.HandoverReturnRequested():
            return _handover(request, today, hand)
        case m.OutingRequested() | m.OutingRejectRequested() | m.OutingExtendRequested() | m.OutingApproveRequested():
            return (
                _outing(request, today, hand) if isinstance(request, m.OutingRequested) else _decided(request, today, hand)
            )
        case m.RotationRequested():
            return _rotation(request, today, hand)
        case m.RotationDecisionRequested():
            return _explained(request, today, hand)
        case m.LeaveSubmitRequested() | m.LeaveRenewRequested() | m.LeaveImportRequested() | m.LeaveRejectRequested():
            return _reasoned(request, today, hand)
        case m.LeaveApproveRequested(override=override) if override.strip():
            reference = hand.reference()
            secret = Secret(reference, Kind.LEAVE, today, {"text": override.strip()[:LONGEST_REASON]})
            return Sealed(replace(request, override=reference), (secret,))
        case m.CheckInRequested():
            proof = None if request.proof is None else hand.checked_in_by(today, request.proof)
            return Sealed(replace(request, proof=proof, holder=_person(today, request.holder, hand)))
        case m.PinRequested():
            known = hand.verifier(request.stretched) if is_stretched(request.stretched) else ""
            return Sealed(replace(request, stretched=known))
        case m.TicketRequested() | m.ReactivateRequested() | m.OfflineTicketTaken() if request.holder is not None:
            return Sealed(replace(request, holder=_person(today, request.holder, hand)))
        case _:
            return Sealed(request)


def _outing(request: m.OutingRequested, today: date, hand: Hand) -> Sealed:
    """Reason and place lie together. If one is missing nothing is kept: the rules refuse it."""
    reason, place = request.reason.strip()[:LONGEST_REASON], request.place.strip()[:LONGEST_REASON]
    if not reason or not place:
        return Sealed(replace(request, reason=MARK if reason else "", place=MARK if place else ""))
    reference = hand.reference()
    secret = Secret(reference, Kind.OUTING, today, {"reason": reason, "place": place})
    return Sealed(replace(request, reason=reference, place=reference), (secret,))


def _decided(
    request: m.OutingRejectRequested | m.OutingExtendRequested | m.OutingApproveRequested, today: date, hand: Hand
) -> Sealed:
    """Why it was decided so; nothing for nothing."""
    field = "override" if isinstance(request, m.OutingApproveRequested) else "reason"
    reason = getattr(request, field).strip()[:LONGEST_REASON]
    if not reason:
        return Sealed(replace(request, **{field: ""}))
    reference = hand.reference()
    return Sealed(replace(request, **{field: reference}), (Secret(reference, Kind.OUTING, today, {"reason": reason}),))


def _reasoned(request: _Reasoned, today: date, hand: Hand) -> Sealed:
    """Whoever gives no reason leaves none behind, and is refused by the rules."""
    reason = request.reason.strip()[:LONGEST_REASON]
    if not reason:
        return Sealed(replace(request, reason=""))
    reference = hand.reference()
    return Sealed(replace(request, reason=reference), (Secret(reference, Kind.LEAVE, today, {"text": reason}),))


def _person(day: date, holder: HolderHash | None, hand: Hand) -> HolderHash | None:
    return None if holder is None else hand.person(day, holder)


def _handover(
    request: m.HandoverRequested | m.HandoverPhoneRequested | m.HandoverReturnRequested, today: date, hand: Hand
) -> Sealed:
    """Remarks and papers may name visitors; blank ones are none."""
    field = "documents" if isinstance(request, m.HandoverReturnRequested) else "remarks"
    text: str = getattr(request, field).strip()
    if not text:
        return Sealed(replace(request, **{field: ""}))
    secret = Secret(hand.reference(), Kind.NOTE, today, {"text": text[:LONGEST_NOTE]})
    return Sealed(replace(request, **{field: secret.reference}), (secret,))


def _appointment(request: m.AppointmentRequested, hand: Hand) -> Sealed:
    """Without a contact that can be used nothing is sealed: the rules refuse it, and nobody keeps the name."""
    day, contact = day_of(request.at), request.contact.strip()
    bare = replace(request, contact="", name="", holder=_person(day, request.holder, hand))
    if not is_contact(contact):
        return Sealed(bare)
    reference = hand.reference()
    content = {"contact": contact, "name": request.name.strip()[:LONGEST], "code": hand.code()}
    return Sealed(replace(bare, contact=reference), (Secret(reference, Kind.CONTACT, day, content),))


def _rotation(request: m.RotationRequested, today: date, hand: Hand) -> Sealed:
    """Without a name or a reason nothing is sealed: the rules refuse it."""
    name, reason = request.name.strip()[:LONGEST], request.reason.strip()[:LONGEST_PARTICULARS]
    bare = replace(request, name="", particulars="", reason="")
    if not name or not reason:
        return Sealed(bare)
    reference = hand.reference()
    content = {"name": name, "particulars": request.particulars.strip()[:LONGEST_PARTICULARS], "reason": reason}
    return Sealed(replace(bare, name=reference), (Secret(reference, Kind.ROTATION, today, content),))


def _explained(request: m.RotationDecisionRequested, today: date, hand: Hand) -> Sealed:
    """Of too few words only the mark is left, by which the rules know that there were some (ROT-6)."""
    words = request.explanation.strip()[:LONGEST_PARTICULARS]
    if len(words) < _FEWEST_WORDS:
        return Sealed(replace(request, explanation=MARK if words else ""))
    reference = hand.reference()
    secret = Secret(reference, Kind.ROTATION, today, {"explanation": words})
    return Sealed(replace(request, explanation=reference), (secret,))


def is_contact(text: str) -> bool:
    """Whether somebody can be reached by it: a telephone number, or an address with an @."""
    return 0 < len(text) <= LONGEST and ("@" in text or sum(one.isdigit() for one in text) >= _FEWEST_DIGITS)


def phone_tail(contact: str) -> str:
    """The last four digits of a telephone number, which its owner types at a machine; empty for another contact."""
    digits = "".join(one for one in contact if one.isascii() and one.isdigit())
    return digits[-4:] if "@" not in contact and len(digits) >= _FEWEST_DIGITS else ""
