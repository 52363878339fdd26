"""Safe mode: the last good configuration when hall.toml is refused five times in two minutes, and not before."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from broker.config import ConfigError
from broker.safe_mode import (
    CONFIGURATION_REFUSED,
    LAST_GOOD,
    MOST,
    REFUSED,
    WITHIN,
    Chosen,
    RefusedAgainError,
    choose,
    keep_good,
)
from contracts import messages as m
from contracts.codec import decode
from sim.service_bench import SMALL, TOPICS
from sim.testing import PATIENCE_S, Memory, Mosquitto, Watcher

BAD = "[hall]\nid = 7\n"


@pytest.fixture
def hall(tmp_path: Path) -> tuple[Path, Path]:
    """A hall.toml that has been good once, and is not any more; and the data folder."""
    path, data = tmp_path / "hall.toml", tmp_path / "data"
    data.mkdir()
    path.write_text(SMALL.read_text(encoding="utf-8"), encoding="utf-8")
    keep_good(data, choose(path, data, 0, Memory()))
    path.write_text(BAD, encoding="utf-8")
    return path, data


def _refused(path: Path, data: Path, *moments: int) -> None:
    for now in moments:
        with pytest.raises(RefusedAgainError) as caught:
            choose(path, data, now, Memory())
        assert caught.value.exit_code == 65, "systemd tries again"
        assert str(path) in str(caught.value)


def test_the_fifth_refusal_within_two_minutes_brings_the_last_good_configuration(
    hall: tuple[Path, Path], log: Memory
) -> None:
    """Four times it refuses to start, the fifth time it starts as yesterday, loudly."""
    path, data = hall
    _refused(path, data, 0, 1_100, 2_200, 3_300)
    chosen = choose(path, data, 4_400, log)
    assert chosen == Chosen(SMALL.read_text(encoding="utf-8"), TOPICS.hall, CONFIGURATION_REFUSED)
    (event, fields), *more = log.lines
    assert (event, fields["level"], more) == ("safe_mode", "error", [])
    assert str(path) in fields["error"]


def test_five_refusals_in_a_longer_time_are_no_safe_mode(hall: tuple[Path, Path]) -> None:
    """Somebody tries one thing after another: every time the mistake is named."""
    path, data = hall
    _refused(path, data, *(number * WITHIN // (MOST - 1) for number in range(3 * MOST)))


def test_what_lies_in_the_future_was_before_a_reboot(hall: tuple[Path, Path]) -> None:
    """Monotonic time begins anew at a reboot; refusals of before do not count."""
    path, data = hall
    _refused(path, data, 900_000, 900_001, 900_002, 900_003)
    _refused(path, data, 10, 20, 30, 40)
    assert choose(path, data, 50, Memory()).trouble


def test_safe_mode_lasts_until_a_good_start(hall: tuple[Path, Path]) -> None:
    """A restart in safe mode, even hours later or after a reboot, is not a new misfortune; a good hall.toml ends it."""
    path, data = hall
    _refused(path, data, 0, 1, 2, 3)
    keep_good(data, choose(path, data, 4, Memory()))
    assert choose(path, data, 40_000_000, Memory()).trouble
    keep_good(data, choose(path, data, 5, Memory()))
    path.write_text(SMALL.read_text(encoding="utf-8") + "# better\n", encoding="utf-8")
    good = choose(path, data, 6, Memory())
    keep_good(data, good)
    assert good.trouble == ""
    assert (data / LAST_GOOD).read_text(encoding="utf-8").endswith("# better\n")
    path.write_text(BAD, encoding="utf-8")
    _refused(path, data, 10, 11, 12, 13)


def test_without_a_good_configuration_there_is_no_safe_mode(tmp_path: Path) -> None:
    """A new hall with a mistake in it is refused for good; nothing is written."""
    path = tmp_path / "hall.toml"
    path.write_text(BAD, encoding="utf-8")
    for now in range(2 * MOST):
        with pytest.raises(ConfigError) as caught:
            choose(path, tmp_path / "data", now, Memory())
        assert not isinstance(caught.value, RefusedAgainError)
    assert not (tmp_path / "data").exists()


def test_a_good_configuration_this_version_does_not_take_is_none(hall: tuple[Path, Path]) -> None:
    """The release has changed and the old text is refused too: a person must first."""
    path, data = hall
    (data / LAST_GOOD).write_text(BAD, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        choose(path, data, 0, Memory())
    assert not isinstance(caught.value, RefusedAgainError)


@pytest.mark.parametrize("found", ["", "nonsense", '{"a": 1}', "[1, null]", "7"])
def test_a_damaged_count_is_an_empty_one(hall: tuple[Path, Path], found: str) -> None:
    """Half a file after a power cut keeps nobody from starting."""
    path, data = hall
    (data / REFUSED).write_text(found, encoding="ascii")
    _refused(path, data, 0)
    assert json.loads((data / REFUSED).read_text(encoding="ascii")) == [0]


def _run(path: Path, data: Path, server: Mosquitto) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "broker", "run", "--config", str(path), "--data", str(data)]
    command += ["--mqtt", f"127.0.0.1:{server.port}", "--hall-clock-start", "2026-03-10T09:05:00"]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def _heartbeat(watcher: Watcher) -> m.ServiceState:
    """The next one of a living service."""
    while True:
        state = decode(TOPICS.service_state, watcher.wait_for(TOPICS.service_state)[0])
        assert isinstance(state, m.ServiceState)
        if state.online:
            return state


def _end(service: subprocess.Popen[str]) -> str:
    service.terminate()
    return service.communicate(timeout=PATIENCE_S)[1]


@pytest.mark.mosquitto
def test_a_hall_opens_although_somebody_has_broken_its_hall_toml(
    mosquitto: Mosquitto, tmp_path: Path, closing: Callable[[Any], Any]
) -> None:
    """The whole process: four refusals with 65, then open as yesterday and telling so; mended, all is well again."""
    path, data = tmp_path / "hall.toml", tmp_path / "data"
    path.write_text(SMALL.read_text(encoding="utf-8"), encoding="utf-8")
    watcher = closing(Watcher(mosquitto))
    service = _run(path, data, mosquitto)
    assert _heartbeat(watcher).trouble == ""
    _end(service)

    path.write_text(SMALL.read_text(encoding="utf-8").replace("recall_gap_s", "recal_gap_s"), encoding="utf-8")
    for _ in range(MOST - 1):
        service = _run(path, data, mosquitto)
        said = service.communicate(timeout=3 * PATIENCE_S)[1]
        assert service.returncode == 65
        assert "recall_gap_s" in said, "what was probably meant"
    service = _run(path, data, mosquitto)
    watcher.inbox.take(0)
    while (state := _heartbeat(watcher)).trouble == "":
        pass
    assert state.trouble == CONFIGURATION_REFUSED
    assert '"safe_mode"' in _end(service)

    path.write_text(SMALL.read_text(encoding="utf-8"), encoding="utf-8")
    service = _run(path, data, mosquitto)
    while _heartbeat(watcher).trouble:
        pass
    assert '"safe_mode"' not in _end(service)
