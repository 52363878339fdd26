"""``hall-broker appointment``: on a real MQTT server and the service as a process, as staff type it."""

import csv
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.service_process import ServiceProcess
from sim.testing import PATIENCE_S, Mosquitto

pytestmark = pytest.mark.mosquitto

Closing = Callable[[Any], Any]
PHONE, NAME, NUMBER = "0000-55516234", "测试甲某某", "139999198806150214"
EXPORT = f"""source_id,channel,group,service,at,contact,name,project
APP-1,app,A,SV01,2026-03-11 10:00,{PHONE},{NAME},
APP-2,app,A,,2026-03-11 12:30,{PHONE},{NAME},
APP-3,web,A,,2026-03-11 10:05,,{NAME},
APP-4,web,A,,next week,{PHONE},,
,web,A,,2026-03-11 10:05,{PHONE},,
APP-5,fax,A,,2026-03-11 10:05,{PHONE},,
APP-6,miniprogram,Z,,2026-03-11 10:05,{PHONE},,
"""


def command(*typed: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """``hall-broker appointment ...`` in a process of its own."""
    whole = [sys.executable, "-m", "broker", "appointment", *typed]
    return subprocess.run(whole, input=stdin, capture_output=True, text=True, check=False, timeout=3 * PATIENCE_S)


def test_an_appointment_is_made_followed_up_and_listed(mosquitto: Mosquitto, tmp_path: Path, closing: Closing) -> None:
    """APPT by command: the contact is read from standard input, shown on request alone, and never stands in the ledger."""
    service = closing(ServiceProcess(mosquitto, tmp_path)).up()
    asking = ("--actor", "S004", "--data", str(tmp_path), "--mqtt", f"127.0.0.1:{mosquitto.port}")
    wanted = ("--group", "A", "--at", "2026-03-10T10:00", "--contact", "-", "--name", NAME, "--id-number", NUMBER)

    made = command("make", *wanted, *asking, stdin=f"{PHONE}\n")
    assert (made.returncode, made.stderr) == (0, "")
    assert "已预约 2026-03-10/P001,2026-03-10 10:00,预约码 " in made.stdout
    assert command("confirm", "P001", "--notice", "GZ-20260310-001", *asking).returncode == 0
    shown = command("open-contact", "P001", "--reason", "核对", *asking)
    assert shown.stdout == f"{NAME} {PHONE}\n"
    early = command("check-in", "P001", *asking)
    assert (early.returncode, "您可于09:30起签到" in early.stderr) == (1, True)
    away = command("change", "P001", "--at", "2026-03-11T10:30", "--by", "person", *asking)
    assert (away.returncode, "凭预约码签到" in away.stdout) == (0, True)
    moved = command("change", "P001", "--at", "2026-03-10T10:30", "--by", "person", "--id-number", NUMBER, *asking)
    assert (moved.returncode, moved.stdout) == (0, "已改期 P001\nMoved: P001\n")
    alone = command("cancel", "P001", "--by", "hall", "--reason", "检修", *asking)
    assert (alone.returncode, "需大厅值班长或分管领导批准" in alone.stderr) == (1, True)
    late = command("contact", "P001", "--outcome", "no_answer", *asking)
    assert late.returncode == 1
    told = ("--approved-by", "S002", "--notified-at", "2026-03-10T09:04:00")
    gone = command("cancel", "2026-03-10/P001", "--by", "hall", "--reason", "检修", *told, *asking)
    assert (gone.returncode, "最近可约 10:35" in gone.stdout) == (0, True)

    listed = command("list", "--data", str(tmp_path))
    assert listed.stdout == "2026-03-10/P001  2026-03-10 10:30  A     onsite      cancelled_by_hall\n"
    rows = list(csv.DictReader(io.StringIO(command("list", "--csv", "--data", str(tmp_path)).stdout)))
    assert [row["change"] for row in rows] == [
        "AppointmentMade",
        "AppointmentConfirmed",
        "AppointmentContactOpened",
        "AppointmentChanged person",
        "AppointmentChanged person",
        "AppointmentCancelled hall",
    ]
    assert {row["actor"] for row in rows} == {"S004"}
    everything = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())
    for secret in (PHONE, NAME, NUMBER):
        assert secret not in listed.stdout + repr(rows) + repr(service.log.lines)
        assert secret.encode() not in everything


def test_an_export_is_tried_and_then_imported(mosquitto: Mosquitto, tmp_path: Path, closing: Closing) -> None:
    """APPT-3: ``--dry-run`` says of each line what would be done, or why not, and changes nothing; twice is once."""
    closing(ServiceProcess(mosquitto, tmp_path)).up()
    file = tmp_path / "export.csv"
    file.write_text(EXPORT, encoding="utf-8-sig")
    asking = ("--actor", "S004", "--data", str(tmp_path), "--mqtt", f"127.0.0.1:{mosquitto.port}")

    tried = command("import", str(file), "--dry-run", *asking)
    lines = tried.stdout.splitlines()
    assert tried.returncode == 1
    assert lines[0] == "2  APP-1  ✓ 2026-03-11/P001 2026-03-11 10:00"
    assert "该时间不在服务时间内" in lines[1]
    assert "请填写联系方式" in lines[2]
    assert "无法读取" in lines[3]
    assert "source_id" in lines[4]
    assert "无法读取" in lines[5]
    assert "该业务未开放" in lines[6]
    assert command("list", "--all", "--data", str(tmp_path)).stdout == ""

    done = command("import", str(file), *asking)
    assert (done.returncode, "2026-03-11/P001  2026-03-11 10:00  预约码 code " in done.stdout) == (1, True)
    assert command("import", str(file), *asking).stdout.splitlines()[0] == done.stdout.splitlines()[0]
    assert len(command("list", "--all", "--data", str(tmp_path)).stdout.splitlines()) == 1
    again = command("import", str(file), "--dry-run", *asking).stdout.splitlines()
    assert "已导入过" in again[0]
    for said in (tried.stdout, done.stdout, done.stderr):
        assert PHONE not in said


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"source_id,at\nAPP-1,now\n", "channel, group, contact"), ("姓名\n".encode("gbk"), "not UTF-8")],
)
def test_a_file_that_is_no_export_is_refused_with_what_is_wrong(tmp_path: Path, content: bytes, says: str) -> None:
    """Bad input: the columns that are missing, the encoding that is wrong; nothing is asked."""
    file = tmp_path / "export.csv"
    file.write_bytes(content)
    refused = command("import", str(file), "--actor", "S004", "--data", str(tmp_path), "--dry-run")
    assert (refused.returncode, says in refused.stderr) == (2, True)
