"""The cached settings: there after a power cut, ignored when unusable, never fatal."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from contracts.codec import encode
from contracts.messages import KioskSettings, PadSettings, ServiceState
from contracts.topics import Topics
from contracts.values import BootId, CounterId, HallId, HallTime, NodeName
from firmware.runtime.settings_cache import SettingsCache
from sim.testing import Memory

TOPIC = Topics(HallId("demo")).settings(NodeName("PAD-W02"))
SETTINGS = PadSettings(hash="1f", hall_name_zh="县政务大厅", hall_name_en="Hall", hotline="12345", counter=CounterId("W02"))


def test_settings_heard_once_are_there_in_the_next_life(tmp_path: Path, log: Memory) -> None:
    """A node that starts while the service is away knows what it is."""
    path = tmp_path / "settings.json"
    SettingsCache(path, TOPIC, log).keep(SETTINGS)
    assert SettingsCache(path, TOPIC, log).load() == SETTINGS


def test_the_first_start_has_no_cache(tmp_path: Path, log: Memory) -> None:
    """A missing file is nothing to talk about."""
    assert SettingsCache(tmp_path / "settings.json", TOPIC, log).load() is None
    assert log.events == []


def test_the_same_settings_are_not_written_again(tmp_path: Path, log: Memory) -> None:
    """Retained settings come with every connection; the SD card is spared."""
    path = tmp_path / "settings.json"
    cache = SettingsCache(path, TOPIC, log)
    cache.keep(SETTINGS)
    path.unlink()
    cache.keep(SETTINGS)
    assert not path.exists()
    cache.keep(replace(SETTINGS, hash="20"))
    assert path.exists()


@pytest.mark.parametrize("cut", range(len(encode(SETTINGS))))
def test_a_cache_cut_at_any_byte_is_ignored_with_a_line_in_the_log(tmp_path: Path, log: Memory, cut: int) -> None:
    """Half a file never stops a node and never configures it."""
    path = tmp_path / "settings.json"
    path.write_bytes(encode(SETTINGS)[:cut])
    assert SettingsCache(path, TOPIC, log).load() is None
    assert log.events == ["settings_cache_unusable"]


def test_a_full_disk_is_logged_and_leaves_the_old_cache(tmp_path: Path, log: Memory) -> None:
    """The node works on with what it has heard."""
    path = tmp_path / "settings.json"
    cache = SettingsCache(path, TOPIC, log)
    cache.keep(SETTINGS)
    (tmp_path / "settings.json.new").mkdir()  # in the way of the new file, as a full disk would be
    cache.keep(replace(SETTINGS, hash="20"))
    assert log.events == ["settings_cached", "settings_not_cached"]
    assert SettingsCache(path, TOPIC, log).load() == SETTINGS


# --- The identity key of a day -------------------------------------------------------------------------------------------

KEY = "5c" * 32
MIDNIGHT = HallTime(1_773_158_400_000)
"""2026-03-11 00:00 in the hall."""
KEYED = KioskSettings(
    hash="1f",
    hall_name_zh="县政务大厅",
    hall_name_en="Hall",
    hotline="12345",
    ordinal=1,
    groups=(),
    rating_url="https://hall.example/r",
    rating_days=30,
    identity_day="2026-03-10",
    identity_key=KEY,
)


def beat(at: int) -> ServiceState:
    """A heartbeat with this hall clock."""
    return ServiceState(epoch=1, boot=BootId("f" * 16), hall_now=HallTime(at))


def test_the_file_is_readable_by_the_node_alone(tmp_path: Path, log: Memory) -> None:
    """0600, also where an older file, or one left over by a power cut, could be read by all."""
    path = tmp_path / "settings.json"
    for old in (path, path.with_name("settings.json.new")):
        old.write_text("{}")
        old.chmod(0o644)
    SettingsCache(path, TOPIC, log).keep(KEYED)
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_key_leaves_the_file_when_its_day_is_over(tmp_path: Path, log: Memory) -> None:
    """By the hall clock that runs on without the service; the rest of the settings stays; no log line ever holds the key."""
    path = tmp_path / "settings.json"
    cache = SettingsCache(path, TOPIC, log)
    cache.hear(KEYED, 0)
    cache.tend(0)
    cache.hear(beat(MIDNIGHT - 10_000), 1_000)
    cache.tend(10_999)
    assert KEY in path.read_text()
    cache.tend(11_000)
    assert KEY not in path.read_text()
    assert SettingsCache(path, TOPIC, log).load() == replace(KEYED, identity_day=None, identity_key="")
    assert log.events == ["settings_cached", "identity_key_forgotten"]
    assert KEY not in repr(log.__dict__)


def test_a_machine_that_starts_on_another_day_does_not_know_the_key_of_yesterday(tmp_path: Path, log: Memory) -> None:
    """Switched off over night: gone at the start, if its own clock knows; else with the first heartbeat."""
    path = tmp_path / "settings.json"
    for wall_at in (MIDNIGHT, HallTime(0)):
        SettingsCache(path, TOPIC, log).keep(KEYED)
        cache = SettingsCache(path, TOPIC, log)
        assert (cache.load(wall_at) == KEYED) is (wall_at == 0)
        cache.hear(beat(MIDNIGHT + 1), 5)
        cache.tend(5)
        assert KEY not in path.read_text()


def test_settings_of_yesterday_that_are_heard_today_lose_their_key_at_once(tmp_path: Path, log: Memory) -> None:
    """A retained message may be older than the day."""
    path = tmp_path / "settings.json"
    cache = SettingsCache(path, TOPIC, log)
    cache.hear(beat(MIDNIGHT + 1), 0)
    cache.hear(KEYED, 1)
    cache.tend(1)
    assert KEY not in path.read_text()


@pytest.mark.parametrize("day", [None, "", "yesterday", "9999-12-31"])
def test_a_key_without_a_day_is_over(tmp_path: Path, log: Memory, day: str | None) -> None:
    """A day nobody can read protects nobody."""
    path = tmp_path / "settings.json"
    cache = SettingsCache(path, TOPIC, log)
    cache.hear(replace(KEYED, identity_day=day), 0)
    cache.hear(beat(MIDNIGHT), 1)
    cache.tend(1)
    assert KEY not in path.read_text()
