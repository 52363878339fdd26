"""绿色通道台账 (GREEN-9): every visit of a project of the green channel; codes alone, for whoever is on record (GREEN-8)."""

from collections.abc import Iterable
from dataclasses import dataclass

from broker.ledgers.table import ENDS, Table, clock, person, window
from broker.rules import facts as f
from broker.rules.hours import MINUTE
from broker.schema import GreenProject
from contracts.values import CounterId, HallTime, StaffNo, TicketId, TicketNo, VisitorClass

COLUMNS = (
    "号码",
    "项目代码",
    "项目类别",
    "项目专员",
    "通道",
    "批准人",
    "取号时间",
    "开通时间",
    "叫号时间",
    "等候分钟",
    "窗口",
    "工作人员",
    "结果",
)
_CLASSES = {VisitorClass.GREEN: "绿色通道", VisitorClass.URGENT: "紧急"}


@dataclass(slots=True)
class Entry:
    """One ticket of a project; ``since`` is the queue clock from which it counts as green or urgent."""

    no: TicketNo
    issued_at: HallTime
    project: str | None = None
    kind: VisitorClass | None = None
    approved_by: StaffNo | None = None
    opened_at: HallTime | None = None
    since: HallTime | None = None
    called_at: HallTime | None = None
    waited: int | None = None
    counter: CounterId | None = None
    staff: StaffNo | None = None
    result: str = ""


def entries(recorded: Iterable[f.Recorded]) -> list[Entry]:
    """Every ticket of a day with a green or urgent claim, in the order in which they were issued."""
    book: dict[TicketId, Entry] = {}
    for one in recorded:
        _take(book, one.fact, one.at)
    return [entry for entry in book.values() if entry.kind is not None]


def _take(book: dict[TicketId, Entry], fact: f.Fact, at: HallTime) -> None:
    if isinstance(fact, f.TicketIssued):
        entry = book[fact.ticket] = Entry(fact.no, at if fact.taken_at is None else fact.taken_at)
        _claims(entry, fact, at)
        return
    ticket = getattr(fact, "ticket", None)
    found = book.get(TicketId(ticket)) if isinstance(ticket, str) else None
    if found is None:
        return
    match fact:
        case f.ClassChanged(visitor_class=VisitorClass.GREEN | VisitorClass.URGENT, withdrawn=True):
            found.result = "取消优先"
        case f.ClassChanged(visitor_class=VisitorClass.GREEN | VisitorClass.URGENT):
            found.result = ""
            _claims(found, fact, at)
        case f.TicketCalled(queue_clock=q):
            found.called_at = found.called_at or at
            found.counter, found.staff = fact.counter, fact.staff
            if found.waited is None and found.since is not None:
                found.waited = max(0, q - found.since) // MINUTE
        case f.ServiceStarted(staff=staff):
            found.staff = staff
        case f.ServiceFinished() | f.TicketMissed() | f.TicketCancelled():
            found.result = ENDS[type(fact)]
        case _:
            pass


def _claims(entry: Entry, fact: f.TicketIssued | f.ClassChanged, at: HallTime) -> None:
    for claim in fact.claims:
        if claim.visitor_class in _CLASSES:
            entry.kind, entry.since = claim.visitor_class, claim.since
            entry.project = fact.project or entry.project
            entry.approved_by = fact.approved_by or entry.approved_by
            entry.opened_at = entry.opened_at or at


def table(recorded: Iterable[f.Recorded], names: dict[StaffNo, str], projects: dict[str, GreenProject]) -> Table:
    """The ledger."""
    return Table(COLUMNS, tuple(_row(one, names, projects) for one in entries(recorded)))


def _row(one: Entry, names: dict[StaffNo, str], projects: dict[str, GreenProject]) -> tuple[str, ...]:
    project = projects.get(one.project or "")
    return (
        one.no,
        one.project or "",
        "" if project is None else project.kind,
        "" if project is None else person(names, project.case_manager),
        "" if one.kind is None else _CLASSES[one.kind],
        person(names, one.approved_by),
        clock(one.issued_at),
        clock(one.opened_at),
        clock(one.called_at),
        "" if one.waited is None else str(one.waited),
        window(one.counter),
        person(names, one.staff),
        one.result,
    )
