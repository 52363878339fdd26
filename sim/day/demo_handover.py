"""The hand-over of the demo day between S101 and S102: given and read before the outing, returned and confirmed after it."""

from broker.ledgers.handover import entries
from broker.rules import facts as f
from broker.rules.hours import clock_of
from contracts import messages as m
from sim.day.stage import Stage
from sim.day.table import Line


def _handover(s: Stage) -> str:
    """The hand-over of W02 as the ledger has it: number, from whom to whom, how, when made, when read."""
    one = next(one for one in entries(s.facts(f.HandoverMade, f.HandoverAcknowledged)) if one.counter == "W02")
    read = "unread" if one.acknowledged_at is None else clock_of(one.acknowledged_at)
    return f"{one.no} {one.giver}-{one.taker} {one.kind.rpartition('.')[2]} {clock_of(one.at)} {read}"


def _returned(s: Stage) -> str:
    last = s.facts(f.HandoverReturned)[-1]
    assert isinstance(last.fact, f.HandoverReturned)
    return f"{clock_of(last.at)} {len(last.fact.done)} done {len(last.fact.still)} open"


def _open_handovers(s: Stage) -> list[str]:
    return [one.counter for one in s.house.hall.handovers.open.values()]


GIVEN = (Line("13:52", "S101 hands his post over", "AB-4.2a", lambda s: s.key("W02", m.HandoverRequested), "done"),)

READ = (
    Line("13:53", "S102 has read what is handed over", "AB-4.2a", lambda s: s.key("W03", m.HandoverAckRequested), "done"),
    Line("13:53", "it stands in the ledger", "AB-4.2a", _handover, "JJ-20260310-002 S101-S102 written 13:52 13:53"),
    Line("13:53", "nothing was skipped", "AB-4.2a", lambda s: str(len(s.facts(f.HandoverSkipped))), "0"),
)

RETURNED = (Line("16:24:01", "the return list: two tickets done, nothing open", "AB-4.4", _returned, "16:24 2 done 0 open"),)

CONFIRMED = (
    Line("16:26", "S101 confirms the return list", "AB-4.4", lambda s: s.key("W02", m.HandoverConfirmRequested), "done"),
    Line("16:26", "so does S102", "AB-4.4", lambda s: s.key("W03", m.HandoverConfirmRequested), "done"),
    Line("16:26:01", "the hand-over is over", "AB-4.4", lambda s: str("W02" in _open_handovers(s)), "False"),
)
