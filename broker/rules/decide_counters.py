"""What a counter terminal asks: call, recall, start, finish, no-show, pause, resume (1.0.5, D9)."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.closing import closes_with
from broker.rules.course.at_desk import own
from broker.rules.course.chain import care_task
from broker.rules.decide_tickets import rests
from broker.rules.hall import Call, Desk, Hall, Ticket
from broker.rules.hours import SECOND, clock_of
from broker.rules.pick import compare
from broker.rules.posts.change import works_again
from broker.rules.posts.serving import owner, server
from broker.rules.service_day.serves import pairs_at
from contracts import messages as m
from contracts.values import CallId, CounterPhase, HallPhase, HallTime, Refusal, SessionId


def _desk(hall: Hall, asker: Asker) -> Desk:
    counter = asker.device.counter
    assert counter is not None, "hall.toml gives every terminal its counter"
    return hall.desks[counter]


def call_next(hall: Hall, asker: Asker, request: m.CallNextRequested, now: HallTime) -> Decision:
    """叫下一位: the pick of 1.0.4, stored with every head it compared."""
    desk = _desk(hall, asker)
    no = _may_not_call(hall, desk, now)
    if no is not None:
        return refused(asker, request, no)
    compared = compared_at(hall, desk, now)
    if not compared:
        return refused(asker, request, No(Refusal.NOBODY_WAITING))
    best = compared[0]
    ticket = hall.tickets[best.ticket]
    staff = server(hall, desk, ticket.pair)
    assert staff is not None, "only a counter with a person calls"
    fact = f.TicketCalled(
        ticket=ticket.id,
        call=CallId(f"{ticket.id}/c{ticket.calls + 1}"),
        counter=desk.counter,
        staff=staff,
        tier=best.tier,
        compared=compared,
        queue_clock=hall.queue_clock(now),
        configuration=hall.in_force.hash,
        post_owner=owner(hall, desk, staff, ticket.pair),
    )
    return done(asker, request, fact, ticket=ticket.id)


def compared_at(hall: Hall, desk: Desk, now: HallTime) -> tuple[f.Compared, ...]:
    """Every head this counter may call from now, best first; also what ``verify`` recomputes."""
    pairs, by, q = pairs_at(hall, desk), hall.in_force.weights[desk.counter], hall.queue_clock(now)
    return compare(hall.queue, pairs, by, q, carried_first=now >= hall.today.afternoon, own=own(hall, desk))


def _may_not_call(hall: Hall, desk: Desk, now: HallTime) -> No | None:
    if desk.staff is None:
        return No(Refusal.NOT_LOGGED_IN)
    if hall.emergency_since is not None:
        return No(Refusal.EMERGENCY)
    if desk.ticket is not None:
        return No(Refusal.COUNTER_BUSY, f"{desk.ticket} is on the desk")
    if desk.paused:
        return No(Refusal.COUNTER_PAUSED)
    return _not_in_hours(hall, now)


def _not_in_hours(hall: Hall, now: HallTime) -> No | None:
    """Calls are made from opening to noon, from the afternoon's start, and after closing until all are served (D8)."""
    day = hall.today
    match hall.phase:
        case HallPhase.REST:
            return rests(hall)
        case HallPhase.BEFORE_OPENING:
            return _too_soon(day.morning, now)
        case HallPhase.NOON:
            is_served = hall.service_day.noon_service
            return None if is_served else No(Refusal.NOON_BREAK, values={"time": clock_of(day.afternoon)})
        case HallPhase.OPEN | HallPhase.AFTER_CLOSING | HallPhase.CLOSED:
            return None


def _called(hall: Hall, asker: Asker, call: CallId) -> tuple[Desk, Call, Ticket] | None:
    """The desk with its call and ticket, if this very call is waiting for its visitor there."""
    desk = _desk(hall, asker)
    if desk.phase is not CounterPhase.CALLED or desk.call is None or desk.call.id != call or desk.ticket is None:
        return None
    return desk, desk.call, hall.tickets[desk.ticket]


def recall(hall: Hall, asker: Asker, request: m.RecallRequested, now: HallTime) -> Decision:
    """重呼: at least 20 s after the last announcement, three announcements in all, five for care (D9)."""
    found = _called(hall, asker, request.call)
    if found is None:
        return refused(asker, request, No(Refusal.NOTHING_CALLED, f"{request.call} is not being called here"))
    _, call, ticket = found
    if call.announcement >= hall.calls_allowed(ticket):
        return refused(asker, request, _no_calls_left(call))
    if hall.emergency_since is not None:
        return refused(asker, request, No(Refusal.EMERGENCY))
    if now < hall.recall_at(call):
        return refused(asker, request, _too_soon(hall.recall_at(call), now))
    fact = f.CallRepeated(call=call.id, announcement=call.announcement + 1)
    return done(asker, request, fact, *care_task(hall, ticket, fact.announcement), ticket=ticket.id)


