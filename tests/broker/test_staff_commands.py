"""``hall-broker task``, ``emergency``, ``counter``, ``ledger`` ...: as leaders and guides type them, on the real service."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from broker.archive import Archive
from broker.rules import facts as f
from sim.service_process import ServiceProcess
from sim.testing import PATIENCE_S, Mosquitto

pytestmark = pytest.mark.mosquitto

Closing = Callable[[Any], Any]


def _command(*typed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "broker", *typed], capture_output=True, text=True, check=False, timeout=3 * PATIENCE_S
    )


def test_leaders_ask_by_command(mosquitto: Mosquitto, tmp_path: Path, closing: Closing) -> None:
    """HALL-8.2, D8, EXT-3.4, HALL-19.3, AGENT-4.1: done is said in both languages, refused with the reason, exit code 1."""
    closing(ServiceProcess(mosquitto, tmp_path)).up()
    asking = ("--data", str(tmp_path), "--mqtt", f"127.0.0.1:{mosquitto.port}")

    def ask(*typed: str, actor: str = "S002") -> tuple[int, str]:
        done = _command(*typed, "--actor", actor, *asking)
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr

    assert "没有待办事项" in _command("task", "list", "--data", str(tmp_path)).stdout
    assert ask("help-call", "items") == (0, "已通知工作人员\nStaff have been told\n")
    listed = _command("task", "list", "--data", str(tmp_path)).stdout
    assert "机房有服务对象需要轮椅、老花镜或放大镜" in listed
    number = listed.split()[0]
    assert ask("task", "ack", number, actor="S004") == (0, f"S004 已接单 {number}\nTaken: {number}\n")
    assert "S004" in _command("task", "list", "--data", str(tmp_path)).stdout
    assert ask("task", "close", number, "--note", "已送达", actor="S004")[0] == 0
    code, said = ask("task", "close", number, actor="S004")
    assert (code, "未找到该待办事项" in said) == (1, True)

    code, said = ask("emergency", "begin", "--confirm")
    assert (code, "请先启动" in said) == (1, True)
    code, said = ask("emergency", "begin")
    assert (code, "--confirm" in said) == (0, True)
    assert ask("emergency", "begin", "--confirm", actor="S001")[0] == 0
    assert ask("ticket", "enter", "--group", "A")[0] == 1
    assert ask("emergency", "end")[0] == 0
    assert "Entered as A001" in ask("ticket", "enter", "--group", "A")[1]

    assert ask("noon-service", actor="S101")[0] == 1
    assert ask("noon-service")[0] == 0
    code, said = ask("closing-plan", "W01", "W02")
    assert (code, "秒后再试" in said) == (1, True)
    assert ask("counter", "groups", "W03", "A", "B") == (0, "W03 今日办理 A, B\nW03 serves A, B today\n")
    code, said = ask("counter", "add", "W03", "--group", "A")
    assert (code, "surge groups of W03 are: none" in said) == (1, True)
    assert ask("counter", "withdraw", "W03", "--group", "A")[0] == 0
    assert ask("extension", "assign", "A001", "--to", "S102")[0] == 1
    code, said = ask("extension", "stay", "W03", "--to", "S102")
    assert (code, "nobody at W03 has said" in said) == (1, True)

    assert ask("ticket", "class", "A001", "care", "--basis", "visible", actor="S004")[0] == 0
    assert ask("ticket", "class", "A001", "care", "--withdraw", actor="S004")[0] == 0
    assert ask("ticket", "reactivate", "A001", actor="S004")[0] == 1


def test_ledgers_are_written_whole(mosquitto: Mosquitto, tmp_path: Path, closing: Closing) -> None:
    """5.2: a ledger of today goes to a file that a spreadsheet opens; a day without records is said, not an empty file."""
    service = closing(ServiceProcess(mosquitto, tmp_path)).up()
    asking = ("--actor", "S004", "--data", str(tmp_path), "--mqtt", f"127.0.0.1:{mosquitto.port}")
    assert _command("ticket", "enter", "--group", "A", *asking).returncode == 0
    out = tmp_path / "calls.csv"
    done = _command("ledger", "calls", "--csv", str(out), "--data", str(tmp_path))
    assert (done.returncode, done.stdout) == (0, f"{out}: 1 条 entries\n")
    assert out.read_bytes().startswith("\ufeff号码,业务队列".encode())
    for kind in ("extended", "windows"):
        assert _command("ledger", kind, "--data", str(tmp_path)).returncode == 0
    nothing = _command("ledger", "calls", "--date", "2025-01-01", "--data", str(tmp_path))
    assert (nothing.returncode, "2025-01-01 没有记录" in nothing.stderr) == (2, True)
    nowhere = _command("ledger", "calls", "--csv", "/nowhere/x.csv", "--data", str(tmp_path))
    assert (nowhere.returncode, "/nowhere/x.csv" in nowhere.stderr) == (2, True)
    service.stop()
    with Archive(tmp_path) as archive:
        facts = list(archive.foldable(date(2026, 3, 10)))
    assert isinstance(facts[0].fact, f.ConfigurationAdopted)
    assert isinstance(facts[1].fact, f.DayBegan)
