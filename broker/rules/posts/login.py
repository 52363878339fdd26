"""A work card at a counter terminal: who may sit down there, who changes places with whom, who leaves (AB, ROT-5, TRN-6)."""

from dataclasses import dataclass

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.hall import Desk, Hall
from broker.rules.hours import MINUTE
from broker.rules.posts.change import handed_back, left, sat_down
from broker.rules.posts.halves import current_half
from broker.rules.posts.serving import post_of
from broker.rules.posts.vacancy import name, number
from broker.rules.roles import CARD_DESK, lacks_role
from broker.rules.service_day.serves import groups_at
from broker.rules.training.gate import is_onboarded
from broker.rules.work_cards.holder import holder
from broker.schema import Staff
from contracts import messages as m
from contracts.values import CounterId, CoverMode, HallTime, Refusal, StaffNo, TaskKind


def login(hall: Hall, asker: Asker, request: m.LoginRequested, now: HallTime) -> Decision:
    """A card at the terminal: the person sits down here, or leaves if they sat here.

    The main person who comes back while somebody acts waits until the ticket on the desk has ended (AB-4.4).
    """
    assert asker.device.counter is not None, "hall.toml gives every terminal its counter"
    desk = hall.desks[asker.device.counter]
    person = holder(hall, request.card.upper())
    decided = person if isinstance(person, No) else _comes_or_leaves(hall, desk, person, now)
    if isinstance(decided, No):
        return refused(asker, request, decided)
    return done(asker, request, *decided)


def vouched(hall: Hall, asker: Asker, request: m.LoginVouchRequested, now: HallTime) -> Decision:
    """Without a card, on the word of somebody in charge (COND-4); asking twice is the same as once."""
    desk, person = hall.desks.get(request.counter), hall.in_force.staff.get(request.staff)
    no = _may_not_vouch(hall, request)
    if no is not None or desk is None or person is None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_COUNTER, request.counter))
    if request.leaves is not (person.id in desk.sitting):
        return refused(asker, request, No(Refusal.NOT_LOGGED_IN)) if request.leaves else done(asker, request)
    decided = _comes_or_leaves(hall, desk, person, now)
    if isinstance(decided, No):
        return refused(asker, request, decided)
    word = f.LoginVouched(staff=person.id, counter=desk.counter, actor=request.actor, leaves=request.leaves)
    return done(asker, request, *([word, *decided] if decided else []))


def _may_not_vouch(hall: Hall, request: m.LoginVouchRequested) -> No | None:
    if request.staff not in hall.in_force.staff:
        return No(Refusal.UNKNOWN_STAFF, f"{request.staff} is no person of this hall")
    if request.actor == request.staff:
        return No(Refusal.OWN_CASE, "nobody vouches for themselves (COND-4)")
    return lacks_role(hall, request.actor, CARD_DESK)


def _comes_or_leaves(hall: Hall, desk: Desk, person: Staff, now: HallTime) -> list[f.Fact] | No:
    return _leaves(hall, desk, person.id) if person.id in desk.sitting else _comes(hall, desk, person, now)


def _leaves(hall: Hall, desk: Desk, staff: StaffNo) -> list[f.Fact] | No:
    """Nobody leaves a visitor; of two persons the one who does not serve may go."""
    serving = hall.posts.serving.get(desk.counter)
    if desk.ticket is not None and (desk.second is None or serving is None or serving.staff == staff):
        return No(Refusal.COUNTER_BUSY, f"{desk.ticket} is on the desk")
    return left(hall, desk, staff)


def _comes(hall: Hall, desk: Desk, person: Staff, now: HallTime) -> list[f.Fact] | No:
    no = _may_not_work(hall, desk, person, now)
    if no is not None:
        return no
    returned = _returned(hall, person.id, now)
    moved = _moved(hall, desk, person.id)
    if isinstance(moved, No):
        return moved
    if _is_back(hall, desk, person.id):
        if hall.posts.awaits.get(desk.counter) == person.id:
            return []
        if desk.ticket is not None:
            return [*returned, f.LoginAwaited(counter=desk.counter, staff=person.id)]
        return [*returned, *moved.facts, *handed_back(hall, desk, person.id)]
    seated = _seated(hall, desk, person.id, moved)
    return seated if isinstance(seated, No) else [*returned, *moved.facts, *seated]


