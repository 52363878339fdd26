"""``hall-broker rotation`` and its ledger: as a department and the office type it, on the real service."""

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


def test_a_rotation_is_asked_for_decided_and_closed(
    mosquitto: Mosquitto, tmp_path: Path, closing: Callable[[Any], Any]
) -> None:
    """ROT-4 to ROT-7: what speaks against it is said at once, names are shown to those who decide and listed nowhere."""
    closing(ServiceProcess(mosquitto, tmp_path)).up()
    data = ("--data", str(tmp_path))

    def ask(*typed: str, actor: str = "S001") -> tuple[int, str]:
        asked = command("rotation", *typed, "--actor", actor, *data, "--mqtt", f"127.0.0.1:{mosquitto.port}")
        assert "Traceback" not in asked.stderr
        return asked.returncode, asked.stdout + asked.stderr

    no = "LH-20260310-001"
    assert "没有轮换申请" in command("rotation", "list", *data).stdout
    assert ask("request", "--out", "S101", "--name", "某某", "--reason", "轮换") == (
        0,
        f"已登记轮换申请 {no}\nEntered: {no}\n",
    )
    assert ask("show", no) == (0, f"{no}\n姓名 某某\n原因 轮换\n")
    code, said = ask("close", no)
    assert (code, "该轮换申请当前不能进行此操作" in said) == (1, True)
    assert ask("decide", no, "--approve") == (0, f"{no} 同意\n{no}: Agreed\n")
    code, said = ask("close", no)
    assert (code, "尚有未移交事项:办件、借用物品,请先办理交接" in said) == (1, True)
    assert ask("close", no, "--cases-handed-over", "--items-returned", "--successor", "S118")[0] == 0
    assert command("rotation", "list", *data).stdout == f"{no}  2026-03-10  DSJ  S101  已交接\n"
    assert "某某" not in command("ledger", "rotation", "--month", "2026-03", *data).stdout
