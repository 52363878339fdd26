"""What may be asked about the hall's day, and by which kinds of node."""

from broker.rules.asking import Rule
from broker.rules.roles import STAFF_NODES
from broker.rules.service_day import closing_plan, counters, emergency, extended, helping, refusing
from contracts import messages as m

RULES: dict[type[m.Message], Rule] = {
    m.EmergencyRequested: Rule(STAFF_NODES, emergency.requested),
    m.EmergencyEndRequested: Rule(STAFF_NODES, emergency.ended),
    m.NoonServiceRequested: Rule(STAFF_NODES, extended.noon_service),
    m.ClosingPlanRequested: Rule(STAFF_NODES, closing_plan.confirmed),
    m.ExtensionRefusalRequested: Rule(("counter_terminal",), refusing.cannot_stay),
    m.ExtensionAssignRequested: Rule(STAFF_NODES, refusing.assigned),
    m.CounterAddRequested: Rule(STAFF_NODES, counters.added),
    m.CounterGroupsRequested: Rule(STAFF_NODES, counters.groups_changed),
    m.HelpRequested: Rule(("ticket_machine", "query_machine", "counter_terminal", *STAFF_NODES), helping.requested),
}
