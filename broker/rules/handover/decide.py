"""What people say about a hand-over: here it is, I have it, here it is again, so it is (AB-4.2, AB-4.4)."""

from collections.abc import Callable

from msgspec.structs import replace

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, Rule, refused
from broker.rules.facts.handover import HandoverEntry
from broker.rules.hall import Hall
from broker.rules.handover.made import entry_of, returned
from broker.rules.handover.people import acts_for, asking, exempted, main_post, may_act, taker_of
from broker.rules.handover.substitute import named
from broker.rules.handover.told import answers, told
from broker.rules.hours import MINUTE
from broker.rules.roles import STAFF_NODES
from broker.schema import DeviceKind, Post
from contracts import messages as m
from contracts.values import CounterId, HallTime, HandoverAct, HandoverKind, HandoverNo, Refusal, StaffNo

SEALED = "~"
"""What a reference into the vault begins with; anything else was never taken out of its request (broker.sealing)."""


def handed_over(hall: Hall, asker: Asker, request: m.HandoverRequested, now: HallTime) -> Decision:
    """A hands over before leaving (AB-4.2a). Once more while nobody has come back: the new entry stands for the old one."""
    people = asking(hall, asker, request.actor)
    post = people if isinstance(people, No) else main_post(hall, people, request.counter or asker.device.counter)
    taker = post if isinstance(post, No) else taker_of(hall, post, now)
    no = _unsealed(request.remarks) or (taker if isinstance(taker, No) else None)
    if no is not None or isinstance(post, No) or isinstance(taker, No):
        return refused(asker, request, no or No(Refusal.NOT_PERMITTED))
    entry = entry_of(hall, post, taker, HandoverKind.WRITTEN, now, remarks=request.remarks)
    return _made(hall, asker, request, entry, post.a)


def telephoned(hall: Hall, asker: Asker, request: m.HandoverPhoneRequested, now: HallTime) -> Decision:
    """No time: A told B by telephone, and B enters it soon after taking over (AB-4.2b)."""
    people = asking(hall, asker, request.actor)
    found = people if isinstance(people, No) else _acting(hall, people, request.counter)
    no = _unsealed(request.remarks) or (found if isinstance(found, No) else _too_late(hall, found[0].counter, now))
    if no is not None or isinstance(found, No):
        return refused(asker, request, no or No(Refusal.NOT_PERMITTED))
    post, staff = found
    entry = entry_of(hall, post, staff, HandoverKind.PHONE, now, remarks=request.remarks)
    return _made(hall, asker, request, entry, staff)


def _made(
    hall: Hall, asker: Asker, request: m.HandoverRequested | m.HandoverPhoneRequested, entry: HandoverEntry, actor: StaffNo
) -> Decision:
    before = hall.handovers.standing(entry.counter, entry.giver)
    fact = f.HandoverMade(entry=entry, actor=actor, replaces=None if before is None else before.no)
    act = HandoverAct.PHONE if entry.kind is HandoverKind.PHONE else HandoverAct.OUT
    return Decision((fact,), answers(asker, told(hall, request, entry, act, actor)))


def _unsealed(text: str) -> No | None:
    """What people write may name visitors; in clear it never becomes a fact (docs/decisions/0021)."""
    return None if not text or text.startswith(SEALED) else No(Refusal.BAD_VALUE, "the text was not sealed")


def _acting(hall: Hall, people: tuple[StaffNo, ...], counter: CounterId | None) -> tuple[Post, StaffNo] | No:
    """The post that one of these has taken over, and who."""
    posts = [one for one in hall.in_force.posts.values() if counter in (None, one.counter)]
    if not posts:
        return No(Refusal.UNKNOWN_COUNTER, f"{counter} is no counter with a post")
    for post in posts:
        who = next((one for one in people if may_act(hall, post, one) and acts_for(hall, post.counter, one)), None)
        if who is not None:
            return exempted(post) or (post, who)
    return No(Refusal.NOT_PERMITTED, f"{', '.join(people)} acts for nobody at {counter or 'any counter'} (AB-4.2b)")


def _too_late(hall: Hall, counter: CounterId, now: HallTime) -> No | None:
    minutes = hall.in_force.config.params.attendance.handover_phone_min
    if now - hall.handovers.taken_over[counter].at <= minutes * MINUTE:
        return None
    return No(Refusal.HANDOVER_LATE, f"{counter} was taken over more than {minutes} min ago", {"m": str(minutes)})


def acknowledged(hall: Hall, asker: Asker, request: m.HandoverAckRequested, _now: HallTime) -> Decision:
    """Who takes over has read it (AB-4.2a); reading it twice is the same as once."""
    people = asking(hall, asker, request.actor)
    entry = people if isinstance(people, No) else _found(hall, request.no, people, _awaits_ack)
    no = entry if isinstance(entry, No) else _not_the_taker(entry, people)
    if no is not None or isinstance(entry, No):
        return refused(asker, request, no or No(Refusal.UNKNOWN_HANDOVER))
    fact = f.HandoverAcknowledged(no=entry.no, staff=entry.taker)
    answer = told(hall, request, entry, HandoverAct.ACK, entry.taker)
    return Decision((fact,) if entry.acknowledged_at is None else (), answers(asker, answer))


def _awaits_ack(entry: HandoverEntry, people: tuple[StaffNo, ...]) -> bool:
    return entry.taker in people and entry.acknowledged_at is None and entry.returned_at is None


def _not_the_taker(entry: HandoverEntry, people: tuple[StaffNo, ...] | No) -> No | None:
    if isinstance(people, No) or entry.taker not in people:
        return No(Refusal.NOT_PERMITTED, f"{entry.no} was handed over to {entry.taker}")
    return None


