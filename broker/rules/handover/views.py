"""What a terminal offers and tells its clerk about hand-overs. Never why somebody is away, nor a telephone number."""

from collections.abc import Iterator

from broker.rules.facts.handover import HandoverEntry
from broker.rules.hall import Desk, Hall
from broker.rules.handover.people import is_leaving, is_told, takes_part
from broker.rules.posts.serving import post_of
from broker.rules.posts.vacancy import name, number
from contracts import messages as m
from contracts.values import HallPhase, HandoverAct


def offers(hall: Hall, desk: Desk) -> tuple[m.HandoverOffer, ...]:
    """What the persons here may do about hand-overs now, the most pressing first."""
    if desk.staff is None:
        return ()
    return (*_waiting(hall, desk), *_by_phone(hall, desk), *_out(hall, desk))


def _waiting(hall: Hall, desk: Desk) -> Iterator[m.HandoverOffer]:
    """To be acknowledged, to be confirmed."""
    for one in hall.handovers.open.values():
        act = _wanted(one, desk)
        if act is not None:
            other = one.giver if one.taker in desk.sitting else one.taker
            yield m.HandoverOffer(act=act, counter=one.counter, name=name(hall, other), no=one.no)


def _wanted(one: HandoverEntry, desk: Desk) -> HandoverAct | None:
    if one.returned_at is None:
        return HandoverAct.ACK if one.acknowledged_at is None and one.taker in desk.sitting else None
    waits = [who for who in (one.giver, one.taker) if who not in one.confirmed]
    return HandoverAct.CONFIRM if set(waits) & set(desk.sitting) else None


def _by_phone(hall: Hall, desk: Desk) -> Iterator[m.HandoverOffer]:
    """Who acts may see whom to call, and enters soon what they were told (AB-4.2b)."""
    for counter, taken in hall.handovers.taken_over.items():
        post = post_of(hall, counter)
        if post is None or taken.staff not in desk.sitting or not takes_part(hall, post, taken.staff):
            continue
        yield m.HandoverOffer(act=HandoverAct.SHOW, counter=counter, name=name(hall, post.a))
        if taken.may_tell and not is_told(hall, post):
            yield m.HandoverOffer(act=HandoverAct.PHONE, counter=counter, name=name(hall, post.a))


def _out(hall: Hall, desk: Desk) -> Iterator[m.HandoverOffer]:
    """The main person may hand over once, to whoever is there."""
    post = post_of(hall, desk.counter)
    if post is None or post.ab_exempt or post.a not in desk.sitting:
        return
    taker = hall.handovers.substitutes.get(post.counter, post.b)
    if hall.handovers.standing(post.counter, post.a) is None:
        yield m.HandoverOffer(act=HandoverAct.OUT, counter=post.counter, name=name(hall, taker))


def desk_notes(hall: Hall, desk: Desk) -> tuple[m.DeskNote, ...]:
    """Hand over before leaving; read what was handed over; confirm what came back."""
    notes: list[m.DeskNote] = []
    if _is_to_hand_over(hall, desk):
        notes.append(m.DeskNote(key="con.handover.first"))
    for one in _waiting(hall, desk) if desk.staff is not None else ():
        key = "con.handover.given" if one.act is HandoverAct.ACK else "con.handover.back"
        notes.append(m.DeskNote(key=key, values={"w": number(one.counter), "name": one.name}))
    return tuple(notes)


def _is_to_hand_over(hall: Hall, desk: Desk) -> bool:
    """The main person here was asked to, or has left in working hours without."""
    if hall.handovers.skipped.get(desk.counter) is not None:
        return desk.staff is None and hall.phase is HallPhase.OPEN
    post = post_of(hall, desk.counter)
    if post is None or post.a not in desk.sitting or not is_leaving(hall, post):
        return False
    return hall.handovers.standing(post.counter, post.a) is None
