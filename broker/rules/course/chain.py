"""A visitor sent on again and again is brought to somebody's notice (FIRST-6)."""

from broker.rules import facts as f
from broker.rules.hall import Hall, Ticket
from broker.rules.tasks.open import About, opened
from contracts.values import TaskKind

LADDER = (f.Rung(after=0, roles=("guide", "duty_leader", "inspector")),)
"""Those who can help at once; and the inspector, to whom it is a clue (FIRST-6)."""


def chain_task(hall: Hall, ticket: Ticket) -> tuple[f.Fact, ...]:
    """The task that follows the hand-over decided now, if it is the one too many."""
    if ticket.moves + 1 != hall.in_force.config.params.queue.transfer_chain:
        return ()
    about = About(ticket=ticket.id, values={"no": ticket.no})
    return (opened(hall, TaskKind.TRANSFER_CHAIN, LADDER, about),)


def care_task(hall: Hall, ticket: Ticket, announcement: int) -> tuple[f.Fact, ...]:
    """A care ticket's third announcement in vain: the guides look for its holder (1.0.5)."""
    if not ticket.cares or announcement != hall.in_force.config.params.queue.care_alert_at:
        return ()
    if hall.tasks.of(TaskKind.CARE_CALLED, ticket=ticket.id):
        return ()
    about = About(ticket=ticket.id, values={"no": ticket.no})
    return (opened(hall, TaskKind.CARE_CALLED, (f.Rung(after=0, roles=("guide",)),), about),)
