"""``hall-broker handover``, its ledger, and what happens to the texts people write: on the real service."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from broker.identity_keys import FOLDER
from contracts import messages as m
from contracts.values import HallTime, HandoverNo, StaffNo
from sim.service_bench import Bench
from sim.service_process import ServiceProcess
from sim.testing import PATIENCE_S, Mosquitto

NO = "JJ-20260310-001"
DAY = 24 * 3_600_000


def command(*typed: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """The command in a process of its own; ``said`` is typed after its start."""
    return subprocess.run(
        [sys.executable, "-m", "broker", *typed],
        capture_output=True,
        text=True,
        check=False,
        timeout=3 * PATIENCE_S,
        input=said,
    )


@pytest.mark.mosquitto
def test_a_post_is_handed_over_and_back(mosquitto: Mosquitto, tmp_path: Path, closing: Callable[[Any], Any]) -> None:
    """AB-4.2, AB-4.4: out, ack, return, both confirm; the list, the month's ledger, the hint; refusals end with code 1."""
    closing(ServiceProcess(mosquitto, tmp_path)).up()
    data = ("--data", str(tmp_path))

    def ask(*typed: str, actor: str = "S101", said: str = "") -> tuple[int, str]:
        asked = command("handover", *typed, "--actor", actor, *data, "--mqtt", f"127.0.0.1:{mosquitto.port}", said=said)
        assert "Traceback" not in asked.stderr
        return asked.returncode, asked.stdout + asked.stderr

    assert "没有待办的交接" in command("handover", "list", *data).stdout
    code, told = ask("out", "--remarks", "-", said="王某下午补章\n")
    assert (code, NO in told, "张敏 S101 -> " in told, "备注 remarks: 王某下午补章" in told) == (0, True, True, True)
    assert "办件尚未接入" in told
    code, told = ask("ack", actor="S102")
    assert (code, "没有待办的交接" in told) == (1, True)
    assert ask("ack", actor="S103")[0] == 0
    assert ask("show", NO, actor="S103")[0] == 0
    assert ask("phone", "--counter", "W01", actor="S103")[0] == 1
    assert ask("confirm", NO)[0] == 1
    assert f"{NO}  2026-03-10 " in command("handover", "list", *data).stdout
    code, told = ask("return", "--documents", "执照一份", actor="S103")
    assert (code, "交还材料 papers: 执照一份" in told) == (0, True)
    assert ask("confirm")[0] == 0
    assert ask("confirm", actor="S103")[0] == 0
    assert "已确认 confirmed" in command("handover", "list", *data).stdout
    assert ask("substitute", "--counter", "W01", "--staff", "S102", actor="S002")[0] == 1
    out = tmp_path / "handover.csv"
    written = command("ledger", "handover", "--month", "2026-03", "--csv", str(out), *data)
    assert (written.returncode, written.stdout) == (0, f"{out}: 1 条 entries\n")
    assert (NO in out.read_text(encoding="utf-8-sig"), "王某" in out.read_text(encoding="utf-8-sig")) == (True, False)
    hint = command("handover", "hint", "--counter", "W01", *data)
    assert (hint.returncode, "没有交接记录,参考责任人:张敏 S101" in hint.stdout, "仅供参考" in hint.stdout) == (
        0,
        True,
        True,
    )
    lost = command("handover", "hint", "--ticket", "A404", *data)
    assert (lost.returncode, "--counter" in lost.stderr) == (2, True)
    assert command("handover", "hint", *data).returncode == 2
    assert command("handover", "hint", "--counter", "W01", "--at", "2025-01-01T10:00", *data).returncode == 2


def test_what_people_write_is_sealed_and_ends(tmp_path: Path) -> None:
    """2.6: remarks stand in no file, no state and no log; A, B and leaders are told them; after thirty days nobody is."""
    bench = Bench(tmp_path / "hall.db")

    def ask(node: str, kind: Any, **fields: Any) -> m.Message:
        return bench.ask(node, kind(request_id=bench.request_id(node), **fields))

    wrote = "记号王某 00009123456"
    handed = bench.request_id("OPS-01")
    first = m.HandoverRequested(request_id=handed, actor=StaffNo("S101"), remarks=wrote)
    made = bench.ask("OPS-01", first)
    assert isinstance(made, m.HandoverTold)
    assert made.remarks == wrote
    states = [payload for topic, payload in bench.link.said if "/down/" not in topic]
    no = HandoverNo(made.handover)
    stranger = ask("OPS-01", m.HandoverShowRequested, actor=StaffNo("S102"), no=no)
    assert isinstance(stranger, m.RequestRefused)
    for staff in ("S103", "S002"):
        read = ask("OPS-01", m.HandoverShowRequested, actor=StaffNo(staff), no=no)
        assert isinstance(read, m.HandoverTold)
        assert read.remarks == wrote
    at_counter = ask("TRM-W03", m.LoginRequested, card="04A1000103")
    assert isinstance(at_counter, m.RequestDone)
    glass = ask("TRM-W03", m.HandoverAckRequested, no=no)
    assert isinstance(glass, m.HandoverTold)
    assert glass.remarks == ""
    files = [one.read_bytes() for one in tmp_path.rglob("*") if one.is_file() and one.parent.name != FOLDER]
    everything = [*files, *states, repr(bench.log.lines).encode()]
    assert not [one for one in everything if wrote.encode() in one or b"00009123456" in one]
    bench.now = HallTime(bench.now + 31 * DAY)
    bench.service.wake(bench.now)
    assert bench.count("vault") == 0
    again = bench.ask("OPS-01", first)
    assert isinstance(again, m.HandoverTold)
    assert again.remarks == ""
    bench.store.close()
