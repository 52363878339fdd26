"""The bench's own arithmetic; nothing here measures time."""

import json
from pathlib import Path
from typing import Any

import bench_table
import pytest
from bench_figures import Goal, Latency, median_ratio, percentile, spread_ms
from hypothesis import given
from hypothesis import strategies as st

SAMPLES = st.lists(st.integers(1, 10**9), min_size=1)


@given(SAMPLES, st.integers(1, 100))
def test_a_percentile_is_a_sample_that_so_many_do_not_exceed(samples: list[int], percent: int) -> None:
    """Nearest rank: never a number nobody measured, and the smallest one that will do."""
    found = percentile(samples, percent)
    assert found in samples
    assert sum(one <= found for one in samples) * 100 >= percent * len(samples)
    assert sum(one < found for one in samples) * 100 < percent * len(samples)


def test_known_percentiles() -> None:
    """Of 1 to 200 the median is 100 and the 99th percentile 198."""
    samples = list(range(200, 0, -1))
    assert (percentile(samples, 50), percentile(samples, 99), percentile(samples, 100)) == (100, 198, 200)


def test_nothing_measured_is_an_error() -> None:
    """A bench without samples must not look like a fast one."""
    with pytest.raises(ValueError, match="no samples"):
        percentile([], 50)


def test_a_ratio_compares_the_same_percentile_of_both() -> None:
    """Twice as slow at every percentile is 2, however the floor is spread."""
    floor = list(range(1_000, 101_000, 1_000))
    assert Latency([2 * one for one in floor], floor).ratios() == {"p50": 2.0, "p99": 2.0}
    assert median_ratio([3, 300, 30], [10, 1, 100]) == 3.0


def test_absolute_figures_are_milliseconds() -> None:
    """From nanoseconds."""
    assert spread_ms([1_500_000, 500_000]) == {"samples": 2, "min": 0.5, "p50": 0.5, "p99": 1.5, "max": 1.5}


@pytest.mark.parametrize(
    ("figure", "at_most", "verdict"), [(1.5, 1.5, "hit"), (1.51, 1.5, "missed"), (9.0, None, "reported")]
)
def test_a_goal_is_hit_missed_or_none(figure: float, at_most: float | None, verdict: str) -> None:
    """A figure exactly at its goal hits it; without a goal it is reported."""
    assert Goal("x", figure, at_most).verdict == verdict


def report() -> dict[str, Any]:
    """What a run might have found."""
    waits = {"product_ms": {"samples": 300, "p50": 2.0, "p99": 4.0}, "floor_ms": {"samples": 300, "p50": 1.0, "p99": 4.0}}
    return {
        "press_to_print": {"p50": 2.0, "p99": 1.0},
        "call_to_sign": {"p50": 2.0, "p99": 1.0},
        "group_commit": 3.0,
        "pick_1e6": 1.4,
        "estimate_50": 2.0,
        "attendance_year": 14.0,
        "node_rss": {"pad": 1.3, "service": 1.6},
        "start": {"clock": 3.1},
        "details": {
            "press_to_print": waits,
            "call_to_sign": waits,
            "attendance_year_s": {"sheets": 2.8, "decoding": 0.2, "facts": 31_083},
            "estimate_ns": {"p50": 2_300_000, "least": 2_000_000},
            "group_commit_per_second": {"batch": 3000, "each": 1000},
            "pick_ns": {"1e2": 1000, "1e6": 1400},
            "rss_kib": {"pad": 13_000, "service": 16_000, "floor": 10_000},
            "start_ms": {"clock": {"p50": 310.0}, "floor": {"p50": 100.0}},
            "machine": {"processors": 2, "load_average": [0.5, 0.5, 0.5]},
            "versions": {"python": "3.11"},
        },
    }


def test_the_table_has_every_figure_with_its_verdict() -> None:
    """The nodes without a goal are reported, the others judged."""
    verdicts = {goal.name: goal.verdict for goal, _, _ in bench_table.goals(report())}
    assert verdicts == {
        "press to first printer byte, p50": "missed",
        "press to first printer byte, p99": "hit",
        "call to first sign byte, p50": "missed",
        "call to first sign byte, p99": "hit",
        "presses per second, batch": "reported",
        "a decision with 1 000 000 waiting": "hit",
        "the wait on a ticket, 50 waiting, inside press to print": "reported",
        "a year of attendance, thirty people, twelve sheets": "reported",
        "resident memory of a pad": "hit",
        "resident memory of the service": "reported",
        "a clock from start to birth": "missed",
    }
    assert json.loads(json.dumps(report())) == report()


def test_the_table_is_renewed_and_the_text_around_it_kept(tmp_path: Path) -> None:
    """Writing twice is writing once."""
    page = tmp_path / "performance.md"
    page.write_text(f"before\n{bench_table.BEGIN}\nold\n{bench_table.END}\nafter\n")
    bench_table.write(page, report())
    first = page.read_text()
    bench_table.write(page, report())
    assert page.read_text() == first
    assert first.startswith("before\n")
    assert first.endswith("\nafter\n")
    assert "old" not in first


def test_a_page_without_a_place_for_the_table_is_left_alone(tmp_path: Path) -> None:
    """Rather than appended to blindly."""
    page = tmp_path / "performance.md"
    page.write_text("text\n")
    with pytest.raises(ValueError, match="no place for the table"):
        bench_table.write(page, report())
    assert page.read_text() == "text\n"
