"""``hall-broker leave``: as the office types it, on the real service; DingTalk's export; what stays in the vault."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.service_process import ServiceProcess
from sim.testing import PATIENCE_S, Mosquitto

pytestmark = pytest.mark.mosquitto

WHY, WHY_NOT = "高血压复查", "请附诊断证明"
EXPORT = f"""审批编号,姓名,审批人,请假类型,开始时间,结束时间,请假事由,审批状态
DT-1,高洁,张敏,病假,2026-03-16 上午,2026-03-16 上午,{WHY},审批通过
DT-2,高洁,张敏,病假,2026-03-16 09:00,2026-03-16 11:00,{WHY},审批通过
DT-3,张敏,李娜,年休假,2026-03-17,2026-03-17,探亲,审批通过
DT-4,甲某,张敏,年休假,2026-03-17,2026-03-17,探亲,审批通过
DT-5,高洁,张敏,年休假,2026-03-18,2026-03-18,,审批通过
"""


def command(*typed: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """``hall-broker leave ...`` in a process of its own."""
    whole = [sys.executable, "-m", "broker", "leave", *typed]
    return subprocess.run(whole, input=stdin, capture_output=True, text=True, check=False, timeout=3 * PATIENCE_S)


def test_leave_by_command(mosquitto: Mosquitto, tmp_path: Path, closing: Callable[[Any], Any]) -> None:
    """ATT-5: asked for, rejected, approved, given up; the reason is shown to who decides and stands in no file."""
    service = closing(ServiceProcess(mosquitto, tmp_path)).up()

    def ask(*typed: str, actor: str, stdin: str = "") -> tuple[int, str]:
        where = ("--data", str(tmp_path), "--mqtt", f"127.0.0.1:{mosquitto.port}")
        done = command(*typed, "--actor", actor, *where, stdin=stdin)
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr

    first = ("--kind", "sick", "--from", "2026-03-12T09:00", "--to", "2026-03-12T12:00", "--reason", "-")
    code, said = ask("submit", *first, actor="S103", stdin=WHY + "\n")
    assert (code, said.splitlines()[0]) == (0, "已登记 QJ-20260310-001,待首席代表审批")
    no = "QJ-20260310-001"
    assert ask("reason", no, actor="S102")[0] == 1
    assert ask("reason", no, actor="S101") == (0, f"事由 reason: {WHY}\n")
    code, said = ask("approve", no, actor="S102")
    assert (code, "您没有该操作权限" in said) == (1, True)
    assert ask("reject", no, "--reason", "-", actor="S101", stdin=WHY_NOT + "\n")[0] == 0
    assert ask("reason", no, actor="S103")[1] == f"事由 reason: {WHY}\n未批准原因 rejected: {WHY_NOT}\n"
    assert ask("submit", *first, actor="S103", stdin=WHY + "\n")[0] == 0
    no = "QJ-20260310-002"
    assert ask("approve", no, actor="S101") == (0, f"已批准 {no}\nApproved: {no}\n")
    assert ask("paper", no, actor="S002")[0] == 0
    assert ask("return", no, actor="S103")[0] == 1
    code, said = ask("renew", no, "--to", "2026-03-12T17:30", "--reason", "-", actor="S103", stdin=WHY)
    assert (code, "QJ-20260310-003" in said) == (0, True)
    assert ask("withdraw", "QJ-20260310-003", actor="S103")[0] == 0
    assert ask("withdraw", no, actor="S103") == (0, f"已撤销 {no}\nGiven up: {no}\n")
    everything = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())
    for secret in (WHY, WHY_NOT):
        assert secret not in repr(service.log.lines)
        assert secret.encode() not in everything


def test_an_export_is_tried_then_brought_in_once(
    mosquitto: Mosquitto, tmp_path: Path, closing: Callable[[Any], Any]
) -> None:
    """ATT-5.1: ``--dry-run`` changes nothing and says what ``--apply`` then does; again it changes nothing."""
    closing(ServiceProcess(mosquitto, tmp_path)).up()
    file = tmp_path / "export.csv"
    file.write_bytes(EXPORT.encode("gbk"))
    asking = ("--actor", "S002", "--data", str(tmp_path), "--mqtt", f"127.0.0.1:{mosquitto.port}")
    listed = ("list", "--data", str(tmp_path))

    tried = command("import", str(file), "--dry-run", *asking)
    lines = tried.stdout.splitlines()
    assert (tried.returncode, lines[0]) == (1, "2  DT-1  ✓ QJ-20260310-001 已批准 approved")
    assert "✗ 该时段已有请假或公出QJ-20260310-001" in lines[1]
    assert lines[2] == "4  DT-3  ✓ QJ-20260310-002 已登记,待值班长审批 entered; the duty leader decides"
    assert "未找到 甲某" in lines[3]
    assert "请填写事由" in lines[4]
    assert "没有请假单" in command(*listed).stdout

    done = command("import", str(file), "--apply", *asking)
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, "2  DT-1  QJ-20260310-001 已批准 approved")
    assert len(command(*listed).stdout.splitlines()) == 2
    again = command("import", str(file), "--apply", *asking)
    assert again.stdout.splitlines()[0] == "2  DT-1  QJ-20260310-001 已导入过 brought in before"
    assert len(command(*listed).stdout.splitlines()) == 2

    file.write_bytes(EXPORT.encode("gbk")[:-30])
    broken = command("import", str(file), "--apply", *asking)
    assert (broken.returncode, "未导入任何内容" in broken.stderr) == (2, True)
