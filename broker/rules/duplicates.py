"""One live ticket per person and queue group (real-name tickets): not a quota, a reprint instead (EXT-3.2)."""

from broker.rules.asking import No
from broker.rules.hall import LIVE, Hall, Ticket
from contracts.values import GroupId, HolderHash, Refusal


def live_ticket(hall: Hall, holder: HolderHash, group: GroupId) -> Ticket | None:
    """The ticket this person waits with in this group, wherever it came from: a machine, an appointment, an outage."""
    mine = (hall.tickets[one] for one in hall.holders.get(holder, ()))
    return next((one for one in mine if one.state in LIVE and one.group == group), None)


def is_duplicate(hall: Hall, holder: HolderHash | None, group: GroupId) -> No | None:
    """Why this person gets no second ticket of this group, if so."""
    mine = None if holder is None else live_ticket(hall, holder, group)
    return None if mine is None else No(Refusal.DUPLICATE_TICKET, f"{mine.id} is {mine.state.value}", {"no": mine.no})
