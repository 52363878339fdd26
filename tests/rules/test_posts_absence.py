"""Who is away: entered by leaders, carried over the night, and what it asks of the B of a post (AB-1, ATT-5, ATT-6)."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.rules import facts as f
from contracts import messages as m
from contracts.values import HallTime, Refusal, TaskKind
from sim.rules_day import RulesDay, hall_text, refusal

DEMO = hall_text("demo-hall")


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at eight."""
    return RulesDay(DEMO)


def asked_for(day: RulesDay) -> list[tuple[str | None, str]]:
    """Which B was asked to act, and when."""
    midnight = day.time("00:00")
    opened = [
        (one.fact.counter, (one.at - midnight) // 60_000)
        for one in day.facts
        if isinstance(one.fact, f.TaskOpened) and one.fact.kind is TaskKind.ACT
    ]
    return [(counter, f"{minutes // 60:02d}:{minutes % 60:02d}") for counter, minutes in opened]


def test_same_entry_twice_is_one(day: RulesDay) -> None:
    """A leader who gets no answer may ask again."""
    day.away("S101", "09:00", "12:00")
    assert not day.try_away("S101", "09:00", "12:00").facts
    assert len(day.hall.posts.absences) == 1


def test_intervals_may_touch_but_not_overlap(day: RulesDay) -> None:
    """09:00-12:00 and 12:00-13:00 are two; 11:59-13:00 is refused, for this person alone."""
    day.away("S101", "09:00", "12:00")
    assert refusal(day.try_away("S101", "11:59", "13:00")) is Refusal.BAD_VALUE
    assert refusal(day.try_away("S101", "08:00", "18:00")) is Refusal.BAD_VALUE
    day.away("S101", "12:00", "13:00", "sick")
    day.away("S102", "11:59", "13:00")


def test_reversed_or_empty_intervals_are_refused(day: RulesDay) -> None:
    """It ends after it begins."""
    assert refusal(day.try_away("S101", "12:00", "09:00")) is Refusal.BAD_VALUE
    assert refusal(day.try_away("S101", "09:00", "09:00")) is Refusal.BAD_VALUE


@given(times=st.lists(st.tuples(st.integers(8, 23), st.integers(8, 23)), max_size=12))
def test_nobody_is_ever_away_twice_at_once(times: list[tuple[int, int]]) -> None:
    """Whatever is entered in whatever order, what stands is ordered in time and free of overlaps."""
    day = RulesDay(hall_text("demo-small"), "07:00")
    for begins, ends in times:
        day.try_away("S101", f"{begins:02d}:00", f"{ends:02d}:00")
    kept = sorted((one.begins, one.ends) for one in day.hall.posts.absences)
    assert all(begins < ends for begins, ends in kept)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(kept))


def test_absences_outlive_the_night_as_long_as_they_run(day: RulesDay) -> None:
    """DayBegan carries them: a fold of the new day alone equals the fold of everything; what is over is left behind."""
    days = 24 * 3_600_000
    day.away("S101", "09:00", "12:00")
    two_days = {"begins": day.time("09:00"), "ends": day.time("17:30") + days, "kind": "annual"}
    day.do("OPS-01", m.AbsenceEntryRequested, actor="S002", staff="S103", **two_days)
    day.advance(day.hall.today.over)
    assert day.hall.today.date == date(2026, 3, 11)
    assert [one.staff for one in day.hall.posts.absences] == ["S103"]
    begins = max(n for n, one in enumerate(day.facts) if isinstance(one.fact, f.DayBegan))
    assert day.folded([day.facts[0], *day.facts[begins:]]) == day.hall == day.folded()
    day.advance(HallTime(day.time("09:00") + days))
    assert refusal(day.try_login("W01", "S103")) is Refusal.ON_LEAVE
    assert ("W01", "32:45") in asked_for(day)


def test_afternoon_leave_is_told_before_the_afternoon(day: RulesDay) -> None:
    """AB-1: a quarter of an hour before the half that is missed begins."""
    for counter, staff in (("W02", "S101"), ("W01", "S103")):
        day.login(counter, staff)
    day.away("S101", "13:30", "17:30")
    day.at("12:05")
    day.login("W02", "S101")
    day.at("13:30")
    assert [one for one in asked_for(day) if one[0] == "W02"] == [("W02", "13:15")]


def test_outing_within_a_half_is_told_when_it_begins_or_when_the_counter_is_left(day: RulesDay) -> None:
    """A running outing: at 10:00 if S101 has gone by then, at 10:05 if he goes then; and not while he still sits there."""
    day.login("W02", "S101")
    day.login("W09", "S112")
    day.away("S101", "10:00", "11:30", "meeting")
    day.away("S112", "10:00", "11:30", "meeting")
    day.at("09:58")
    day.login("W02", "S101")
    day.at("10:05")
    day.login("W09", "S112")
    day.at("10:06")
    assert [one for one in asked_for(day) if one[0] in ("W02", "W09")] == [("W02", "10:00"), ("W09", "10:05")]


def test_counter_left_after_an_absence_asks_nobody(day: RulesDay) -> None:
    """S101 was out from 9 to 10 and his counter was manned; at 11:00 it is left for a moment."""
    day.login("W02", "S102")
    day.away("S101", "09:00", "10:00", "meeting")
    day.at("10:10")
    day.login("W02", "S101")
    day.at("11:00")
    day.login("W02", "S101")
    day.at("11:01")
    assert [one for one in asked_for(day) if one[0] == "W02"] == []


def test_withdrawn_leave_takes_the_question_back(day: RulesDay) -> None:
    """S103 comes after all: S104 need not."""
    day.away("S103", "09:00", "17:30")
    day.at("08:50")
    assert [one.counter for one in day.asked(TaskKind.ACT)] == ["W01"]
    day.away("S103", "09:00", "17:30", withdraw=True)
    assert day.asked(TaskKind.ACT) == []
    closed = [one.fact.why for one in day.facts if isinstance(one.fact, f.TaskClosed)]
    assert closed == ["withdrawn"]


def test_leave_entered_late_is_told_at_once(day: RulesDay) -> None:
    """The duty leader hears of it at 09:20."""
    day.at("09:05")
    day.away("S103", "09:00", "12:00", "sick")
    day.at("09:05")
    assert ("W01", "09:05") in asked_for(day)
    day.at("11:00")
    assert [one for one in asked_for(day) if one[0] == "W01"] == [("W01", "09:05")]


def test_away_b_leaves_the_question_to_the_duty_leader(day: RulesDay) -> None:
    """Both away: the duty leader names a third person (AB-1)."""
    day.away("S103", "09:00", "12:00")
    day.away("S104", "08:00", "12:00")
    day.at("08:45")
    (task,) = day.asked(TaskKind.ACT, "W01")
    assert task.ladder == (f.Rung(after=0, roles=("duty_leader",)),)


def test_minutes_before_are_the_halls() -> None:
    """cover_before_min of the configuration."""
    day = RulesDay(DEMO.replace("vacant_post_min = 10", "vacant_post_min = 10\ncover_before_min = 5"))
    day.away("S103", "09:00", "12:00")
    day.at("08:56")
    assert asked_for(day) == [("W01", "08:55")]
