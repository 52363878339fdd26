"""取号叫号台账 (1.0.5): every ticket of a day, each of its calls in a line, and how it ended."""

from collections.abc import Iterable
from dataclasses import dataclass

from broker.ledgers.table import ENDS, Table, clock, person, window
from broker.rules import facts as f
from broker.why import CLASSES
from contracts.values import CounterId, GroupId, HallTime, ServiceId, StaffNo, TicketId, VisitorClass

COLUMNS = (
    "号码",
    "业务队列",
    "事项",
    "类别",
    "取号时间",
    "叫号时间",
    "呼叫次数",
    "窗口",
    "工作人员",
    "代主岗",
    "开始办理",
    "结束时间",
    "结果",
    "加急",
)


@dataclass(slots=True)
class _Line:
    ticket: f.TicketIssued
    issued_at: HallTime
    group: GroupId
    service: ServiceId | None
    called_at: HallTime | None = None
    announcements: int = 0
    counter: CounterId | None = None
    staff: StaffNo | None = None
    post_owner: StaffNo | None = None
    started_at: HallTime | None = None
    ended_at: HallTime | None = None
    result: str = ""
    expedite: bool = False


class _Book:
    """The lines of each ticket, the last one running."""

    def __init__(self) -> None:
        self.lines: dict[TicketId, list[_Line]] = {}

    def take(self, fact: f.Fact, at: HallTime) -> None:
        match fact:
            case f.TicketIssued(ticket=ticket):
                issued_at = at if fact.taken_at is None else fact.taken_at
                self.lines[ticket] = [_Line(fact, issued_at, fact.group, fact.service)]
            case f.TicketCalled(ticket=ticket):
                line = self._next(ticket)
                line.called_at, line.announcements, line.counter = at, 1, fact.counter
                line.staff, line.post_owner = fact.staff, fact.post_owner
            case f.CallRepeated(call=call, announcement=announcement):
                self._last(TicketId(call.rpartition("/")[0])).announcements = announcement
            case f.ServiceStarted(ticket=ticket):
                line = self._last(ticket)
                line.started_at, line.staff, line.post_owner = at, fact.staff, fact.post_owner
            case f.ServiceFinished(ticket=ticket) | f.TicketMissed(ticket=ticket) | f.TicketCancelled(ticket=ticket):
                self._ends(ticket, at, ENDS[type(fact)])
                self._last(ticket).expedite = isinstance(fact, f.ServiceFinished) and fact.expedite
            case f.TicketHeld(ticket=ticket):
                self._ends(ticket, at, "挂起")
            case f.TicketTransferred(ticket=ticket):
                self._ends(ticket, at, "转移")
                self._moves(ticket, fact.group, fact.service)
            case f.LeadAccepted(ticket=ticket):
                self._led(fact, at)
            case _:
                pass

    def _last(self, ticket: TicketId) -> _Line:
        return self.lines[ticket][-1]

    def _next(self, ticket: TicketId) -> _Line:
        """A line of its own for each call but the first; the group is the present one."""
        last = self._last(ticket)
        if last.called_at is None:
            return last
        self.lines[ticket].append(_Line(last.ticket, last.issued_at, last.group, last.service))
        return self._last(ticket)

    def _ends(self, ticket: TicketId, at: HallTime, result: str) -> None:
        line = self._last(ticket)
        line.ended_at, line.result = at, result

    def _moves(self, ticket: TicketId, group: GroupId, service: ServiceId | None) -> None:
        line = self._last(ticket)
        self.lines[ticket].append(_Line(line.ticket, line.issued_at, group, service))

    def _led(self, fact: f.LeadAccepted, at: HallTime) -> None:
        self._ends(fact.ticket, at, "领办")
        self._moves(fact.ticket, fact.group, fact.service)
        line = self._last(fact.ticket)
        line.called_at, line.announcements, line.counter, line.staff = at, 1, fact.counter, fact.staff
        line.started_at, line.post_owner = at, fact.post_owner


def table(
    recorded: Iterable[f.Recorded], groups: dict[GroupId, str], services: dict[ServiceId, str], names: dict[StaffNo, str]
) -> Table:
    """The ledger, in the order of the tickets."""
    book = _Book()
    for one in recorded:
        book.take(one.fact, one.at)
    return Table(COLUMNS, tuple(_row(line, groups, services, names) for lines in book.lines.values() for line in lines))


def _row(
    line: _Line, groups: dict[GroupId, str], services: dict[ServiceId, str], names: dict[StaffNo, str]
) -> tuple[str, ...]:
    service = "" if line.service is None else services.get(line.service, line.service)
    classes = [claim.visitor_class for claim in line.ticket.claims if claim.visitor_class is not VisitorClass.NORMAL]
    special = [CLASSES[one].zh for one in classes]
    return (
        line.ticket.no,
        groups.get(line.group, line.group),
        service,
        "、".join(special) or CLASSES[VisitorClass.NORMAL].zh,
        clock(line.issued_at),
        clock(line.called_at),
        str(line.announcements or ""),
        window(line.counter),
        person(names, line.staff),
        person(names, line.post_owner),
        clock(line.started_at),
        clock(line.ended_at),
        line.result,
        "是" if line.expedite else "",
    )
