"""``hall-broker outing``: as clerk and duty leader type it, on the real service; and the ledger as CSV (ATT-6)."""

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.service_process import ServiceProcess
from sim.testing import PATIENCE_S, Mosquitto

pytestmark = pytest.mark.mosquitto


def command(*typed: str) -> tuple[int, str]:
    """The command in a process of its own: its exit code and all it said."""
    done = subprocess.run(
        [sys.executable, "-m", "broker", *typed], capture_output=True, text=True, check=False, timeout=3 * PATIENCE_S
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_an_outing_from_the_entry_to_the_csv(mosquitto: Mosquitto, tmp_path: Path, closing: Callable[[Any], Any]) -> None:
    """ATT-6.1: entered, refused to approve oneself, approved, extended, withdrawn; reason and place are shown."""
    closing(ServiceProcess(mosquitto, tmp_path)).up()
    data = ("--data", str(tmp_path))

    def ask(*typed: str, actor: str = "S002") -> tuple[int, str]:
        return command("outing", *typed, "--actor", actor, *data, "--mqtt", f"127.0.0.1:{mosquitto.port}")

    assert "没有登记的公出" in command("outing", "list", *data)[1]
    times = ("--from", "2026-03-10T14:00", "--to", "2026-03-10T16:00")
    about = ("--kind", "meeting", "--reason", "参加县局会议", "--place", "县自然资源局")
    code, said = ask("submit", *times, *about, actor="S101")
    assert (code, "已登记公出 GC-20260310-001,请由赵晓梅 S002、王建国 S001审批" in said) == (0, True), said
    code, said = ask("submit", "--from", "2026-03-10T16:00", "--to", "2026-03-10T14:00", *about, actor="S101")
    assert (code, "结束时间须晚于开始时间" in said) == (1, True)
    no = "GC-20260310-001"
    code, said = ask("approve", no, actor="S101")
    assert (code, "本人事项须由他人办理" in said) == (1, True)
    code, said = ask("approve", no, actor="S103")
    assert (code, "请由赵晓梅 S002、王建国 S001审批" in said) == (1, True)
    code, said = command("outing", "show", no, *data)
    assert (code, "事由:参加县局会议" in said, "批准后各岗位均有人在岗" in said) == (0, True, True), said
    assert ask("approve", no)[0] == 0
    assert ask("extend", no, "--to", "2026-03-10T16:30", "--reason", "会议延长")[0] == 0
    code, said = command("outing", "list", *data)
    assert said == f"{no}  张敏 S101  会议  2026-03-10 14:00 - 2026-03-10 16:30  已批准\n"
    assert "审批说明:会议延长" in command("outing", "show", no, *data)[1]
    out = tmp_path / "outing.csv"
    code, said = command("ledger", "outing", "--month", "2026-03", "--csv", str(out), *data)
    assert (code, "1 条" in said) == (0, True)
    (line,) = csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines())
    assert (line["事由"], line["地点"], line["顶岗人"], line["批准至"]) == (
        "参加县局会议", "县自然资源局", "高洁 S103(并岗)", "2026-03-10 16:30",
    )  # fmt: skip
    assert ask("withdraw", no)[0] == 0
    code, said = ask("return", no)
    assert (code, "该公出当前不能进行此操作" in said) == (1, True)
    assert command("outing", "show", "GC-20260310-009", *data)[0] == 2
    assert "参加县局会议".encode() not in (tmp_path / "hall.db").read_bytes()
