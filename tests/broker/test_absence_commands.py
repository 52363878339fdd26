"""``hall-broker absence``: as a duty leader types it, on the real service."""

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
        [sys.executable, "-m", "broker", "absence", *typed],
        capture_output=True,
        text=True,
        check=False,
        timeout=3 * PATIENCE_S,
    )


def test_absences_are_entered_listed_and_withdrawn(
    mosquitto: Mosquitto, tmp_path: Path, closing: Callable[[Any], Any]
) -> None:
    """ATT-5, ATT-6: what was entered is listed, what overlaps is refused with exit code 1, what is withdrawn is gone."""
    closing(ServiceProcess(mosquitto, tmp_path)).up()
    morning = ("--staff", "S102", "--from", "2026-03-10T09:00", "--to", "2026-03-10T12:00")

    def ask(*typed: str, actor: str = "S002") -> tuple[int, str]:
        done = command(*typed, "--actor", actor, "--data", str(tmp_path), "--mqtt", f"127.0.0.1:{mosquitto.port}")
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr

    def listed() -> str:
        return command("list", "--data", str(tmp_path)).stdout

    assert "没有登记的请假或公出" in listed()
    code, said = ask("enter", *morning, "--kind", "annual")
    assert (code, "已登记 S102 2026-03-10 09:00 - 2026-03-10 12:00" in said) == (0, True)
    assert listed() == "S102  2026-03-10 09:00  2026-03-10 12:00  annual\n"
    code, said = ask("enter", "--staff", "S102", "--from", "2026-03-10T11:00", "--to", "2026-03-10T13:00", "--kind", "sick")
    assert (code, "填写内容有误" in said, "away in a part" in said) == (1, True, True)
    code, said = ask("enter", *morning, "--kind", "annual", actor="S102")
    assert (code, "您没有该操作权限" in said) == (1, True)
    assert ask("withdraw", *morning)[0] == 0
    assert "没有登记的请假或公出" in listed()
    assert "YYYY" not in command("enter", "--staff", "S102", "--from", "nine", "--to", "ten").stderr
