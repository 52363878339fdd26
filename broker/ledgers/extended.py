"""延时服务台账 (EXT-2): who was served after hours, by whom, from when to when, and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from broker.ledgers.table import Table, clock, person, window
from broker.rules import facts as f
from broker.rules.evolve import evolve
from broker.rules.hall import Hall, empty_hall
from broker.rules.hours import MINUTE
from contracts.values import CounterId, HallTime, SessionId, StaffNo, TicketId

COLUMNS = ("窗口", "工作人员", "号码", "开始时间", "结束时间", "分钟", "原因")
_REASONS = {
    f.ExtensionReason.CURRENT: "正在办理",
    f.ExtensionReason.WAITING: "等候办理",
    f.ExtensionReason.SURGE: "增设窗口",
    f.ExtensionReason.GREEN: "绿色通道",
}


@dataclass(slots=True)
class Entry:
    """One extended session; ``until`` is ``None`` while it lasts."""

    session: SessionId
    ticket: TicketId
    counter: CounterId
    staff: StaffNo
    since: HallTime
    reason: f.ExtensionReason
    until: HallTime | None = None

    @property
    def minutes(self) -> int | None:
        """Whole minutes, cut off."""
        return None if self.until is None else (self.until - self.since) // MINUTE


def entries(recorded: Iterable[f.Recorded]) -> list[Entry]:
    """Every extension in the facts of a day, which begin with the configuration in force.

    The facts are folded, so that an entry ends with its session however that ends: finished, held, handed on, at midnight.
    One over noon ends at the latest when the afternoon begins.
    """
    hall, found = empty_hall(), []
    running: list[Entry] = []
    for one in recorded:
        evolve(hall, one)
        if isinstance(one.fact, f.ExtensionBegan):
            running.append(_entry(one.fact))
            found.append(running[-1])
        ended = [entry for entry in running if not _lasts(hall, entry)]
        for entry in ended:
            entry.until = _until(hall, entry, one.at)
        running = [entry for entry in running if entry.until is None]
    return found


def _entry(fact: f.ExtensionBegan) -> Entry:
    return Entry(fact.session, fact.ticket, fact.counter, fact.staff, fact.since, fact.reason)


def _lasts(hall: Hall, entry: Entry) -> bool:
    desk = hall.desks.get(entry.counter)
    return desk is not None and desk.session == entry.session


def _until(hall: Hall, entry: Entry, at: HallTime) -> HallTime:
    """Over noon no later than the afternoon's start, from which on it is an ordinary session."""
    noon_ends = hall.today.afternoon
    return min(at, noon_ends) if entry.since < noon_ends else at


def table(recorded: Iterable[f.Recorded], names: dict[StaffNo, str]) -> Table:
    """The ledger."""
    rows = [
        (
            window(one.counter),
            person(names, one.staff),
            one.ticket.rpartition("/")[2],
            clock(one.since),
            clock(one.until),
            "" if one.minutes is None else str(one.minutes),
            _REASONS[one.reason],
        )
        for one in entries(recorded)
    ]
    return Table(COLUMNS, tuple(rows))
