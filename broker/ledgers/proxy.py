"""代考勤核查台账 (ATT-8.3.2): every case with what was noticed and who decided, and the pairs that were only noted."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import get_args

from broker.ledgers.table import Table, person
from broker.rules import facts as f
from broker.rules.hours import to_second
from contracts.values import HalfOfDay, HallTime, ProxyCaseNo, StaffNo
from words import text

KINDS = tuple(one.__name__ for one in (f.ConfigurationAdopted, *get_args(f.ProxyFact)))
COLUMNS = (
    "编号",
    "日期",
    "半天",
    "被代人",
    "代打人",
    "疑点",
    "考勤机",
    "打卡时间",
    "间隔(秒)",
    "打卡记录",
    "立案时间",
    "状态",
    "核查人",
    "核查时间",
    "依据",
    "材料编号",
    "会签人",
    "结论时间",
)


@dataclass(slots=True)
class _Line:
    """A case, or a pair without one."""

    day: str
    at: HallTime
    persons: tuple[StaffNo, StaffNo | None]
    halves: tuple[HalfOfDay, ...]
    state: str = "noted"
    case: ProxyCaseNo | None = None
    suspected: f.ProxySuspected | None = None
    pair: f.PunchPairNoted | None = None
    signed: tuple[f.ProxySigned, HallTime] | None = None
    ended: tuple[StaffNo, HallTime] | None = None
    punches: tuple[str, ...] = field(default=())


def table(recorded: Iterable[f.Recorded], month: date, names: dict[StaffNo, str]) -> Table:
    """The cases and pairs about days of this month, in the order of their days."""
    lines = [one for one in _lines(recorded) if one.day[:7] == f"{month:%Y-%m}"]
    return Table(COLUMNS, tuple(_row(one, names) for one in sorted(lines, key=lambda one: (one.day, one.at))))


def _lines(recorded: Iterable[f.Recorded]) -> list[_Line]:
    cases: dict[ProxyCaseNo, _Line] = {}
    pairs: dict[frozenset[str], _Line] = {}
    for one in recorded:
        match one.fact:
            case f.PunchPairNoted() as pair:
                line = _Line(pair.day, one.at, pair.staff, (pair.half,), pair=pair, punches=(pair.first, pair.second))
                pairs[frozenset(line.punches)] = line
            case f.ProxySuspected() as opened:
                cases[opened.case] = _opened(opened, one.at, pairs.pop(frozenset(opened.punches), None))
            case f.ProxySigned() as signed if signed.case in cases:
                line = cases[signed.case]
                line.state, line.signed = "signed", (signed, one.at)
                line.persons, line.halves = (signed.principal, signed.proxy), signed.halves
            case f.ProxyConfirmed() | f.ProxyDismissed() as ended if ended.case in cases:
                line = cases[ended.case]
                line.state = "confirmed" if isinstance(ended, f.ProxyConfirmed) else "dismissed"
                line.ended = ended.actor, one.at
            case _:
                pass
    return [*pairs.values(), *cases.values()]


def _opened(fact: f.ProxySuspected, at: HallTime, noted: _Line | None) -> _Line:
    return _Line(
        day=fact.day,
        at=at,
        persons=(fact.principal, fact.proxy),
        halves=fact.halves,
        state="suspected",
        case=fact.case,
        suspected=fact,
        pair=None if noted is None else noted.pair,
        punches=fact.punches,
    )


def _row(line: _Line, names: dict[StaffNo, str]) -> tuple[str, ...]:
    opened, pair, signed, ended = line.suspected, line.pair, line.signed, line.ended
    why = "" if opened is None else text(f"att.why.{opened.why.value}").zh
    confirmed = line.state == "confirmed"
    return (
        line.case or "",
        line.day,
        "、".join(text(f"att.{half.value.lower()}").zh for half in line.halves),
        person(names, line.persons[0]),
        person(names, line.persons[1]),
        why if opened is None or not opened.days else f"{why}:{'、'.join(opened.days)}",
        "" if pair is None else pair.clock,
        "" if pair is None else to_second(pair.at),
        "" if pair is None else f"{pair.gap / 1000:g}",
        " ".join(line.punches),
        "" if opened is None else to_second(line.at),
        text(f"att.case.{line.state}").zh,
        "" if signed is None else person(names, signed[0].actor),
        "" if signed is None else to_second(signed[1]),
        "" if signed is None else "、".join(text(f"att.evidence.{one.value}").zh for one in signed[0].evidence),
        "" if signed is None else signed[0].record,
        person(names, ended[0]) if ended is not None and confirmed else "",
        "" if ended is None else to_second(ended[1]) if confirmed else f"{to_second(ended[1])} {person(names, ended[0])}",
    )
