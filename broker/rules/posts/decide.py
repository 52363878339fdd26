"""What a terminal or a leader asks about posts: act for another counter, stop it, enter who is away (AB, ATT-5, ATT-6)."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, Rule, done, refused
from broker.rules.hall import Desk, Hall
from broker.rules.posts.change import ended, stopped
from broker.rules.posts.login import login, vouched
from broker.rules.posts.serving import post_of
from broker.rules.posts.state import Cover
from broker.rules.posts.vacancy import name
from broker.rules.roles import LEAD, STAFF_NODES, lacks_role
from contracts import messages as m
from contracts.values import CounterId, CoverMode, HallTime, Refusal, StaffNo


def _desk(hall: Hall, asker: Asker) -> Desk:
    assert asker.device.counter is not None, "hall.toml gives every terminal its counter"
    return hall.desks[asker.device.counter]


def cover(hall: Hall, asker: Asker, request: m.CoverRequested, _now: HallTime) -> Decision:
    """顶岗: the B of a post serves that counter from the own one, or goes to sit there. Asking twice is the same as once."""
    desk = _desk(hall, asker)
    running = hall.posts.covers.get(desk.counter)
    if running is not None and (running.covered, running.mode) == (request.counter, request.mode):
        return done(asker, request)
    staff = _who_may_cover(hall, desk, request.counter)
    no = staff if isinstance(staff, No) else _no_cover(hall, desk, request)
    if isinstance(staff, No) or no is not None:
        return refused(asker, request, no or No(Refusal.NOT_PERMITTED))
    facts: list[f.Fact] = [f.CoverBegan(counter=desk.counter, covered=request.counter, staff=staff, mode=request.mode)]
    if request.mode is CoverMode.TAKEOVER and desk.second is None and not desk.paused:
        facts.append(f.CounterPaused(counter=desk.counter, staff=staff, reason="takeover"))
    return done(asker, request, *facts)


def _who_may_cover(hall: Hall, desk: Desk, covered: CounterId) -> StaffNo | No:
    """The B of the other counter's post, if they sit here (AB-4.6)."""
    if desk.staff is None:
        return No(Refusal.NOT_LOGGED_IN)
    if covered not in hall.in_force.counters:
        return No(Refusal.UNKNOWN_COUNTER, f"{covered} is none of {', '.join(hall.in_force.counters)}")
    post = post_of(hall, covered)
    if covered == desk.counter or post is None or post.b not in desk.sitting:
        return No(Refusal.NOT_PERMITTED, f"nobody at {desk.counter} is the B of {covered} (AB-4.6)")
    if post.ab_exempt:
        return No(Refusal.NOT_PERMITTED, f"nobody acts for {post.a} at {post.id}: {post.ab_exempt_reason} (AB-3.1)")
    return post.b


def _no_cover(hall: Hall, desk: Desk, request: m.CoverRequested) -> No | None:
    running = hall.posts.cover_of(request.counter) or hall.posts.cover_of(desk.counter)
    other = hall.desks[request.counter]
    if running is not None and running.covered == request.counter:
        what = f"{running.staff} covers {running.covered} already"
        return No(Refusal.COUNTER_OCCUPIED, what, {"name": name(hall, running.staff)})
    if running is not None:
        return No(Refusal.NOT_PERMITTED, f"{running.staff} covers {running.covered} from {running.counter} already (AB-4.6)")
    if request.mode is CoverMode.TAKEOVER:
        return None if desk.ticket is None else No(Refusal.COUNTER_BUSY, f"{desk.ticket} is on the desk")
    if desk.paused:
        return No(Refusal.COUNTER_PAUSED)
    if other.works and other.staff is not None:
        return No(Refusal.COUNTER_OCCUPIED, f"{other.staff} works at {other.counter}", {"name": name(hall, other.staff)})
    return None


