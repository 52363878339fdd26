"""Signing in by other ways than a card in time (TRN-9.1, ATT-10): paper sheets, doubtful clocks, punches that come late."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.rules import facts as f
from broker.rules.hours import MINUTE
from contracts import messages as m
from contracts.values import CardHash, HallTime, PunchIntent, Refusal, StaffNo
from sim.rules_day import hall_text, refusal
from sim.training_day import FIRST, TrainingDay

DEMO = hall_text("demo-hall")


@pytest.fixture
def day() -> TrainingDay:
    """The demo hall; S105 is invited from 16:00 to 17:30."""
    began = TrainingDay(DEMO)
    began.plan("S105")
    return began


def signed(day: TrainingDay, staff: str = "S105") -> tuple[str, str, int] | None:
    """Way in, way out and minutes late, as the session has them."""
    one = day.hall.training.sessions[FIRST].came.get(StaffNo(staff))
    return None if one is None else (spell(day, one.at), spell(day, one.left), one.late)


def spell(day: TrainingDay, at: HallTime | None) -> str:
    """``HH:MM``."""
    minutes = 0 if at is None else (at - day.time("00:00")) // MINUTE
    return "" if at is None else f"{minutes // 60:02d}:{minutes % 60:02d}"


def late_news(day: TrainingDay, at: str, *, doubtful: bool = False) -> str:
    """A clock that was cut off tells of a punch now; its own clock may be wrong by five minutes."""
    age = day.now - day.time(at)
    off = 300_000 if doubtful else 0
    stamp = m.Stamp(boot=day.boot("CLK-02"), monotonic_ms=0, wall_at=HallTime(day.now - age + off), age_ms=age)
    made = day.do("CLK-02", m.PunchMade, card=CardHash("x"), staff=StaffNo("S105"), intent=PunchIntent.TRAIN, stamp=stamp)
    fact = made.facts[0]
    assert isinstance(fact, f.PunchStored)
    assert fact.unverified == doubtful
    return fact.request_id


def test_a_paper_sheet_signs_in(day: TrainingDay) -> None:
    """ATT-10: entered by the inspector the next hour; taken back, nobody was there."""
    day.at("17:40")
    line = m.SheetPunch(staff=StaffNo("S105"), at=day.time("16:20"), intent=PunchIntent.TRAIN)
    day.do("OPS-01", m.PunchSheetRequested, actor="S007", cause="停电", punches=(line,))
    assert signed(day) == ("16:20", "", 20)
    entered = next(one.fact for one in day.facts if isinstance(one.fact, f.PunchEntered))
    day.do("OPS-01", m.PunchVoidRequested, actor="S007", punch=entered.punch, cause="录入有误")
    assert signed(day) is None
    assert day.came() == {"S105": "absent"}


def test_an_earlier_punch_that_comes_later_is_the_way_in(day: TrainingDay) -> None:
    """A clock cut off: what signed in before is the way out then, unless both are one punch."""
    day.punch("S105", "16:30")
    late_news(day, "15:58")
    assert signed(day) == ("15:58", "16:30", 0)
    late_news(day, "15:57:30")
    assert signed(day) == ("15:57", "16:30", 0)


def test_news_after_the_close_still_counts(day: TrainingDay) -> None:
    """Who was there was there: days later, as long as a punch can be plausible."""
    day.at("18:00")
    day.change(m.TrainingCloseRequested, remark="无人到场")
    day.advance(HallTime(day.hall.today.over + 9 * 3_600_000))
    late_news(day, "16:05")
    assert day.came() == {"S105": "in_time"}


def test_a_doubtful_time_is_put_right(day: TrainingDay) -> None:
    """ATT-10: 16:20 by the clock it was, 16:04 by the person who looked; confirmed as it is, nothing changes."""
    day.at("16:25")
    punch = late_news(day, "16:20", doubtful=True)
    assert signed(day) == ("16:20", "", 20)
    day.do("OPS-01", m.PunchTimeRequested, actor="S007", punch=punch)
    assert not [one for one in day.facts if isinstance(one.fact, f.TrainingSignCorrected)]
    day.do("OPS-01", m.PunchTimeRequested, actor="S007", punch=punch, at=day.time("16:04"))
    assert signed(day) == ("16:04", "", 0)
    day.do("OPS-01", m.PunchTimeRequested, actor="S007", punch=punch, at=day.time("14:00"))
    assert signed(day) is None
    day.do("OPS-01", m.PunchTimeRequested, actor="S007", punch=punch, at=day.time("16:16"))
    assert signed(day) == ("16:16", "", 16)


def test_a_way_out_put_right_may_be_the_way_in(day: TrainingDay) -> None:
    """The two punches change places, or become one."""
    day.punch("S105", "16:10")
    day.at("17:30")
    punch = late_news(day, "17:25", doubtful=True)
    assert signed(day) == ("16:10", "17:25", 0)
    for at, found in (("16:02", ("16:02", "16:10", 0)), ("16:10:30", ("16:10", "", 0)), ("12:00", None)):
        day.do("OPS-01", m.PunchTimeRequested, actor="S007", punch=punch, at=day.time(at))
        assert signed(day) == (found or ("16:10", "", 0))
        assert day.folded() == day.hall


def test_another_punch_put_right_signs_nobody_in(day: TrainingDay) -> None:
    """A punch of 下班 at 16:00 stays one."""
    day.at("16:25")
    stamp = m.Stamp(
        boot=day.boot("CLK-02"), monotonic_ms=0, wall_at=HallTime(day.time("16:20") + 300_000), age_ms=5 * MINUTE
    )
    made = day.do("CLK-02", m.PunchMade, card=None, staff="S105", intent=PunchIntent.OUT, stamp=stamp)
    fact = made.facts[0]
    assert isinstance(fact, f.PunchStored)
    assert refusal(day.ask("OPS-01", m.PunchTimeRequested, actor="S007", punch=fact.request_id, at=day.time("16:02"))) in (
        None,
        Refusal.UNKNOWN_PUNCH,
    )
    assert signed(day) is None


@settings(max_examples=25)
@given(
    asked=st.lists(st.tuples(st.sampled_from(["plan", "away", "cancel"]), st.integers(8, 19), st.integers(1, 4)), max_size=8)
)
def test_nobody_is_away_twice_at_once_whatever_is_planned(asked: list[tuple[str, int, int]]) -> None:
    """Trainings, leave and cancellations in any order: what stands of one person is free of overlaps, and all is carried."""
    day = TrainingDay(DEMO, "07:00", date(2026, 3, 10))
    for n, (what, begins, hours) in enumerate(asked):
        times = f"{begins:02d}:00", f"{min(23, begins + hours):02d}:00"
        if what == "plan":
            day.try_plan("S110", begins=times[0], ends=times[1], title=f"第{n}期")
        elif what == "away":
            day.try_away("S110", *times)
        else:
            day.try_change(m.TrainingCancelRequested, reason="改期", training=f"PX-20260310-{begins % 3 + 1:03d}")
        kept = sorted((one.begins, one.ends) for one in day.hall.posts.absences)
        assert all(earlier[1] <= later[0] for earlier, later in pairwise(kept))
    open_ = {one.no for one in day.hall.training.sessions.values() if not one.cancelled}
    assert {one.ref for one in day.hall.posts.absences if one.ref} <= open_
    assert day.folded() == day.hall
