"""``make bench``: every figure as a ratio to a floor taken in the same run, in turns. Needs mosquitto.

Writes build/bench.json, and the table in docs/performance.md.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import bench_attendance
import bench_estimate
import bench_hall
import bench_nodes
import bench_rules
import bench_table
from bench_figures import Latency, median_ratio, spread_ms

from sim import mqtt_process

NO_MOSQUITTO = 2
ROOT = Path(__file__).parents[2]
STARTS = {"pad": 11, "clock": 11, "kiosk": 5, "counter": 5, "display": 5}


def main() -> int:
    """Measure, write, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench.json")
    parser.add_argument("--visits", type=int, default=300, help="how many visits are timed (300)")
    parser.add_argument("--table", type=Path, default=ROOT / "docs" / "performance.md", help="where the table stands")
    options = parser.parse_args()
    program = mqtt_process.mosquitto()
    if program is None:
        sys.stderr.write("make bench needs mosquitto: the stand-in's latency is not the product's (apt install mosquitto)\n")
        return NO_MOSQUITTO
    work = Path(tempfile.mkdtemp(prefix="hall-bench-"))
    try:
        report = _measure(work, options.visits)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    report["details"] |= _machine(program)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    bench_table.write(options.table, report)
    sys.stdout.write("\n" + bench_table.table(report) + f"\n\n{options.out} and {options.table} are written\n")
    return 0


def _measure(work: Path, visits: int) -> dict[str, Any]:
    picks = bench_rules.picks("demo-small", 100, 1_000_000, 5_000, lambda done, size: _progress("queue", done, size))
    many = bench_rules.picks("demo-hall", 100, 100_000, 2_000, lambda done, size: _progress("queue", done, size))
    rates = bench_rules.group_commit(work / "rates", 12, 150)
    samples, _ = bench_hall.measure(work / "hall", visits, 20, _progress)
    waits = bench_estimate.estimates(50, 60)
    year = bench_attendance.year(5)
    costs = bench_nodes.measure(work / "nodes", STARTS, _progress)
    press, call = Latency(samples.press, samples.press_floor), Latency(samples.call, samples.call_floor)
    nodes = {kind: round(kib / costs.rss["floor"], 2) for kind, kib in costs.rss.items() if kind != "floor"}
    starts = {kind: median_ratio(taken, costs.start["floor"]) for kind, taken in costs.start.items() if kind != "floor"}
    return {
        "press_to_print": press.ratios(),
        "call_to_sign": call.ratios(),
        "group_commit": median_ratio(rates.batch, rates.each),
        "estimate_50": round(median(waits) / median(samples.press_floor), 2),
        "attendance_year": median_ratio(year.sheets, year.decoding),
        "pick_1e6": median_ratio(picks.pick_long, picks.pick_short),
        "node_rss": nodes,
        "start": starts,
        "details": {
            "press_to_print": press.details(),
            "call_to_sign": {**call.details(), "left_out_because_the_bus_was_busy": samples.busy},
            "simulated_wires_ms": spread_ms(samples.wires) if samples.wires else None,
            "group_commit_per_second": {"batch": round(median(rates.batch)), "each": round(median(rates.each))},
            "attendance_year_s": {
                "sheets": round(median(year.sheets) / 1e9, 2),
                "decoding": round(median(year.decoding) / 1e9, 2),
                "facts": year.facts,
            },
            "estimate_ns": {"p50": median(waits), "least": min(waits)},
            "pick_ns": {"1e2": median(picks.pick_short), "1e6": median(picks.pick_long)},
            "pick_heads": {"1e2": round(picks.heads_short, 1), "1e6": round(picks.heads_long, 1)},
            "pick_ns_demo_hall": {"1e2": median(many.pick_short), "1e5": median(many.pick_long)},
            "pick_heads_demo_hall": {"1e2": round(many.heads_short, 1), "1e5": round(many.heads_long, 1)},
            "join_1e6": median_ratio(picks.join_long, picks.join_short),
            "rss_kib": costs.rss,
            "start_ms": {kind: spread_ms(taken) for kind, taken in costs.start.items()},
        },
    }


def _progress(what: str, done: int, of: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{what}: {done} of {of}    ")
        sys.stderr.flush()


def _machine(program: str) -> dict[str, Any]:
    said = subprocess.run([program, "-h"], capture_output=True, text=True, check=False).stdout.splitlines()
    return {
        "machine": {"processors": os.cpu_count(), "machine": platform.machine(), "load_average": os.getloadavg()},
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "paho-mqtt": importlib.metadata.version("paho-mqtt"),
            "mosquitto": said[0] if said else "unknown",
        },
    }


if __name__ == "__main__":
    sys.exit(main())
