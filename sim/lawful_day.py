"""A day whose every fact is held against the laws of the queue, each written down a second time and differently.

What ``pick`` finds by heads of lines is sought here among all tickets, with points counted anew from the configuration.
"""

from collections.abc import Iterator
from datetime import date

from broker.opening import in_memory
from broker.projections import project
from broker.rules import facts as f
from broker.rules.course.at_desk import able_at
from broker.rules.hall import Hall, Ticket, TicketState
from broker.rules.hours import MINUTE
from broker.rules.service_day.serves import pairs_at
from contracts.values import HallTime, StaffNo, TicketId, VisitorClass
from sim.rules_alone import BrokenPromiseError
from sim.rules_day import TUESDAY, RulesDay

_PERCENT = 100
_OFF_THE_PATH = (
    f.TicketHeld,
    f.TicketTransferred,
    f.LeadAccepted,
    f.TicketReactivated,
    f.ClassChanged,
    f.CareChecked,
    f.HeldReleased,
)
"""Steps after which a ticket may stand elsewhere than its issue says: the recorded paths of 1.0.5."""


class LawfulDay(RulesDay):
    """A :class:`RulesDay` that raises :class:`BrokenPromiseError` at the first fact that breaks a law.

    ``moved`` are the tickets whose place a recorded path may have changed.
    """

    def __init__(self, text: str, clock: str = "08:00", day: date = TUESDAY) -> None:
        self.moved: set[TicketId] = set()
        super().__init__(text, clock, day)

    def record(self, fact: f.Fact) -> None:
        """Look at a call before it is folded, at what must never change after, and at the views that are kept."""
        if isinstance(fact, f.TicketCalled):
            for broken in call_breaks(self, fact):
                raise BrokenPromiseError(f"{fact.call} by {fact.counter}: {broken}")
        ticket = self.hall.tickets.get(getattr(fact, "ticket", TicketId("")))
        if ticket is None:
            super().record(fact)
            self.seen()
            return
        before = ticket.first_asker, ticket.first_handler, ticket.chain
        super().record(fact)
        self.seen()
        self._is_kept(ticket, *before)
        if isinstance(fact, _OFF_THE_PATH):
            self.moved.add(ticket.id)

    def _is_kept(self, ticket: Ticket, asker: StaffNo | None, handler: StaffNo | None, chain: tuple[StaffNo, ...]) -> None:
        """FIRST-3: written once, never overwritten; FIRST-4.2: a chain only grows."""
        if asker not in (None, ticket.first_asker) or handler not in (None, ticket.first_handler):
            raise BrokenPromiseError(f"{ticket.id}: first asker or handler was overwritten")
        if ticket.chain[: len(chain)] != chain:
            raise BrokenPromiseError(f"{ticket.id}: the chain {chain} became {ticket.chain}")


def call_breaks(day: LawfulDay, fact: f.TicketCalled) -> Iterator[str]:
    """Every law this call breaks, seen from the hall just before it."""
    hall, called = day.hall, day.hall.tickets[fact.ticket]
    waiting = list(_callable_at(day, fact))
    best = min(waiting, key=lambda one: _place(day, one, fact), default=None)
    if best is None or best.id != called.id:
        yield f"a full scan finds {best and best.id}"
    for other in waiting:
        is_earlier = (other.since, other.sequence) < (called.since, called.sequence)
        if is_earlier and _same_line(called, other) and not day.moved & {called.id, other.id}:
            yield f"{other.id} of the same class came before it"
        if fact.tier is not f.Tier.RESUMED and _tier(day, other) is fact.tier:
            yield from _overtaken(hall, fact, other)


def _callable_at(day: LawfulDay, fact: f.TicketCalled) -> Iterator[Ticket]:
    """1.0.4, callable at a counter, read literally over all tickets."""
    hall, desk = day.hall, day.hall.desks[fact.counter]
    for one in hall.tickets.values():
        if one.state is TicketState.WAITING and (one.shown or one.presumed or one.printed):
            aside = hall.course.resumed.get(one.id)
            if one.pair in (able_at(hall, desk) if aside is not None else pairs_at(hall, desk)) and (
                aside is None or aside.counter == fact.counter
            ):
                yield one


