"""What the facts of a visit change: tickets, lines, desks, sessions (rules 1.0.5); ``apply`` at the end is their table."""

from typing import assert_never

from broker.rules import facts as f
from broker.rules.facts import Claim
from broker.rules.hall import LIVE, Call, Desk, Hall, Session, Ticket, TicketState
from broker.rules.hours import SECOND
from broker.rules.pick import Rank, Waiting
from broker.rules.posts import evolve as posts
from contracts.values import CounterId, HallTime, SessionId, StaffNo, TicketId, VisitorClass


def _issued(hall: Hall, fact: f.TicketIssued, at: HallTime) -> None:
    """A number exists; it is in line at once if it was shown, else once its paper is out."""
    if fact.taken_at is None:
        hall.numbers[fact.group] = hall.numbers.get(fact.group, 0) + 1
    else:
        _count_offline(hall, fact)
    hall.live += 1
    hall.waiting[fact.group] = hall.waiting.get(fact.group, 0) + 1
    ticket = Ticket(
        id=fact.ticket,
        no=fact.no,
        group=fact.group,
        service=fact.service,
        claims=fact.claims,
        token=fact.token,
        press=fact.request_id if fact.actor is None else None,
        issued_at=at if fact.taken_at is None else fact.taken_at,
        since=_since(fact, hall.queue_clock(at)),
        sequence=len(hall.tickets) + 1,
        papers=[] if fact.kiosk is None else [fact.kiosk],
        shown=fact.kiosk is None,
        in_line_from=at if fact.taken_at is None else fact.taken_at,
        holder=fact.holder,
        care_open=_is_claimed_by_key(fact),
        first_asker=fact.actor,
        chain=() if fact.actor is None else (fact.actor,),
    )
    hall.tickets[ticket.id] = ticket
    if fact.holder is not None:
        hall.holders.setdefault(fact.holder, []).append(ticket.id)
    if fact.kiosk is not None:
        wait = hall.in_force.config.params.queue.presumed_printed_after_s * SECOND
        hall.unprinted[ticket.id] = HallTime(at + wait)
    let_in(hall, ticket)


def _count_offline(hall: Hall, fact: f.TicketIssued) -> None:
    """Numbers of a machine's own: found again by their message, and counted for the machine that may forget."""
    if fact.request_id is not None:
        hall.offline[fact.request_id] = fact.ticket
    if fact.attempt_of is not None:
        hall.attempts.add(fact.attempt_of)
    if fact.ticket.startswith(hall.today.date.isoformat()):
        machine, _, ordinal = fact.no.partition("-")
        hall.offline_counts[machine] = max(hall.offline_counts.get(machine, 0), int(ordinal))


def _is_claimed_by_key(fact: f.TicketIssued) -> bool:
    """Care that nobody has verified: neither staff who entered the ticket nor the age on an ID card (CARE-2)."""
    cares = any(one.visitor_class is VisitorClass.CARE for one in fact.claims)
    return cares and fact.actor is None and not fact.by_age


def _since(fact: f.TicketIssued, q: HallTime) -> HallTime:
    return next((one.since for one in fact.claims if one.visitor_class is VisitorClass.NORMAL), q)


def let_in(hall: Hall, ticket: Ticket) -> None:
    """It stands in its lines, or among those its counter resumed, if it can be called and does not stand there yet."""
    if ticket.state is not TicketState.WAITING or not ticket.is_callable or ticket.id in hall.queue:
        return
    hall.queue.join(standing(hall, ticket))


def standing(hall: Hall, ticket: Ticket) -> Waiting:
    """How a ticket stands in line when it waits."""
    aside = hall.course.resumed.get(ticket.id)
    return Waiting(
        ticket.id,
        ticket.pair,
        ticket.claims,
        ticket.since,
        ticket.sequence,
        rank_of(hall, ticket.claims, ticket.in_line_from),
        at=None if aside is None else aside.counter,
        order=0 if aside is None else aside.order,
    )


