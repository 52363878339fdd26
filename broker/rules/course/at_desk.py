"""What every request of a clerk about a visitor needs: the desk, the visitor on it, and who could go on with them."""

from typing import NamedTuple

from broker.rules.asking import Asker
from broker.rules.hall import Call, Desk, Hall, Ticket
from broker.rules.hours import SECOND
from broker.rules.pick import Own, Pair
from broker.rules.service_day.serves import groups_at
from contracts.values import CallId, HallTime


class Visit(NamedTuple):
    """A desk with the call it made and the ticket that lies there."""

    desk: Desk
    call: Call
    ticket: Ticket


def desk_of(hall: Hall, asker: Asker) -> Desk:
    """The desk of the terminal that asks."""
    counter = asker.device.counter
    assert counter is not None, "hall.toml gives every terminal its counter"
    return hall.desks[counter]


def visit_at(hall: Hall, asker: Asker, call: CallId) -> Visit | None:
    """The visitor of this very call, if they are called or served at the asking counter."""
    desk = desk_of(hall, asker)
    if desk.call is None or desk.call.id != call or desk.ticket is None:
        return None
    return Visit(desk, desk.call, hall.tickets[desk.ticket])


def able_at(hall: Hall, desk: Desk) -> frozenset[Pair]:
    """What the persons at this desk can do of all that its counter serves; nothing, if nobody is there."""
    plan = hall.in_force
    if desk.counter not in plan.counters:
        return frozenset()
    return frozenset(pair for one in desk.sitting for pair in plan.pairs_in(groups_at(hall, desk.counter), one))


def goes_on_with(hall: Hall, desk: Desk) -> frozenset[Pair]:
    """What the persons at this desk can do for whoever was put aside here, whatever the counter serves by now (1.0.5).

    A cover, help in a surge or an order of the day may have ended meanwhile; the visitor still belongs to this counter.
    """
    plan = hall.in_force
    return frozenset(pair for one in desk.sitting for pair in plan.pairs_in(plan.groups, one))


def own(hall: Hall, desk: Desk) -> Own:
    """What this counter may go on with of the tickets it has resumed: also after closing, when others stay for the rest."""
    return Own(desk.counter, goes_on_with(hall, desk))


def is_open_for(hall: Hall, pair: Pair) -> bool:
    """Whether somebody who can serve this is logged in anywhere."""
    return any(pair in able_at(hall, desk) for desk in hall.desks.values())


def rated_until(hall: Hall, desk: Desk, now: HallTime) -> HallTime | None:
    """The end of the rating window of the session that is handed on now; ``None`` if it was too short (EVAL-6.1)."""
    rating = hall.in_force.config.params.rating
    if desk.session is None or hall.queue_clock(now) - desk.session_q < rating.min_session_s * SECOND:
        return None
    return HallTime(now + rating.prompt_s * SECOND)
