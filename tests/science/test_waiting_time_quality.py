"""What the told waiting time is worth, a slice of ``make science`` (targets 1.4)."""

import pytest

from contracts.values import GroupId, VisitorClass
from sim.science import quality
from sim.science.quality import figures, missed
from sim.science.waits import Told

SEED, DAYS = 2, 2
"""Some nine hundred tickets: the bands of coverage and bias are three times as wide as in the long run."""


@pytest.fixture(scope="module")
def told() -> list[Told]:
    """Two long days of six counters."""
    return quality.run([("six counters", SEED, DAYS)], 1, lambda: None)["six counters"]


def test_goals_are_met_in_one_run(told: list[Told]) -> None:
    """Error at most 0.8 of the queue-length estimate; the high end covers, no class is misled."""
    found = figures(told)
    assert len(told) > 500
    assert missed(found, slack=3.0) == [], found


def test_queue_length_misleads_the_fast(told: list[Told]) -> None:
    """The comparison is a real one: without the rule, fast classes are told too much and slow ones too little."""
    classes = figures(told)["classes"]
    assert classes["appointment_due"]["queue_length_bias_min"] > 1 > -1 > classes["normal"]["queue_length_bias_min"]


def test_same_seed_same_day(told: list[Told]) -> None:
    """Pure and seeded by tickets: the same day says the same."""
    again = quality.run([("six counters", SEED, 1)], 1, lambda: None)["six counters"]
    assert [one.told for one in again] == [one.told for one in told[: len(again)]]


def test_missed_goals_are_named() -> None:
    """The judge is awake: a useless estimate misses every goal."""
    bad = [Told(VisitorClass.NORMAL, GroupId("A"), (0.0, 1.0, 1.5), (0, 2), 10.0, 0.0, 10.0 + n % 3) for n in range(50)]
    wrong = missed(figures(bad))
    assert [one.split()[0] for one in wrong] == ["error", "0.000", "normal:", "normal:"]
