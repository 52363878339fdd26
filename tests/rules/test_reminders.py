"""Which missing records the clocks remind of: found at the day's turn, settled by whatever makes them good (clk.missing)."""

from datetime import date, timedelta

import pytest

from broker.rules import facts as f
from broker.rules.views import settings, settings_change_with
from contracts import messages as m
from contracts.values import HallTime, NodeName, PunchIntent, PunchReason, StaffNo
from sim.leave_day import LeaveDay, moment
from sim.rules_day import RulesDay, hall_text, refusal

DAY = 86_400_000
FULL = ("08:57", "12:01", "13:25", "17:31")


@pytest.fixture
def day() -> RulesDay:
    """The demo hall on Monday at eight, both clocks there."""
    monday = RulesDay(hall_text("demo-hall"), "08:00", date(2026, 3, 9))
    monday.born("CLK-01")
    monday.born("CLK-02")
    return monday


def punch(day: RulesDay, staff: str, *clocks: str, intent: PunchIntent = PunchIntent.NONE) -> None:
    """Punches at these times of the day."""
    for clock in clocks:
        day.at(clock)
        _punched(day, staff, intent)


def _punched(day: RulesDay, staff: str, intent: PunchIntent = PunchIntent.NONE, stamp: m.Stamp | None = None) -> None:
    day.do("CLK-01", m.PunchMade, card=None, staff=StaffNo(staff), intent=intent, stamp=stamp)


def told(day: RulesDay) -> list[tuple[str, str, str, bool]]:
    """What the clocks remind of."""
    found = settings(day.hall, b"k" * 32)[NodeName("CLK-01")]
    assert isinstance(found, m.ClockSettings)
    return [(one.staff, one.date, one.half.value, one.coming) for one in found.missing]


def next_day(day: RulesDay, clock: str = "08:30") -> None:
    """The next morning."""
    day.advance(day.hall.today.over)
    day.date = day.date + timedelta(days=1)
    day.at(clock)


def test_yesterdays_missing_record_is_told_and_nothing_else(day: RulesDay) -> None:
    """S101 forgot the evening, S102 nothing, S103 was not there at all: absent is not missing."""
    punch(day, "S102", "08:55")
    punch(day, "S101", *FULL[:3])
    punch(day, "S102", "13:20", "17:35")
    assert told(day) == [], "the running day is nobody's reminder"
    next_day(day)
    assert told(day) == [("S102", "2026-03-09", "AM", False), ("S101", "2026-03-09", "PM", False)]


def test_it_is_told_as_long_as_it_can_be_made_good(day: RulesDay) -> None:
    """regularise_within_wd = 2: Tuesday and Wednesday, on Thursday no more; a weekend between does not count."""
    punch(day, "S101", *FULL[:3])
    for told_then in (1, 1, 0):
        next_day(day)
        assert len(told(day)) == told_then
    punch(day, "S105", *FULL[:3])
    next_day(day)
    punch(day, "S105", *FULL)
    for _ in range(3):
        next_day(day)
        assert [one[1] for one in told(day)] == ["2026-03-12"], "Friday and Monday"
    next_day(day)
    assert told(day) == []


def test_a_punch_that_comes_late_settles_it(day: RulesDay) -> None:
    """ATT-10: the clock was cut off; its punch of the evening before arrives, and the clocks are told."""
    punch(day, "S101", *FULL[:3])
    next_day(day)
    before = settings_change_with(day.hall)
    at = HallTime(day.time("17:32") - DAY)
    age = day.now - at
    stamp = m.Stamp(boot=day.boot("CLK-01"), monotonic_ms=0, wall_at=at, heard_hall_at=at, heard_monotonic_ms=0, age_ms=age)
    _punched(day, "S101", stamp=stamp)
    assert told(day) == []
    assert settings_change_with(day.hall) != before
    next_day(day)
    assert day.hall.reminders.open == {}


def test_a_regularisation_asked_for_settles_it_until_it_is_rejected(day: RulesDay) -> None:
    """ATT-8.3.1c: who has done what the clock asks for is not asked again."""
    punch(day, "S105", *FULL[:3])
    next_day(day)
    asked = {
        "actor": "S105",
        "at": HallTime(day.time("17:32") - DAY),
        "intent": PunchIntent.OUT,
        "reason": PunchReason.FORGOT,
        "witness": "S106",
    }
    day.do("OPS-01", m.RegulariseRequested, **asked)
    assert told(day) == []
    no = next(iter(day.hall.corrections.asked))
    chief = next(
        actor
        for actor in day.hall.in_force.staff
        if refusal(day.ask("OPS-01", m.RegulariseDecisionRequested, actor=actor, no=no, approve=False)) is None
    )
    assert chief != "S105"
    assert told(day) == [("S105", "2026-03-09", "PM", False)]


def test_leave_that_covers_it_settles_it(day: RulesDay) -> None:
    """Away in the afternoon, or out on business until the end: nobody is asked for a record of it."""
    day.away("S101", "13:30", "17:30")
    punch(day, "S101", *FULL[:2])
    day.away("S112", "15:00", "17:30", "meeting")
    punch(day, "S112", "13:25")
    punch(day, "S112", "14:58", intent=PunchIntent.OUTING)
    next_day(day)
    assert told(day) == []


def test_nothing_is_told_while_a_clock_is_away(day: RulesDay) -> None:
    """It may hold the very record that seems to be missing."""
    punch(day, "S101", *FULL[:3])
    next_day(day)
    before = settings_change_with(day.hall)
    day.died("CLK-02")
    assert told(day) == []
    assert settings_change_with(day.hall) != before
    day.born("CLK-02")
    assert len(told(day)) == 1


def test_reminders_outlive_the_night_and_stay_few(day: RulesDay) -> None:
    """DayBegan carries the punches of lacking days alone; the new day folds to the same hall."""
    for staff in ("S101", "S102", "S105"):
        day.at("08:50")
        _punched(day, staff)
    for clock in FULL[1:]:
        day.at(clock)
        _punched(day, "S102")
        _punched(day, "S105")
    day.advance(day.hall.today.over)
    begins = max(n for n, one in enumerate(day.facts) if isinstance(one.fact, f.DayBegan))
    began = day.facts[begins].fact
    assert isinstance(began, f.DayBegan)
    assert [(one.staff, len(one.marks)) for one in began.open_days] == [("S101", 1)]
    assert day.folded([day.facts[0], *day.facts[begins:]]) == day.hall == day.folded()


def test_leave_that_is_over_is_told_until_the_person_punches() -> None:
    """ATT-3.2, clk.leave.over: leave of 03-10; on the 11th and 12th the clocks know it, after the first punch no more."""
    leave = LeaveDay()
    no = leave.request_leave("S113", moment(10, "09:00"), moment(10, "17:30"))
    leave.approve(no, "S112")

    def over() -> list[m.Away]:
        found = settings(leave.hall, b"k" * 32)[NodeName("CLK-01")]
        assert isinstance(found, m.ClockSettings)
        return [one for one in found.away if one.staff == "S113"]

    leave.go_to(10, "18:00")
    assert [one.ends for one in over()] == [moment(10, "17:30")]
    for day in (11, 12):
        leave.go_to(day, "08:58")
        assert [(one.ends, one.kind, one.outing) for one in over()] == [(moment(10, "17:30"), "annual", False)]
    before = settings_change_with(leave.hall)
    leave.do("CLK-01", m.PunchMade, card=None, staff=StaffNo("S113"))
    assert over() == []
    assert settings_change_with(leave.hall) != before
