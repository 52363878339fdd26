"""Call orders compared: the same people under each, waits ordered as theory has it, a table a hall leader can read."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from broker.config import load
from contracts.values import VisitorClass
from sim.day import compare_sheet
from sim.day.compare import DayUnder, Study, days, interval, result
from sim.day.figures import courses
from sim.day.policies import NAMES, under
from sim.day.random_day import play
from sim.halls import config_text

TUESDAY = date(2026, 3, 10)
POLICIES = tuple(NAMES)


@pytest.fixture(scope="module")
def lived() -> Sequence[DayUnder]:
    """Three days of the small hall under each order, well filled."""
    study = Study(config_text("demo-small"), TUESDAY, visitors=170)
    return list(days(study, POLICIES, range(3), jobs=1))


@pytest.fixture(scope="module")
def found(lived: Sequence[DayUnder]) -> dict[str, Any]:
    """What is written of them."""
    return result(lived, POLICIES)


def _mean(found: dict[str, Any], policy: str, one: str) -> float:
    return float(found["policies"][policy]["classes"][one]["mean_min"]["mean"])


def test_priority_shortens_the_waits_of_those_who_have_it_at_the_cost_of_the_others(found: dict[str, Any]) -> None:
    """1.0.4: care and appointments wait less under points than under first come, ordinary visitors more."""
    for policy in ("points", "strict"):
        assert _mean(found, policy, "care") < 0.7 * _mean(found, "fifo", "care")
        assert _mean(found, policy, "appointment_due") < _mean(found, "fifo", "appointment_due")
        assert _mean(found, policy, "normal") > _mean(found, "fifo", "normal")


def test_everybody_together_waits_about_as_long_under_each(found: dict[str, Any]) -> None:
    """Conservation: the order only moves waiting from one to another, as long as service times do not matter to it."""
    means = [found["policies"][policy]["all"]["mean_min"]["mean"] for policy in POLICIES]
    assert max(means) < 1.25 * min(means)


def test_the_same_people_come_under_each_order() -> None:
    """Common random numbers: tickets, groups and times are equal, whatever is called first."""
    came = set()
    for policy in POLICIES:
        played = play(under(policy, config_text("demo-small")), TUESDAY, seed=4, visitors=40)
        came.add(tuple((one.group, one.issued_at, one.visitor_class) for one in courses(played).values()))
    assert len(came) == 1


def test_no_promise_is_broken_under_any_order(found: dict[str, Any]) -> None:
    """The days end with everybody served."""
    assert found["violations"] == []


@pytest.mark.parametrize("hall", ["demo-hall", "demo-small"])
def test_an_order_is_a_hall_with_other_weights(hall: str) -> None:
    """1.0.4: equal speeds without head start are first come; a day between any two classes is strict."""
    classes = {one: load(under(one, config_text(hall)), "hall.toml").params.queue.classes for one in POLICIES}
    assert {classes["fifo"].of(one).head_start_min for one in VisitorClass} == {0}
    assert {classes["fifo"].of(one).speed for one in VisitorClass} == {100}
    ahead = sorted(classes["strict"].of(one).head_start_min for one in VisitorClass)
    assert all(b - a >= 24 * 60 for a, b in pairwise(ahead))
    assert classes["points"] == load(config_text(hall), "hall.toml").params.queue.classes


def test_counters_kept_for_care_are_kept_by_the_halls_own_order_alone() -> None:
    """A counter's reserve is part of the hall's order; first come and strict are what they are called everywhere."""
    reserves = {
        policy: {one.reserve.of(VisitorClass.NORMAL) for one in load(under(policy, config_text("demo-hall")), "x").counters}
        for policy in POLICIES
    }
    assert reserves == {"fifo": {100}, "points": {20, 100}, "strict": {100}}


def test_an_unknown_order_is_refused() -> None:
    """Only the orders that have a name."""
    with pytest.raises(KeyError):
        under("random", config_text("demo-hall"))


@pytest.mark.parametrize(("values", "mean", "half"), [([], 0, 0), ([4.0], 4, 0), ([1.0, 3.0], 2, 12.71), ([5.0] * 50, 5, 0)])
def test_confidence_is_students(values: list[float], mean: float, half: float) -> None:
    """Two days say little: t is 12.71; equal days leave no doubt."""
    assert interval(values) == {"mean": mean, "plus_minus": half}


def test_processes_do_not_change_the_result(lived: Sequence[DayUnder]) -> None:
    """Two processes give the same days in the same order as one."""
    study = Study(config_text("demo-small"), TUESDAY, visitors=170)
    assert list(days(study, ("fifo",), range(2), jobs=2)) == [one for one in lived if one.policy == "fifo"][:2]


def test_the_table_speaks_chinese_first(found: dict[str, Any]) -> None:
    """Every class and order has its row in both languages, and the longest wait of ordinary visitors stands out."""
    table = compare_sheet.table(found)
    for word in ("普通 ordinary", "先来先叫 first come", "积分叫号 points", "优先号一律先叫 strict", "等得最久"):
        assert word in table
    assert max(len(line) for line in table.splitlines()) < 130


def test_the_comparison_is_drawn(found: dict[str, Any], tmp_path: Path) -> None:
    """Bars for every class and order, with their whiskers."""
    compare_sheet.draw(found, tmp_path / "compare.png")
    colours = Image.open(tmp_path / "compare.png").convert("RGB").getcolors(1 << 20)
    assert colours is not None
    assert len(colours) > 20
