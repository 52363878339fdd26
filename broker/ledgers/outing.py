"""工作人员公出台账 (ATT-6): every outing of a month, planned and as it was, and every departure nobody had approved."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import get_args

from broker.ledgers.table import Table, person, window
from broker.rules import facts as f
from broker.rules.hours import DAY, midnight, spelled
from broker.rules.outing.evolve import Change, after
from broker.rules.plan import Plan, plan_from
from broker.schema import Post
from contracts.values import HallTime, HandoverNo, OutingNo, StaffNo
from words import text

KINDS = tuple(one.__name__ for one in (f.ConfigurationAdopted, f.HandoverMade, *get_args(f.OutingFact)))
COLUMNS = (
    "公出编号",
    "姓名",
    "岗位",
    "类别",
    "事由",
    "地点",
    "计划离岗",
    "计划返岗",
    "批准至",
    "批准人",
    "批准时间",
    "实际离岗",
    "实际返岗",
    "返岗方式",
    "超出(分钟)",
    "顶岗人",
    "交接编号",
    "状态",
    "异常",
)
Open = Callable[[str], dict[str, str] | None]
"""What lies in the vault under a reference, ``None`` if it cannot be read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, with what else was decided about it and how sure its punches are.

    ``handover`` is the last one its person made for it; ``reasons`` are where those of decisions lie in the vault.
    """

    entry: f.Outing
    gaps: tuple[str, ...] = ()
    left_doubtful: bool = False
    back_doubtful: bool = False
    handover: HandoverNo | None = None
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Ledger:
    """All of it: entries by number, departures without approval, and the configuration adopted last."""

    lines: dict[OutingNo, Line] = field(default_factory=dict)
    unapproved: list[f.OutingUnapproved] = field(default_factory=list)
    plan: Plan | None = None

    def take(self, recorded: f.Recorded) -> None:
        """The next fact."""
        match recorded.fact:
            case f.ConfigurationAdopted(content=content, hash=digest):
                self.plan = plan_from(content, digest)
            case f.OutingSubmitted(outing=entry):
                self.lines[entry.no] = Line(entry)
            case f.OutingUnapproved() as departure:
                self.unapproved.append(departure)
            case f.HandoverMade(entry=made):
                self._handed_over(made)
            case fact if isinstance(fact, get_args(Change)):
                self._changed(fact, recorded.at)
            case _:
                pass

    def _changed(self, fact: Change, at: HallTime) -> None:
        line = self.lines[fact.outing]
        line = replace(line, entry=after(line.entry, fact, at))
        match fact:
            case f.OutingApproved(gaps=gaps, override=reason):
                line = replace(line, gaps=gaps, reasons=(*line.reasons, reason))
            case f.OutingRejected(reason=reason) | f.OutingExtended(reason=reason):
                line = replace(line, reasons=(*line.reasons, reason))
            case f.OutingLeft(unverified=doubtful):
                line = replace(line, left_doubtful=doubtful)
            case f.OutingReturned(unverified=doubtful):
                line = replace(line, back_doubtful=doubtful)
            case _:
                pass
        self.lines[fact.outing] = line

    def _handed_over(self, made: f.HandoverEntry) -> None:
        """It belongs to the outing that its person begins next on that day (AB-4.2a)."""
        ahead = [
            line
            for line in self.lines.values()
            if line.entry.staff == made.giver and line.entry.approver is not None and line.entry.ends - made.at >= 0
        ]
        following = min(ahead, key=lambda line: line.entry.begins, default=None)
        if following is not None and following.entry.begins - made.at < DAY:
            self.lines[following.entry.no] = replace(following, handover=made.no)


def ledger(recorded: Iterable[f.Recorded]) -> Ledger:
    """From the facts of these :data:`KINDS`, in their order."""
    made = Ledger()
    for one in recorded:
        made.take(one)
    return made


def table(whole: Ledger, month: date, open_: Open) -> Table:
    """The entries that touch the month in which ``month`` lies, by number; then departures nobody approved."""
    first = month.replace(day=1)
    begins, ends = midnight(first), midnight((first + timedelta(days=31)).replace(day=1))
    lines = [line for line in whole.lines.values() if _touches(line.entry, begins, ends)]
    known = {(line.entry.staff, line.entry.left_at) for line in whole.lines.values()}
    gone = [one for one in whole.unapproved if begins <= one.at < ends and (one.staff, one.at) not in known]
    return Table(COLUMNS, (*(row(whole, line, open_) for line in lines), *(_gone(whole, one) for one in gone)))


def _touches(entry: f.Outing, begins: HallTime, ends: HallTime) -> bool:
    return entry.begins < ends and max(entry.ends, entry.returned_at or entry.ends) >= begins


def row(whole: Ledger, line: Line, open_: Open) -> tuple[str, ...]:
    """One entry as :data:`COLUMNS` have it."""
    entry, names = line.entry, _names(whole)
    about = open_(entry.about) or {}
    sealed = text("outing.sealed").zh
    return (
        entry.no,
        person(names, entry.staff),
        _post(whole, entry.staff),
        kind_word(entry.kind),
        about.get("reason", sealed),
        about.get("place", sealed),
        spelled(entry.begins),
        spelled(entry.planned),
        spelled(entry.ends) if entry.approved_at is not None else "",
        person(names, entry.approver),
        spelled(entry.approved_at),
        spelled(entry.left_at),
        spelled(entry.returned_at),
        "" if entry.source is None else text(f"outing.source.{entry.source.value}").zh,
        str(entry.over) if entry.returned_at is not None else "",
        cover_word(whole, entry),
        line.handover or "",
        text(f"outing.state.{entry.state.value}").zh,
        ";".join(odd(line)),
    )


def _gone(whole: Ledger, one: f.OutingUnapproved) -> tuple[str, ...]:
    known = {
        "姓名": person(_names(whole), one.staff),
        "岗位": _post(whole, one.staff),
        "实际离岗": spelled(one.at),
        "状态": text("outing.state.unapproved").zh,
        "异常": text("outing.odd.unapproved").zh,
    }
    return tuple(known.get(column, "") for column in COLUMNS)


def odd(line: Line) -> list[str]:
    """What an auditor should look at; nothing of it is lateness."""
    entry = line.entry
    found = [text("outing.odd.over").zh.format(m=entry.over)] if entry.over else []
    if entry.state is f.OutingState.UNCLOSED:
        found.append(text("outing.odd.unclosed").zh)
    if entry.left_at is not None and entry.approved_at is not None and entry.left_at < entry.approved_at:
        found.append(text("outing.odd.before").zh)
    if line.gaps:
        found.append(text("outing.odd.override").zh.format(gap="、".join(line.gaps)))
    if line.left_doubtful or line.back_doubtful:
        found.append(text("outing.odd.unverified").zh)
    return found


def kind_word(kind: str) -> str:
    """The kind as people say it; one of the hall's own as it stands in hall.toml."""
    try:
        return text(f"outing.kind.{kind}").zh
    except KeyError:
        return kind


def cover_word(whole: Ledger, entry: f.Outing) -> str:
    """``李娜 S102(并岗)``: who takes over, and whether from a counter of their own (ATT-7)."""
    if entry.cover is None:
        return ""
    merged = f"({text('outing.merged').zh})" if _post_of(whole, entry.cover) is not None else ""
    return person(_names(whole), entry.cover) + merged


def _names(whole: Ledger) -> dict[StaffNo, str]:
    return {} if whole.plan is None else {one.id: one.zh for one in whole.plan.staff.values()}


def _post(whole: Ledger, staff: StaffNo) -> str:
    post = _post_of(whole, staff)
    return "" if post is None else f"{post.id} {window(post.counter)}"


def _post_of(whole: Ledger, staff: StaffNo) -> Post | None:
    posts = () if whole.plan is None else whole.plan.posts.values()
    return next((one for one in posts if one.a == staff), None)
