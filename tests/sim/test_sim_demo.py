"""``hall-sim demo``: real processes, a real MQTT server, real ptys and sockets."""

import contextlib
import json
import os
import re
import select
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from sim.testing import PATIENCE_S

KEYS = {
    "issued",
    "printed",
    "called",
    "served",
    "no_show",
    "rated",
    "handed_on",
    "put_aside",
    "verified",
    "punches",
    "press_to_print_ms",
    "call_to_sign_ms",
    "problems",
}


pytestmark = pytest.mark.usefixtures("require_mosquitto")


def command(out: Path, seconds: int) -> list[str]:
    """What is typed."""
    return [sys.executable, "-m", "sim", "demo", "--out", str(out), "--seconds", str(seconds)]


def processes_of(out: Path) -> set[int]:
    """Every living process whose command line names this demo's folder."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
            is_zombie = "\nState:\tZ" in (folder / "status").read_text(encoding="utf-8")
        except OSError:
            continue
        if str(out).encode() in line and not is_zombie:
            found.add(int(folder.name))
    return found


@pytest.mark.mosquitto
def test_a_short_demo_is_accounted_for_and_leaves_pictures_and_a_database(tmp_path: Path) -> None:
    """Exit code 0, no problems, every paper in the database at its end, pictures and text beside them."""
    out = tmp_path / "demo"
    done = subprocess.run(command(out, 12), capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert set(summary) == KEYS
    assert summary["problems"] == []
    assert summary["issued"] == summary["printed"] >= 3
    assert summary["served"] + summary["no_show"] == summary["issued"]
    assert summary["punches"] == 6
    for times in (summary["press_to_print_ms"], summary["call_to_sign_ms"]):
        assert 0 <= times["p50"] <= times["p99"] < 1_500
    with contextlib.closing(sqlite3.connect(out / "hall.db")) as database, database:
        states = dict(database.execute("SELECT no, state FROM tickets").fetchall())
    database.close()
    assert set(states.values()) <= {"done", "no_show"}
    texts = [path.read_text(encoding="utf-8") for path in out.glob("ticket-*.txt")]
    assert {number for text in texts for number in re.findall(r"^[AB]\d{3}$", text, re.MULTILINE)} == set(states)
    for path in out.glob("*.png"):
        with Image.open(path) as picture:
            assert picture.width > 100
    assert len(list(out.glob("sign-W0?-end.png"))) == 3
    assert "mosquitto" in done.stdout
    assert processes_of(out) == set()


@pytest.mark.slow
def test_where_mosquitto_is_missing_the_stand_in_serves_and_says_what_that_means(tmp_path: Path) -> None:
    """The same account with the server that pip brings; its name and its limits are said."""
    out = tmp_path / "demo"
    environment = {**os.environ, "HALLSIM_NO_MOSQUITTO": "1"}
    done = subprocess.run(command(out, 5), env=environment, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "iotcore" in done.stdout
    assert "durability and latency are not the product's" in done.stdout
    assert json.loads((out / "summary.json").read_text(encoding="utf-8"))["problems"] == []
    refused = subprocess.run(
        [*command(out, 5), "--only-mosquitto"], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert refused.returncode == 1
    assert "apt-get install mosquitto" in refused.stderr
    assert processes_of(out) == set()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A demo with all its processes up, as at a terminal: tests run in the background hand on a deaf ear for Ctrl-C."""
    out = tmp_path / "demo"
    ears = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    demo = subprocess.Popen(command(out, 60), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for number, ear in ears.items():
        signal.signal(number, ear)
    assert demo.stdout is not None
    for line in demo.stdout:
        if "sign W03" in line:
            break
    assert len(processes_of(out)) >= 10
    yield demo, out
    demo.kill()
    demo.communicate()


def all_gone(out: Path) -> bool:
    """Whether the demo's processes end within the patience of a test; waits on them, not on a clock."""
    for number in processes_of(out):
        try:
            handle = os.pidfd_open(number)
        except ProcessLookupError:
            continue
        has_ended, _, _ = select.select([handle], [], [], PATIENCE_S)
        os.close(handle)
        if not has_ended:
            return False
    return processes_of(out) == set()


@pytest.mark.mosquitto
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopping_the_demo_stops_everything_it_started(
    running: tuple[subprocess.Popen[str], Path], number: signal.Signals
) -> None:
    """Ctrl-C, SIGTERM or a closed terminal: exit code 130, a sentence, and no process left."""
    demo, out = running
    demo.send_signal(number)
    said, _ = demo.communicate(timeout=60)
    assert demo.returncode == 130
    assert "everything that was started has been stopped" in said
    assert "Traceback" not in said
    assert processes_of(out) == set()


@pytest.mark.mosquitto
def test_even_a_killed_demo_leaves_no_process(running: tuple[subprocess.Popen[str], Path]) -> None:
    """A kill -9 gives it no chance to stop anything; the kernel ends its children."""
    demo, out = running
    demo.kill()
    demo.wait()
    assert all_gone(out)
