"""``hall-broker punch`` and ``proxy``: as people type them, on the real service."""

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


def test_a_missing_punch_is_asked_for_decided_and_read(
    mosquitto: Mosquitto, tmp_path: Path, closing: Callable[[Any], Any]
) -> None:
    """ATT-8.3.1c, ATT-10, ATT-8.3.2: the course of a 补签, a paper sheet and a case, each told in both languages."""
    closing(ServiceProcess(mosquitto, tmp_path)).up()
    at_data = ("--data", str(tmp_path))

    def ask(*typed: str, actor: str) -> tuple[int, str]:
        done = command(*typed, "--actor", actor, *at_data, "--mqtt", f"127.0.0.1:{mosquitto.port}")
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr

    missing = ("--at", "2026-03-09T17:32", "--intent", "out", "--reason", "forgot", "--witness", "S101")
    code, said = ask("punch", "regularise", *missing, actor="S102")
    assert (code, "已登记补签 BQ-20260310-001" in said) == (0, True), said
    assert "BQ-20260310-001  S102  out  2026-03-09 17:32:00" in command("punch", "list", *at_data).stdout
    code, said = ask("punch", "approve", "BQ-20260310-001", actor="S102")
    assert (code, "本人事项须由他人办理" in said) == (1, True), said
    code, said = ask("punch", "approve", "BQ-20260310-001", actor="S101")
    assert (code, "已批准 BQ-20260310-001" in said) == (0, True), said
    code, said = ask("punch", "manual", "--line", "S102=2026-03-09T08:58/in", "--cause", "停电", actor="S002")
    assert (code, "已录入 1 条" in said) == (0, True), said
    code, said = ask("punch", "retime", "CLK-01/x/1", actor="S002")
    assert (code, "未找到该打卡记录" in said) == (1, True), said
    report = ("--principal", "S102", "--date", "2026-03-09", "--half", "AM")
    assert "DK-20260310-001" in ask("proxy", "report", *report, actor="S002")[1]
    assert ask("proxy", "sign", "DK-20260310-001", "--evidence", "camera", "--alone", actor="S002")[0] == 0
    assert "待会签" in command("proxy", "list", *at_data).stdout
    assert ask("proxy", "countersign", "DK-20260310-001", actor="S001")[0] == 0
    assert "没有待核查事项" in command("proxy", "list", *at_data).stdout
    shown = command("attendance", "show", "--staff", "S102", "--date", "2026-03-09", *at_data)
    assert shown.returncode == 0, shown.stderr
    for part in ("手工签到 paper sheet", "停电", "BQ-20260310-001", "[补签 regularised]", "代考勤:被代人"):
        assert part in shown.stdout, shown.stdout
    ledger = command("ledger", "proxy", "--month", "2026-03", *at_data).stdout
    assert "DK-20260310-001,2026-03-09,上午" in ledger
    assert "BQ-20260310-001" in command("ledger", "attendance", "--month", "2026-03", *at_data).stdout
