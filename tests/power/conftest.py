"""The recorder, built once, and a folder in memory for the many small databases."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.power.recording import NoRecorderError, recorder, work_folder


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recorder; skipped where there is no compiler, failed where there has to be one."""
    try:
        return recorder(tmp_path_factory.mktemp("recorder"))
    except NoRecorderError as error:
        if os.environ.get("HALL_REQUIRE_COMPILER") == "1":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder in memory, gone after the test."""
    folder = work_folder()
    yield folder
    shutil.rmtree(folder)
