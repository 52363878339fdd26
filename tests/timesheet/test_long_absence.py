"""ATT-8.4: long absence is brought to personnel's notice above 15 workdays running or 30 in a year, never below."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from broker.__main__ import main
from broker.config import config_hash
from broker.opening import FILE_NAME
from broker.rules import facts as f
from broker.rules.hours import on_day
from broker.rules.workdays import MissingYearError
from broker.store import Store
from broker.timesheet.long_absence import LongAbsence, long_absences
from broker.timesheet.reading import history_of
from contracts.values import HallTime, LeaveNo, NodeName, PunchIntent, RequestId, StaffNo
from sim.rules_day import hall_text

S105 = StaffNo("S105")
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
AM, PM = ("08:55", "12:01"), ("13:25", "17:31")


def hall(first: date) -> str:
    """The demo hall, evaluated from this day on."""
    whole = hall_text("demo-hall")
    assert "\nfrom = 2026-01-01\n" in whole
    return whole.replace("\nfrom = 2026-01-01\n", f"\nfrom = {first}\n")


class Told:
    """Facts about S105 in the order in which they became known; from ``first`` on nobody punches unless it is said."""

    def __init__(self, first: date) -> None:
        self.facts: list[f.Recorded] = []
        text = hall(first)
        self.add(on_day(first, "00:00"), f.ConfigurationAdopted(content=text, hash=config_hash(text)))

    def add(self, at: HallTime, fact: f.Fact) -> None:
        """One more."""
        self.facts.append(f.Recorded(number=len(self.facts) + 1, at=at, request_id=None, fact=fact))

    def punch(self, day: date, *clocks: str) -> None:
        """Cards shown on a day."""
        for clock in clocks:
            at = on_day(day, clock)
            fact = f.PunchStored(
                request_id=RequestId(f"CLK-01/00000000000000aa/{len(self.facts)}"),
                clock=NodeName("CLK-01"),
                card=None,
                staff=S105,
                intent=PunchIntent.NONE,
                at=at,
                unverified=False,
                stamp=None,
            )
            self.add(at, fact)

    def works(self, days: Iterable[date]) -> None:
        """Whole days of work."""
        for day in days:
            self.punch(day, *AM, *PM)

    def long(self, month: date, now: date) -> LongAbsence | None:
        """What personnel hears about S105 on the morning of a day."""
        found = long_absences(history_of(self.facts, on_day(now, "08:00")), month)
        return next((one for one in found if one.person.staff == S105), None)


def each_day(first: date, last: date) -> list[date]:
    """Every calendar day."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_fifteen_days_are_none_and_fifteen_and_a_half_are() -> None:
    """03-02 to 03-20 are 15.0 workdays: no alert. The morning of the 23rd makes 15.5, with 21.5 natural days beside it."""
    told = Told(date(2026, 3, 2))
    told.punch(date(2026, 3, 23), *AM, *PM)
    assert told.long(MARCH, date(2026, 3, 24)) is None
    told = Told(date(2026, 3, 2))
    told.punch(date(2026, 3, 23), *PM)
    found = told.long(MARCH, date(2026, 3, 24))
    assert found is not None
    assert (len(found.run.halves) / 2, found.run.natural / 2) == (15.5, 21.5)
    assert (found.run.halves[0].day, found.run.halves[-1].day) == (date(2026, 3, 2), date(2026, 3, 23))


def test_a_day_that_is_not_final_does_not_count_yet() -> None:
    """1.0.3 step 9: on the 23rd itself nothing is known of it."""
    told = Told(date(2026, 3, 2))
    assert told.long(MARCH, date(2026, 3, 23)) is None
    assert told.long(MARCH, date(2026, 3, 24)) is not None


def test_thirty_days_of_the_year_in_pieces() -> None:
    """Ten pieces of three days each and nothing else: 30.0 no alert; another morning: 30.5."""
    absent = [one for one in each_day(date(2026, 3, 2), date(2026, 6, 30)) if one.weekday() in {0, 1, 2}]
    workdays = [one for one in absent if not date(2026, 4, 4) <= one <= date(2026, 4, 6) and one.month != 5][:30]
    told = Told(date(2026, 3, 2))
    told.works(one for one in each_day(date(2026, 3, 2), date(2026, 6, 30)) if one not in workdays)
    june = date(2026, 6, 1)
    assert told.long(june, date(2026, 7, 1)) is None
    less = Told(date(2026, 3, 2))
    less.works(
        one for one in each_day(date(2026, 3, 2), date(2026, 6, 30)) if one not in workdays and one != date(2026, 3, 6)
    )
    less.punch(date(2026, 3, 6), *PM)
    found = less.long(june, date(2026, 7, 1))
    assert found is not None
    assert (found.half_days, found.natural) == (61, 61)
    assert len(found.run.halves) == 6


