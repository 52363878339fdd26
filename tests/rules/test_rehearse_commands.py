"""``hall-broker rehearse deadline`` and ``attendance`` as typed: a file in, JSON out, whose calendar counts."""

import json
from pathlib import Path
from typing import Any

import pytest

from broker.cli.arguments import parser
from broker.cli.command_error import CommandError
from broker.config import ConfigError
from sim.rules_day import hall_text

DUE = {"name": "DL8", "accepted": "2026-03-02", "limit": 10, "unit": "wd", "excluded": [["2026-03-05", "2026-03-09"]]}
DAY = {
    "name": "AT19 and a half",
    "punches": ["08:55", ["14:00", "outing"], ["12:50", "out"], "13:31"],
    "excused": [["09:00", "10:30", "personal"], ["14:00", "17:30", "outing"]],
    "date": "2026-03-10",
}


def typed(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """What the command prints, decoded."""
    arguments = parser().parse_args(["rehearse", *words])
    assert arguments.act(arguments) == 0
    return json.loads(capsys.readouterr().out)


def written(folder: Path, content: Any) -> str:
    """A file of cases."""
    path = folder / "cases.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def test_deadlines_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the country's calendar, unless another hall's is named."""
    file = written(tmp_path, {"cases": [DUE]})
    assert typed(capsys, "deadline", file) == {"cases": [{"name": "DL8", "deadline": "2026-03-19"}]}
    other = tmp_path / "hall.toml"
    closed = 'local_closures = [{ day = 2026-03-19, reason = "盘点", approval = "1" }]'
    text = hall_text("demo-hall").replace("local_closures = []", "")
    other.write_text(text.replace("[calendar]\n", f"[calendar]\n{closed}\n"), encoding="utf-8")
    assert typed(capsys, "deadline", file, "--config", str(other)) == {"cases": [{"name": "DL8", "deadline": "2026-03-20"}]}


def test_attendance_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the form the issue fixes."""
    policy = {"halfday_absence_policy": "both_missing"}
    assert typed(capsys, "attendance", written(tmp_path, {"policy": policy, "cases": [DAY]})) == {
        "cases": [
            {
                "name": "AT19 and a half",
                "halves": [
                    {"half": "AM", "results": ["NORMAL"], "reasons": []},
                    {"half": "PM", "results": ["LATE 1"], "reasons": []},
                ],
                "day": [],
                "reasons": [],
            }
        ]
    }


@pytest.mark.parametrize("what", ["deadline", "attendance"])
def test_what_is_no_file_of_cases_is_said_in_a_sentence(tmp_path: Path, what: str) -> None:
    """No JSON, no cases, no such hall: which file it was, never a traceback of the rules."""
    for content in ("{", "[]", '{"cases": 1}'):
        arguments = parser().parse_args(["rehearse", what, written(tmp_path, content)])
        with pytest.raises(CommandError, match=r"cases\.json"):
            arguments.act(arguments)
    arguments = parser().parse_args(
        ["rehearse", what, written(tmp_path, {"cases": []}), "--config", str(tmp_path / "no.toml")]
    )
    with pytest.raises(ConfigError, match=r"no\.toml"):
        arguments.act(arguments)
