"""The examples of the simulator's page run, and the names on the page exist."""

import importlib
import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "simulator.md").read_text(encoding="utf-8")


def test_the_example_of_a_visit_ends_with_a_rating(capsys: pytest.CaptureFixture[str]) -> None:
    """Ticket, call and rating are printed as they happen."""
    runpy.run_path(str(ROOT / "docs" / "examples" / "visit.py"))
    said = capsys.readouterr().out
    assert re.search(r"^A001$", said, re.MULTILINE)
    assert "请A001办理" in said
    assert said.rstrip().endswith("已评价")


def test_the_example_of_a_fault_ends_with_one_paper(capsys: pytest.CaptureFixture[str]) -> None:
    """One paper, one ticket."""
    runpy.run_path(str(ROOT / "docs" / "examples" / "fault.py"))
    said = capsys.readouterr().out
    assert said.startswith("1 paper")
    assert said.count("waiting") == 1


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(sim(?:\.\w+)+)`", PAGE))))
def test_every_name_on_the_page_exists(name: str) -> None:
    """A module, or something in one."""
    module, _, last = name.rpartition(".")
    if last[0].isupper():
        assert hasattr(importlib.import_module(module), last)
    else:
        importlib.import_module(name)
