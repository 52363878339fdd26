"""What may be asked about corrections, and by which kinds of node."""

from broker.rules.asking import Rule
from broker.rules.corrections import checking, regularise
from broker.rules.roles import STAFF_NODES
from contracts import messages as m

RULES: dict[type[m.Message], Rule] = {
    m.RegulariseRequested: Rule(STAFF_NODES, regularise.asked),
    m.RegulariseDecisionRequested: Rule(STAFF_NODES, regularise.decided),
    m.PunchSheetRequested: Rule(STAFF_NODES, checking.sheet),
    m.PunchVoidRequested: Rule(STAFF_NODES, checking.voided),
    m.PunchTimeRequested: Rule(STAFF_NODES, checking.retimed),
    m.HalfDecisionRequested: Rule(STAFF_NODES, checking.reclassified),
}
