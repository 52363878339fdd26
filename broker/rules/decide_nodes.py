"""Births, deaths, and strangers. A reborn ticket machine gets its unconfirmed tickets again (design 5, paper)."""

from broker.rules import facts as f
from broker.rules.asking import Decision
from broker.rules.decide_tickets import to_print_again
from broker.rules.hall import Hall, TicketState
from contracts.messages import NodeState
from contracts.values import HallTime, NodeName

STRANGERS_KEPT = 100
"""Strangers reported per day; a flood of invented names must not fill the disk."""
LONGEST_NAME = 63
"""As long as a name of ours may be; a stranger may invent one as long as a topic."""


def node_state(hall: Hall, node: NodeName, state: NodeState, now: HallTime) -> Decision:
    """A birth or a last will. Said again, or by an old will, it changes nothing."""
    if state.node != node or node not in hall.in_force.devices:
        return stranger(hall, node, state.boot)
    life = hall.nodes.get(node)
    if state.online:
        if life is not None and life.online and life.boot == state.boot:
            return Decision()
        born = f.NodeBorn(node=node, boot=state.boot)
        return Decision((born,)) if life is not None and life.boot == state.boot else _reborn(hall, born, now)
    if life is not None and life.online and life.boot == state.boot:
        return Decision((f.NodeDied(node=node, boot=state.boot, planned=state.reason == "planned"),))
    return Decision()


def _reborn(hall: Hall, born: f.NodeBorn, now: HallTime) -> Decision:
    """Of two papers none may be missing and one too many does no harm: what was not confirmed is printed again, marked."""
    lost = [
        one
        for one in hall.tickets.values()
        if one.state is TicketState.WAITING and one.awaits_paper and one.papers[-1] == born.node
    ]
    orders = [f.ReprintOrdered(ticket=one.id, kiosk=born.node, copy=len(one.papers)) for one in lost]
    papers = [to_print_again(hall, one, len(one.papers), born.boot, now) for one in lost]
    return Decision((born, *orders), tuple((born.node, paper) for paper in papers))


def stranger(hall: Hall, node: str, boot: str) -> Decision:
    """A name the hall does not declare: reported once a day, whatever boots it invents, and cut to a sane length."""
    name = node[:LONGEST_NAME]
    if name in hall.turned_away or len(hall.turned_away) >= STRANGERS_KEPT:
        return Decision()
    return Decision((f.NodeTurnedAway(node=name, boot=boot[:LONGEST_NAME]),))
