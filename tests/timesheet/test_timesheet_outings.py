"""Outings of the ledger in the monthly sheet: excused as approved, never lateness, and which punches are owed (ATT-6)."""

from datetime import date, timedelta

import pytest

from broker.timesheet.collect import sheet_of
from broker.timesheet.reading import history_of
from contracts import messages as m
from contracts.values import PunchIntent, StaffNo
from sim.outing_day import OutingDay
from sim.rules_day import TUESDAY

OUT, BACK = PunchIntent.OUTING, PunchIntent.RETURN
MORNING = (("08:58", PunchIntent.NONE), ("12:00", PunchIntent.NONE), ("13:27", PunchIntent.NONE))


@pytest.fixture
def day() -> OutingDay:
    """The demo hall at eight, with the outing of the rule book approved: S101, 14:00-16:00."""
    return OutingDay()


def punches(day: OutingDay, *each: tuple[str, PunchIntent]) -> None:
    """Cards at a clock, each at its time."""
    for clock, intent in each:
        day.until(clock)
        day.punch("S101", intent)


def results(day: OutingDay, on: date = TUESDAY) -> list[str]:
    """The results of S101's halves that day, once it is final."""
    day.until("05:00", max(day.hall.today.date, on) + timedelta(days=1))
    sheet = sheet_of(history_of(day.facts, day.now), on)
    line = next(one for one in sheet.lines if one.person.staff == StaffNo("S101"))
    record = line.days[on.day - 1]
    assert record is not None
    return [" + ".join(one.spelled for one in half.results) for half in record.halves]


def test_back_later_than_planned_is_no_lateness(day: OutingDay) -> None:
    """ATT-6.2: planned 16:00, 返岗 16:20: no LATE."""
    day.approved("S101", "14:00", "16:00")
    punches(day, *MORNING, ("14:00", OUT), ("16:20", BACK), ("17:31", PunchIntent.NONE))
    assert results(day) == ["NORMAL", "NORMAL"]


def test_the_afternoon_still_needs_its_last_punch(day: OutingDay) -> None:
    """ATT-6.2: PM out punch still required."""
    day.approved("S101", "14:00", "16:00")
    punches(day, *MORNING, ("14:00", OUT), ("16:20", BACK))
    assert results(day) == ["NORMAL", "MISSING_OUT"]


def test_out_until_the_end_needs_no_last_punch(day: OutingDay) -> None:
    """ATT-6.3, AT19: 公出 at 14:00 counts as the afternoon's leaving; outing until 17:30."""
    day.approved("S101", "14:00", "17:30")
    punches(day, *MORNING, ("14:00", OUT))
    assert results(day) == ["NORMAL", "NORMAL"]


def test_without_approval_leaving_is_leaving_early(day: OutingDay) -> None:
    """HALL-11.2: the punch is stored all the same, and excuses nothing."""
    punches(day, *MORNING, ("14:00", OUT))
    assert results(day)[1] != "NORMAL"


def test_a_trip_needs_no_punches_until_its_planned_return(day: OutingDay) -> None:
    """ATT-6.3: Tuesday 09:00 to Thursday 12:00: no punch on the days between; Thursday afternoon is as any other."""
    thursday = date(2026, 3, 12)
    no = day.plan("S101", "09:00", "12:00", kind="trip", ends=day.instant("12:00", thursday))
    day.approve(no)
    assert results(day, date(2026, 3, 11)) == ["OUTING", "OUTING"]
    assert results(day, thursday)[0] == "OUTING"
    assert results(day, thursday)[1] != "OUTING"


def test_a_return_the_next_day_excuses_only_up_to_the_plan(day: OutingDay) -> None:
    """ATT-6.2: 14:00-16:00, back on Wednesday: Tuesday's last hour and a half are not excused, nor is Wednesday."""
    day.approved("S101", "14:00", "16:00")
    punches(day, *MORNING, ("14:00", OUT))
    day.until("11:00", date(2026, 3, 11))
    day.punch("S101", BACK)
    assert results(day)[1] != "NORMAL"
    assert results(day, date(2026, 3, 11))[0] != "OUTING"


def test_an_extension_excuses_and_an_early_return_does_not(day: OutingDay) -> None:
    """Extended to 17:30 nothing is owed in the afternoon; back at 14:30 the rest of it is."""
    no = day.approved("S101", "14:00", "16:00")
    punches(day, *MORNING, ("14:00", OUT))
    day.until("15:50")
    day.tell(m.OutingExtendRequested, no, ends=day.time("17:30"), reason="会议延长")
    assert results(day) == ["NORMAL", "NORMAL"]
    other = OutingDay()
    other.approved("S101", "14:00", "17:30")
    punches(other, *MORNING, ("14:00", OUT), ("14:30", BACK))
    assert results(other) == ["NORMAL", "MISSING_OUT"]
