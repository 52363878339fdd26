"""The real call order against queueing theory, a slice of ``make science`` (targets 1.3)."""

from dataclasses import replace

import pytest

from sim.science.campaign import is_as_claimed, run
from sim.science.cases import CLAIMS, HEAD_STARTS, SAME_SPEED, SIX_COUNTERS, STRICT, A, B, C, Claim, D
from sim.science.line import Stretch, live
from sim.science.theory import Case, Kind, Service, conserved, erlang_c, first_come, kleinrock, strict
from sim.science.verdict import corrected, everybody, judge, student_95

STRETCHES, VISITORS = 20, 4_000
"""A hundredth of the long run: what is a percent there is ten here."""
NAMES = [one.name for one in CLAIMS if one.waits is not None and one.name != SAME_SPEED.name]


def slice_of(name: str) -> Claim:
    """A case as the slice lives through it."""
    return replace(next(one for one in CLAIMS if one.name == name), stretches=STRETCHES)


@pytest.mark.parametrize("name", NAMES)
def test_waits_are_as_theory_says(name: str) -> None:
    """1.3: every class within 3.5 standard errors, unless a wrong rate was planted; half-widths as this size allows."""
    claim = slice_of(name)
    verdict = run([claim], VISITORS)[0][0]
    assert verdict.is_rejected is not claim.holds, verdict.ts
    assert abs(verdict.leak) < 0.02
    assert abs(verdict.leak_of_means) < 0.02
    for one in verdict.measured:
        assert one.half_width <= 0.05 * one.mean


def test_same_speed_is_first_come_first_served() -> None:
    """Equal speeds and no head start: together everybody waits exactly as in the twin, visit for visit."""
    stretch = live(SAME_SPEED, 1, VISITORS)
    assert everybody(stretch) == pytest.approx(stretch.twin, rel=1e-12)


def test_head_start_is_worth_what_it_says_under_load() -> None:
    """W of ordinary less W of care rises towards the head start of 5 with the load, and never reaches it."""
    verdicts = run([Claim(case, None, stretches=6) for case in HEAD_STARTS[:3]], VISITORS)[0]
    gaps = [one.measured[0].mean - one.measured[1].mean for one in verdicts]
    assert gaps == sorted(gaps)
    assert 1.5 < gaps[0] < gaps[-1] < 5


def test_closed_forms_are_the_published_ones() -> None:
    """The check values of targets 1.3, to their last digit, and the conservation law."""
    assert kleinrock(A) == pytest.approx((180 / 17, 99 / 17))
    assert kleinrock(B) == pytest.approx((160 / 31, 64 / 31))
    assert kleinrock(C)[0] == pytest.approx(720 / 61)
    assert kleinrock(C)[1:] == pytest.approx((6.539654, 3.756314), abs=1e-6)
    assert kleinrock(D) == pytest.approx((5.901639, 3.269827, 1.878157), abs=1e-6)
    assert strict(A) == pytest.approx((12.857143, 1.285714), abs=1e-6)
    assert strict(C) == pytest.approx((15, 1.764706, 1.058824), abs=1e-6)
    assert [first_come(one) for one in (A, B, C, D)] == pytest.approx([9, 4, 9, 4.5])
    for case in (A, B, C, D, SIX_COUNTERS):
        assert conserved(case, kleinrock(case)) == pytest.approx(1)
    assert conserved(A, strict(STRICT)) == pytest.approx(1)


def test_erlang_s_formula() -> None:
    """One server: the load; two servers at load a each: 2a^2/(1+a)."""
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    assert erlang_c(2, 1.8) == pytest.approx(2 * 0.81 / 1.9)


def test_no_formula_no_claim() -> None:
    """Head starts, or several counters with fixed times, have no closed form, and none is made up."""
    with pytest.raises(ValueError, match="head starts"):
        kleinrock(HEAD_STARTS[0])
    with pytest.raises(ValueError, match="servers"):
        first_come(Case("x", (Kind(1.0, 1),), Service.FIXED, servers=2))


def test_same_seed_same_stretch() -> None:
    """Nothing is rolled again: a seed is a stretch."""
    assert live(C, 5, 1_000) == live(C, 5, 1_000)
    assert live(C, 5, 1_000) != live(C, 6, 1_000)


def test_correction_takes_luck_out() -> None:
    """A mean that moves with a control of known mean is corrected exactly, and its error vanishes."""
    control = [1.0, 2.0, 4.0, 3.5, 0.5]
    found = corrected([3 + 2 * one for one in control], control, expected=2.0)
    assert found.mean == pytest.approx(7)
    assert found.error == pytest.approx(0, abs=1e-9)
    assert found.t(7) == 0


@pytest.mark.parametrize(("freedom", "quantile"), [(5, 2.5706), (10, 2.2281), (18, 2.1009), (30, 2.0423), (1000, 1.9623)])
def test_student_s_quantile(freedom: int, quantile: float) -> None:
    """Tabulated values."""
    assert student_95(freedom) == pytest.approx(quantile, rel=5e-3 if freedom < 10 else 1e-3)


def test_a_leak_and_a_wide_interval_are_complained_of() -> None:
    """The judge is awake: waits that break the conservation law, or are too vague, are not accepted."""
    lost = [Stretch(n, 100, (60, 40), (9.0 + n / 50, 5.0), (0.0, 0.0), 9.0 + n / 50) for n in range(6)]
    complaints = judge(A, lost, kleinrock(A)).complaints
    assert any("conservation" in one for one in complaints)
    vague = [Stretch(n, 100, (60, 40), (10.6 + (n % 2), 5.8 - (n % 3)), (0.0, 0.0), 9.0 + n / 50) for n in range(6)]
    assert any("half-width" in one for one in judge(A, vague, kleinrock(A)).complaints)
    assert not is_as_claimed(CLAIMS[0], judge(A, vague, kleinrock(A)))
