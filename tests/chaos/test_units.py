"""What systemd is told: everything is started again for ever, except what only a person can put right."""

from configparser import ConfigParser
from pathlib import Path

import pytest

from sim.chaos.supervisor import RESTART_AFTER

UNITS = Path(__file__).parents[2] / "deploy" / "systemd"
ALWAYS_ON = ("hall-broker.service", "hall-node@.service", "mosquitto.service.d/hallworks.conf")


def _unit(name: str) -> ConfigParser:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[method-assign,assignment] # the documented way to keep capital letters
    unit.read(UNITS / name, encoding="utf-8")
    return unit


@pytest.mark.parametrize("name", ALWAYS_ON)
def test_nothing_gives_up(name: str) -> None:
    """By itself systemd stops trying after five failures in ten seconds; here it tries for ever, as the chaos tests do."""
    unit = _unit(name)
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert unit["Service"]["Restart"] == "always"
    assert int(unit["Service"]["RestartSec"]) * 1000 == RESTART_AFTER


def test_only_what_needs_a_person_is_left_alone() -> None:
    """A refused hall.toml that safe mode will get around (65), a full disk (74) and a twin (75) are tried again."""
    assert _unit("hall-broker.service")["Service"]["RestartPreventExitStatus"] == "78"
    assert "RestartPreventExitStatus" not in _unit("hall-node@.service")["Service"]


@pytest.mark.parametrize("name", ALWAYS_ON[:2])
def test_a_stuck_loop_is_noticed(name: str) -> None:
    """The loop feeds the watchdog every 2 s at least; several missed turns and the process is started again."""
    assert 4 <= int(_unit(name)["Service"]["WatchdogSec"]) <= 30
    assert _unit(name)["Service"]["Type"] == "notify"


def test_a_stuck_machine_is_reset() -> None:
    """By its hardware, whose watchdog on a Raspberry Pi takes no more than 15 s."""
    assert int(_unit("system.conf.d/hallworks.conf")["Manager"]["RuntimeWatchdogSec"]) == 14