def rank_of(hall: Hall, claims: tuple[Claim, ...], in_line_from: HallTime) -> Rank:
    """What may lift a ticket out of its line that stands there from this hall time on."""
    if any(one.visitor_class is VisitorClass.URGENT for one in claims):
        return Rank.URGENT
    return Rank.MORNING if in_line_from < hall.today.noon else Rank.PLAIN


def _printed(hall: Hall, fact: f.TicketPrinted) -> None:
    """A paper is out: the ticket can be called."""
    ticket = hall.tickets[fact.ticket]
    ticket.printed.add(fact.copy)
    hall.unprinted.pop(ticket.id, None)
    let_in(hall, ticket)


def _presumed_printed(hall: Hall, fact: f.TicketPresumedPrinted) -> None:
    """Somebody may hold it: the ticket can be called, flagged."""
    ticket = hall.tickets[fact.ticket]
    ticket.presumed = True
    hall.unprinted.pop(ticket.id, None)
    let_in(hall, ticket)


def _logged_in(hall: Hall, fact: f.StaffLoggedIn, at: HallTime) -> None:
    """The person sits at the counter."""
    posts.logged_in(hall, fact, at)
    hall.course.persons_since[fact.counter] = hall.queue_clock(at)


def _logged_out(hall: Hall, fact: f.StaffLoggedOut, at: HallTime) -> None:
    """The person has left."""
    posts.logged_out(hall, fact, at)
    hall.course.persons_since[fact.counter] = hall.queue_clock(at)


def _called(hall: Hall, fact: f.TicketCalled, at: HallTime) -> None:
    """The ticket lies on the desk of the counter that called it."""
    ticket = hall.tickets[fact.ticket]
    ticket.calls += 1
    become(hall, ticket, TicketState.CALLED)
    desk = hall.desks[fact.counter]
    desk.ticket = ticket.id
    desk.call = Call(fact.call, 1, at, fact.queue_clock)
    posts.served_by(hall, fact.counter, fact.staff, None)


def _call_repeated(hall: Hall, fact: f.CallRepeated, at: HallTime) -> None:
    """One announcement more; its timers start again."""
    for desk in hall.desks.values():
        if desk.call is not None and desk.call.id == fact.call:
            desk.call = Call(fact.call, fact.announcement, at, hall.queue_clock(at))


def _started(hall: Hall, fact: f.ServiceStarted, at: HallTime) -> None:
    """The visitor is at the counter."""
    ticket = hall.tickets[fact.ticket]
    become(hall, ticket, TicketState.SERVING)
    begin_session(hall, hall.desks[fact.counter], ticket, fact.session, at)
    be_served_by(ticket, fact.counter, fact.staff)
    posts.served_by(hall, fact.counter, fact.staff, fact.post_owner)


def begin_session(hall: Hall, desk: Desk, ticket: Ticket, session: SessionId, at: HallTime) -> None:
    """A visit begins at this counter."""
    ticket.sessions += 1
    desk.session, desk.session_q = session, hall.queue_clock(at)


def be_served_by(ticket: Ticket, counter: CounterId, staff: StaffNo) -> None:
    """首问负责人, 首办负责人: written once. The chain says who had the visitor after whom (FIRST-3, FIRST-4.2)."""
    ticket.first_asker = ticket.first_asker or staff
    ticket.first_handler = ticket.first_handler or staff
    if ticket.chain[-1:] != (staff,):
        ticket.chain = (*ticket.chain, staff)
    if counter not in ticket.visited:
        ticket.visited = (*ticket.visited, counter)


def _finished(hall: Hall, fact: f.ServiceFinished, at: HallTime) -> None:
    """The visit is over; its pad may take one rating."""
    desk = next(one for one in hall.desks.values() if one.session == fact.session)
    let_rate(hall, desk, at, fact.rate_until)
    _end(hall, fact.ticket, TicketState.DONE)


