"""What may be asked about cases, and by which kinds of node."""

from broker.rules.asking import Rule
from broker.rules.proxy import deciding
from broker.rules.roles import STAFF_NODES
from contracts import messages as m

RULES: dict[type[m.Message], Rule] = {
    m.ProxyReportRequested: Rule(STAFF_NODES, deciding.reported),
    m.ProxySignRequested: Rule(STAFF_NODES, deciding.signed),
    m.ProxyCountersignRequested: Rule(STAFF_NODES, deciding.countersigned),
    m.ProxyDismissRequested: Rule(STAFF_NODES, deciding.dismissed),
}