def _may_not_work(hall: Hall, desk: Desk, person: Staff, now: HallTime) -> No | None:
    """Formalities and training complete, not on leave, and able to do something this counter is for.

    Leave of the half that is about to begin counts from when its B is asked to act (AB-1).
    """
    if not is_onboarded(hall, person):
        return No(Refusal.NOT_ONBOARDED, f"{person.id} has not completed formalities and training (ROT-5, TRN-6)")
    params, half = hall.in_force.config.params.attendance, current_half(hall)
    soon = half is not None and now < half.begins <= now + params.cover_before_min * MINUTE
    absence = hall.posts.absent(person.id, half.begins if half is not None and soon else now)
    if absence is not None and absence.kind not in params.outing_kinds:
        return No(Refusal.ON_LEAVE, f"{person.id} is away ({absence.kind})")
    if not hall.in_force.pairs_in(groups_at(hall, desk.counter), person.id):
        return No(Refusal.NOT_QUALIFIED, f"{person.id} has no skill of a group of {desk.counter}")
    return None


def _returned(hall: Hall, staff: StaffNo, now: HallTime) -> list[f.Fact]:
    """A login is the return from an outing (ATT-6.2); of one in the ledger ``broker.rules.outing.moves`` says so."""
    absence = hall.posts.absent(staff, now)
    return [] if absence is None or absence.ref in hall.outings.entries else [f.AbsenceEnded(absence=absence, why="login")]


@dataclass(frozen=True, slots=True)
class _Move:
    """What happens where the person comes from; ``acts`` tells that they come to act, and may sit down in place of a pause.

    ``by_vacancy``: because the counter was found empty, not because they were asked.
    """

    facts: tuple[f.Fact, ...] = ()
    acts: bool = False
    by_vacancy: bool = False


def _moved(hall: Hall, desk: Desk, staff: StaffNo) -> _Move | No:
    """A person sits at one counter; only the B of a post may come from another, to take over or back from it (AB-4.6)."""
    cover, mine = hall.posts.cover_of(desk.counter), hall.sits_at.get(staff)
    taking_over = cover is not None and cover.staff == staff and cover.mode is CoverMode.TAKEOVER
    by_vacancy = not taking_over and cover is None and _may_fill_in(hall, desk.counter, staff)
    if mine is None:
        return _Move((), taking_over or by_vacancy, by_vacancy)
    from_desk = hall.desks[mine]
    elsewhere = No(Refusal.LOGGED_IN_ELSEWHERE, f"{staff} sits at {mine}", {"w": number(mine)})
    if from_desk.ticket is not None or not (taking_over or (by_vacancy and hall.posts.cover_of(mine) is None)):
        return elsewhere
    out = f.StaffLoggedOut(counter=mine, staff=staff, why="takeover")
    if taking_over:
        return _Move((out,), acts=True)
    began = f.CoverBegan(counter=mine, covered=desk.counter, staff=staff, mode=CoverMode.TAKEOVER)
    return _Move((began, out), acts=True, by_vacancy=True)


def _may_fill_in(hall: Hall, counter: CounterId, staff: StaffNo) -> bool:
    """The B may sit down without being asked once the counter was found empty (AB-4.5)."""
    post = post_of(hall, counter)
    is_b = post is not None and post.b == staff and not post.ab_exempt
    return is_b and bool(hall.tasks.of(TaskKind.VACANCY, counter=counter))


def _is_back(hall: Hall, desk: Desk, staff: StaffNo) -> bool:
    """Whether this is the main person of the post, and every seat is taken by others who act meanwhile."""
    post = post_of(hall, desk.counter)
    is_full = len(desk.sitting) >= hall.in_force.counters[desk.counter].seats
    return post is not None and post.a == staff and desk.staff is not None and is_full


def _seated(hall: Hall, desk: Desk, staff: StaffNo, move: _Move) -> list[f.Fact] | No:
    """A free seat, or that of somebody who paused and is away."""
    if len(desk.sitting) < hall.in_force.counters[desk.counter].seats:
        return sat_down(hall, desk, staff, beside=desk.sitting, by_vacancy=move.by_vacancy)
    if not (move.acts and desk.paused and desk.ticket is None):
        assert desk.staff is not None
        who = desk.staff
        return No(Refusal.COUNTER_OCCUPIED, f"{who} sits at {desk.counter}", {"name": name(hall, who)})
    why = "vacancy" if move.by_vacancy else "hand_over"
    outs = [f.StaffLoggedOut(counter=desk.counter, staff=one, why=why) for one in desk.sitting]
    return [*outs, *sat_down(hall, desk, staff, beside=(), by_vacancy=move.by_vacancy)]