def let_rate(hall: Hall, desk: Desk, at: HallTime, until: HallTime) -> None:
    """The session on this desk is over; its pad may take one rating."""
    assert desk.session is not None
    assert desk.ticket is not None
    by = hall.posts.serving[desk.counter]
    hall.sessions[desk.session] = Session(
        desk.session, desk.ticket, desk.counter, by.staff, at, until, post_owner=by.post_owner
    )
    hall.windows[desk.session] = HallTime(until + hall.in_force.config.params.rating.press_grace_s * SECOND)
    desk.rateable = desk.session


def _rating_window_closed(hall: Hall, fact: f.RatingWindowClosed) -> None:
    """The pad's time is over. The session stays known: a press kept inside the window may still arrive."""
    hall.windows.pop(fact.session, None)
    session = hall.sessions.get(fact.session)
    desk = None if session is None else hall.desks.get(session.counter)
    if desk is not None and desk.rateable == fact.session:
        desk.rateable = None


def _end(hall: Hall, ticket: TicketId, how: TicketState) -> None:
    """A ticket ends; if it lay on a desk, the desk is free again."""
    clear_desk(hall, ticket)
    become(hall, hall.tickets[ticket], how)


def clear_desk(hall: Hall, ticket: TicketId) -> None:
    """Whatever desk it lies on is free."""
    for desk in hall.desks.values():
        if desk.ticket == ticket:
            desk.ticket, desk.call, desk.session = None, None, None
            desk.session_q = HallTime(0)


def become(hall: Hall, ticket: Ticket, state: TicketState) -> None:
    """The one place where a ticket changes state: lines, side paths and counts follow it.

    One that waits now still has to be let in; if its group changes, it does so before.
    """
    if ticket.id in hall.queue:
        hall.queue.leave(ticket.id)
    hall.unprinted.pop(ticket.id, None)
    hall.course.forget(ticket.id)
    hall.waiting[ticket.group] = (
        hall.waiting.get(ticket.group, 0) + (state is TicketState.WAITING) - (ticket.state is TicketState.WAITING)
    )
    hall.live += (state in LIVE) - (ticket.state in LIVE)
    ticket.state = state


def apply(hall: Hall, fact: f.VisitFact, at: HallTime) -> None:  # noqa: C901, PLR0912 -- a table, one line a fact
    """One fact of a visit."""
    match fact:
        case f.TicketIssued():
            _issued(hall, fact, at)
        case f.TicketPrinted():
            _printed(hall, fact)
        case f.TicketPresumedPrinted():
            _presumed_printed(hall, fact)
        case f.ReprintOrdered(ticket=ticket, kiosk=kiosk):
            hall.tickets[ticket].papers.append(kiosk)
        case f.TicketCancelled(ticket=ticket):
            _end(hall, ticket, TicketState.CANCELLED)
        case f.StaffLoggedIn():
            _logged_in(hall, fact, at)
        case f.StaffLoggedOut():
            _logged_out(hall, fact, at)
        case f.CounterPaused():
            posts.paused(hall, fact, at)
        case f.CounterResumed():
            posts.resumed(hall, fact, at)
        case f.TicketCalled():
            _called(hall, fact, at)
        case f.CallRepeated():
            _call_repeated(hall, fact, at)
        case f.TicketMissed(ticket=ticket):
            _end(hall, ticket, TicketState.NO_SHOW)
        case f.ServiceStarted():
            _started(hall, fact, at)
        case f.ServiceFinished():
            _finished(hall, fact, at)
        case f.RatingRecorded(session=session):
            hall.sessions[session].rated = True
        case f.RatingWindowClosed():
            _rating_window_closed(hall, fact)
        case f.RatingRefused():
            pass  # stored for its own sake; nothing later depends on it
        case _:
            assert_never(fact)
