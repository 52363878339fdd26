"""The views kept from fact to fact: only what a fact can have changed is made anew.

Most facts of a day are steps of a visit at one counter, of which it is known what they touch. After any other fact all views
are made anew, so a new kind of fact is right before it is fast. The law, held by the machines of the rules after every
fact: what is kept equals what :func:`broker.rules.views.views` makes from nothing.
"""

from dataclasses import dataclass

from msgspec.structs import replace

from broker.rules import facts as f
from broker.rules.course import views as course
from broker.rules.course.at_desk import own
from broker.rules.hall import Hall
from broker.rules.pick import Own, Pair
from broker.rules.service_day.serves import pairs_at
from broker.rules.views import counter_board, desk_state, queue_board, views
from contracts import messages as m
from contracts.topics import Topics
from contracts.values import CallId, CounterId, HallId, HallPhase, SessionId

_NONE: frozenset[CounterId] = frozenset()


@dataclass(frozen=True, slots=True)
class _Serves:
    """The lines whose people a desk counts as waiting."""

    pairs: tuple[Pair, ...]
    own: Own


class KeptViews:
    """What everyone may see of one hall. Tell it every fact after it was folded, or that the hall was :meth:`forgotten`."""

    def __init__(self, hall_id: HallId) -> None:
        self._hall_id = hall_id
        self._topics = Topics(hall_id)
        self._states: dict[str, m.Versioned] = {}
        self._serves: dict[CounterId, _Serves] = {}
        self._touched: set[CounterId] | None = None
        """Counters to be looked at anew; ``None`` if everything is."""

    def forgotten(self) -> None:
        """The hall was made anew: nothing that was kept counts."""
        self._touched = None

    def note(self, hall: Hall, fact: f.Fact) -> None:
        """This fact has just been folded into the hall."""
        if self._touched is not None:
            counters = touched(hall, fact)
            self._touched = None if counters is None else self._touched | counters

    def states(self, hall: Hall) -> dict[str, m.Versioned]:
        """As :func:`broker.rules.views.views`, of a hall whose facts were all told; the caller may change the dictionary."""
        if self._touched is None or not _is_steady(hall):
            self._states = views(hall, self._hall_id)
            self._serves.clear()
        else:
            self._bring_up(hall, self._touched)
        self._touched = set()
        return dict(self._states)

    def _bring_up(self, hall: Hall, counters: set[CounterId]) -> None:
        states, topics = self._states, self._topics
        for counter in hall.in_force.counters.keys() & counters:
            states[topics.counter_board(counter)] = counter_board(hall, hall.desks[counter])
            states[topics.desk(counter)] = desk_state(hall, hall.desks[counter])
        for counter in hall.in_force.counters:
            self._recount(hall, counter)
        for group in hall.in_force.groups:
            states[topics.queue_board(group)] = queue_board(hall, group)

    def _recount(self, hall: Hall, counter: CounterId) -> None:
        """Every desk tells how many wait for it, and who is led to it: that changes with visits at other counters."""
        desk, topic = hall.desks[counter], self._topics.desk(counter)
        serves = self._serves.get(counter)
        if serves is None:
            serves = self._serves[counter] = _Serves(pairs_at(hall, desk), own(hall, desk))
        waiting, led = hall.queue.count(serves.pairs, serves.own), course.led_here(hall, desk)
        state = self._states[topic]
        assert isinstance(state, m.DeskState)
        if (state.waiting, state.led_here) != (waiting, led):
            self._states[topic] = replace(state, waiting=waiting, led_here=led)


def _is_steady(hall: Hall) -> bool:
    """Whether a visit shows at its own counter alone: not near closing or after hours, when all counters depend on all."""
    is_usual = hall.phase in (HallPhase.BEFORE_OPENING, HallPhase.OPEN)
    return is_usual and hall.plan is not None and hall.day is not None and hall.service_day.near_close_left is None


def touched(hall: Hall, fact: f.Fact) -> frozenset[CounterId] | None:
    """The counters whose views this fact can have changed but for who waits for them; ``None``: perhaps everything.

    Besides these and who waits, none of the facts named here changes anything that is shown.
    """
    match fact:
        case f.TicketIssued() | f.TicketPrinted():
            return _NONE
        case f.TicketCalled(ticket=ticket) if ticket in hall.appointments.of_ticket:
            return None  # every counter that could serve it was reminded of it until now
        case f.TicketCalled(counter=counter) | f.ServiceStarted(counter=counter):
            return frozenset({counter})
        case f.CallRepeated(call=call):
            return _calling(hall, call)
        case f.ServiceFinished(session=session) | f.RatingRecorded(session=session) | f.RatingWindowClosed(session=session):
            return _where(hall, session)
        case _:
            return None


def _calling(hall: Hall, call: CallId) -> frozenset[CounterId]:
    return frozenset(desk.counter for desk in hall.desks.values() if desk.call is not None and desk.call.id == call)


def _where(hall: Hall, session: SessionId) -> frozenset[CounterId]:
    """The counter of a session that has ended."""
    found = hall.sessions.get(session)
    return _NONE if found is None else frozenset({found.counter})
