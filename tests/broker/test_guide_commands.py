"""``hall-broker inquiry``, ``project`` and the guarded ledgers: as guides, case managers and leaders type them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.service_bench import SMALL
from sim.service_process import ServiceProcess
from sim.testing import PATIENCE_S, Mosquitto

pytestmark = pytest.mark.mosquitto

Closing = Callable[[Any], Any]
CODE = "YA2026-007"


def _command(*typed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "broker", *typed], capture_output=True, text=True, check=False, timeout=3 * PATIENCE_S
    )


def test_guides_record_and_case_managers_look(mosquitto: Mosquitto, tmp_path: Path, closing: Closing) -> None:
    """GUID-3.1, FIRST-3.1, GREEN-8, CARE-7: whoever looks is on record, lists show no code, ledgers are written whole."""
    closing(ServiceProcess(mosquitto, tmp_path, config=SMALL.with_name("demo-hall.toml"))).up()
    data = ("--data", str(tmp_path))

    def ask(*typed: str, actor: str = "S004") -> tuple[int, str]:
        done = _command(*typed, "--actor", actor, *data, "--mqtt", f"127.0.0.1:{mosquitto.port}")
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr

    scope = ("--kind", "out_of_scope", "--authority", "县法院")
    code, said = ask("inquiry", "record", "--topic", "涉诉房产", *scope)
    assert (code, "请填写主管部门名称和联系电话" in said) == (1, True)
    code, said = ask("inquiry", "record", "--topic", "涉诉房产", *scope, "--phone", "0000-5550101")
    assert (code, "该事项由县法院办理,联系电话0000-5550101" in said, "ZX-20260310-001" in said) == (0, True, True)
    assert ask("ticket", "enter", "--group", "A", "--class", "green", "--project", CODE)[0] == 0
    assert ask("ticket", "class", "A001", "care", "--basis", "visible")[0] == 0
    code, said = ask("inquiry", "link", "ZX-20260310-001", "A001", actor="S005")
    assert (code, "首问负责人 S004" in said) == (0, True)

    listed = _command("task", "list", *data).stdout
    assert ("YA****" in listed, CODE in listed) == (True, False)
    assert CODE not in _command("facts", "-n", "30", *data).stdout
    number = next(line.split()[0] for line in listed.splitlines() if "S005" in line)
    assert ask("project", "open", number, "--reason", "对接", actor="S101")[0] == 1
    assert ask("project", "open", number, "--reason", "对接", actor="S005") == (0, f"{CODE}  A001  S005  2026-12-31\n")
    code, said = ask("ledger", "green", "--reason", "核对", actor="S004")
    assert (code, CODE in said) == (1, False)
    code, said = ask("ledger", "green", "--reason", "核对", actor="S002")
    assert (code, f"A001,{CODE}," in said) == (0, True)
    facts = _command("facts", "-n", "30", *data).stdout
    opened = [line for line in facts.splitlines() if "ProjectOpened" in line]
    assert ["project=YA****" in line for line in opened] == [True, False]
    assert [("actor=S005" in line, "reason=对接" in line) for line in opened] == [(True, True), (False, False)]
    assert "actor=S002" in opened[1]

    assert "工作人员开通,刘芳 S004,visible" in _command("ledger", "care", *data).stdout
    for kind in ("first", "appointments"):
        assert _command("ledger", kind, *data).returncode == 0
