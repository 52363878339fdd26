"""The rule book's demo day, line by line, as it is and under its variants."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim.__main__ import main
from sim.day.policies import under
from sim.day.script import DEMO_DAY, play
from sim.day.table import Line
from sim.day.variants import VARIANTS, workdays
from sim.halls import config_text

TUESDAY = date(2026, 3, 10)


@pytest.fixture(scope="module", params=sorted(VARIANTS))
def result(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The day played under one variant."""
    return play(config_text("demo-hall"), DEMO_DAY, TUESDAY, str(request.param))


def test_every_line_of_the_demo_day_holds(result: dict[str, Any]) -> None:
    """Issue 3: each queue-side expectation, to the second, with the variant's own lines."""
    assert [row for row in result["checks"] if not row["ok"]] == []
    assert len(result["checks"]) > 120


def test_nothing_is_broken_on_the_demo_day(result: dict[str, Any]) -> None:
    """Invariants after every step, and everything recomputed at the end."""
    assert result["violations"] == []
    assert result["invariants_checked"] > 400


def test_what_is_not_checked_is_said_with_what_it_waits_for() -> None:
    """Lines of the book that belong to other issues are listed, not left out."""
    waiting = {one.waits_for for one in DEMO_DAY.waits}
    assert any("attendance" in one for one in waiting)
    assert all(one.waits_for and one.rule for one in DEMO_DAY.waits)


def test_adjusted_workdays_open_the_hall() -> None:
    """1.0.1, variant e: 8 to 10 October 2026 are worked, the 11th is not."""
    found = workdays(config_text("demo-hall"))
    assert found["failed"] == 0
    assert [row["found"] for row in found["checks"]] == ["open", "open", "open", "rest"]


def test_the_day_is_the_same_twice() -> None:
    """Same script, same log."""
    short = replace(DEMO_DAY, lines=DEMO_DAY.lines[:40])
    hashes = {play(config_text("demo-hall"), short, TUESDAY)["log_hash"] for _ in range(2)}
    assert len(hashes) == 1


def test_under_another_call_order_the_lines_of_the_order_fail() -> None:
    """The checks can fail: first come, first called calls A001 where the book has A004."""
    until_ten = tuple(one for one in DEMO_DAY.lines if one.at < "09:16")
    found = play(under("fifo", config_text("demo-hall")), replace(DEMO_DAY, lines=until_ten), TUESDAY)
    failed = {(row["time"], row["found"]) for row in found["checks"] if not row["ok"]}
    assert ("09:06", "A001") in failed


def test_a_line_that_breaks_is_a_line_that_failed() -> None:
    """Whatever a line needs and does not find is told in its row, and the day goes on."""
    line = Line("08:31", "a counter that does not exist", "W99", lambda s: s.desk("W99").phase, "free")
    found = play(config_text("demo-hall"), replace(DEMO_DAY, lines=(line,), ahead=()), TUESDAY)
    assert found["failed"] == 1
    assert "KeyError" in found["checks"][0]["found"]


def test_the_command_writes_the_rows_and_leaves_with_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``hall-sim day --variant workdays --json``: rows with time, what, rule, expected, found, ok."""
    monkeypatch.setattr("sys.argv", ["hall-sim", "day", "--variant", "workdays", "--json", str(tmp_path / "day.json")])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    rows = json.loads((tmp_path / "day.json").read_text())["checks"]
    assert set(rows[0]) == {"time", "what", "rule", "expected", "found", "ok"}
    assert "4 项相符" in capsys.readouterr().out
