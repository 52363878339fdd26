"""爱心通道台账 (CARE-7): number, time, code of the basis, verified by, waiting time.

The code of why somebody was cared for lies in the vault and is destroyed with the key of its day (CARE-2.2c): a ledger
written on the day has it, one written later says that it is gone. Nothing in it says who the person was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from broker.ledgers.table import ENDS, Table, clock, person
from broker.rules import facts as f
from broker.rules.hours import MINUTE
from contracts.values import HallTime, StaffNo, TicketId, TicketNo, VisitorClass

COLUMNS = (
    "号码",
    "取号时间",
    "开通方式",
    "开通人",
    "依据",
    "核验结果",
    "核验人",
    "核验时间",
    "叫号时间",
    "等候分钟",
    "结果",
)
GONE = "已按期销毁"
_BY_AGE, _BY_KEY, _BY_STAFF = "身份证年龄", "自助申报", "工作人员开通"
_CHECKED = {
    f.CareOutcome.VERIFIED: "已核验",
    f.CareOutcome.UNVERIFIED: "未核验,仍予办理",
    f.CareOutcome.RETURNED: "恢复普通排队",
}
AGE = "age"


@dataclass(slots=True)
class Entry:
    """One ticket that was cared for. ``since`` is the queue clock its care counts from."""

    no: TicketNo
    issued_at: HallTime
    how: str = ""
    by: StaffNo | None = None
    since: HallTime | None = None
    checked: f.CareOutcome | None = None
    checked_by: StaffNo | None = None
    checked_at: HallTime | None = None
    called_at: HallTime | None = None
    waited: int | None = None
    result: str = ""


def entries(recorded: Iterable[f.Recorded]) -> dict[TicketId, Entry]:
    """Every ticket of a day that claimed care at any time, in the order in which they were issued."""
    book: dict[TicketId, Entry] = {}
    for one in recorded:
        _take(book, one.fact, one.at)
    return {ticket: entry for ticket, entry in book.items() if entry.how}


def _take(book: dict[TicketId, Entry], fact: f.Fact, at: HallTime) -> None:
    if isinstance(fact, f.TicketIssued):
        _issued(book, fact, at)
        return
    ticket = getattr(fact, "ticket", None)
    entry = book.get(TicketId(ticket)) if isinstance(ticket, str) else None
    if entry is None:
        return
    match fact:
        case f.ClassChanged(visitor_class=VisitorClass.CARE, withdrawn=withdrawn):
            _changed(entry, fact, withdrawn=withdrawn)
        case f.CareChecked(outcome=outcome, staff=staff):
            entry.checked, entry.checked_by, entry.checked_at = outcome, staff, at
            if outcome is f.CareOutcome.RETURNED:
                entry.called_at, entry.waited = None, None
        case f.TicketCalled(queue_clock=q):
            entry.called_at = entry.called_at or at
            if entry.waited is None and entry.since is not None:
                entry.waited = max(0, q - entry.since) // MINUTE
        case f.ServiceFinished() | f.TicketMissed() | f.TicketCancelled():
            entry.result = ENDS[type(fact)]
        case _:
            pass


def _issued(book: dict[TicketId, Entry], fact: f.TicketIssued, at: HallTime) -> None:
    entry = book[fact.ticket] = Entry(fact.no, at if fact.taken_at is None else fact.taken_at)
    for claim in fact.claims:
        if claim.visitor_class is VisitorClass.CARE:
            entry.since = claim.since
            entry.how, entry.by = (_BY_AGE, None) if fact.by_age else (_BY_KEY, None)
            if fact.actor is not None:
                entry.how, entry.by = _BY_STAFF, fact.actor


def _changed(entry: Entry, fact: f.ClassChanged, *, withdrawn: bool) -> None:
    if withdrawn:
        entry.result = "取消优先" if entry.how else ""
        return
    care = (one.since for one in fact.claims if one.visitor_class is VisitorClass.CARE)
    entry.since, entry.result = next(care, entry.since), ""
    entry.how, entry.by = _BY_STAFF, fact.actor


def table(recorded: Iterable[f.Recorded], names: dict[StaffNo, str], bases: Mapping[TicketId, str] | None) -> Table:
    """The ledger; ``bases`` are the codes in the vault, ``None`` if the key of the day is destroyed."""
    return Table(COLUMNS, tuple(_row(ticket, one, names, bases) for ticket, one in entries(recorded).items()))


def _row(ticket: TicketId, one: Entry, names: dict[StaffNo, str], bases: Mapping[TicketId, str] | None) -> tuple[str, ...]:
    return (
        one.no,
        clock(one.issued_at),
        one.how,
        person(names, one.by),
        _basis(ticket, one, bases),
        "" if one.checked is None else _CHECKED[one.checked],
        person(names, one.checked_by),
        clock(one.checked_at),
        clock(one.called_at),
        "" if one.waited is None else str(one.waited),
        one.result,
    )


def _basis(ticket: TicketId, one: Entry, bases: Mapping[TicketId, str] | None) -> str:
    if one.how == _BY_AGE:
        return AGE
    if bases is None:
        return GONE if one.how == _BY_STAFF else ""
    return bases.get(ticket, "")
