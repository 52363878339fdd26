"""AB岗交接台账 (AB-4.2, AB-4.4): who handed a post to whom, what was open, how it came back; and what was left out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from broker.ledgers.table import Table, person, window
from broker.rules import facts as f
from broker.rules.hours import day_of, spelled
from contracts.values import CounterId, HallTime, HandoverNo, StaffNo
from words import text

KINDS = (
    "ConfigurationAdopted",
    "HandoverMade",
    "HandoverAcknowledged",
    "HandoverReturned",
    "HandoverConfirmed",
    "HandoverSkipped",
    "HandoverUntold",
    "SubstituteNamed",
)
COLUMNS = (
    "编号",
    "时间",
    "岗位",
    "窗口",
    "方式",
    "交接人",
    "接收人",
    "登记人",
    "交接清单",
    "备注",
    "接收确认",
    "交还时间",
    "已办结",
    "累计办理",
    "未办结",
    "交还材料",
    "主岗确认",
    "协岗确认",
    "更正编号",
)


@dataclass(slots=True)
class Entry:
    """A line: an entry with a number, or what happened instead of one (``kind`` is a key of ``words.ab``)."""

    at: HallTime
    kind: str
    post: str
    counter: CounterId
    giver: StaffNo | None = None
    taker: StaffNo | None = None
    actor: StaffNo | None = None
    no: str = ""
    listed: tuple[f.Listed, ...] = ()
    remarks: str = ""
    acknowledged_at: HallTime | None = None
    returned: f.HandoverReturned | None = None
    returned_at: HallTime | None = None
    confirmed: dict[StaffNo, HallTime] = field(default_factory=dict)
    replaced_by: str = ""


class _Book:
    """The lines in order, and those with a number by it."""

    def __init__(self) -> None:
        self.lines: list[Entry] = []
        self._of: dict[HandoverNo, Entry] = {}

    def take(self, fact: f.Fact, at: HallTime) -> None:
        match fact:
            case f.HandoverMade():
                self._made(fact)
            case f.HandoverAcknowledged(no=no):
                self._of[no].acknowledged_at = at
            case f.HandoverReturned(no=no):
                self._of[no].returned, self._of[no].returned_at = fact, at
                self._of[no].confirmed = {}
            case f.HandoverConfirmed(no=no, staff=staff):
                self._of[no].confirmed[staff] = at
            case f.HandoverSkipped():
                self.lines.append(Entry(at, "ab.skipped", fact.post, fact.counter, giver=fact.staff))
            case f.HandoverUntold():
                self.lines.append(Entry(at, "ab.untold", fact.post, fact.counter, giver=fact.giver, taker=fact.staff))
            case f.SubstituteNamed():
                self.lines.append(Entry(at, "ab.named", fact.post, fact.counter, taker=fact.staff, actor=fact.actor))
            case _:
                pass

    def _made(self, fact: f.HandoverMade) -> None:
        one = fact.entry
        line = Entry(
            one.at,
            f"ab.kind.{one.kind}",
            one.post,
            one.counter,
            one.giver,
            one.taker,
            fact.actor,
            one.no,
            one.listed,
            one.remarks,
            one.acknowledged_at,
        )
        self.lines.append(line)
        self._of[one.no] = line
        if fact.replaces is not None:
            self._of[fact.replaces].replaced_by = one.no


def entries(recorded: Iterable[f.Recorded]) -> list[Entry]:
    """Every line in the facts of these :data:`KINDS`, oldest first."""
    book = _Book()
    for one in recorded:
        book.take(one.fact, one.at)
    return book.lines


def of_month(found: Iterable[Entry], month: date) -> list[Entry]:
    """Those entered in the month in which ``month`` lies."""
    return [one for one in found if day_of(one.at).replace(day=1) == month.replace(day=1)]


def table(found: Iterable[Entry], names: dict[StaffNo, str]) -> Table:
    """The ledger. What people wrote is sealed: only that there is something shows."""
    return Table(COLUMNS, tuple(_row(one, names) for one in found))


def _row(one: Entry, names: dict[StaffNo, str]) -> tuple[str, ...]:
    back = one.returned
    giver, taker = (None if who is None else one.confirmed.get(who) for who in (one.giver, one.taker))
    return (
        one.no,
        spelled(one.at),
        one.post,
        window(one.counter),
        text(one.kind).zh,
        person(names, one.giver),
        person(names, one.taker),
        person(names, one.actor),
        items(one.listed),
        _sealed(one.remarks),
        spelled(one.acknowledged_at),
        spelled(one.returned_at),
        "" if back is None else "、".join(each.rpartition("/")[2] for each in back.done),
        "" if back is None else str(back.served),
        "" if back is None else items(back.still),
        "" if back is None else _sealed(back.documents),
        spelled(giver),
        spelled(taker),
        one.replaced_by,
    )


def items(listed: Iterable[f.Listed]) -> str:
    """``在办A031、预约P002``."""
    return "、".join(f"{text(f'ab.what.{one.what}').zh}{one.ref.rpartition('/')[2]}" for one in listed)


def _sealed(reference: str) -> str:
    return text("ab.sealed").zh if reference else ""
