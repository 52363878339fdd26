"""Matters that have changed are hinted at until somebody was trained in them (TRN-7)."""

import pytest

from broker.ledgers.training_hints import hints
from contracts import messages as m
from contracts.values import Refusal
from sim.rules_day import hall_text, refusal
from sim.training_day import TrainingDay

DEMO = hall_text("demo-hall")


@pytest.fixture
def day() -> TrainingDay:
    """The demo hall at eight."""
    return TrainingDay(DEMO)


def hinted(day: TrainingDay) -> dict[str, tuple[str, ...]]:
    """Which matters have changed since anybody was trained, and who can do them."""
    return {one.service.id: one.staff for one in hints(day.facts)}


def changed(text: str, service: str = "SV03") -> str:
    """The matter is promised a day later than before."""
    line = next(one for one in text.splitlines() if f'id = "{service}"' in one)
    return text.replace(line, line.replace("promised = ", "promised = 1"))


def test_a_changed_matter_is_trained(day: TrainingDay) -> None:
    """TRN-7, the example: SV03 changes, a hint for S101, S102, S103, S104, S117; a closed session about it ends it."""
    assert hinted(day) == {}
    day.at("09:00")
    day.adopt(changed(DEMO))
    assert hinted(day) == {"SV03": ("S101", "S102", "S103", "S104", "S117")}
    day.plan("S117")
    other = day.plan("S117", begins="10:00", ends="11:00", services=("SV03", "SV03"))
    day.at("17:30")
    day.change(m.TrainingCloseRequested, remark="与事项无关")
    assert hinted(day)
    day.change(m.TrainingCloseRequested, training=other, remark="已掌握新流程")
    assert hinted(day) == {}


def test_a_session_before_the_change_trains_nobody_in_it(day: TrainingDay) -> None:
    """TRN-7: nor does a new average of minutes count as a change, nor a matter that is gone."""
    day.plan("S117", begins="09:00", ends="10:00", services=("SV03",))
    day.at("09:30")
    day.adopt(changed(DEMO))
    day.at("10:00")
    day.change(m.TrainingCloseRequested, remark="旧流程")
    assert list(hinted(day)) == ["SV03"]
    line = next(one for one in DEMO.splitlines() if 'id = "SV01"' in one)
    day.adopt(changed(DEMO).replace(line, line.replace("avg_min = ", "avg_min = 1")))
    assert list(hinted(day)) == ["SV03"]
    day.adopt(changed(changed(DEMO), "SV04"))
    assert list(hinted(day)) == ["SV03", "SV04"]


def test_an_unknown_matter_is_refused(day: TrainingDay) -> None:
    """TRN-7: a slip of the pen must not leave a hint open for ever."""
    assert refusal(day.try_plan("S105", services=("SV99",))) is Refusal.UNKNOWN_SERVICE
