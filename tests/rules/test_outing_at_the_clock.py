"""What attendance clocks are told of outings, so that they say what the ledger says (ATT-6.2, HALL-11.2)."""

from datetime import timedelta

import pytest

from broker.rules.views import settings, settings_change_with
from contracts import messages as m
from contracts.values import NodeName, PunchIntent, StaffNo
from punch_clock.outcomes import outcome
from punch_clock.situations import Person
from sim.outing_day import OutingDay
from sim.rules_day import TUESDAY

KEY = b"k" * 32


@pytest.fixture
def day() -> OutingDay:
    """The demo hall at one, with the outing of the rule book approved."""
    made = OutingDay("13:00")
    made.approved("S101", "14:00", "16:00")
    return made


def told(day: OutingDay) -> m.ClockSettings:
    """What CLK-01 knows now."""
    found = settings(day.hall, KEY)[NodeName("CLK-01")]
    assert isinstance(found, m.ClockSettings)
    return found


def says(day: OutingDay, mode: PunchIntent, staff: str = "S101") -> str:
    """What the clock says to this person's card now, after the key for this mode."""
    known = told(day)
    return outcome(mode, Person(StaffNo(staff), "x"), known, day.now).lines[0]


def test_going_out(day: OutingDay) -> None:
    """clk.outing.ok until when; clk.outing.none for an entry nobody has approved, and for nobody's."""
    day.plan("S102", "16:30", "17:00")
    day.at("13:40")
    assert says(day, PunchIntent.OUTING) == "公出已登记,请于16:00前返岗"
    day.at("16:30")
    assert says(day, PunchIntent.OUTING, "S102") == "未查到已批准的公出,请先填写公出台账"


def test_an_extension_is_told(day: OutingDay) -> None:
    """Until 16:30, and back at 16:20 is in time."""
    day.at("15:00")
    before = settings_change_with(day.hall)
    day.tell(m.OutingExtendRequested, "GC-20260310-001", ends=day.time("16:30"), reason="会议延长")
    assert settings_change_with(day.hall) != before
    assert says(day, PunchIntent.OUTING) == "公出已登记,请于16:30前返岗"
    day.at("16:20")
    assert says(day, PunchIntent.RETURN) == "返岗已登记 16:20"


def test_a_late_return_is_told_once(day: OutingDay) -> None:
    """ATT-6.2: 返岗已登记 16:20,晚于计划20分钟. Whoever is back already is not told 60 minutes at five."""
    day.at("16:20")
    assert says(day, PunchIntent.RETURN) == "返岗已登记 16:20,晚于计划20分钟"
    day.punch("S101", PunchIntent.RETURN)
    day.at("17:00")
    assert says(day, PunchIntent.RETURN) == "返岗已登记 17:00"
    assert [one for one in told(day).away if one.staff == "S101"] == []


def test_a_login_is_a_return_for_the_clock_too(day: OutingDay) -> None:
    """Back at the counter at 15:00, nothing is over at 17:00, and a second outing of the same plan is none."""
    day.at("15:00")
    day.login("W02", "S101")
    day.at("15:30")
    assert says(day, PunchIntent.OUTING).startswith("未查到已批准的公出")
    day.at("17:00")
    assert says(day, PunchIntent.RETURN) == "返岗已登记 17:00"


def test_somebody_awaited_from_yesterday_is_known_to_the_clock(day: OutingDay) -> None:
    """The night ends the absence, not the entry."""
    day.until("08:50", TUESDAY + timedelta(days=1))
    (away,) = [one for one in told(day).away if one.staff == "S101"]
    assert (away.outing, away.ends) == (True, day.instant("16:00"))
    day.punch("S101", PunchIntent.RETURN)
    assert told(day).away == ()


def test_the_clock_and_the_ledger_agree_at_every_minute(day: OutingDay) -> None:
    """clk.outing.ok exactly while a punch would begin the outing."""
    for minute in range(15, 200, 7):
        day.until(f"{13 + minute // 60}:{minute % 60:02d}")
        fresh = day.entry("GC-20260310-001")
        would = fresh.begins - 30 * 60_000 <= day.now < fresh.ends
        assert says(day, PunchIntent.OUTING).startswith("公出已登记") is would
