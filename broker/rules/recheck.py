"""A stored call or step, computed once more: ``verify`` trusts none that the rules would not make again (invariant I5)."""

from broker.rules.course.recheck import CHECKED, wrong_step
from broker.rules.decide_counters import compared_at
from broker.rules.facts import Compared, Recorded, TicketCalled
from broker.rules.hall import Hall
from broker.rules.posts.serving import server


def recheck(hall: Hall, recorded: Recorded) -> str | None:
    """What is wrong with a call or a step, seen from the hall just before it; ``None`` if it is right, or another fact."""
    fact = recorded.fact
    if isinstance(fact, CHECKED):
        return wrong_step(hall, fact, recorded.at)
    if not isinstance(fact, TicketCalled):
        return None
    desk = hall.desks.get(fact.counter)
    ticket = hall.tickets.get(fact.ticket)
    if desk is None or ticket is None or fact.counter not in hall.in_force.counters:
        return f"{fact.call}: the hall knows no {fact.ticket} or no {fact.counter}"
    differences = [
        ("staff", fact.staff, server(hall, desk, ticket.pair)),
        ("call", fact.call, f"{ticket.id}/c{ticket.calls + 1}"),
        ("queue_clock", fact.queue_clock, hall.queue_clock(recorded.at)),
        ("configuration", fact.configuration, hall.in_force.hash),
    ]
    wrong = [f"{name} is {stored}, computed {computed}" for name, stored, computed in differences if stored != computed]
    if wrong:
        return f"{fact.call}: {wrong[0]}"
    return _other_comparison(fact, compared_at(hall, desk, recorded.at))


def _other_comparison(fact: TicketCalled, computed: tuple[Compared, ...]) -> str | None:
    if not computed:
        return f"{fact.call}: nobody could be called"
    if (fact.ticket, fact.tier) != (computed[0].ticket, computed[0].tier):
        return f"{fact.call}: computed is {computed[0].ticket} ({computed[0].tier.value})"
    if fact.compared != computed:
        return f"{fact.call}: the stored comparison differs from the computed one"
    return None
