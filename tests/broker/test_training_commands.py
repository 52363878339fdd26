"""``hall-broker training`` and its ledger: as a leader types it, on the real service."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.service_process import ServiceProcess
from sim.testing import PATIENCE_S, Mosquitto

pytestmark = pytest.mark.mosquitto


def command(*typed: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "broker", *typed], capture_output=True, text=True, check=False, timeout=3 * PATIENCE_S
    )


def test_a_training_is_planned_shown_and_ended(mosquitto: Mosquitto, tmp_path: Path, closing: Callable[[Any], Any]) -> None:
    """TRN-5, TRN-9: what is entered is listed and stands in the month's ledger; a refusal has its sentence and code 1."""
    closing(ServiceProcess(mosquitto, tmp_path)).up()
    data = ("--data", str(tmp_path))

    def ask(*typed: str, actor: str = "S001") -> tuple[int, str]:
        asked = command("training", *typed, "--actor", actor, *data, "--mqtt", f"127.0.0.1:{mosquitto.port}")
        assert "Traceback" not in asked.stderr
        return asked.returncode, asked.stdout + asked.stderr

    about = ("--title", "岗前培训", "--topic", "rules", "--place", "会议室", "--pre-job", "--extra", "--invite", "S101")
    times = ("--from", "2026-03-10T16:00", "--to", "2026-03-10T17:30")
    assert "没有登记的培训" in command("training", "list", *data).stdout
    code, said = ask("plan", *about, *times, actor="S101")
    assert (code, "您没有该操作权限" in said) == (1, True)
    assert ask("plan", *about, *times) == (0, "已登记培训 PX-20260310-001\nEntered: PX-20260310-001\n")
    line = "PX-20260310-001  2026-03-10 16:00-17:30  计划外  岗前培训  岗前培训  0/1  未开始\n"
    assert command("training", "list", "--year", "2026", *data).stdout == line
    assert "没有登记的培训" in command("training", "list", "--year", "2025", *data).stdout
    assert command("training", "show", "PX-20260310-001", *data).stdout == line + "  S101  待签到\n"
    assert "S101  2026-03-10 16:00  2026-03-10 17:30  training" in command("absence", "list", *data).stdout
    assert ask("invite", "PX-20260310-001", "S102", "--withdraw")[0] == 0
    code, said = ask("assess", "PX-20260310-001", "--staff", "S101", "--passed", "--score", "90")
    assert (code, "该培训当前不能进行此操作" in said, "not over yet" in said) == (1, True, True)
    assert ask("close", "PX-20260310-001", "--remark", "好")[0] == 1
    assert ask("cancel", "PX-20260310-001", "--reason", "改期")[0] == 0
    assert "没有待培训的事项变化" in command("training", "hints", *data).stdout
    out = tmp_path / "training.csv"
    written = command("ledger", "training", "--month", "2026-03", "--csv", str(out), *data)
    assert (written.returncode, written.stdout) == (0, f"{out}: 1 条 entries\n")
    assert "PX-20260310-001" in out.read_text(encoding="utf-8-sig")
    assert command("ledger", "training", "--month", "2026-04", *data).stdout.count("\n") == 1
    missing = command("training", "show", "PX-20260310-009", *data)
    assert (missing.returncode, "没有培训" in missing.stderr) == (2, True)
