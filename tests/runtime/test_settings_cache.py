"""The cached settings: there after a power cut, ignored when unusable, never fatal."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from contracts.codec import encode
from contracts.messages import PadSettings
from contracts.topics import Topics
from contracts.values import CounterId, HallId, NodeName
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
