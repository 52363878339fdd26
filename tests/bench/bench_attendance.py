"""A year of thirty people: every sheet computed from the raw punches, against decoding those punches and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from broker.chain import Row
from broker.config import config_hash
from broker.rows import pack, unpack
from broker.rules import facts as f
from broker.rules.hours import MINUTE, midnight
from broker.timesheet.collect import sheet_of
from broker.timesheet.reading import history_of
from contracts.values import HallTime, NodeName, PunchIntent, RequestId, StaffNo
from firmware.runtime.clock import precise_ns
from sim.rules_day import hall_text

YEAR = 2026
PEOPLE = 30
_LAST = '    { id = "S118"'
_USUAL = (8 * 60 + 55, 12 * 60 + 2, 13 * 60 + 24, 17 * 60 + 32)


@dataclass(frozen=True, slots=True)
class Year:
    """Nanoseconds of each round: twelve sheets from the rows of a year, and decoding these rows alone."""

    sheets: list[int]
    decoding: list[int]
    facts: int


def year(rounds: int) -> Year:
    """Both, in turns."""
    rows = [pack(one) for one in _recorded()]
    end = midnight(date(YEAR + 1, 1, 10))
    sheets: list[int] = []
    decoding: list[int] = []
    for _ in range(rounds):
        began = precise_ns()
        recorded = [unpack(row) for row in rows]
        decoding.append(precise_ns() - began)
        assert len(recorded) == len(rows)
        began = precise_ns()
        lines = _sheets(rows, end)
        sheets.append(precise_ns() - began)
        assert lines == PEOPLE * 12
    return Year(sheets, decoding, len(rows))


def _sheets(rows: list[Row], end: HallTime) -> int:
    history = history_of((unpack(row) for row in rows), end)
    return sum(len(sheet_of(history, date(YEAR, month, 1)).lines) for month in range(1, 13))


def _recorded() -> Iterator[f.Recorded]:
    """Four punches a person and weekday that stray and are forgotten, a leave a month, a 补签 now and then."""
    chance = Random(YEAR)
    text = _hall()
    first = date(YEAR, 1, 1)
    adopted = f.ConfigurationAdopted(content=text, hash=config_hash(text))
    yield f.Recorded(number=1, at=midnight(first), request_id=None, fact=adopted)
    number = 1
    for day in (first + timedelta(days=n) for n in range(365)):
        for staff in _people(text):
            for fact in _day_of(chance, staff, midnight(day), number) if day.isoweekday() <= 5 else ():
                number += 1
                yield f.Recorded(number=number, at=midnight(day + timedelta(days=1)), request_id=None, fact=fact)


def _day_of(chance: Random, staff: StaffNo, zero: HallTime, number: int) -> Iterator[f.Fact]:
    for place, minute in enumerate(_USUAL):
        if chance.random() < 0.98:
            yield f.PunchStored(
                request_id=RequestId(f"CLK-01/0123456789abcdef/{number * 4 + place}"),
                clock=NodeName("CLK-01"),
                card=None,
                staff=staff,
                intent=PunchIntent.NONE,
                at=HallTime(zero + (minute + chance.randint(-8, 8)) * MINUTE),
                unverified=False,
                stamp=None,
            )
    if chance.random() < 1 / 20:
        begins, ends = HallTime(zero + 540 * MINUTE), HallTime(zero + 1050 * MINUTE)
        leave = f.Absence(staff=staff, begins=begins, ends=ends, kind="annual")
        yield f.AbsenceEntered(absence=leave, actor=StaffNo("S002"))


def _hall() -> str:
    """The demo hall with as many people as asked for, all of them there from the first day."""
    text = hall_text("demo-hall").replace("since = 2026-03-02", "since = 2025-03-02")
    have = len(_people(text))
    line = next(one for one in text.splitlines() if one.startswith(_LAST))
    more = [line.replace("S118", f"S3{n:02d}").replace("04A1000118", f"04A10003{n:02d}") for n in range(PEOPLE - have)]
    return text.replace(line, "\n".join([line, *more]))


def _people(text: str) -> list[StaffNo]:
    starts = (one.partition('{ id = "S')[2][:3] for one in text.splitlines() if '{ id = "S' in one and "role = " in one)
    return [StaffNo(f"S{one}") for one in starts]