def cover_end(hall: Hall, asker: Asker, request: m.CoverEndRequested, _now: HallTime) -> Decision:
    """No longer for another counter. Who has taken it over leaves it; without a cover nothing is to be done."""
    desk = _desk(hall, asker)
    running = hall.posts.cover_of(desk.counter)
    if running is None or running.staff not in desk.sitting:
        return done(asker, request)
    if running.mode is CoverMode.TAKEOVER and running.covered == desk.counter:
        return _leave(asker, request, desk, running)
    return done(asker, request, *stopped(hall, running, "request"))


def _leave(asker: Asker, request: m.CoverEndRequested, desk: Desk, running: Cover) -> Decision:
    if desk.ticket is not None:
        return refused(asker, request, No(Refusal.COUNTER_BUSY, f"{desk.ticket} is on the desk"))
    out = f.StaffLoggedOut(counter=desk.counter, staff=running.staff, why="cover_end")
    return done(asker, request, out, ended(running, "request"))


def absence(hall: Hall, asker: Asker, request: m.AbsenceEntryRequested, now: HallTime) -> Decision:
    """A leader enters that somebody is away, or that they are not after all. Entering the same twice is the same as once."""
    entered = f.Absence(staff=request.staff, begins=request.begins, ends=request.ends, kind=request.kind)
    no = lacks_role(hall, request.actor, LEAD) or _may_not_enter(hall, request, entered, now)
    if no is not None:
        return refused(asker, request, no)
    known = next((one for one in hall.posts.absences if _is_same(one, entered)), None)
    if request.withdraw:
        if known is None:
            return refused(asker, request, No(Refusal.BAD_VALUE, f"{request.staff} has no such absence"))
        if known.ref:
            return refused(asker, request, No(Refusal.BAD_VALUE, f"it stands in the ledger; withdraw {known.ref} there"))
        return done(asker, request, f.AbsenceEnded(absence=known, why="withdrawn", actor=request.actor))
    return done(asker, request, *([] if known == entered else [f.AbsenceEntered(absence=entered, actor=request.actor)]))


def _is_same(one: f.Absence, other: f.Absence) -> bool:
    return (one.staff, one.begins, one.ends) == (other.staff, other.begins, other.ends)


def _may_not_enter(hall: Hall, request: m.AbsenceEntryRequested, entered: f.Absence, now: HallTime) -> No | None:
    """Nobody decides about themselves (ATT-5.1)."""
    if entered.staff not in hall.in_force.staff:
        return No(Refusal.UNKNOWN_STAFF, f"{entered.staff} is no person of this hall")
    if request.actor == entered.staff:
        return No(Refusal.OWN_CASE, f"{request.actor} may not enter their own absence (ATT-5.1)")
    wrong = _is_no_absence(hall, entered, now) if not request.withdraw else None
    return None if wrong is None else No(Refusal.BAD_VALUE, wrong)


def _is_no_absence(hall: Hall, entered: f.Absence, now: HallTime) -> str | None:
    """What is wrong with the interval: it must lie ahead or run, be of a known kind, and overlap no other of the person."""
    params = hall.in_force.config.params.attendance
    kinds = (*params.leave_kinds, *params.outing_kinds)
    others = [one for one in hall.posts.absences if one.staff == entered.staff and one != entered]
    if entered.begins >= entered.ends:
        return "it ends before it begins"
    if entered.kind not in kinds:
        return f"{entered.kind!r} is none of {', '.join(kinds)}"
    if entered.ends <= now:
        return "it is over already"
    if any(one.begins < entered.ends and entered.begins < one.ends for one in others):
        return f"{entered.staff} is away in a part of this time already"
    return None


RULES: dict[type[m.Message], Rule] = {
    m.LoginRequested: Rule(("counter_terminal",), login),
    m.LoginVouchRequested: Rule(STAFF_NODES, vouched),
    m.CoverRequested: Rule(("counter_terminal",), cover),
    m.CoverEndRequested: Rule(("counter_terminal",), cover_end),
    m.AbsenceEntryRequested: Rule(STAFF_NODES, absence),
}
"""What may be asked about posts, and by which kinds of node."""
