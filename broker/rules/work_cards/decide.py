"""What is asked about work cards and PINs: lost, found, a PIN typed, a PIN taken away (COND-4, D15)."""

import re

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, Rule, done, refused
from broker.rules.hall import Hall
from broker.rules.roles import CARD_DESK, STAFF_NODES, lacks_role
from broker.schema import Role
from contracts import messages as m
from contracts.pins import SALT_BYTES, VERIFIER_DIGITS
from contracts.values import HallTime, Refusal, StaffNo

_REPORTING: tuple[Role, ...] = (*CARD_DESK, "inspector")
_SALT = re.compile(rf"[0-9a-f]{{{2 * SALT_BYTES}}}")
_VERIFIER = re.compile(rf"[0-9a-f]{{{VERIFIER_DIGITS}}}")


def card_lost(hall: Hall, asker: Asker, request: m.CardLostRequested, _now: HallTime) -> Decision:
    """A card is lost, by its person or somebody in charge; or it is found. Said twice is the same as once.

    The card meant is the one the configuration names now. A new card in hall.toml needs no word here: the old number stays
    on the list, the new one never was.
    """
    may = _may_give_back(hall, request) if request.found else _may(hall, request.actor, request.staff, _REPORTING, own=True)
    person = hall.in_force.staff.get(request.staff)
    if may is not None or person is None:
        return refused(asker, request, may or No(Refusal.UNKNOWN_STAFF))
    if person.card is None:
        return refused(asker, request, No(Refusal.BAD_VALUE, f"{person.id} has no work card in hall.toml"))
    known = hall.work_cards.lost.get(person.card)
    if request.found:
        return done(asker, request, *([] if known is None else [f.CardFound(lost=known, actor=request.actor)]))
    lost = f.LostCard(card=person.card, staff=person.id)
    return done(asker, request, *([] if known == lost else [f.CardReportedLost(lost=lost, actor=request.actor)]))


def _may_give_back(hall: Hall, request: m.CardLostRequested) -> No | None:
    """Whoever lost a card cannot be the one to say that it is the right one again."""
    return _may(hall, request.actor, request.staff, CARD_DESK) or (
        No(Refusal.OWN_CASE, "somebody else looks at the card that was found") if request.actor == request.staff else None
    )


def pin(hall: Hall, asker: Asker, request: m.PinRequested, _now: HallTime) -> Decision:
    """A PIN as the shell has sealed it (``broker.sealing``), or none any more. The rules never see what was typed."""
    no = _may(hall, request.actor, request.staff, CARD_DESK)
    if no is not None:
        return refused(asker, request, no)
    known = hall.work_cards.pins.get(request.staff)
    if request.remove:
        facts = [] if known is None else [f.PinRemoved(staff=request.staff, actor=request.actor)]
        return done(asker, request, *facts)
    if _SALT.fullmatch(request.salt) is None or _VERIFIER.fullmatch(request.stretched) is None:
        return refused(asker, request, No(Refusal.BAD_VALUE, "no PIN was typed that could be stored"))
    new = f.Pin(staff=request.staff, salt=request.salt, verifier=request.stretched)
    return done(asker, request, *([] if known == new else [f.PinSet(pin=new, actor=request.actor)]))


def _may(hall: Hall, actor: StaffNo, staff: StaffNo, roles: tuple[Role, ...], *, own: bool = False) -> No | None:
    """Why this person may not; ``own``: about themselves everybody may."""
    if staff not in hall.in_force.staff:
        return No(Refusal.UNKNOWN_STAFF, f"{staff} is no person of this hall")
    return None if own and actor == staff else lacks_role(hall, actor, roles)


RULES: dict[type[m.Message], Rule] = {
    m.CardLostRequested: Rule(STAFF_NODES, card_lost),
    m.PinRequested: Rule(STAFF_NODES, pin),
}
"""What may be asked about work cards, and by which kinds of node."""