def _no_calls_left(call: Call) -> No:
    return No(Refusal.NO_CALLS_LEFT, f"announced {call.announcement} times", {"n": str(call.announcement)})


def _too_soon(allowed_at: HallTime, now: HallTime) -> No:
    seconds = max(0, -(-(allowed_at - now) // SECOND))
    return No(Refusal.TOO_SOON, f"in {seconds} s", {"time": clock_of(allowed_at), "s": str(seconds)})


def start(hall: Hall, asker: Asker, request: m.StartRequested, _now: HallTime) -> Decision:
    """开始办理: the visitor called is here."""
    found = _called(hall, asker, request.call)
    if found is None:
        return refused(asker, request, No(Refusal.NOTHING_CALLED, f"{request.call} is not being called here"))
    desk, _, ticket = found
    staff = server(hall, desk, ticket.pair)
    assert staff is not None, "nobody leaves a counter that has called"
    fact = f.ServiceStarted(
        session=SessionId(f"{ticket.id}/s{ticket.sessions + 1}"),
        ticket=ticket.id,
        counter=desk.counter,
        staff=staff,
        post_owner=owner(hall, desk, staff, ticket.pair),
    )
    return done(asker, request, fact, ticket=ticket.id)


def no_show(hall: Hall, asker: Asker, request: m.NoShowRequested, now: HallTime) -> Decision:
    """过号: only after every announcement, and a minute after the last (D9)."""
    found = _called(hall, asker, request.call)
    if found is None:
        return refused(asker, request, No(Refusal.NOTHING_CALLED, f"{request.call} is not being called here"))
    _, call, ticket = found
    if hall.emergency_since is not None:
        return refused(asker, request, No(Refusal.EMERGENCY))
    allowed_at = _may_be_missed_at(hall, call, ticket, now)
    if now < allowed_at:
        return refused(asker, request, _too_soon(allowed_at, now))
    fact = f.TicketMissed(ticket=ticket.id, call=call.id)
    return done(asker, request, fact, *closes_with(hall, fact), ticket=ticket.id)


def _may_be_missed_at(hall: Hall, call: Call, ticket: Ticket, now: HallTime) -> HallTime:
    """The earliest time of a no-show, if every announcement still to be made is made as soon as it may be."""
    left = hall.calls_allowed(ticket) - call.announcement
    if left <= 0:
        return hall.no_show_at(call)
    params = hall.in_force.config.params.queue
    next_call = max(now, hall.recall_at(call))
    return HallTime(next_call + ((left - 1) * params.recall_gap_s + params.noshow_after_s) * SECOND)


def finish(hall: Hall, asker: Asker, request: m.FinishRequested, now: HallTime) -> Decision:
    """办理完毕: the session ends and its pad is armed for a minute (EVAL-6.1)."""
    desk = _desk(hall, asker)
    if desk.session is None or desk.session != request.session or desk.ticket is None:
        return refused(asker, request, No(Refusal.NOT_SERVING, f"{request.session} is not being served here"))
    until = HallTime(now + hall.in_force.config.params.rating.prompt_s * SECOND)
    expedite = hall.tickets[desk.ticket].expedites
    fact = f.ServiceFinished(session=desk.session, ticket=desk.ticket, rate_until=until, expedite=expedite)
    return done(asker, request, fact, *closes_with(hall, fact), ticket=desk.ticket)


def pause(hall: Hall, asker: Asker, request: m.PauseRequested, _now: HallTime) -> Decision:
    """暂停服务, with a reason of the hall's list or none (HALL-11.1). Pressing it twice is the same as once."""
    desk = _desk(hall, asker)
    reasons = hall.in_force.config.params.queue.pause_reasons
    if desk.staff is None:
        return refused(asker, request, No(Refusal.NOT_LOGGED_IN))
    if desk.ticket is not None:
        return refused(asker, request, No(Refusal.COUNTER_BUSY, f"{desk.ticket} is on the desk"))
    if request.reason and request.reason not in reasons:
        return refused(asker, request, No(Refusal.BAD_VALUE, f"reasons are {', '.join(reasons)}, or none"))
    if desk.paused:
        return done(asker, request)
    return done(asker, request, f.CounterPaused(counter=desk.counter, staff=desk.staff, reason=request.reason))


def resume(hall: Hall, asker: Asker, request: m.ResumeRequested, _now: HallTime) -> Decision:
    """恢复服务: nobody need act for this counter any more (AB-4.4). Pressing it twice is the same as once."""
    desk = _desk(hall, asker)
    if desk.staff is None:
        return refused(asker, request, No(Refusal.NOT_LOGGED_IN))
    if not desk.paused:
        return done(asker, request)
    resumed = f.CounterResumed(counter=desk.counter, staff=desk.staff)
    return done(asker, request, resumed, *works_again(hall, desk.counter))
