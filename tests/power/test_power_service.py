"""Power cuts of the rules service: nothing promised is lost, nothing is corrupt, and weaker syncing is found out."""

from pathlib import Path
from random import Random

import pytest

from sim.power.disk import Disk
from sim.power.service_cuts import campaign, look_at, restored
from sim.power.service_story import ServiceStory, tell
from sim.power.story import Cut
from sim.power.tally import Tally

CUTS = 60


@pytest.fixture
def told(library: Path, place: Path) -> ServiceStory:
    """A story that begins with nothing."""
    return tell(library, place / "told", "0/1", "FULL", {})


def first_calls(story: ServiceStory, calls: int, times: int) -> list[Cut]:
    """Cut after each of the first calls, so many times."""
    disk = Disk(story.root, story.begins_with)
    cuts = []
    for place, done in enumerate(story.record[:calls]):
        cuts += [Cut(place, place, (), disk.cut(Random(f"{place} {time}"))) for time in range(times)]
        disk.follow(done)
    return cuts


def test_nothing_that_was_promised_is_lost(library: Path, place: Path) -> None:
    """A slice of ``make power``: every database opens, verifies and goes on."""
    tally = campaign(library, place, 1, CUTS)
    assert (tally.cuts, dict(tally.counts), tally.found) == (CUTS, {}, [])


def test_synchronous_normal_is_found_out(library: Path, place: Path) -> None:
    """The same campaign with WAL and NORMAL loses what was promised; nothing else goes wrong with it."""
    tally = campaign(library, place, 1, CUTS, "NORMAL")
    assert tally.counts["acked_lost"] > CUTS // 10
    assert tally.counts["corrupt"] == tally.counts["chain_broken"] == 0


def test_no_sync_at_all_is_found_out(library: Path, place: Path) -> None:
    """With OFF, files are corrupt as well."""
    tally = campaign(library, place, 1, CUTS, "OFF")
    assert tally.counts["acked_lost"] > CUTS // 10
    assert tally.counts["corrupt"] + tally.counts["chain_broken"] > 0


def test_the_very_first_start_survives_a_cut_at_any_call(told: ServiceStory, place: Path) -> None:
    """Nothing is promised yet, but every later start must work.

    Found by seeds 1 (the data folder had no certain name) and 2 (the switch to WAL left a rollback journal, and every
    later start took the file for damaged).
    """
    made = next(one.place for one in told.seen if one.promised)
    tally = Tally()
    look_at(told, first_calls(told, made + 3, 1), place / "cut", tally, "first start")
    assert (dict(tally.counts), tally.found) == ({}, [])


def test_the_first_start_on_a_restored_backup_survives_a_cut_at_any_call(
    library: Path, told: ServiceStory, place: Path
) -> None:
    """A backup has no WAL; giving it one takes a rollback journal, which the next start plays back."""
    image = restored(_end(told), place / "restored")
    again = tell(library, place / "again", "0/2", "FULL", image)
    made = next(one.place for one in again.seen if one.promised)
    cuts = first_calls(again, made + 3, 1)
    assert any("data/hall.db-journal" in cut.image for cut in cuts)
    tally = Tally()
    look_at(again, cuts, place / "cut", tally, "restored")
    assert (dict(tally.counts), tally.found) == ({}, [])


def _end(story: ServiceStory) -> dict[str, bytes | None]:
    disk = Disk(story.root, story.begins_with)
    for done in story.record:
        disk.follow(done)
    return disk.now()


def test_a_story_with_another_end_is_noticed(told: ServiceStory, place: Path) -> None:
    """The comparison itself: if one answer or one fact had been another one, it would be said."""
    changed = {name: said + " " for name, said in told.answers.items()}
    other = ServiceStory(told.root, {}, told.record, told.seen, changed, dict.fromkeys(told.facts, "00"), told.index)
    tally = Tally()
    look_at(other, [Cut(0, len(told.record), (), _end(told))], place / "cut", tally, "changed")
    assert tally.counts == {"corrupt": 1, "chain_broken": 1}
