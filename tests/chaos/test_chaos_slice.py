"""A slice of the chaos campaign for every run: one short storm over a hall of real processes, and it must be in order."""

from pathlib import Path

import pytest

from sim.chaos import episode
from sim.chaos.faults import KILLS, WEIGHTS, Kind, plan

STORM = 14_000
SEED = "5"


pytestmark = pytest.mark.usefixtures("require_mosquitto")


@pytest.mark.mosquitto
def test_a_storm_over_real_processes_breaks_no_promise(tmp_path: Path) -> None:
    """Kills, lost memory, doubled messages ...; then paper, lamps, signs and database agree, and nobody waits."""
    one = episode.play(tmp_path / "hall", SEED, STORM, slow_commit=60)
    assert one.violations == [], one.seen
    assert sum(one.kills.values()) >= 5
    assert one.seen["papers"] >= 3
    assert one.seen["calls_seen"] >= 3
    assert one.seen["cards_green"] >= 2


def test_a_plan_is_its_seed() -> None:
    """The same seed, the same blows; another seed, others. All in their time and in order."""
    blows = plan("7", 60_000, list(Kind))
    assert blows == plan("7", 60_000, list(Kind))
    assert blows != plan("8", 60_000, list(Kind))
    assert [blow.at for blow in blows] == sorted(blow.at for blow in blows)
    assert all(0 < blow.at < 60_000 for blow in blows)


def test_over_many_seeds_every_blow_is_dealt_and_some_halls_are_spared_some() -> None:
    """Each episode has its own mix; what a machine does not allow is never drawn."""
    plans = [{blow.kind for blow in plan(str(seed), 60_000, list(Kind))} for seed in range(60)]
    assert set.union(*plans) == set(Kind) == set(WEIGHTS)
    assert all(not kinds >= set(Kind) for kinds in plans)
    assert all(kinds & KILLS for kinds in plans)
    spared = set(Kind) - {Kind.CABLE, Kind.DROP}
    assert all(blow.kind in spared for seed in range(60) for blow in plan(str(seed), 60_000, spared))
