"""What every test may ask for: a log that remembers, and a real MQTT server."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from sim.testing import PROGRAM, Memory, Mosquitto

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # what a test promises does not depend on how busy the machine is


@pytest.fixture
def log() -> Memory:
    """A log that remembers."""
    return Memory()


@pytest.fixture(scope="session")
def require_mosquitto() -> None:
    """Skips where mosquitto is not installed, fails where it has to be."""
    if PROGRAM is None:
        if os.environ.get("HALL_REQUIRE_MOSQUITTO") == "1":
            pytest.fail("HALL_REQUIRE_MOSQUITTO=1, but mosquitto is not installed")
        pytest.skip("mosquitto is not installed")


@pytest.fixture
def mosquitto(tmp_path: Path, require_mosquitto: None) -> Iterator[Mosquitto]:
    """A real MQTT server, started; skipped where there is none, failed where there has to be one."""
    folder = tmp_path / "mosquitto"
    folder.mkdir()
    server = Mosquitto(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def closing() -> Iterator[Callable[[Any], Any]]:
    """Hands back what it is given and closes it after the test, last first."""
    opened: list[Any] = []

    def remember(what: Any) -> Any:
        opened.append(what)
        return what

    yield remember
    for what in reversed(opened):
        what.close()
