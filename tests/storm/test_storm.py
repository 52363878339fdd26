"""Storms: seeded days keep every promise, the same seed is the same day in any process, and planted bugs are found."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.storm import campaign
from sim.storm.command import likely
from sim.storm.day import live
from sim.storm.garden import BY_NAME, PLANTS
from sim.storm.minimise import minimise, promise
from sim.storm.setting import FULL, MINI
from sim.storm.verdict import PROMISES
from sim.storm.weather import HOW_OFTEN, forecast

DAYS = int(os.environ.get("STORM_DAYS", "12"))
"""How many small days this run lives through; ``make storm`` takes more."""


@pytest.mark.parametrize("seed", range(DAYS))
def test_a_small_day_keeps_every_promise(seed: int) -> None:
    """Forty visitors under a seed's faults; whatever breaks names its seed, which replays it."""
    outcome = live(seed, MINI, forecast(seed, MINI))
    assert not outcome.violations, f"hall-sim storm --mini --seeds {seed}:{seed + 1}"
    assert outcome.tickets > 20


def test_the_same_seed_is_the_same_day_in_any_process(tmp_path: Path) -> None:
    """Two processes with different hash seeds write the same hash over everything that happened."""
    hashes = []
    for hash_seed in ("1", "2"):
        out = tmp_path / f"{hash_seed}.json"
        command = [sys.executable, "-m", "sim", "storm", "--mini", "--seeds", "22:24", "--json", str(out)]
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": hash_seed}, check=True, capture_output=True)
        hashes.append(json.loads(out.read_text())["log_hashes"])
    assert hashes[0] == hashes[1]
    assert len(set(hashes[0].values())) == 2


@pytest.mark.parametrize(
    "plant",
    [
        "publish_before_commit",
        "ack_before_commit",
        "light_before_journal",
        "leaks_at_midnight",
        "no_show_at_once",
        "logs_what_it_hears",
    ],
)
def test_a_planted_bug_is_found(plant: str) -> None:
    """A sample of the garden, each within three days; ``hall-sim storm --plants`` goes through all of it."""
    seeds = likely(range(200), MINI, BY_NAME[plant])[:3]
    assert any(live(seed, MINI, forecast(seed, MINI), BY_NAME[plant]).violations for seed in seeds)


def test_a_plant_is_pulled_out_again() -> None:
    """After a day with a bug the house is whole: the next day of the same seed is the day without it."""
    whole = live(3, MINI, forecast(3, MINI))
    live(3, MINI, forecast(3, MINI), BY_NAME["no_show_at_once"])
    assert live(3, MINI, forecast(3, MINI)) == whole


def test_a_failing_day_is_made_small() -> None:
    """What is left after minimising still breaks the same promise, with fewer visitors and fewer strikes."""
    strikes = forecast(0, MINI)
    setting, left, outcome = minimise(0, MINI, strikes, BY_NAME["publish_before_commit"], lambda _line: None)
    assert (setting.visitors, left) == (5, ())
    assert promise(outcome.violations[0]) == "order"


def test_forecasts_are_drawn_from_the_seed_alone_and_reach_every_kind() -> None:
    """Equal for equal seeds, and over some hundred seeds every kind of fault blows."""
    assert forecast(7, FULL) == forecast(7, FULL)
    assert {strike.kind for seed in range(400) for strike in forecast(seed, FULL)} == set(HOW_OFTEN)


def test_figures_add_up() -> None:
    """A campaign in two processes gives the days of one process, in the order of the seeds."""
    alone = [outcome for outcome, _ in campaign.days(range(2), MINI)]
    together = [outcome for outcome, _ in campaign.days(range(2), MINI, jobs=2)]
    assert alone == together


def test_every_promise_and_every_plant_has_somebody_who_looks_after_it() -> None:
    """I1 to I16 each name their check; at least 25 bugs are planted, each for one harness."""
    assert set(PROMISES) == {f"I{number}" for number in range(1, 17)}
    assert len(PLANTS) >= 25
    assert {plant.harness for plant in PLANTS} <= {"storm", "power", "chaos"}
