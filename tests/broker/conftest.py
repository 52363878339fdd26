"""A rules service under test, in memory and on a disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.service_bench import Bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    """A service on a database in memory, at 09:05 of a working day."""
    one = Bench(None)
    yield one
    one.store.close()


@pytest.fixture
def disk_bench(tmp_path: Path) -> Iterator[Bench]:
    """The same on a disk, so that it can be started again."""
    one = Bench(tmp_path / "hall.db")
    yield one
    one.store.close()
