"""What may be asked about leave, and by which kinds of node."""

from collections.abc import Callable
from typing import Any

from broker.rules.asking import Asker, Decision, No, Rule, refused
from broker.rules.hall import Hall
from broker.rules.leave import deciding, ending, entering, papers
from broker.rules.roles import STAFF_NODES
from broker.rules.workdays import MissingYearError
from contracts import messages as m
from contracts.values import HallTime, Refusal

_Decide = Callable[[Hall, Asker, Any, HallTime], Decision]


def _by_calendar(decide: _Decide) -> Rule:
    """Working days are counted, so a year whose holidays are not imported is refused, never guessed (1.0.1)."""

    def decided(hall: Hall, asker: Asker, request: m.Request, now: HallTime) -> Decision:
        try:
            return decide(hall, asker, request, now)
        except MissingYearError as error:
            return refused(asker, request, No(Refusal.CALENDAR_MISSING_YEAR, str(error), {"year": str(error.year)}))

    return Rule(STAFF_NODES, decided)


RULES: dict[type[m.Message], Rule] = {
    m.LeaveSubmitRequested: _by_calendar(entering.submitted),
    m.LeaveRenewRequested: _by_calendar(entering.renewed),
    m.LeaveImportRequested: _by_calendar(entering.imported),
    m.LeaveApproveRequested: _by_calendar(deciding.approved),
    m.LeaveRejectRequested: _by_calendar(deciding.rejected),
    m.LeaveWithdrawRequested: Rule(STAFF_NODES, ending.withdrawn),
    m.LeaveReturnRequested: Rule(STAFF_NODES, ending.returned),
    m.LeavePaperRequested: Rule(STAFF_NODES, papers.filed),
    m.LeaveReasonRequested: Rule(STAFF_NODES, papers.reason_shown),
}
"""What may be asked about leave."""
