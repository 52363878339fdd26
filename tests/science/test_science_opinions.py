"""Two more ways to the same waits: all the rules at work, and a simulator of somebody else (targets 1.3)."""

import pytest

from sim.science import whole_rules
from sim.science.cases import A, B
from sim.science.second_opinion import opinion
from sim.science.theory import kleinrock
from sim.science.verdict import judge


def test_all_the_rules_give_the_waits_of_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Case A through press, paper, call, start and finish.

    Days this short are no steady state. What holds in any: everybody together waits as first come first served would, and
    the classes keep their ratio, roughly.
    """
    monkeypatch.setattr(whole_rules, "UNIT_MS", 80_000)
    verdict = judge(A, whole_rules.days(3), kleinrock(A))
    assert verdict.visitors > 1_000
    assert abs(verdict.leak) < 0.05
    ordinary, care = (one.raw for one in verdict.measured)
    assert ordinary / care == pytest.approx(kleinrock(A)[0] / kleinrock(A)[1], rel=0.2)


def test_ciw_agrees() -> None:
    """The rule as a scan of everybody, in Ciw: the same waits, as far as so short a run can tell."""
    for (mean, half_width), claimed in zip(opinion(B, 12, 1_500.0), kleinrock(B), strict=True):
        assert abs(mean - claimed) <= 2 * half_width