def test_leave_ends_a_run_and_a_weekend_does_not() -> None:
    """Ten days, a morning of leave, eight days: no run of more than 15."""
    told = Told(date(2026, 3, 2))
    leave = f.Absence(
        staff=S105, begins=on_day(date(2026, 3, 16), "09:00"), ends=on_day(date(2026, 3, 16), "12:00"), kind="sick"
    )
    told.add(on_day(date(2026, 3, 17), "08:00"), f.AbsenceEntered(absence=leave, actor=StaffNo("S002")))
    assert told.long(MARCH, date(2026, 3, 27)) is None


def asked(told: Told) -> None:
    """Leave for the week of 03-16, which nobody has decided."""
    fact = f.LeaveSubmitted(
        leave=LeaveNo("QJ-20260316-001"),
        staff=S105,
        kind="sick",
        begins=on_day(date(2026, 3, 16), "09:00"),
        ends=on_day(date(2026, 3, 20), "17:30"),
        levels=("chief_rep",),
        half_days=10,
        reason="~",
        actor=S105,
    )
    told.add(on_day(date(2026, 3, 20), "18:00"), fact)


def test_what_nobody_has_decided_is_not_confirmed() -> None:
    """Confirmed items only: a week under an open request is told apart; rejected, it counts."""
    told = Told(date(2026, 3, 2))
    asked(told)
    assert told.long(MARCH, date(2026, 3, 26)) is None
    late = told.long(MARCH, date(2026, 4, 1))
    assert late is not None
    assert (len(late.run.halves), late.undecided) == (2 * 17, 10)
    rejected = f.LeaveRejected(leave=LeaveNo("QJ-20260316-001"), level="chief_rep", actor=StaffNo("S101"), note="~")
    told.add(on_day(date(2026, 3, 25), "09:00"), rejected)
    found = told.long(MARCH, date(2026, 3, 26))
    assert found is not None
    assert (len(found.run.halves), found.undecided) == (2 * 18, 0)


def test_a_run_over_the_turn_of_the_year_is_one() -> None:
    """Begun on 2025-12-22, ended on 2026-01-16: one run; the year counts only what lies in it."""
    told = Told(date(2025, 12, 22))
    told.works(each_day(date(2026, 1, 17), date(2026, 1, 31)))
    found = told.long(date(2026, 1, 1), date(2026, 2, 1))
    assert found is not None
    assert found.run.halves[0].day == date(2025, 12, 22)
    assert found.half_days < len(found.run.halves)


def test_a_year_without_calendar_is_refused() -> None:
    """1.0.1: workdays of 2027 would be guesses."""
    with pytest.raises(MissingYearError, match="2027"):
        long_absences(history_of(Told(date(2026, 3, 2)).facts, on_day(date(2026, 3, 24), "08:00")), date(2027, 1, 1))


def test_the_command_says_it_in_both_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``hall-broker attendance alerts``: both figures, and that nothing follows by itself; or that there is nobody."""
    told = Told(date(2026, 3, 2))
    store = Store.open(tmp_path / FILE_NAME)
    with store.batch():
        for one in told.facts:
            store.append(one.at, None, one.fact)
    store.keep_clock(on_day(date(2026, 3, 24), "08:00"))
    store.close()

    def said(month: str) -> str:
        monkeypatch.setattr("sys.argv", ["hall-broker", "attendance", "alerts", "--month", month, "--data", str(tmp_path)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
        return capsys.readouterr().out

    march = said("2026-03")
    assert "郭强 S105 连续旷工16个工作日(自然日22天,2026-03-02至2026-03-23),2026年累计16个工作日(自然日22天)" in march
    assert "系统不作处理" in march
    assert "Nobody was absent more than 15 workdays running, or 30 in the year" in said("2026-02")