def _tier(day: LawfulDay, one: Ticket) -> f.Tier:
    if one.id in day.hall.course.resumed:
        return f.Tier.RESUMED
    if VisitorClass.URGENT in {claim.visitor_class for claim in one.claims}:
        return f.Tier.URGENT
    is_carried = one.in_line_from < day.hall.today.noon and day.now >= day.hall.today.afternoon
    return f.Tier.CARRIED_OVER if is_carried else f.Tier.SCORE


def _place(day: LawfulDay, one: Ticket, fact: f.TicketCalled) -> tuple[int, int, int, int, int]:
    """Lowest is called first: tier, order of resuming, points, since, sequence."""
    tiers = [f.Tier.RESUMED, f.Tier.URGENT, f.Tier.CARRIED_OVER, f.Tier.SCORE]
    aside = day.hall.course.resumed.get(one.id)
    reserve = next(it for it in day.hall.in_force.config.counters if it.id == fact.counter).reserve
    scores = [
        reserve.of(claim.visitor_class) * _points(day.hall, claim, fact.queue_clock)
        for claim in one.claims
        if claim.visitor_class is not VisitorClass.APPOINTMENT_DUE or claim.since <= fact.queue_clock
    ]
    order = 0 if aside is None else aside.order
    return tiers.index(_tier(day, one)), order, -max(scores), one.since, one.sequence


def _points(hall: Hall, claim: f.Claim, q: HallTime) -> int:
    line = hall.in_force.config.params.queue.classes.of(claim.visitor_class)
    return _PERCENT * line.head_start_min * MINUTE + line.speed * max(0, q - claim.since)


def _same_line(one: Ticket, other: Ticket) -> bool:
    """Told apart by nothing but when they came; an appointment's own time is something else."""
    kinds = [{claim.visitor_class for claim in each.claims} for each in (one, other)]
    return one.pair == other.pair and kinds[0] == kinds[1] and VisitorClass.APPOINTMENT_DUE not in kinds[0]


def _overtaken(hall: Hall, fact: f.TicketCalled, other: Ticket) -> Iterator[str]:
    """The bound a visitor may rely on, at a counter without reserve: s <= a + (1 - b_p/b_k) w + (h_k - h_p)/b_k."""
    counter = next(one for one in hall.in_force.config.counters if one.id == fact.counter)
    classes, won = hall.in_force.config.params.queue.classes, fact.compared[0]
    if any(counter.reserve.of(one) != _PERCENT for one in VisitorClass):
        return
    k = classes.of(won.visitor_class)
    for claim in other.claims:
        p, w = classes.of(claim.visitor_class), fact.queue_clock - claim.since
        if w >= 0 and claim.since < won.since:
            ahead = _PERCENT * MINUTE * (k.head_start_min - p.head_start_min)
            if (won.since - claim.since) * k.speed > (k.speed - p.speed) * w + ahead:
                yield f"{other.id} was overtaken beyond the bound"


def rows_differ(day: RulesDay) -> Iterator[str]:
    """Where the tables people read say something else of today's tickets than the fold does."""
    database = in_memory()
    database.execute("PRAGMA foreign_keys = OFF")
    for one in day.facts:
        project(database, one)
    columns = (
        "ticket, state, queue_group, service, transferred_from, reactivations, first_asker, first_handler, chain, classes"
    )
    stored = {row[0]: row[1:] for row in database.execute(f"SELECT {columns} FROM tickets")}  # noqa: S608 -- our own names
    database.close()
    for ticket in day.hall.tickets.values():
        is_to_print = ticket.state is TicketState.WAITING and not ticket.is_callable
        known = (
            "to_print" if is_to_print else ticket.state.value,
            ticket.group,
            ticket.service,
            ticket.transferred_from,
            ticket.reactivations,
            ticket.first_asker,
            ticket.first_handler,
            ",".join(ticket.chain) or None,
            ",".join(claim.visitor_class.value for claim in ticket.claims),
        )
        if stored[ticket.id] != known:
            yield f"{ticket.id}: the table has {stored[ticket.id]}, the fold {known}"
