"""What may be asked about the course of a ticket, and by which kinds of node."""

from broker.rules.asking import Rule
from broker.rules.course import classes, hand_on, hold, reactivate
from broker.rules.roles import STAFF_NODES
from broker.schema import DeviceKind
from contracts import messages as m

_TERMINAL: tuple[DeviceKind, ...] = ("counter_terminal",)

RULES: dict[type[m.Message], Rule] = {
    m.HoldRequested: Rule(_TERMINAL, hold.held),
    m.HeldResumeRequested: Rule(_TERMINAL, hold.resumed),
    m.TransferRequested: Rule(_TERMINAL, hand_on.transferred),
    m.LeadRequested: Rule(_TERMINAL, hand_on.led),
    m.LeadAcceptRequested: Rule(_TERMINAL, hand_on.accepted),
    m.LeadEndRequested: Rule(_TERMINAL, hand_on.taken_back),
    m.ReactivateRequested: Rule(("ticket_machine", *STAFF_NODES), reactivate.reactivated),
    m.ClassChangeRequested: Rule(STAFF_NODES, classes.changed),
    m.CareCheckRequested: Rule(_TERMINAL, classes.checked),
}
