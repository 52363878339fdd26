"""Random days: the same seed gives the same bytes, everybody is accounted for, nothing is broken."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from broker.config import load
from broker.rules.hours import day_of
from contracts.values import VisitorClass
from sim.day import chart
from sim.day.draw import cast, service_weights
from sim.day.figures import courses, figures, quantile, slots
from sim.day.nature import Nature
from sim.day.random_day import Played, day_before, play
from sim.halls import config_text

TUESDAY = date(2026, 3, 10)
NUMBERS = {"served", "mean_min", "p50_min", "p80_min", "p95_min", "max_min"}


@pytest.fixture(scope="module")
def played() -> Played:
    """A day of the demo hall with two hundred visitors."""
    return play(config_text("demo-hall"), TUESDAY, seed=5, visitors=200)


def test_same_seed_same_bytes_in_two_processes_whatever_their_hash_seed(tmp_path: Path) -> None:
    """Issue 3: the figures, and the picture, are the same byte for byte."""
    found = []
    for hash_seed in ("1", "77"):
        folder = tmp_path / hash_seed
        command = [sys.executable, "-m", "sim", "day", "--config", "demo-small", "--visitors", "60", "--seed", "9"]
        command += ["--json", str(folder / "day.json"), "--png", str(folder / "day.png")]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True)
        found.append(((folder / "day.json").read_bytes(), (folder / "day.png").read_bytes()))
    assert found[0] == found[1]
    assert json.loads(found[0][0])["tickets"] > 50


def test_another_seed_is_another_day() -> None:
    """The seed decides who comes."""
    hashes = {play(config_text("demo-small"), TUESDAY, seed=seed, visitors=30).log_hash for seed in (1, 2)}
    assert len(hashes) == 2


def test_nothing_is_broken_on_a_day(played: Played) -> None:
    """Invariants hold after every step, and everything can be recomputed from the stored facts."""
    assert played.violations == ()
    assert played.checks > 1_000


def test_everybody_who_took_a_ticket_is_served_or_missed(played: Played) -> None:
    """1.0.5, EXT-3.3: every ticket ends."""
    found = courses(played).values()
    assert len(found) + played.lost == sum(one.comes for one in played.cast.visitors)
    assert all(one.is_served or one.missed for one in found)


def test_people_who_miss_their_call_come_back(played: Played) -> None:
    """D9: a missed ticket waits once more, and most of those are served then."""
    again = [one for one in courses(played).values() if one.missed]
    assert again
    assert played.came_back == sum(len(one.called_at) > 1 for one in again) > 0


def test_the_figures_have_the_promised_shape(played: Played) -> None:
    """Issue 3: classes with their quantiles, no-shows, overtime, utilisation, estimate, violations."""
    found = figures(played)
    assert set(found["classes"]) <= {one.value for one in VisitorClass}
    for figure in found["classes"].values():
        assert set(figure) == NUMBERS
        assert figure["p50_min"] <= figure["p80_min"] <= figure["p95_min"] <= figure["max_min"]
    assert set(found["utilisation"]) == {f"W{n:02d}" for n in range(1, 13)}
    assert all(0 <= one["share"] <= 1 for one in found["utilisation"].values())
    assert sum(one["served"] for one in found["classes"].values()) == sum(
        one["served"] for one in found["utilisation"].values()
    )
    assert found["estimate"]["queue_length_mae_min"] > 0
    assert found["violations"] == []
    assert json.loads(json.dumps(found)) == found


def test_the_quarter_hours_add_up(played: Played) -> None:
    """What the chart draws is the whole day: every ticket came, every call was made, nobody waits at the end."""
    found = courses(played)
    table = slots(played, found.values())
    assert sum(one["came"] for one in table) == len(found)
    assert sum(one["called"] for one in table) == sum(len(one.called_at) for one in found.values())
    assert not any(table[-1]["waiting"].values())


def test_arrivals_have_two_peaks_and_a_dip_at_noon() -> None:
    """Few come over noon, many in the middle of each half."""
    people = cast(load(config_text("demo-hall"), "hall.toml"), TUESDAY, 1, 2_000, Nature()).visitors
    minutes = [one.comes_at // 60_000 % (24 * 60) + 8 * 60 for one in people]

    def between(begin: int, end: int) -> int:
        return sum(begin * 60 <= one < end * 60 for one in minutes)

    assert between(9, 11) > 5 * between(12, 13)
    assert between(14, 16) > 4 * between(12, 13)
    assert all(day_of(one.comes_at) == TUESDAY for one in people)


def test_services_are_asked_for_as_the_hall_is_staffed() -> None:
    """A service that takes long at a single counter is asked for less often than a short one."""
    weights = {str(one): value for one, value in service_weights(load(config_text("demo-hall"), "hall.toml")).items()}
    assert weights["SV17"] == 1 / 4
    assert weights["SV15"] < weights["SV14"] < weights["SV17"]


def test_the_working_day_before_a_monday_is_friday() -> None:
    """Appointments are made on the working day before."""
    assert day_before(config_text("demo-hall"), date(2026, 3, 9)) == date(2026, 3, 6)


def test_the_chart_is_drawn(played: Played, tmp_path: Path) -> None:
    """A picture with something in each of its parts."""
    chart.draw(played, tmp_path / "day.png")
    picture = Image.open(tmp_path / "day.png").convert("L")
    width, height = picture.size
    for top, bottom in ((0, 0.1), (0.1, 0.35), (0.38, 0.66), (0.68, 1)):
        part = picture.crop((0, round(top * height), width, round(bottom * height)))
        assert sum(part.histogram()[:128]) > 0


@pytest.mark.parametrize(
    ("values", "share", "expected"), [((), 0.5, 0.0), ((3,), 0.95, 3), ((1, 2, 3, 4, 5), 0.8, 4), ((1, 2, 3, 4), 0.5, 2)]
)
def test_a_quantile_is_a_value_that_came(values: tuple[float, ...], share: float, expected: float) -> None:
    """The smallest wait that this share of all did not exceed."""
    assert quantile(values, share) == expected


def test_a_broken_promise_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks are not blind: a hall that says something is wrong gives a violation and an exit code."""

    def broken(_hall: Any) -> list[str]:
        return ["I3: planted"]

    monkeypatch.setattr("sim.day.house.check", broken)
    monkeypatch.setattr("sim.day.house.check_fully", broken)
    assert play(config_text("demo-small"), TUESDAY, seed=1, visitors=3).violations == ("I3: planted",)