def shown(hall: Hall, asker: Asker, request: m.HandoverShowRequested, now: HallTime) -> Decision:
    """Whom to telephone, remarks and papers: for the two it concerns, and for who leads the hall. Changes nothing."""
    people = asking(hall, asker, request.actor)
    entry = people if isinstance(people, No) else _to_show(hall, request, people, now)
    if isinstance(people, No) or isinstance(entry, No):
        return refused(asker, request, entry if isinstance(entry, No) else No(Refusal.UNKNOWN_HANDOVER))
    asks = next((one for one in people if one == entry.taker), people[0])
    answer = told(hall, request, entry, HandoverAct.SHOW, asks)
    return Decision((), answers(asker, answer))


def _to_show(hall: Hall, request: m.HandoverShowRequested, people: tuple[StaffNo, ...], now: HallTime) -> HandoverEntry | No:
    """An entry; or, for who acts where nothing was handed over, what would be entered now: whom to call and what is open."""
    if request.no is None:
        found = _acting(hall, people, request.counter)
        if isinstance(found, No):
            return found
        post, staff = found
        standing = hall.handovers.standing(post.counter, post.a)
        return standing or entry_of(hall, post, staff, HandoverKind.PHONE, now, numbered=False)
    entry = _found(hall, request.no, people, _concerns)
    if isinstance(entry, No) or _concerns(entry, people) or any(_leads(hall, one) for one in people):
        return entry
    return No(Refusal.NOT_PERMITTED, f"{entry.no} is between {entry.giver} and {entry.taker}")


def _leads(hall: Hall, staff: StaffNo) -> bool:
    return hall.in_force.staff[staff].role in ("duty_leader", "manager")


def _concerns(entry: HandoverEntry, people: tuple[StaffNo, ...]) -> bool:
    return entry.giver in people or entry.taker in people


def given_back(hall: Hall, asker: Asker, request: m.HandoverReturnRequested, now: HallTime) -> Decision:
    """Who took over makes the return list, with the papers that go back; asked again, it is made anew (AB-4.4)."""
    people = asking(hall, asker, request.actor)
    entry = people if isinstance(people, No) else _found(hall, request.no, people, _concerns)
    no = _unsealed(request.documents) or (entry if isinstance(entry, No) else _not_the_taker(entry, people))
    if no is not None or isinstance(entry, No):
        return refused(asker, request, no or No(Refusal.UNKNOWN_HANDOVER))
    fact = returned(hall, entry, documents=request.documents or entry.documents)
    after = replace(
        entry, returned_at=now, done=fact.done, served=fact.served, still=fact.still, documents=fact.documents, confirmed=()
    )
    return Decision((fact,), answers(asker, told(hall, request, after, HandoverAct.RETURN, entry.taker)))


def confirmed(hall: Hall, asker: Asker, request: m.HandoverConfirmRequested, _now: HallTime) -> Decision:
    """Each of the two confirms the return list once (AB-4.4)."""
    people = asking(hall, asker, request.actor)
    entry = people if isinstance(people, No) else _found(hall, request.no, people, _awaits_confirm)
    if isinstance(people, No) or isinstance(entry, No):
        return refused(asker, request, entry if isinstance(entry, No) else No(Refusal.UNKNOWN_HANDOVER))
    if not _concerns(entry, people):
        return refused(asker, request, No(Refusal.NOT_PERMITTED, f"{entry.no} is of {entry.giver} and {entry.taker}"))
    if entry.returned_at is None:
        return refused(asker, request, No(Refusal.HANDOVER_STATE, f"{entry.no} was not given back yet (AB-4.4)"))
    open_to = [one for one in people if one in (entry.giver, entry.taker) and one not in entry.confirmed]
    facts = tuple(f.HandoverConfirmed(no=entry.no, staff=one) for one in open_to[:1])
    who = open_to[0] if open_to else people[0]
    return Decision(facts, answers(asker, told(hall, request, entry, HandoverAct.CONFIRM, who)))


def _awaits_confirm(entry: HandoverEntry, people: tuple[StaffNo, ...]) -> bool:
    return entry.returned_at is not None and any(
        one in people and one not in entry.confirmed for one in (entry.giver, entry.taker)
    )


def _found(
    hall: Hall,
    no: HandoverNo | None,
    people: tuple[StaffNo, ...],
    fits: Callable[[HandoverEntry, tuple[StaffNo, ...]], bool],
) -> HandoverEntry | No:
    """The entry with this number; without one the oldest that fits."""
    if no is not None:
        return hall.handovers.open.get(no) or No(Refusal.UNKNOWN_HANDOVER, f"{no} is not open")
    found = (one for one in hall.handovers.open.values() if fits(one, people))
    return next(found, No(Refusal.UNKNOWN_HANDOVER, f"nothing waits for {', '.join(people)}"))


_KINDS: tuple[DeviceKind, ...] = ("counter_terminal", *STAFF_NODES)

RULES: dict[type[m.Message], Rule] = {
    m.HandoverRequested: Rule(_KINDS, handed_over),
    m.HandoverPhoneRequested: Rule(_KINDS, telephoned),
    m.HandoverAckRequested: Rule(_KINDS, acknowledged),
    m.HandoverShowRequested: Rule(_KINDS, shown),
    m.HandoverReturnRequested: Rule(_KINDS, given_back),
    m.HandoverConfirmRequested: Rule(_KINDS, confirmed),
    m.SubstituteRequested: Rule(STAFF_NODES, named),
}
"""What may be asked about hand-overs, and by which kinds of node."""
